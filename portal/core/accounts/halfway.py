"""Between the right password and the code: a note in a session without a user, so that no page knows anybody yet.

It is good for a few minutes, for the password that was typed, and as long as nobody ends the user's sessions.
"""

import time

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from portal.core.accounts.models import User

SECONDS = 5 * 60
_KEY = "halfway"


def begin(request: HttpRequest, user: User) -> None:
    """Notes that `user` has shown the password."""
    request.session.cycle_key()
    mark = user.get_session_auth_hash()
    request.session[_KEY] = {"user": user.pk, "backend": user.backend, "mark": mark, "at": time.time()}
    request.session.set_expiry(SECONDS)


def user_of(request: HttpRequest) -> User | None:
    """Who has shown the password and may now show the code; None where there is nobody, or no longer."""
    note = request.session.get(_KEY)
    if note is None or time.time() - note["at"] >= SECONDS:
        return None
    user = User.objects.filter(pk=note["user"], is_active=True).first()
    if user is None or not constant_time_compare(note["mark"], user.get_session_auth_hash()):
        return None
    ended, user.backend = user.sessions_ended_at, note["backend"]
    return None if ended is not None and note["at"] <= ended.timestamp() else user


def end(request: HttpRequest) -> None:
    """Forgets the note; the session is as any other from now on."""
    request.session.pop(_KEY, None)
    request.session.set_expiry(None)
