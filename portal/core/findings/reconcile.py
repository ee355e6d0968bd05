"""Inspections only look; `reconcile` acts: it opens what is new, refreshes what is still so, resolves what is gone.

Running it twice, late or in parallel gives the same findings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.functional import Promise

from portal.core.audit.actions import action


@dataclass(frozen=True)
class Inspection:
    """A periodic check. `problems(on)` gives SQL and parameters that select (subject, division_id, facts jsonb).

    `headline` turns the facts of one finding into a sentence; `remedy` says what makes it go away.
    """

    key: str
    label: str | Promise
    subjects: Callable[[date], int]
    problems: Callable[[date], tuple[str, dict]]
    headline: Callable[[dict], str]
    remedy: str | Promise


@dataclass(frozen=True)
class Reconciled:
    opened: int
    refreshed: int
    resolved: int


_STAGE = "CREATE TEMP TABLE problem_staging ON COMMIT DROP AS "
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('core.reconcile'), hashtext(%(kind)s))"
_OPEN_OR_REFRESH = """
WITH done AS (
    INSERT INTO core_finding AS f (kind, subject, division_id, state, facts, opened_on, seen_on, acknowledged_by, note)
    SELECT %(kind)s, subject, division_id, 'open', facts, %(on)s, %(on)s, '', '' FROM problem_staging
    ON CONFLICT (kind, subject) WHERE NOT state = 'resolved' DO UPDATE SET facts = excluded.facts, seen_on = excluded.seen_on
    RETURNING xmax = 0 AS opened
)
SELECT count(*) FILTER (WHERE opened), count(*) FILTER (WHERE NOT opened) FROM done"""
_RESOLVE = """
UPDATE core_finding f SET state = 'resolved', resolved_on = %(on)s
WHERE f.kind = %(kind)s AND f.state <> 'resolved'
  AND NOT EXISTS (SELECT 1 FROM problem_staging p WHERE p.subject = f.subject)"""


@action
def reconcile(*, inspection: Inspection, on: date, by=None) -> Reconciled:
    """Brings the findings of one inspection in line with what it sees on `on`."""
    sql, parameters = inspection.problems(on)
    mine = {"kind": inspection.key, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, mine)
        cursor.execute(_STAGE + sql, parameters)
        cursor.execute("CREATE INDEX ON problem_staging (subject)")
        cursor.execute("ANALYZE problem_staging")
        cursor.execute(_OPEN_OR_REFRESH, mine)
        opened, refreshed = cursor.fetchone()
        cursor.execute(_RESOLVE, mine)
        resolved = cursor.rowcount
        cursor.execute("DROP TABLE problem_staging")
    return Reconciled(opened, refreshed, resolved)
