"""Writes of accounts and grants. Who manages accounts and who manages grants are two people; neither acts on itself."""

import secrets
from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts.models import ApiToken, Grant, SecondFactor, User
from portal.core.accounts.roles import SEPARATED, Perm, Role
from portal.core.audit.actions import action, name_of, record
from portal.core.territory.models import Division

INITIAL_PASSWORD_HOURS = 24
DORMANT_DAYS = 90
# No letters or digits that look alike, since initial passwords are read out and typed.
_SETS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "#%+=?@")
_INITIAL_LENGTH = 16


def new_password() -> str:
    """A random initial password of 16 signs (about 96 bits) with all four classes."""
    while True:
        password = "".join(secrets.choice("".join(_SETS)) for _position in range(_INITIAL_LENGTH))
        if all(set(password) & set(signs) for signs in _SETS):
            return password


def _within(by: User | None, perm: str, code: str) -> None:
    if by is not None and not by.can(perm, code):
        raise PermissionDenied(_("该区划不在您的管理范围内。"))


def _not_oneself(by: User | None, user: User, sentence: str) -> None:
    if by is not None and by.pk == user.pk:
        raise ValidationError(sentence)


def _record(act: str, by: User | None, user: User, **detail) -> None:
    record(act, by=by, subject=user.username, division=user.home, **detail)


def _set_initial_password(user: User) -> str:
    password, now = new_password(), timezone.now()
    user.set_password(password)
    user.password_changed_at = user.sessions_ended_at = now
    user.must_change_password = True
    user.initial_password_expires_at = now + timedelta(hours=INITIAL_PASSWORD_HOURS)
    return password


@action
def create_user(
    *, username: str, name: str, division: Division | None, department: str = "", by: User | None
) -> tuple[User, str]:
    """Makes an account without any grant; returns it with an initial password, valid for 24 hours and one change.

    `division` says whose account it is (None: the country's). Raises ValidationError for a name already taken, upper
    and lower case being the same, and PermissionDenied for a division that `by` does not manage.
    """
    _within(by, Perm.MANAGE_ACCOUNTS, division.code if division else "")
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": _("用户名“%(name)s”已有人使用，请另取一个。") % {"name": username}})
    user = User(username=username, name=name, department=department, division=division)
    password = _set_initial_password(user)
    user.full_clean(exclude=["password", "division"])
    user.save()
    _record("create_user", by, user)
    return user, password


@action
def change_user(*, user: User, name: str, department: str, by: User) -> User:
    """Corrects name and department of an account."""
    user.name, user.department = name, department
    user.save(update_fields=["name", "department"])
    return user


@action
def deactivate_user(*, user: User, reason: str = "", by: User | None) -> User:
    """Switches an account off; its sessions end with their next request and its tokens are revoked for good."""
    _not_oneself(by, user, _("不能停用自己的账号。"))
    now = timezone.now()
    user.is_active, user.sessions_ended_at = False, now
    user.save(update_fields=["is_active", "sessions_ended_at"])
    user.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    _record("deactivate_user", by, user, reason=reason)
    return user


@action
def activate_user(*, user: User, by: User) -> str:
    """Switches an account on again and returns a new initial password; the old password and tokens stay dead."""
    _not_oneself(by, user, _("不能启用自己的账号。"))
    user.is_active = True
    password = _set_initial_password(user)
    user.save()
    _record("activate_user", by, user)
    return password


@action
def reset_password(*, user: User, by: User) -> str:
    """Replaces a forgotten password by a new initial one, which is returned; all sessions of the account end."""
    _not_oneself(by, user, _("修改自己的密码请用“修改密码”。"))
    if not user.is_active:
        raise ValidationError(_("账号已停用，请先启用。"))
    password = _set_initial_password(user)
    user.save()
    _record("reset_password", by, user)
    return password


@action
def change_own_password(*, password: str, by: User) -> User:
    """Sets the password that a user chose; every other session of the user ends, for it carries the old one's mark."""
    by.set_password(password)
    by.password_changed_at = timezone.now()
    by.must_change_password, by.initial_password_expires_at = False, None
    by.save(update_fields=["password", "password_changed_at", "must_change_password", "initial_password_expires_at"])
    _record("change_password", by, by)
    return by


@action
def end_sessions(*, user: User, by: User) -> User:
    """Ends every log-in of a user; tokens go on."""
    user.sessions_ended_at = timezone.now()
    user.save(update_fields=["sessions_ended_at"])
    _record("end_sessions", by, user)
    return user


@action
def unlock(*, user: User, by: User) -> int:
    """Takes back the lock after failed log-ins and wrong codes, from every address; returns the number of records dropped."""
    dropped = AxesProxyHandler.reset_attempts(username=user.username)
    SecondFactor.objects.filter(user=user).update(failures=0)
    _record("unlock", by, user)
    return dropped


@action
def give_grant(*, user: User, role: str, division: Division | None, by: User | None) -> Grant:
    """Gives a role in a territory (None: the country).

    Raises ValidationError for oneself, a grant already held or a second one of the three administrations;
    PermissionDenied for a territory that `by` does not manage.
    """
    _within(by, Perm.MANAGE_GRANTS, division.code if division else "")
    _not_oneself(by, user, _("不能给自己授权，请由另一位安全管理员办理。"))
    User.objects.select_for_update().get(pk=user.pk)
    held = user.grants.all()
    if held.filter(role=role, division=division).exists():
        raise ValidationError({"role": _("该账号在这一范围已有这个角色。")})
    if role in SEPARATED and (others := held.filter(role__in=SEPARATED).exclude(role=role).first()):
        raise ValidationError(
            {
                "role": _("系统管理员、安全管理员、审计员三者须由不同的人担任；该账号已是%(role)s。")
                % {"role": Role(others.role).label}
            }
        )
    grant = Grant.objects.create(user=user, role=role, division=division, granted_by=name_of(by))
    _record("give_grant", by, user, role=role, territory=grant.division_id or "")
    return grant


@action
def withdraw_grant(*, grant: Grant, by: User | None) -> None:
    """Takes a role back; it is gone with the user's next request, in tokens too."""
    _within(by, Perm.MANAGE_GRANTS, grant.division_id or "")
    _not_oneself(by, grant.user, _("不能撤销自己的授权，请由另一位安全管理员办理。"))
    _record("withdraw_grant", by, grant.user, role=grant.role, territory=grant.division_id or "")
    grant.delete()


def disable_dormant() -> int:
    """Switches off accounts that nobody has used for 90 days, by page or by token; returns their number."""
    since = timezone.now() - timedelta(days=DORMANT_DAYS)
    used = ApiToken.objects.filter(last_used_at__gt=since).values("user")
    dormant = User.objects.filter(
        Q(last_login__isnull=True) | Q(last_login__lte=since), is_active=True, password_changed_at__lte=since
    ).exclude(pk__in=used)
    for user in dormant:
        deactivate_user(user=user, reason=_("连续 %(days)s 天未使用") % {"days": DORMANT_DAYS}, by=None)
    return len(dormant)
