"""The country as a place of figures: what its provinces add up to, under the code that GB/T 2260 leaves to it.

No division has this code, so nothing is kept twice: counters and populations of the provinces are added when asked for.
"""

from collections.abc import Iterable

from portal.core.lib.codes import COUNTRY
from portal.core.territory.queries import COUNTRY_KIND

PROVINCES = "(SELECT code FROM core_division WHERE level = 1)"

PLACE = f"""(
    SELECT '{COUNTRY}'::varchar AS code, ''::varchar AS label, ''::varchar AS initials, 0 AS level,
        '{COUNTRY_KIND}'::varchar AS kind, true AS urban, false AS formal, NULL::varchar AS parent_id,
        NULL::date AS valid_from, NULL::date AS valid_to
)"""
"""One row that stands where those of core_division stand; its name is that of the reader's language."""

POPULATION = f"""country_population AS (
    SELECT '{COUNTRY}'::varchar AS division_id, t.basis, sum(t.value) AS value, min(t."on") AS "on", false AS own,
        min(t.source) AS source
    FROM population_totals t JOIN core_division d ON d.code = t.division_id
    WHERE d.level = 1 AND d.urban
    GROUP BY t.basis
    HAVING count(*) = (SELECT count(*) FROM core_division WHERE level = 1 AND urban
        AND (valid_from IS NULL OR valid_from <= %(on)s) AND (valid_to IS NULL OR valid_to > %(on)s))
)"""
"""CTE of the country's population by basis, known where that of every province is; reads `population_totals`."""


def summed(source: str, counters: Iterable[str]) -> str:
    """SELECT of the country's counters from the SELECT `source` of those of divisions by code; one row, also of no counter."""
    sums = f"SELECT '{COUNTRY}'::varchar AS code{_sums(counters)} FROM ({source}) t WHERE code IN {PROVINCES}"
    return f"{sums} HAVING true"


def kept(snapshot: str, counters: Iterable[str], when: str) -> str:
    """SELECT of the country's row of every day kept in a table of snapshots, among those that meet `when`."""
    return f"""SELECT '{COUNTRY}'::varchar AS division_id, '{COUNTRY}'::varchar AS code, "on", max(id) AS id,
        max(counted_at) AS counted_at, min(basis) AS basis, min(population_on) AS population_on, false AS population_own,
        CASE WHEN count(population) = count(*) AND min(basis) = max(basis) THEN sum(population) END AS population
        {_sums(counters)}
    FROM {snapshot} WHERE division_id IN {PROVINCES} AND {when} GROUP BY "on\""""


def _sums(counters: Iterable[str]) -> str:
    return "".join(f", sum({name})::bigint AS {name}" for name in counters)
