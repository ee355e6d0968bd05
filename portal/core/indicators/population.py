"""The population that figures per resident divide by: the basis that policy prefers where several are recorded (§2.8)."""

import json

from portal.core.indicators.country import POPULATION as COUNTRY_TOTALS
from portal.core.policy.kinds import POPULATION_BASIS
from portal.core.policy.queries import nearest_rule
from portal.core.territory.totals import totals_ctes

_ORDER = json.dumps(POPULATION_BASIS.default["order"])

# Read by its index for each place asked about, however often the name occurs.
STORED_TOTALS = "population_totals AS NOT MATERIALIZED (SELECT * FROM core_populationtotal)"


# The population that is preferred, for every place at once: what is summed from the records has no index to be read by.
PREFERRED = f"""
preferred_population AS MATERIALIZED (
    SELECT DISTINCT ON (x.division_id) x.division_id, x.value, x.basis, x."on", x.own, x.source
    FROM population_totals x JOIN core_division d ON d.code = x.division_id AND d.urban
    {nearest_rule(POPULATION_BASIS, "x.division_id", "b")}
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT jsonb_array_elements_text(coalesce(b.value->'order', '{_ORDER}'::jsonb))) AS bases
    ) preferred
    WHERE x.basis = ANY(preferred.bases)
    ORDER BY x.division_id, x.own DESC, array_position(preferred.bases, x.basis::text)
)"""


def totals(*, stored: bool, country: bool = False) -> str:
    """CTE `population_totals`: those kept for the figures' day, or as of %(on)s from the records, with `PREFERRED`.

    With `country` those of the country as well, and not what is preferred for each division.
    """
    found = STORED_TOTALS if stored else totals_ctes()
    return f"{found}, {COUNTRY_TOTALS}" if country else found if stored else f"{found}, {PREFERRED}"


def preferred(division: str = "d", alias: str = "p", *, stored: bool, country: bool = False) -> str:
    """Joins that give `alias` (value, basis, on, own, source) for the urban row `division`; need `RULES_CTE` and `totals`."""
    if not (stored or country):
        return f"LEFT JOIN preferred_population {alias} ON {alias}.division_id = {division}.code"
    return f"""{nearest_rule(POPULATION_BASIS, f"{division}.code", f"{alias}_basis")}
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT jsonb_array_elements_text(coalesce({alias}_basis.value->'order', '{_ORDER}'::jsonb))) AS bases
    ) {alias}_order
    LEFT JOIN LATERAL (
        SELECT * FROM {_totals_of(country)} x
        WHERE {division}.urban AND x.division_id = {division}.code AND x.basis = ANY({alias}_order.bases)
        ORDER BY x.own DESC, array_position({alias}_order.bases, x.basis::text)
        LIMIT 1
    ) {alias} ON true"""


def of_basis(basis: str, alias: str, division: str = "d", *, country: bool = False) -> str:
    """Join that gives `alias` as the population of one basis for the urban row `division`."""
    return f"""LEFT JOIN {_totals_of(country)} {alias}
        ON {division}.urban AND {alias}.division_id = {division}.code AND {alias}.basis = '{basis}'"""


def _totals_of(country: bool) -> str:
    return "country_population" if country else "population_totals"
