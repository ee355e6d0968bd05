"""The population that figures per resident divide by: the basis that policy prefers where several are recorded (§2.8)."""

import json

from portal.core.policy.kinds import POPULATION_BASIS
from portal.core.policy.queries import nearest_rule
from portal.core.territory.totals import totals_ctes

_ORDER = json.dumps(POPULATION_BASIS.default["order"])

# Read by its index for each place asked about, however often the name occurs.
STORED_TOTALS = "population_totals AS NOT MATERIALIZED (SELECT * FROM core_populationtotal)"


def totals(*, stored: bool) -> str:
    """CTEs ending in `population_totals`: those kept for the figures' day, or as of %(on)s from the records."""
    return STORED_TOTALS if stored else totals_ctes()


def preferred(division: str = "d", alias: str = "p") -> str:
    """Joins that give `alias` (value, basis, on, own, source) for the urban row `division`; need `RULES_CTE`."""
    return f"""{nearest_rule(POPULATION_BASIS, f"{division}.code", f"{alias}_basis")}
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT jsonb_array_elements_text(coalesce({alias}_basis.value->'order', '{_ORDER}'::jsonb))) AS bases
    ) {alias}_order
    LEFT JOIN LATERAL (
        SELECT * FROM population_totals x
        WHERE {division}.urban AND x.division_id = {division}.code AND x.basis = ANY({alias}_order.bases)
        ORDER BY x.own DESC, array_position({alias}_order.bases, x.basis::text)
        LIMIT 1
    ) {alias} ON true"""


def of_basis(basis: str, alias: str, division: str = "d") -> str:
    """Join that gives `alias` as the population of one basis for the urban row `division`."""
    return f"""LEFT JOIN population_totals {alias}
        ON {division}.urban AND {alias}.division_id = {division}.code AND {alias}.basis = '{basis}'"""
