"""Snapshots: the tally and population of every division as they stood on a month's last day, never rewritten."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from portal.core.indicators.counting import Book, Scope
from portal.core.indicators.population import PREFERRED, STORED_TOTALS, totals
from portal.core.indicators.tallies import EVERYBODY, planned
from portal.core.lib.codes import Level, code_range
from portal.core.lib.dated import add_months
from portal.core.policy.queries import RULES_CTE


def month_ends(first: date, last: date) -> Iterator[date]:
    """The last days of months from `first` to `last`, both included."""
    begin = add_months(first.replace(day=1), 1)
    while (end := begin - timedelta(days=1)) <= last:
        yield end
        begin = add_months(begin, 1)


def is_kept(book: Book, on: date) -> bool:
    """Whether a snapshot of the day has been taken."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM {book.snapshot} WHERE "on" = %s)', [on])
        return cursor.fetchone()[0]


def keep_tallies(book: Book, on: date) -> bool:
    """Keeps the stored tallies and population totals as the snapshot of `on`, the day that they are true for.

    False, and nothing written, where that day is kept already.
    """
    return _keep(book, on, counted=False)


@transaction.atomic
def keep_counted(book: Book, on: date) -> bool:
    """The same for a day gone by, counted from the rows as they are known today."""
    return _keep(book, on, counted=True)


def _keep(book: Book, on: date, *, counted: bool) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('snapshots'))")
        if is_kept(book, on):
            return False
        low, high = code_range("")
        given = {"on": on, "low": low, "high": high}
        source = f"(SELECT division_id AS code, t.* FROM {book.tally} t)"
        if counted:
            _count(cursor, book, given)
            source = "counted_tally"
        with planned(cursor, EVERYBODY):
            cursor.execute(_statement(book, source, stored=not counted), given)
            return cursor.rowcount > 0


def _count(cursor: Any, book: Book, given: dict[str, Any]) -> None:
    """Makes the temporary table counted_tally: every counter from the rows, NULL standing for 0."""
    with planned(cursor, EVERYBODY):
        cursor.execute("DROP TABLE IF EXISTS pg_temp.counted_tally")
        cursor.execute(
            f"CREATE TEMP TABLE counted_tally ON COMMIT DROP AS WITH {book.recounted(Scope.EVERYWHERE)} SELECT * FROM tallies",
            given,
        )
        cursor.execute("ANALYZE counted_tally (code)")


def _statement(book: Book, source: str, *, stored: bool) -> str:
    """Villages where nobody is in post have nothing to be kept, nor streets without an office; formal ones are never shown."""
    kept = (
        f"(d.level <= {int(Level.DISTRICT)} OR t.code IS NOT NULL)"
        if book.offices
        else "(d.urban OR t.code IS NOT NULL)"
    )
    populations = f"{STORED_TOTALS}, {PREFERRED}" if stored else totals(stored=False)
    return f"""
    WITH {RULES_CTE}, {populations}
    INSERT INTO {book.snapshot} (division_id, "on", counted_at, population, basis, population_on, population_own,
        {book.columns()})
    SELECT d.code, %(on)s, now(), p.value, coalesce(p.basis, ''), p."on", p.own, {book.columns("coalesce(t.{0}, 0)")}
    FROM core_division d LEFT JOIN {source} t ON t.code = d.code LEFT JOIN preferred_population p ON p.division_id = d.code
    WHERE NOT d.formal AND {kept}
      AND (d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)"""
