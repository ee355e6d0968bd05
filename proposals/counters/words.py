"""What the counters of proposals have in common, in SQL."""

from django.conf import settings

from portal.core.indicators.counting import Scope
from proposals.enums import HandlingRole, Stage


def shared(scope: Scope) -> str:
    """CTE answering: the parts that answer a proposer, assigned in the year of the day and not given back, as they stood.

    `due_on` is the last day of the first reply, `replied` whether it had gone out by the day.
    """
    return f"""
answering AS MATERIALIZED (
    SELECT h.id, h.division_id AS code, d.due_on, coalesce(h.replied_on <= %(on)s, false) AS replied, h.replied_on
    FROM proposals_handling h
    LEFT JOIN proposals_deadline d ON d.handling_id = h.id AND d.kind = 'reply' AND d.round = 1
    WHERE h.role <> '{HandlingRole.CO}' AND h.stage NOT IN ('{Stage.RETURNED}', '{Stage.WITHDRAWN}')
      AND {this_year("h.assigned_on")} AND {scope.of("h.division_id")}
)"""


def this_year(day: str) -> str:
    """SQL condition: a day lies in the calendar year of the day asked for, and not after it."""
    return f"{day} >= date_trunc('year', %(on)s::date)::date AND {day} <= %(on)s"


def local_day(moment: str) -> str:
    """SQL: the day of a moment where the offices are."""
    return f"({moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"
