"""Limits, so that one eager client does not slow down the others (RateLimit header fields, draft of the IETF).

A token has so many calls in a minute, all tokens of a user together have so many, and so many calls of one user may be
under way in one web process at a time; who shows no valid token is counted by address. Minutes are counted in Redis for
all processes. Whoever is over is remembered by the process and turned away by `Gate` before anything is asked of Redis
or the database: a refusal has to cost next to nothing, or it would not protect anybody.

Without Redis calls go on uncounted: a figure late is worse than a limit missed. What is under way is counted all the
same.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.core.accounts.models import ApiToken
from portal.core.lib import shared
from portal.core.web.problems import ProblemError, is_api, problem_response
from portal.core.web.requests import address_of

WINDOW = 60
KNOWN = 20_000  # tokens and refused callers that a process remembers


@dataclass(frozen=True)
class Quota:
    """So many calls of one caller in the running minute. `policy` is its name in the headers."""

    policy: str
    caller: str
    limit: int

    @classmethod
    def of_token(cls, digest: str) -> "Quota":
        return cls("token", digest, settings.REST_RATE_LIMIT)

    @classmethod
    def of_user(cls, user: int) -> "Quota":
        return cls("user", str(user), settings.REST_RATE_LIMIT_USER)

    @classmethod
    def of_address(cls, address: str) -> "Quota":
        return cls("address", address, settings.REST_RATE_LIMIT_ADDRESS)

    @property
    def key(self) -> str:
        return f"rest:{self.policy}:{self.caller}"


class _Process:
    """What this process knows without asking: whose a token is, who is over until when, how much is under way."""

    def __init__(self):
        self.owners: dict[str, int] = {}
        self.over: dict[str, int] = {}
        self.under_way: Counter[int] = Counter()
        self.lock = threading.Lock()

    def enter(self, user: int) -> bool:
        with self.lock:
            if self.under_way[user] >= settings.REST_CONCURRENT:
                return False
            self.under_way[user] += 1
            return True

    def leave(self, user: int) -> None:
        with self.lock:
            self.under_way[user] -= 1
            if not self.under_way[user]:
                del self.under_way[user]

    def remember(self, known: dict, key: str, value: int) -> None:
        if len(known) >= KNOWN:
            known.clear()
        known[key] = value


process = _Process()


class Gate:
    """Turns away who is over a limit, counts who shows no valid token, and writes the headers on every API answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        request.limits = {}
        request.under_way = None
        try:
            response = self._let_in(request)
        except ProblemError as refusal:
            response = problem_response(
                request, refusal.status_code, str(refusal.detail), slug=refusal.slug, headers=refusal.headers
            )
        finally:
            if request.under_way is not None:
                process.leave(request.under_way)
        for name, value in request.limits.items():
            response[name] = value
        return response

    def _let_in(self, request: HttpRequest) -> HttpResponse:
        digest = digest_of(request)
        user = process.owners.get(digest) if digest else None
        address = Quota.of_address(address_of(request))
        if user is None:
            _refuse_over(request, address)
        else:
            _refuse_over(request, Quota.of_token(digest), Quota.of_user(user))
            _enter(request, user)
        if not digest:
            _count(request, address)
        response = self.get_response(request)
        if digest and not request.limits:  # the token was no good
            _count(request, address)
        return response


def charge(request) -> None:
    """Counts the call of a REST framework request whose token is valid. Raises ProblemError (429) over a limit."""
    if request.auth is None:
        return
    call, token = request._request, request.auth
    if token.digest not in process.owners:
        process.remember(process.owners, token.digest, token.user_id)
        _enter(call, token.user_id)
    _count(call, Quota.of_token(token.digest), Quota.of_user(token.user_id))


def digest_of(request: HttpRequest) -> str:
    """Digest of the token shown, whether there is such a token or not; empty without one."""
    _scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return ApiToken.digest_of(secret.strip()) if secret else ""


def _enter(call: HttpRequest, user: int) -> None:
    if not process.enter(user):
        call.limits = {"RateLimit-Policy": _policy(())}
        raise ProblemError(
            429,
            _("同时进行的调用超过 %(limit)s 个。请等前面的调用结束后再试。") % {"limit": settings.REST_CONCURRENT},
            slug="too-many-at-once",
            headers={"Retry-After": "1"},
        )
    call.under_way = user


def _count(call: HttpRequest, *quotas: Quota) -> None:
    now = int(time.time())
    ends = now - now % WINDOW + WINDOW
    counts = shared.ask(lambda redis: _counted(redis, quotas, now // WINDOW))
    call.limits = _headers(quotas, counts, ends - now)
    for quota, count in zip(quotas, counts or (), strict=False):
        if count > quota.limit:
            process.remember(process.over, quota.key, ends)
            raise _too_many(ends - now)


def _counted(redis, quotas: tuple[Quota, ...], window: int) -> list[int]:
    pipeline = redis.pipeline(transaction=False)
    for quota in quotas:
        pipeline.incr(f"{quota.key}:{window}")
        pipeline.expire(f"{quota.key}:{window}", WINDOW * 2)
    return pipeline.execute()[::2]


def _refuse_over(call: HttpRequest, *quotas: Quota) -> None:
    """Refuses without counting who is known to be over until the minute ends."""
    for quota in quotas:
        left = process.over.get(quota.key, 0) - int(time.time())
        if left > 0:
            call.limits = _headers((quota,), [quota.limit], left)
            raise _too_many(left)


def _too_many(seconds: int) -> ProblemError:
    return ProblemError(429, headers={"Retry-After": str(seconds)})


def _headers(quotas: tuple[Quota, ...], counts: list[int] | None, seconds: int) -> dict[str, str]:
    found = {"RateLimit-Policy": _policy(quotas)}
    if counts is not None:
        left = (max(0, quota.limit - count) for quota, count in zip(quotas, counts, strict=True))
        found["RateLimit"] = ", ".join(
            f'"{quota.policy}";r={rest};t={seconds}' for quota, rest in zip(quotas, left, strict=True)
        )
    return found


def _policy(quotas: tuple[Quota, ...]) -> str:
    minutes = [f'"{quota.policy}";q={quota.limit};w={WINDOW}' for quota in quotas]
    if not any(quota.policy == "address" for quota in quotas):
        minutes.append(f'"concurrent";q={settings.REST_CONCURRENT};qu="concurrent-requests"')
    return ", ".join(minutes)
