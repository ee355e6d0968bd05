"""Times in which the clock of a part stands still, with the proposer's consent, entered by the office."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from proposals import stages
from proposals.actions import course, deadlines
from proposals.actions.tallies import refresh_tallies
from proposals.models import Handling, Suspension

# While something is being written; what waits for a signature or for the proposer is not stopped.
STOPPABLE = frozenset({stages.ASSIGNED, stages.OPINION, *stages.DRAFTING})


@action
def suspend_handling(*, handling: Handling, version: int, starts_on: date, reason: str, consent: str, by) -> Suspension:
    """Stops the clock from `starts_on` on. `consent` says how the proposer agreed.

    Raises `Stale`; ValidationError without reason or consent, outside the stages of writing, on a day to come or one that
    an earlier suspension covers.
    """
    held = course.claim(handling.pk, version, by, Perm.MANAGE_PROPOSALS)
    course.refuse_stranger(by, held, stages.OFFICE)
    _check(held, starts_on)
    for name, words in (("reason", reason), ("consent", consent)):
        if not words.strip():
            raise ValidationError({name: _("请填写：没有理由和提案者的同意不能中止计时。")}, code="reason")
    made = Suspension.objects.create(
        handling=held, starts_on=starts_on, reason=reason.strip(), consent=consent.strip(), entered_by=by
    )
    deadlines.suspend(held, made, by=by)
    refresh_tallies([held.division_id])
    return made


def _check(handling: Handling, starts_on: date) -> None:
    if handling.stage not in STOPPABLE:
        raise ValidationError(
            _("现处于“%(stage)s”，不能中止计时。") % {"stage": handling.get_stage_display()}, code="stage"
        )
    if handling.suspended:
        raise ValidationError(_("计时已经中止，请先恢复。"), code="twice")
    if not handling.assigned_on <= starts_on <= today():
        raise ValidationError({"starts_on": _("中止日期应在交办日期和今天之间。")})
    if handling.suspensions.filter(ends_on__gt=starts_on).exists():
        raise ValidationError({"starts_on": _("这一天已在以前的中止期间内。")})


@action
def resume_handling(*, handling: Handling, version: int, ends_on: date, by) -> Suspension:
    """The clock runs again from `ends_on` on; open last days move by the days it stood. Raises as `suspend_handling`."""
    held = course.claim(handling.pk, version, by, Perm.MANAGE_PROPOSALS)
    course.refuse_stranger(by, held, stages.OFFICE)
    open_one = held.suspensions.filter(ends_on__isnull=True).first()
    if open_one is None:
        raise ValidationError(_("计时没有中止。"), code="stage")
    if not open_one.starts_on <= ends_on <= today():
        raise ValidationError({"ends_on": _("恢复日期应在中止日期和今天之间。")})
    open_one.ends_on = ends_on
    open_one.save(update_fields=["ends_on"])
    deadlines.resume(held, open_one, by=by)
    refresh_tallies([held.division_id])
    return open_one
