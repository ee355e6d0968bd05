"""The office reminds a unit of a last day 催办; each reminder counts."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from proposals.actions import course
from proposals.actions.walls import refuse_stranger
from proposals.models import Handling, Reminder


@action
def remind_unit(*, handling: Handling, version: int, words: str, by) -> Reminder:
    """Reminds the unit of the earliest last day of its part; the morning e-mail and its first page tell it so.

    Raises `Stale`; ValidationError without words, where nothing is due, while the clock stands still, or a second time on
    a day for the same last day.
    """
    return remind(handling, version, words, by)


def remind(handling: Handling, version: int, words: str, by) -> Reminder:
    """The same within the caller's transaction."""
    held = course.claim(handling.pk, version, by, Perm.MANAGE_PROPOSALS)
    refuse_stranger(by, held.division_id)
    if not words.strip():
        raise ValidationError({"words": _("请写明催办内容。")})
    if held.due_on is None:
        raise ValidationError(_("这个单位没有尚未完成的期限，不用催办。"))
    if held.suspended:
        raise ValidationError(_("计时已经中止，恢复以后再催办。"))
    about = {"kind": held.due_kind, "due_on": held.due_on, "on": today()}
    if held.reminded.filter(**about).exists():
        raise ValidationError(_("今天已经为这个期限催办过。"))
    made = Reminder.objects.create(handling=held, words=words.strip(), sent_by=by, **about)
    held.reminders += 1
    held.save(update_fields=["reminders"])
    return made
