"""Writes of deadlines: each function is a part of its caller's act, inside the caller's transaction and lock.

After each of them the handling knows its earliest open last day again (`refresh_due`).
"""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.lib.dated import ONE_DAY
from portal.core.policy.kinds import REPLY
from portal.core.policy.queries import rule_for
from proposals.deadlines import suspended_days
from proposals.enums import DueKind
from proposals.models import Deadline, DeadlineMove, Handling, Suspension
from proposals.queries.deadlines import RIGHTS, STOPPABLE, counted, counting_of, open_deadlines


def start(handling: Handling, kind: str, starts_on: date, *, by=None, fixed_on: date | None = None) -> Deadline | None:
    """Starts a deadline of the handling's present round by the rules of the place on the day `starts_on`.

    `fixed_on` is a last day agreed for this case alone. One of the same kind and round that is on file starts anew.
    None where the place has no rule of the kind: then nothing falls due.
    """
    counting = counting_of(handling, kind, starts_on, fixed_on)
    if counting is None:
        return None
    deadline = Deadline.objects.filter(handling=handling, kind=kind, round=handling.round).first()
    before = deadline.due_on if deadline else None
    deadline = deadline or Deadline(handling=handling, kind=kind, round=handling.round)
    period = counting.period
    deadline.division_id, deadline.starts_on = handling.division_id, starts_on
    deadline.months, deadline.days, deadline.working_days = period.months, period.days, period.working_days
    deadline.fixed, deadline.rolling, deadline.rule = period.fixed is not None, counting.rolling, counting.rule[:300]
    deadline.added_days, deadline.met_on, deadline.dropped = 0, None, False
    if period.fixed is not None:
        deadline.unrolled_on = period.fixed
    _count(deadline)
    if before is not None:
        with translation.override(settings.LANGUAGE_CODE):
            _move(deadline, before, _("重新起算"), by)
    refresh_due(handling)
    return deadline


def _count(deadline: Deadline) -> None:
    """Counts a deadline by the calendar of today and saves it."""
    end = counted(deadline)
    deadline.unrolled_on, deadline.due_on, deadline.provisional = end.unrolled_on, end.due_on, end.provisional
    deadline.save()


def _move(deadline: Deadline, before: date, reason: str, by) -> None:
    if deadline.due_on != before:
        DeadlineMove.objects.create(
            deadline=deadline, before=before, after=deadline.due_on, reason=reason[:300], moved_by=by
        )


def meet(handling: Handling, kind: str, on: date) -> Deadline | None:
    """What was due is done on the day `on`; late, the deadline says since when. None where nothing of the kind is open."""
    deadline = open_deadlines(handling).filter(kind=kind).order_by("-round").first()
    if deadline is not None:
        deadline.met_on = on
        if on > deadline.due_on and deadline.overdue_on is None:
            deadline.overdue_on = deadline.due_on + ONE_DAY
        deadline.save(update_fields=["met_on", "overdue_on"])
    refresh_due(handling)
    return deadline


def drop(handling: Handling, kind: str | None = None) -> int:
    """Open deadlines of the handling, or those of one kind, ask for nothing any more; returns how many."""
    open_ones = open_deadlines(handling)
    if kind is not None:
        open_ones = open_ones.filter(kind=kind)
    dropped = Deadline.objects.filter(pk__in=[deadline.pk for deadline in open_ones]).update(dropped=True)
    refresh_due(handling)
    return dropped


def extend(handling: Handling, months: int, reason: str, by) -> Deadline:
    """Gives the answer `months` months from its start instead of what it had.

    Raises ValidationError without an open deadline of the answer, beyond the longest period of the place, or where the
    last day would not come later.
    """
    deadline = open_deadlines(handling).filter(kind=DueKind.REPLY).first()
    if deadline is None:
        raise ValidationError(_("没有尚未完成的答复期限，不能延期。"))
    most = rule_for(REPLY, handling.division_id, deadline.starts_on).value["most_months"]
    if months > most:
        sentence = _("延期后的答复期限不能超过自交办起 %(most)s 个月。请改小月数。")
        raise ValidationError({"months": sentence % {"most": most}})
    before = deadline.due_on
    deadline.months, deadline.days, deadline.working_days, deadline.fixed = months, None, None, False
    end = counted(deadline)
    if end.due_on <= before:
        sentence = _("自交办起 %(months)s 个月到 %(day)s，不晚于现在的期限 %(before)s。请填写更长的月数。")
        words = {"months": months, "day": end.due_on.isoformat(), "before": before.isoformat()}
        raise ValidationError({"months": sentence % words})
    _count(deadline)
    with translation.override(settings.LANGUAGE_CODE):
        words = _("延期至自交办起 %(months)s 个月：%(reason)s") % {"months": months, "reason": reason}
    _move(deadline, before, words, by)
    refresh_due(handling)
    return deadline


def suspend(handling: Handling, suspension: Suspension, *, by=None) -> None:
    """The clock of the handling stands still from the suspension's first day on; how long shows only at its end."""
    handling.suspended = True
    handling.save(update_fields=["suspended"])


def resume(handling: Handling, suspension: Suspension, *, by=None) -> list[Deadline]:
    """The clock runs again: each open deadline of the unit is lengthened by the calendar days it stood; returns them.

    `suspension.ends_on` is the day it runs again. A deadline that had run out before the suspension stays as it was.
    """
    moved = []
    for deadline in open_deadlines(handling).filter(kind__in=STOPPABLE):
        given = suspended_days(deadline.starts_on, deadline.due_on, suspension.starts_on, suspension.ends_on)
        if not given:
            continue
        before = deadline.due_on
        if deadline.fixed:
            deadline.unrolled_on = date.fromordinal(deadline.unrolled_on.toordinal() + given)
        deadline.added_days += given
        _count(deadline)
        with translation.override(settings.LANGUAGE_CODE):
            words = _("中止 %(days)s 天（%(start)s 起，%(end)s 恢复）：%(reason)s") % {
                "days": given,
                "start": suspension.starts_on.isoformat(),
                "end": suspension.ends_on.isoformat(),
                "reason": suspension.reason,
            }
        _move(deadline, before, words, by)
        moved.append(deadline)
    handling.suspended = False
    handling.save(update_fields=["suspended"])
    refresh_due(handling)
    return moved


def refresh_due(handling: Handling) -> None:
    """Keeps on the handling its earliest open last day and what falls due then; a right that ends is no duty."""
    first = open_deadlines(handling).exclude(kind__in=RIGHTS).values_list("due_on", "kind").first()
    handling.due_on, handling.due_kind = first or (None, "")
    handling.save(update_fields=["due_on", "due_kind"])
