"""The second factor at sign-in: set up and switched off by its user, used, and reset by the security administrator.

A code is good once. Every try locks the factor's row, so that of two who show the same code at the same moment one gets
in; wrong tries are counted there too, whatever address they come from (`attempts` counts them by address as well).
"""

import enum
import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts import totp
from portal.core.accounts.models import SecondFactor, User
from portal.core.audit.actions import action, record

RECOVERY_CODES = 10
GROUP, GROUPS = 4, 3
# No letters or digits that look alike, since recovery codes are read from paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class Answer(enum.Enum):
    """What became of a code that somebody typed."""

    CODE = "code"
    RECOVERY = "recovery"
    SPENT = "spent"
    WRONG = "wrong"
    LOCKED = "locked"

    @property
    def accepted(self) -> bool:
        return self in (Answer.CODE, Answer.RECOVERY)


def why_not(answer: Answer, typed: str) -> str:
    """The sentence for a code that was not accepted: what is wrong, and what to do."""
    if answer is Answer.SPENT:
        return _("这个验证码已经用过。请等手机显示下一个（每 30 秒更换一次）再填。")
    if answer is Answer.LOCKED:
        return _("连续输错次数过多，两步验证已锁定。请联系本单位的安全管理员解除锁定。")
    if _is_code(typed):
        return _("验证码不正确。请核对手机上当前显示的 6 位数字；一直不对时，请检查手机时间是否自动校准。")
    return _("恢复代码不正确，或已经用过。请核对，或换一个没用过的。")


def demanded_of(user: User) -> bool:
    """Whether this user has to have a second factor, by the setting of the portal."""
    return settings.SECOND_FACTOR == "everyone" or (settings.SECOND_FACTOR == "writers" and user.writes)


def factor_of(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user).first()


@action
def set_up_factor(*, secret: str, code: str, by: User) -> list[str]:
    """Sets up the own second factor with the first code of the app; returns the recovery codes, which nobody sees again.

    The user's sessions end. Raises ValidationError for a wrong code, and where one is set up already.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if factor_of(by):
        raise ValidationError(_("两步验证已经设置，不必再设。要换手机，请先停用。"))
    step = totp.step_of(secret, code)
    if step is None:
        raise ValidationError({"code": why_not(Answer.WRONG, code)})
    codes = [_new_code() for _number in range(RECOVERY_CODES)]
    SecondFactor.objects.create(user=by, secret=secret, last_step=step, recovery=_hashed(codes))
    _end_sessions(by)
    _record("second_factor_set_up", by, by)
    return codes


@action
def accept_code(*, typed: str, by: User) -> Answer:
    """Uses up the code or recovery code that `by` typed; what is wrong is counted until something is right."""
    tried = SecondFactor.objects.filter(user=by, failures__lt=SecondFactor.FAILURES_ALLOWED)
    if not tried.update(failures=F("failures") + 1):
        return Answer.LOCKED
    factor = SecondFactor.objects.get(user=by)
    answer = _use_code(factor, typed) if _is_code(typed) else _use_recovery_code(factor, typed)
    if answer.accepted:
        SecondFactor.objects.filter(pk=factor.pk).update(failures=0)
    return answer


def _is_code(typed: str) -> bool:
    return len(typed) == totp.DIGITS and typed.isdigit()


def _use_code(factor: SecondFactor, typed: str) -> Answer:
    step = totp.step_of(factor.secret, typed)
    if step is None:
        return Answer.WRONG
    used = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step)
    return Answer.CODE if used else Answer.SPENT


def _use_recovery_code(factor: SecondFactor, typed: str) -> Answer:
    kept = next((kept for kept in factor.recovery if _is(typed, kept)), None)
    if kept is None:
        return Answer.WRONG
    left = [other for other in factor.recovery if other != kept]
    SecondFactor.objects.filter(pk=factor.pk).update(recovery=left)
    _record("recovery_code_used", factor.user, factor.user, codes_left=len(left))
    return Answer.RECOVERY


@action
def renew_recovery_codes(*, by: User) -> list[str]:
    """Replaces the own recovery codes, used or not, by new ones, which nobody sees again."""
    codes = [_new_code() for _number in range(RECOVERY_CODES)]
    SecondFactor.objects.filter(user=by).update(recovery=_hashed(codes))
    _record("recovery_codes_made", by, by)
    return codes


@action
def switch_off_factor(*, by: User) -> None:
    """Gives up the own second factor and ends the user's sessions."""
    SecondFactor.objects.filter(user=by).delete()
    _end_sessions(by)
    _record("second_factor_off", by, by)


@action
def reset_factor(*, user: User, reason: str = "", by: User | None) -> User:
    """Takes away the second factor of somebody who lost it; their sessions end. ValidationError where there is none."""
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("不能重置自己的两步验证，请由另一位安全管理员办理。"))
    deleted, _rows = SecondFactor.objects.filter(user=user).delete()
    if not deleted:
        raise ValidationError(_("这个账号没有设置两步验证，无须重置。"))
    _end_sessions(user)
    _record("second_factor_reset", by, user, reason=reason)
    return user


def normal(typed: str) -> str:
    """A recovery code as it is compared: without hyphens and spaces, in small letters."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())


def _new_code() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _position in range(GROUP * GROUPS))
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def _hashed(codes: list[str]) -> list[str]:
    """The codes as they are kept. The first group stays legible, so that a try costs one hash and not ten."""
    return [f"{code[:GROUP]}:{make_password(normal(code)[GROUP:])}" for code in codes]


def _is(typed: str, kept: str) -> bool:
    group, _colon, digest = kept.partition(":")
    return normal(typed)[:GROUP] == group and check_password(normal(typed)[GROUP:], digest)


def _end_sessions(user: User) -> None:
    user.sessions_ended_at = timezone.now()
    user.save(update_fields=["sessions_ended_at"])


def _record(act: str, by: User | None, user: User, **detail) -> None:
    record(act, by=by, subject=user.username, division=user.home, **detail)
