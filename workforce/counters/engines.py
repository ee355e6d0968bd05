"""Heads allotted to communities in SQL: every engine in force, the combination and the cap (domain §1.B3, §2.5).

The one definition that single communities, checks and the counters over allotments read; it agrees with
`workforce.quota.allot`. The fragments follow on `RULES_CTE` and a CTE `shown` with code, level, urban, workers, population
and the ratio's heads and per.
"""

from portal.core.indicators.counting import Scope
from portal.core.lib.codes import Level
from portal.core.policy.kinds import ALLOTMENT, BRACKETS, COMBINATION, STAFFING_CAP
from portal.core.policy.queries import nearest_rule, ruled, scope_of
from portal.core.territory.models import Basis

_BASES = ", ".join(f"'{basis}'" for basis in Basis.values)
_DEFAULT_CHOICE = COMBINATION.default["choose"]


def homes_cte(scope: Scope) -> str:
    """CTE `homes`: households of communities. They are homes whatever the basis: the latest record that tells them counts."""
    return f"""
homes AS (
    SELECT DISTINCT ON (p.division_id) p.division_id, p.households, p."on" AS households_on, p.source AS households_source
    FROM core_population p
    WHERE p.households IS NOT NULL AND p."on" <= %(on)s AND {scope.of("p.division_id")}
    ORDER BY p.division_id, p."on" DESC, array_position(ARRAY[{_BASES}], p.basis::text)
)"""


_ROUNDED = """CASE r.allotment->>'rounding'
    WHEN 'floor' THEN h.households / (r.allotment->>'households_per')::int
    WHEN 'ceil' THEN (h.households + (r.allotment->>'households_per')::int - 1) / (r.allotment->>'households_per')::int
    ELSE (2 * h.households::bigint + (r.allotment->>'households_per')::int) / (2 * (r.allotment->>'households_per')::int)
END"""

# The bracket reached; above the start of the highest one the further steps.
_BRACKETED = """(
    SELECT (z.value->>'heads')::int + CASE
        WHEN z.ordinality = jsonb_array_length(r.brackets->'rows') AND (r.brackets->>'further_households')::int > 0
        THEN (h.households - (z.value->>'households_from')::int) / (r.brackets->>'further_households')::int
             * (r.brackets->>'further_heads')::int
        ELSE 0 END
    FROM jsonb_array_elements(r.brackets->'rows') WITH ORDINALITY z
    WHERE (z.value->>'households_from')::int <= h.households
    ORDER BY z.ordinality DESC LIMIT 1)"""

_SCOPE, _SCOPES = scope_of("s.code")
# Rules are looked up once for each scope they are made for: thousands of communities share one.
_ENGINES = f"""
engines AS MATERIALIZED (
    WITH {ruled(ALLOTMENT, BRACKETS, STAFFING_CAP, COMBINATION)},
    scoped AS MATERIALIZED (
        SELECT s.*, {_SCOPE} AS engine_scope FROM shown s {_SCOPES} WHERE s.urban AND s.level = {int(Level.COMMUNITY)}
    ),
    in_force AS MATERIALIZED (
        SELECT z.engine_scope,
            a.value AS allotment, a.document AS allotment_document, a.article AS allotment_article,
            b.value AS brackets, b.document AS brackets_document, b.article AS brackets_article,
            (k.value->>'heads')::int AS cap, k.document AS cap_document, k.article AS cap_article,
            coalesce(c.value->>'choose', '{_DEFAULT_CHOICE}') AS choose
        FROM (SELECT DISTINCT engine_scope FROM scoped) z
        {nearest_rule(ALLOTMENT, "z.engine_scope", "a")}
        {nearest_rule(BRACKETS, "z.engine_scope", "b")}
        {nearest_rule(STAFFING_CAP, "z.engine_scope", "k")}
        {nearest_rule(COMBINATION, "z.engine_scope", "c")}
    )
    SELECT s.*, h.households, h.households_on, h.households_source,
        r.allotment, r.allotment_document, r.allotment_article, r.brackets, r.brackets_document, r.brackets_article,
        r.cap, r.cap_document, r.cap_article, r.choose,
        CASE WHEN s.population > 0 THEN ceil(s.population * s.heads::numeric / s.per)::int END AS by_population,
        CASE WHEN r.allotment IS NOT NULL AND h.households IS NOT NULL THEN
            (r.allotment->>'base')::int + greatest((r.allotment->>'least')::int, ({_ROUNDED})::int)
        END AS by_allotment,
        CASE WHEN r.brackets IS NOT NULL AND h.households IS NOT NULL THEN coalesce({_BRACKETED}, 0) END AS by_brackets
    FROM scoped s JOIN in_force r USING (engine_scope) LEFT JOIN homes h ON h.division_id = s.code
)"""

_COMBINED = """
combined AS MATERIALIZED (
    SELECT e.*,
        CASE e.choose WHEN 'smallest' THEN least(by_population, by_allotment, by_brackets)
            ELSE greatest(by_population, by_allotment, by_brackets) END AS chosen,
        (e.heads IS NOT NULL AND by_population IS NULL) OR (e.allotment IS NOT NULL AND by_allotment IS NULL)
            OR (e.brackets IS NOT NULL AND by_brackets IS NULL) AS incomplete
    FROM engines e
),
allotted AS (
    SELECT m.*, CASE WHEN chosen IS NOT NULL THEN least(chosen, cap) END AS allotted,
        CASE WHEN chosen IS NULL THEN 'none'
            WHEN NOT incomplete OR (choose = 'largest' AND cap <= chosen) THEN 'exact'
            WHEN choose = 'smallest' THEN 'most' ELSE 'least' END AS certainty,
        array_remove(ARRAY[
            CASE WHEN cap < chosen THEN 'cap' END,
            CASE WHEN (cap < chosen) IS NOT TRUE AND by_population = chosen THEN 'per_population' END,
            CASE WHEN (cap < chosen) IS NOT TRUE AND by_allotment = chosen THEN 'allotment' END,
            CASE WHEN (cap < chosen) IS NOT TRUE AND by_brackets = chosen THEN 'brackets' END
        ], NULL) AS binding
    FROM combined m
)"""


def allotted(scope: Scope) -> str:
    """CTEs ending in `allotted`: what every engine in force gives to the urban communities among `shown`, and what binds."""
    return f"{homes_cte(scope)}, {_ENGINES}, {_COMBINED}"
