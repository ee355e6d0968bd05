"""What the mere passing of days does to findings: rests end, and what nobody dealt with goes to the next level.

Set-based, and repeatable: every change carries the day it fell due and not the day the job ran, so a late run, or
several in a row, leave the same findings as a run every night would have.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from portal.core.audit.actions import action
from portal.core.findings import outbox
from portal.core.findings.notices.supervisions import tell_overdue
from portal.core.lib.bulk import plan_anew
from portal.core.policy.kinds import ESCALATION
from portal.core.policy.queries import RULES_CTE, nearest_rule


@dataclass(frozen=True)
class Upkept:
    """How many findings had their rest end, and how many steps up were taken."""

    woken: int
    escalated: int


# The days of rest do not count: the day from which escalation counts moves on by as many.
_WAKE = """
UPDATE core_finding SET state = 'open', held_since = held_since + (coalesce(planned_for, excused_until) - rest_from),
    planned_for = NULL, excused_until = NULL, rest_from = NULL, acknowledged_at = NULL, acknowledged_by = '',
    version = version + 1
WHERE state IN ('planned', 'excused') AND coalesce(planned_for, excused_until) < %(on)s"""

# One step up for all that are due; several steps in arrears need several rounds.
_ESCALATE = f"""
WITH {RULES_CTE}, due AS (
    SELECT f.id, f.held_since + CASE f.held_level
        WHEN 4 THEN coalesce((r.value->>'street_days')::int, %(street_days)s)
        ELSE coalesce((r.value->>'district_days')::int, %(district_days)s) END AS due_on
    FROM core_finding f {nearest_rule(ESCALATION, "f.division_id", "r")}
    WHERE f.state IN ('open', 'acknowledged') AND f.held_level > 2 AND f.held_since < %(on)s
), done AS (
    UPDATE core_finding f SET held_level = f.held_level - 1, held_since = due.due_on, state = 'open',
        acknowledged_at = NULL, acknowledged_by = '', version = f.version + 1
    FROM due WHERE due.id = f.id AND due.due_on <= %(on)s AND f.state IN ('open', 'acknowledged')
    RETURNING f.id, f.division_id, f.held_level, f.kind
), told AS ({outbox.ESCALATED})
SELECT count(*) FROM done"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('core.upkeep'))"
_STEPS = 2


@action
def wake_findings(*, on: date, by=None) -> int:
    """Opens the planned and excused findings again whose day has gone by."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        plan_anew(cursor)
        cursor.execute(_WAKE, {"on": on})
        return cursor.rowcount


@action
def escalate_findings(*, on: date, by=None) -> int:
    """Hands findings up that a level has held as long as the rule `ESCALATION` of the place gives it; returns steps."""
    steps = 0
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        for _step in range(_STEPS):
            plan_anew(cursor)
            cursor.execute(_ESCALATE, {"on": on, **ESCALATION.default})
            moved = cursor.fetchone()[0]
            steps += moved
            if not moved:
                break
    return steps


def keep_up(on: date) -> Upkept:
    """Both, in their order; and who listens is told which replies to supervision notices are overdue."""
    done = Upkept(woken=wake_findings(on=on, by=None), escalated=escalate_findings(on=on, by=None))
    tell_overdue(on)
    return done
