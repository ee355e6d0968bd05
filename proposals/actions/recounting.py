"""A new holiday notice moves last days: open deadlines are counted again, and each that moved says from where and why."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.workdays.actions import CalendarChanges
from portal.core.workdays.models import CalendarDay
from portal.core.workdays.queries import specials
from proposals.actions.tallies import refresh_tallies
from proposals.models import Deadline, DeadlineMove, Handling
from proposals.queries.deadlines import RIGHTS, counted

BATCH = 5000
_SAVE = """
UPDATE proposals_deadline d SET unrolled_on = n.unrolled_on, due_on = n.due_on, provisional = n.provisional
FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::boolean[]) n(id, unrolled_on, due_on, provisional)
WHERE n.id = d.id"""
# One statement for any number of handlings; `refresh_due` is the same for one.
_REFRESH = """
UPDATE proposals_handling h SET due_on = f.due_on, due_kind = coalesce(f.kind, '')
FROM (
    SELECT one.id, d.due_on, d.kind FROM unnest(%(ids)s::bigint[]) one(id)
    LEFT JOIN LATERAL (
        SELECT due_on, kind FROM proposals_deadline
        WHERE handling_id = one.id AND met_on IS NULL AND NOT dropped AND kind <> ALL(%(rights)s)
        ORDER BY due_on, id LIMIT 1
    ) d ON true
) f
WHERE f.id = h.id AND (h.due_on, h.due_kind) IS DISTINCT FROM (f.due_on, coalesce(f.kind, ''))"""


@action
def recount_calendar(*, changes: CalendarChanges, by) -> list[DeadlineMove]:
    """Counts every open deadline again that a change of the calendar may touch; returns those that moved.

    Done again it moves nothing: a last day hangs only on the calendar as it is.
    """
    if not changes.any:
        return []
    touched = _open().filter(due_on__year__gte=min(changes.years), starts_on__year__lte=max(changes.years))
    named = [*changes.added, *(new for _old, new in changes.changed)] or changes.removed
    return _recount(touched, changes.years, (one.source for one in named), by)


def recount_guessed(*, on: date) -> int:
    """The nightly job's call of `recount_provisional`."""
    return len(recount_provisional(on=on, by=None))


@action
def recount_provisional(*, on: date, by) -> list[DeadlineMove]:
    """Counts again what was counted in a year without a notice and whose notice has come on another way since, with a
    new release or a restored database. Done again it moves nothing."""
    notices = CalendarDay.objects.filter(day__year__gte=on.year)
    years = {day.year for day in notices.values_list("day", flat=True)}
    sources = notices.order_by("source").values_list("source", flat=True).distinct()
    return _recount(_open().filter(provisional=True), sorted(years), sources, by)


def _recount(touched, years: list[int], sources: Iterable[str], by) -> list[DeadlineMove]:
    calendar = specials()
    other = [one.pk for one in touched.iterator(BATCH) if _moves(one, calendar)]
    if not other:
        return []
    # Handlings before their deadlines, as every act takes them.
    rows = Handling.objects.filter(deadlines__in=other).order_by("pk")
    held = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    moves = _write(_open().filter(pk__in=other), calendar, _reason(years, sources), by)
    refresh_many(held)
    refresh_tallies({one.deadline.division_id for one in moves})
    return moves


def _open():
    return Deadline.objects.filter(met_on__isnull=True, dropped=False).order_by("pk")


def _moves(deadline: Deadline, calendar) -> bool:
    end = counted(deadline, calendar)
    now = (deadline.unrolled_on, deadline.due_on, deadline.provisional)
    return (end.unrolled_on, end.due_on, end.provisional) != now


def _write(deadlines, calendar, reason: str, by) -> list[DeadlineMove]:
    """Saves the new last days, and a move for each that differs; one that is only no longer provisional did not move."""
    moves, written = [], []
    for deadline in deadlines:
        before, end = deadline.due_on, counted(deadline, calendar)
        deadline.unrolled_on, deadline.due_on, deadline.provisional = end.unrolled_on, end.due_on, end.provisional
        written.append(deadline)
        if end.due_on != before:
            moves.append(DeadlineMove(deadline=deadline, before=before, after=end.due_on, reason=reason, moved_by=by))
    columns = [[getattr(one, name) for one in written] for name in ("pk", "unrolled_on", "due_on", "provisional")]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, columns)
    return DeadlineMove.objects.bulk_create(moves, batch_size=BATCH)


def _reason(years: list[int], sources: Iterable[str]) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        words = {"years": _("、").join(map(str, years)), "sources": _("、").join(dict.fromkeys(sources))}
        return (_("%(years)s 年放假安排：%(sources)s") % words)[:300]


def refresh_many(handlings: Iterable[int]) -> None:
    """Keeps on each of the handlings its earliest open last day."""
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, {"ids": list(handlings), "rights": [str(kind) for kind in RIGHTS]})
