"""Inspections only look; `reconcile` acts: it opens what is new, refreshes what is still so, resolves what is gone.

Running it twice, late or in parallel gives the same findings.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from portal.core.audit.actions import action
from portal.core.findings import outbox
from portal.core.findings.inspection import Inspection
from portal.core.lib.bulk import plan_anew


@dataclass(frozen=True)
class Reconciled:
    opened: int
    refreshed: int
    resolved: int


_STAGE = "CREATE TEMP TABLE problem_staging ON COMMIT DROP AS "
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('core.reconcile'), hashtext(%(kind)s))"
# A new finding belongs to the street of a community or street, the district, else the city: Holder in models.
_HELD = "CASE length(division_id) WHEN 6 THEN 3 WHEN 9 THEN 4 WHEN 12 THEN 4 ELSE 2 END"
_OPEN_OR_REFRESH = f"""
WITH done AS (
    INSERT INTO core_finding AS f (kind, subject, division_id, due_on, state, facts, opened_on, seen_on,
        held_level, held_since, acknowledged_by, note)
    SELECT %(kind)s, subject, division_id, due_on, 'open', facts, %(on)s, %(on)s, {_HELD}, %(on)s, '', ''
    FROM problem_staging
    ON CONFLICT (kind, subject) WHERE NOT state = 'resolved' DO UPDATE
    SET facts = excluded.facts, seen_on = excluded.seen_on, due_on = excluded.due_on, division_id = excluded.division_id
    WHERE (f.facts - 'on', f.due_on, f.division_id)
        IS DISTINCT FROM (excluded.facts - 'on', excluded.due_on, excluded.division_id)
    RETURNING id, division_id, held_level, kind, xmax = 0 AS opened
), told AS ({outbox.OPENED})
SELECT count(*) FILTER (WHERE opened) FROM done"""
_RESOLVE = f"""
WITH done AS (
    UPDATE core_finding f SET state = 'resolved', resolved_on = %(on)s, planned_for = NULL, excused_until = NULL,
        rest_from = NULL, version = version + 1
    WHERE f.kind = %(kind)s AND f.state <> 'resolved'
      AND NOT EXISTS (SELECT 1 FROM problem_staging p WHERE p.subject = f.subject)
    RETURNING id, division_id, held_level, kind
), told AS ({outbox.RESOLVED})
SELECT count(*) FROM done"""


@action
def reconcile(*, inspection: Inspection, on: date, by=None) -> Reconciled:
    """Brings the findings of one inspection in line with what it sees on `on`.

    Only what changed is written, so a night in which all is as before writes no finding: `refreshed` counts those still
    so, and when they were last looked at stands in the run log.
    """
    sql, parameters = inspection.problems(on)
    mine = {"kind": inspection.key, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, mine)
        cursor.execute(_STAGE + sql, parameters)
        cursor.execute("CREATE INDEX ON problem_staging (subject)")
        cursor.execute("ANALYZE problem_staging")
        cursor.execute("SELECT count(*) FROM problem_staging")
        staged = cursor.fetchone()[0]
        plan_anew(cursor)
        cursor.execute(_OPEN_OR_REFRESH, mine)
        opened = cursor.fetchone()[0]
        plan_anew(cursor)
        cursor.execute(_RESOLVE, mine)
        resolved = cursor.fetchone()[0]
        cursor.execute("DROP TABLE problem_staging")
    return Reconciled(opened, staged - opened, resolved)


def look(*, inspection: Inspection, on: date) -> int:
    """How many problems the inspection sees on a day; changes nothing."""
    sql, parameters = inspection.problems(on)
    with connection.cursor() as cursor:
        # The SQL of an inspection may begin with WITH, which a subquery takes as it is.
        cursor.execute(f"SELECT count(*) FROM ({sql}) seen", parameters)
        return cursor.fetchone()[0]
