"""Writes of REST tokens. The secret is returned once and only its digest is kept."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts.models import ApiToken, User
from portal.core.accounts.roles import SCOPE_NEEDS, Scope
from portal.core.audit.actions import action, record

MAX_DAYS = 365
OVERLAP_DAYS, MAX_OVERLAP_DAYS = 7, 30
_SHOWN_PREFIX = 12


def scopes_of(user: User) -> list[Scope]:
    """Scopes that the user's grants can make use of, in the order of declaration."""
    return [scope for scope in Scope if scope in SCOPE_NEEDS and user.can(SCOPE_NEEDS[scope])]


def _make(user: User, name: str, scopes: list[str], expires_at: datetime) -> tuple[ApiToken, str]:
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:_SHOWN_PREFIX],
        digest=ApiToken.digest_of(secret),
        scopes=scopes,
        expires_at=expires_at,
    )
    return token, secret


def _record(act: str, by: User | None, token: ApiToken, **detail) -> None:
    record(act, by=by, subject=token, division=token.user.home, owner=token.user.username, **detail)


@action
def create_token(*, user: User, name: str, scopes: list[str], days: int, by: User | None) -> tuple[ApiToken, str]:
    """Makes a token of `user` for `days` days (1 to 365); returns it with the secret.

    Raises ValidationError for no scope, a scope that the user's roles cannot use, an inactive user or a wrong term.
    """
    if not user.is_active:
        raise ValidationError(_("账号已停用，不能创建令牌。"))
    if not 1 <= days <= MAX_DAYS:
        raise ValidationError({"days": _("有效期应为 1 到 %(days)s 天。") % {"days": MAX_DAYS}})
    if not scopes:
        raise ValidationError({"scopes": _("请至少选择一项权限。")})
    if refused := sorted(set(scopes) - set(scopes_of(user))):
        raise ValidationError(
            {"scopes": _("账号的角色不能使用这些权限：%(scopes)s。") % {"scopes": "、".join(refused)}}
        )
    token, secret = _make(user, name, sorted(set(scopes)), timezone.now() + timedelta(days=days))
    _record("create_token", by, token, scopes=token.scopes, days=days)
    return token, secret


@action
def revoke_token(*, token: ApiToken, by: User | None) -> ApiToken:
    """Ends a token at once; revoking it again changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        _record("revoke_token", by, token)
    token.refresh_from_db()
    return token


@action
def rotate_token(*, token: ApiToken, overlap_days: int, by: User | None) -> tuple[ApiToken, str]:
    """Replaces a token by one of the same name, scopes and term; the old one works on for `overlap_days` at most.

    Raises ValidationError for a token that is no longer usable, or an overlap outside 0 to 30 days.
    """
    now = timezone.now()
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at or token.expires_at <= now:
        raise ValidationError(_("该令牌已失效，请新建令牌。"))
    if not 0 <= overlap_days <= MAX_OVERLAP_DAYS:
        raise ValidationError({"overlap_days": _("并用时间应为 0 到 %(days)s 天。") % {"days": MAX_OVERLAP_DAYS}})
    scopes = [scope for scope in token.scopes if scope in scopes_of(token.user)]
    if not scopes:
        raise ValidationError(_("账号的角色已不能使用该令牌的任何权限，请撤销该令牌。"))
    new, secret = _make(token.user, token.name, scopes, now + (token.expires_at - token.created_at))
    token.expires_at = min(token.expires_at, now + timedelta(days=overlap_days))
    token.save(update_fields=["expires_at"])
    _record("rotate_token", by, new, replaces=token.prefix, overlap_days=overlap_days)
    return new, secret
