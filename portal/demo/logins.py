"""One account per role for the demonstration, with passwords made at random and kept under DATA_DIR."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from portal.core.accounts.actions import activate_user, create_user, give_grant, reset_password
from portal.core.accounts.models import User
from portal.core.accounts.roles import Role
from portal.core.audit.actions import action
from portal.core.lib.clock import zone
from portal.core.territory.models import Division
from portal.demo.plan import SHOWCASE

CHANGED = "(changed since by its user)"


@dataclass(frozen=True)
class Login:
    """An account of the demonstration; territory '' is the whole country."""

    username: str
    name: str
    department: str
    role: Role
    territory: str


def accounts() -> list[Login]:
    """The accounts that contract and guide name."""
    first = Division.objects.under(SHOWCASE).filter(level=5).order_by("code").values_list("code", flat=True)[0]
    return [
        Login("city-admin", "演示市级", "演示市民政局", Role.CITY, "12"),
        Login("city-office", "演示督查", "演示市政府督查室", Role.CITY, "12"),
        Login("city-leader", "演示领导", "演示市民政局", Role.CITY, "12"),
        Login("handler", "演示承办", "演示市人社局", Role.HANDLER, "12"),
        Login("district-staff", "演示区级", "演示区民政局", Role.DISTRICT, "120101"),
        Login("street-admin", "演示街道", "演示街道办事处", Role.STREET, SHOWCASE),
        Login("community", "演示社区", "演示社区居委会", Role.COMMUNITY, first),
        Login("auditor", "演示审计", "演示市民政局", Role.AUDITOR, "12"),
        Login("system-admin", "演示系统", "演示信息中心", Role.SYSTEM_ADMIN, ""),
        Login("security-admin", "演示安全", "演示信息中心", Role.SECURITY_ADMIN, ""),
    ]


def ensure_logins(by) -> dict[str, str]:
    """Passwords by user name; makes accounts that are missing, and new passwords where the kept ones are lost."""
    path = Path(settings.DATA_DIR) / "demo_logins.json"
    kept, kept_at = _kept(path)
    logins = accounts()
    users = User.objects.in_bulk([login.username for login in logins], field_name="username")
    known = {}
    for login in logins:
        user = users.get(login.username)
        if user is not None and user.is_active and login.username in kept:
            # CHANGED stays in the file, or the file's new time would make an old password look valid.
            known[login.username] = CHANGED if user.password_changed_at > kept_at else kept[login.username]
    missing = [login for login in logins if login.username not in known]
    if missing:
        made = make_logins(missing=missing, users=users, by=by)
        known |= made
        _write(path, known)
    return {login.username: known[login.username] for login in logins}


@action
def make_logins(*, missing: list[Login], users: dict[str, User], by) -> dict[str, str]:
    """Makes accounts with their one grant, or gives them a new password; ready for use without changing it."""
    passwords = {}
    for login in missing:
        user = users.get(login.username)
        if user is None:
            division = Division.objects.get(code=login.territory) if login.territory else None
            user, passwords[login.username] = create_user(
                username=login.username, name=login.name, division=division, department=login.department, by=by
            )
            give_grant(user=user, role=login.role, division=division, by=by)
        else:
            passwords[login.username] = (reset_password if user.is_active else activate_user)(user=user, by=by)
        user.must_change_password, user.initial_password_expires_at = False, None
        user.save(update_fields=["must_change_password", "initial_password_expires_at"])
    return passwords


def _kept(path: Path) -> tuple[dict[str, str], datetime]:
    try:
        changed = path.stat().st_mtime
        words = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}, datetime.fromtimestamp(0, zone())
    # The accounts were made a moment before the file.
    return words, datetime.fromtimestamp(changed + 1, zone())


def _write(path: Path, words: dict[str, str]) -> None:
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(words, stream, indent=1)
    draft.replace(path)
