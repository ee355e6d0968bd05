"""What the counters of service records have in common, in SQL: units with the rules that counting asks for (domain §1.H)."""

from portal.core.indicators.counting import Scope
from portal.core.policy.kinds import GRID_PRESENCE, NEEDS, ORGANISATIONS, VISITS
from portal.core.policy.queries import nearest_rule, ruled, scope_of
from ratings.enums import ORGANISATIONS as SIX
from ratings.norms import HALF_YEAR

_KINDS = (VISITS, NEEDS, ORGANISATIONS, GRID_PRESENCE)
_SIX = "array_to_json(ARRAY[{}])::jsonb".format(", ".join(f"'{kind}'" for kind in SIX))


def shared(scope: Scope) -> str:
    """CTEs units (every community and village of the day) and norms (what the rules of a scope ask of them).

    `begins` is the first day of the current period of visits; without a rule it is that of the half-year. NULL where a
    rule is not in force: `needs` and `projects` a year, `presence`; the organisations asked for are six by default.
    """
    nearest = "\n    ".join(nearest_rule(kind, "s.scope", f"r{number}") for number, kind in enumerate(_KINDS))
    nearest_scope, joins = scope_of("d.code")
    return f"""
{ruled(*_KINDS)},
units AS MATERIALIZED (
    SELECT d.code, d.urban, {nearest_scope} AS scope FROM core_division d {joins}
    WHERE d.level = 5 AND {scope.of("d.code")}
      AND (d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
),
norms AS MATERIALIZED (
    SELECT s.scope, make_date(m.month / 12, m.month %% 12 + 1, 1) AS begins, (r1.value->>'needs')::int AS needs,
        (r1.value->>'projects')::int AS projects, coalesce(r2.value->'kinds', {_SIX}) AS organisations,
        (r3.value->>'staff_percent')::numeric AS presence
    FROM (SELECT DISTINCT scope FROM units) s
    {nearest}
    CROSS JOIN LATERAL (SELECT coalesce((r0.value->>'months')::int, {HALF_YEAR}) AS months) p
    CROSS JOIN LATERAL (SELECT (extract(year FROM %(on)s::date)::int * 12 + extract(month FROM %(on)s::date)::int - 1)
        / p.months * p.months AS month) m
)"""


def this_month(day: str) -> str:
    """SQL condition: a day lies in the month of the day asked for, and not after it."""
    return f"{day} >= date_trunc('month', %(on)s::date)::date AND {day} <= %(on)s"
