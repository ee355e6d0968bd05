"""Tries at passwords and codes: five failures lock a name for one address, and an address that fails often waits.

django-axes counts them. A wrong code counts like a wrong password; only a log-in that is complete forgets them.
"""

from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.accounts.second_factor import Answer, accept_code
from portal.core.audit.actions import record
from portal.core.audit.models import AuditEvent, Outcome
from portal.core.audit.origin import client_ip

ADDRESS_WINDOW = timedelta(minutes=1)
_SHOWN_OF_UNKNOWN_NAME = 2


def record_failure(request: HttpRequest, name: str, **detail) -> None:
    """Files the failure under the account's division; of an unknown name, which may be a mistyped password, only the
    beginning is kept."""
    user = User.objects.filter(username=name).first()
    locked = bool(getattr(request, "axes_locked_out", False))
    where = {
        "by": request.user,
        "subject": name if user else f"{name[:_SHOWN_OF_UNKNOWN_NAME]}…",
        "division": user.home if user else "",
        "outcome": Outcome.REFUSED,
    }
    record("login_failed", known=user is not None, locked=locked, **where, **detail)
    if locked and request.axes_failures_since_start is not None:  # None: it was locked before this try
        record("locked", **where)


def address_failed_often() -> bool:
    """Whether this address failed so often within a minute that further tries are not even looked at."""
    failures = AuditEvent.objects.filter(at__gt=timezone.now() - ADDRESS_WINDOW, act="login_failed", ip=client_ip.get())
    return failures.count() >= settings.LOGIN_FAILURES_PER_MINUTE


def password_is_right(request: HttpRequest, password: str) -> bool:
    """Whether the user who is logged in knows the password; a wrong one counts."""
    name = request.user.username
    if authenticate(request, username=name, password=password) is not None:
        return True
    record_failure(request, name, factor="confirming")
    return False


def try_code(request: HttpRequest, user: User, typed: str) -> Answer:
    """Lets `user` show a code. While the lock holds none is looked at, and django-axes answers in place of the view."""
    credentials = {"username": user.username}
    if AxesProxyHandler.is_allowed(request, credentials):
        answer = accept_code(typed=typed, by=user)
    else:
        request.axes_locked_out, answer = True, Answer.LOCKED
    if not answer.accepted:
        AxesProxyHandler.user_login_failed(sender=__name__, credentials=credentials, request=request)
        record_failure(request, user.username, factor="code")
    return answer
