"""A new holiday notice moves last days: open deadlines are counted again, and each that moved says from where and why.

Deadlines that are counted from the same day by the same rule end on the same day: each such way of counting is counted
once, and the rest is one statement a table, however many deadlines there are.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.bulk import Stream, copy_text, plan_anew
from portal.core.workdays.actions import CalendarChanges
from portal.core.workdays.models import CalendarDay
from portal.core.workdays.queries import specials
from proposals.actions.tallies import refresh_tallies
from proposals.models import Deadline
from proposals.queries.deadlines import RIGHTS, counted

# A way of counting as one word; a fixed day is kept as the day before it rolled.
_WAY = """concat_ws(' ', d.starts_on, coalesce(d.months, -1), coalesce(d.days, -1), coalesce(d.working_days, -1),
    d.added_days, d.rolling, CASE WHEN d.fixed THEN d.unrolled_on END)"""
_OPEN = "d.met_on IS NULL AND NOT d.dropped"
_IN_YEARS = "d.due_on >= %(first)s AND d.starts_on <= %(last)s"
_OTHERWISE = f"""proposals_deadline d JOIN recount_end n ON n.way = {_WAY}
    WHERE {_OPEN} AND (d.unrolled_on, d.due_on, d.provisional) IS DISTINCT FROM (n.unrolled_on, n.due_on, n.provisional)"""
# Handlings before their deadlines, as every act takes them.
_HOLD = f"""
SELECT id FROM proposals_handling WHERE id IN (SELECT d.handling_id FROM {_OTHERWISE})
ORDER BY id FOR NO KEY UPDATE"""
_MOVED = f"""
CREATE TEMP TABLE recount_moved ON COMMIT DROP AS
SELECT d.id, d.handling_id, d.division_id, d.due_on AS before, n.unrolled_on, n.due_on, n.provisional
FROM {_OTHERWISE} AND d.handling_id = ANY(%(held)s)"""
_SAVE = """
UPDATE proposals_deadline d SET unrolled_on = m.unrolled_on, due_on = m.due_on, provisional = m.provisional
FROM recount_moved m WHERE m.id = d.id"""
# One that is only no longer provisional did not move.
_TELL = """
INSERT INTO proposals_deadlinemove (deadline_id, before, after, reason, moved_by_id, moved_at)
SELECT id, before, due_on, %(reason)s, %(by)s, %(now)s FROM recount_moved WHERE before <> due_on ORDER BY id"""
# For one handling `refresh_due` does the same.
_REFRESH = """
UPDATE proposals_handling h SET due_on = f.due_on, due_kind = coalesce(f.kind, '')
FROM (
    SELECT one.handling_id AS id, d.due_on, d.kind FROM (SELECT DISTINCT handling_id FROM recount_moved) one
    LEFT JOIN LATERAL (
        SELECT due_on, kind FROM proposals_deadline
        WHERE handling_id = one.handling_id AND met_on IS NULL AND NOT dropped AND kind <> ALL(%(rights)s)
        ORDER BY due_on, id LIMIT 1
    ) d ON true
) f
WHERE f.id = h.id AND (h.due_on, h.due_kind) IS DISTINCT FROM (f.due_on, coalesce(f.kind, ''))"""


@action
def recount_calendar(*, changes: CalendarChanges, by) -> int:
    """Counts every open deadline again that a change of the calendar may touch; returns how many moved.

    Done again it moves nothing: a last day hangs only on the calendar as it is.
    """
    if not changes.any:
        return 0
    years = {"first": date(min(changes.years), 1, 1), "last": date(max(changes.years), 12, 31)}
    named = [*changes.added, *(new for _old, new in changes.changed)] or changes.removed
    return _recount(_IN_YEARS, years, _reason(changes.years, (one.source for one in named)), by)


def recount_guessed(*, on: date) -> int:
    """The nightly job's call of `recount_provisional`."""
    return recount_provisional(on=on, by=None)


@action
def recount_provisional(*, on: date, by) -> int:
    """Counts again what was counted in a year without a notice and whose notice has come on another way since, with a
    new release or a restored database. Done again it moves nothing."""
    notices = CalendarDay.objects.filter(day__year__gte=on.year)
    years = {day.year for day in notices.values_list("day", flat=True)}
    sources = notices.order_by("source").values_list("source", flat=True).distinct()
    return _recount("d.provisional", {}, _reason(sorted(years), sources), by)


def _recount(touched: str, given: dict[str, Any], reason: str, by) -> int:
    """Counts the open deadlines again that the SQL `touched` is about, and those counted in the same way."""
    with connection.cursor() as cursor:
        _count_ways(cursor, touched, given)
        cursor.execute(_HOLD)
        held = [pk for (pk,) in cursor.fetchall()]
        if not held:
            return 0
        cursor.execute("DROP TABLE IF EXISTS pg_temp.recount_moved")
        cursor.execute(_MOVED, {"held": held})
        cursor.execute("ANALYZE recount_moved")
        plan_anew(cursor)
        cursor.execute(_SAVE)
        cursor.execute(_TELL, {"reason": reason, "by": by.pk if by is not None else None, "now": now()})
        moved = cursor.rowcount
        cursor.execute(_REFRESH, {"rights": [str(kind) for kind in RIGHTS]})
        cursor.execute("SELECT DISTINCT division_id FROM recount_moved")
        refresh_tallies([code for (code,) in cursor.fetchall()])
    return moved


def _count_ways(cursor, touched: str, given: dict[str, Any]) -> None:
    """Makes `recount_end`: where each way of counting among the deadlines ends by the calendar as it is now."""
    calendar = specials()
    ways = Deadline.objects.raw(
        f"SELECT DISTINCT ON (way) d.*, {_WAY} AS way FROM proposals_deadline d WHERE {_OPEN} AND {touched} ORDER BY way",
        given,
    )
    ends = [(one.way, counted(one, calendar)) for one in ways]
    columns = ((way, end.unrolled_on, end.due_on, end.provisional) for way, end in ends)
    lines = Stream("\t".join(map(copy_text, line)) + "\n" for line in columns)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.recount_end")
    cursor.execute(
        "CREATE TEMP TABLE recount_end (way text, unrolled_on date, due_on date, provisional boolean) ON COMMIT DROP"
    )
    cursor.copy_expert("COPY recount_end FROM STDIN", lines)
    cursor.execute("ANALYZE recount_end")


def _reason(years: list[int], sources: Iterable[str]) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        words = {"years": _("、").join(map(str, years)), "sources": _("、").join(dict.fromkeys(sources))}
        return (_("%(years)s 年放假安排：%(sources)s") % words)[:300]
