"""A second factor in tests: its secret is known, and so is the code that an app would show."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.accounts import totp
from portal.core.accounts.models import SecondFactor, User
from portal.core.accounts.second_factor import set_up_factor
from tests.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(steps: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds later."""
    return totp.code_at(SECRET, timezone.now().timestamp() + steps * totp.STEP_SECONDS)


def wrong() -> str:
    """Six digits that the app shows neither now nor in the neighbouring steps."""
    near = {code(steps) for steps in range(-3, 4)}
    return next(text for text in map("{:06}".format, range(10)) if text not in near)


def equip(user: User) -> list[str]:
    """Sets `user` up, long enough ago for the present code to be good; returns the recovery codes."""
    codes = set_up_factor(secret=SECRET, code=code(), by=user)
    SecondFactor.objects.filter(user=user).update(last_step=0)
    User.objects.filter(pk=user.pk).update(sessions_ended_at=None)
    user.refresh_from_db()
    return codes


def halfway(username: str = "street", client: Client | None = None, ip: str = "10.0.0.1", **fields) -> Client:
    """A client that has shown the right password and is asked for the code."""
    client = client or Client()
    typed = {"username": username, "password": PASSWORD, **fields}
    response = client.post(reverse("login"), typed, REMOTE_ADDR=ip)
    assert response["Location"].startswith(reverse("login_code"))
    return client


def show(client: Client, typed: str, query: str = "", ip: str = "10.0.0.1"):
    """Types a code on the second page."""
    return client.post(reverse("login_code") + query, {"code": typed}, REMOTE_ADDR=ip)
