"""How long a log-in lasts: idle and absolute limits, what is due before anything else, sessions ended from outside.

An ended session leads to the log-in page with the reason; htmx gets 401 and HX-Redirect, so that the whole page moves
and no log-in form lands inside a fragment.
"""

import time
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.second_factor import demanded_of
from portal.core.audit.actions import record

STARTED, SEEN, FACTOR_SHOWN = "started_at", "seen_at", "factor_shown"
TOUCH_SECONDS = 60
REASONS: dict[str, Promise] = {
    "idle": _("您较长时间没有操作，已自动退出登录。请重新登录后继续。"),
    "absolute": _("本次登录已满最长时限，已自动退出。请重新登录后继续。"),
    "ended": _("管理员已结束您的登录。请重新登录；如有疑问请联系本单位的安全管理员。"),
    "logout": _("您已退出登录。"),
    "halfway": _("请重新输入用户名和密码：填验证码超过了 5 分钟，或还没有输入密码。"),
}
OPEN_WHILE_SOMETHING_IS_DUE = {"logout", "set_language"}
_JUST_AFTER = 0.001


def start(request: HttpRequest, *, factor_shown: bool = False) -> None:
    """Marks the beginning of a session, right after log-in."""
    request.session[STARTED] = request.session[SEEN] = time.time()
    request.session[FACTOR_SHOWN] = factor_shown


def go_on(request: HttpRequest, *, factor_shown: bool) -> None:
    """Begins the session anew, the one that goes on where all sessions of its user have just been ended."""
    request.session.cycle_key()
    start(request, factor_shown=factor_shown)
    request.session[STARTED] = max(request.session[STARTED], request.user.sessions_ended_at.timestamp() + _JUST_AFTER)


def why_over(request: HttpRequest) -> str:
    """Key of REASONS when the session of a logged-in user is over, else empty."""
    now, started = time.time(), request.session[STARTED]
    ended = request.user.sessions_ended_at
    if ended is not None and started <= ended.timestamp():
        return "ended"
    if now - started >= settings.SESSION_ABSOLUTE_SECONDS:
        return "absolute"
    return "idle" if now - request.session[SEEN] >= settings.SESSION_IDLE_SECONDS else ""


def password_is_due(user) -> bool:
    """Whether the user must set a new password before doing anything else."""
    days = settings.PASSWORD_MAX_AGE_DAYS
    too_old = days is not None and timezone.now() - user.password_changed_at >= timedelta(days=days)
    return user.must_change_password or too_old


def factor_shown(request: HttpRequest) -> bool:
    """Whether this session began with a second factor, or has set one up."""
    return request.session.get(FACTOR_SHOWN, False)


def factor_is_due(request: HttpRequest) -> bool:
    """Whether the user must set up a second factor before doing anything else."""
    return not factor_shown(request) and demanded_of(request.user)


def page_due(request: HttpRequest) -> str:
    """Name of the page that comes before any other; empty where nothing is due."""
    if password_is_due(request.user):
        return "password_change"
    return "second_factor_set_up" if factor_is_due(request) else ""


class SessionLimitsMiddleware:
    """Stands between authentication and the view; writes to the session at most once a minute."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        protected = getattr(view, "login_required", True)
        if not request.user.is_authenticated:
            if SESSION_KEY in request.session:  # the account was switched off meanwhile
                request.session.flush()
            return to_login(request) if protected else None
        if STARTED not in request.session:
            start(request)
        if reason := why_over(request):
            record("session_ended", by=request.user, division=request.user.home, why=reason)
            logout(request)
            return to_login(request, reason) if protected else None
        if time.time() - request.session[SEEN] >= TOUCH_SECONDS:
            request.session[SEEN] = time.time()
        name = request.resolver_match.view_name
        if protected and name not in OPEN_WHILE_SOMETHING_IS_DUE and (due := page_due(request)) not in {"", name}:
            return _move(request, resolve_url(due))
        return None


def to_login(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Sends the reader to the log-in page and back afterwards to the page they were on."""
    query = {"next": _page_of(request), "ended": reason}
    query = {name: value for name, value in query.items() if value}
    return _move(request, resolve_url(settings.LOGIN_URL) + (f"?{urlencode(query)}" if query else ""))


def _move(request: HttpRequest, url: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _page_of(request: HttpRequest) -> str:
    """Path of the page the reader sees: not a fragment's address, and not one that only takes a POST."""
    if "HX-Request" in request.headers:
        shown = request.headers.get("HX-Current-URL", "")
    elif request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    else:
        shown = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(shown, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(shown)
    return parts.path + (f"?{parts.query}" if parts.query else "")
