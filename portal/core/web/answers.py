"""Answers kept ready: a figure that somebody has asked for already costs its stamp and a look into Redis.

An answer is kept under everything it was made from: address, format, language, the reader's rights, the code that made
it, and the stamp of the data, read before the data. A change of any of these gives another name, so what is kept need
never be thrown away; it ends after some minutes. Its ETag is that of the content: it tells nothing of what changed
elsewhere, and a copy stays true while its figures do. Without Redis every answer is made anew.

Rights are decided before anything kept is looked for: whoever may not have the answer made gets no kept one and no 304.
"""

import hashlib
import json
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from portal.core.lib import shared
from portal.core.lib.clock import today
from portal.core.web import conditional

SECONDS = 300
MAX_BYTES = 256 * 1024
KNOWN = 20_000  # ETags that a process remembers, so that a 304 needs no look into Redis
# What may be added in a minute by all processes together, so that odd questions do not fill the broker's memory.
BYTES_PER_MINUTE = 16 * 1024 * 1024
_HEADERS = ("ETag", "Content-Type", "Content-Disposition", "Content-Length", "Link")


def _sources() -> str:
    """Digest of the code and the words of this release, as this process has loaded them."""
    made = hashlib.sha256()
    folders = [(app, "*.py") for app in ("portal", "workforce", "ratings", "proposals")]
    for folder, pattern in (*folders, ("locale", "*.mo")):
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob(pattern)):
            made.update(path.read_bytes())
    return made.hexdigest()


_RELEASE = _sources()


def right(perm: str, user) -> str:
    """A permission with the places where a user holds it, as part of the name of an answer."""
    return f"{perm}={','.join(user.territories(perm))}"


class KeptListMixin:
    """A list that follows from stored figures alone; stands before `ListMixin`.

    `rights` says on which rights of the reader the answer depends, and refuses whoever has not enough of them. `stamp`
    says what the answer rests on, or None where it must be made anew, which is always right. `is_stored` then tells
    whether the figures are those of the stored day.
    """

    is_stored = False

    def rights(self) -> Iterable[str]:
        raise NotImplementedError

    def stamp(self) -> str | None:
        raise NotImplementedError

    def list(self, request, *args, **kwargs):
        rights = tuple(self.rights())  # first of all: it refuses
        stamp = self.stamp()
        self.is_stored = stamp is not None
        if not self.is_stored:
            return super().list(request, *args, **kwargs)
        name = self._name(request, rights, stamp)
        if (tag := _tags.get(name)) and conditional.matches(request, tag):
            return conditional.not_modified({"ETag": tag})
        found = shared.ask(lambda redis: _kept(redis, name, request))
        if found is not None:
            return found
        request.remember = lambda response: _keep(name, response)
        return super().list(request, *args, **kwargs)

    def _name(self, request, rights: tuple[str, ...], stamp: str) -> str:
        parts = (
            _RELEASE,
            request.build_absolute_uri(),
            request.accepted_renderer.media_type,
            get_language() or "",
            *rights,
            today().isoformat(),
            stamp,
        )
        return "rest:kept:" + salted_hmac("portal.rest.kept", "\x00".join(parts), algorithm="sha256").hexdigest()


# By the names of answers: what a name says never changes, so nothing in here can be out of date.
_tags: dict[str, str] = {}


def _know(name: str, tag: str) -> None:
    if len(_tags) >= KNOWN:
        _tags.clear()
    _tags[name] = tag


def _kept(redis, name: str, request) -> HttpResponse | None:
    """The answer kept under a name: 304 where the reader has it, else the whole; None where there is none."""
    headers, body = redis.hmget(name, "headers", "body")
    if headers is None:
        return None
    response = HttpResponse(body, headers=json.loads(headers))
    _know(name, response["ETag"])
    return (
        conditional.not_modified({"ETag": response["ETag"]})
        if conditional.matches(request, response["ETag"])
        else response
    )


def _keep(name: str, response: HttpResponse) -> None:
    _know(name, response["ETag"])
    if response.streaming or len(response.content) > MAX_BYTES:
        return
    headers = {name: response[name] for name in _HEADERS if response.has_header(name)}
    kept = {"headers": json.dumps(headers), "body": response.content}
    shared.ask(lambda redis: _write(redis, name, kept))


def _write(redis, name: str, kept: dict) -> None:
    minute = f"rest:kept:minute:{int(time.time() // 60)}"
    pipeline = redis.pipeline(transaction=False)
    pipeline.incrby(minute, len(kept["body"]))
    pipeline.expire(minute, 120)
    if pipeline.execute()[0] > BYTES_PER_MINUTE:
        return
    written = redis.pipeline(transaction=True)
    written.hset(name, mapping=kept)
    written.expire(name, SECONDS)
    written.execute()
