"""Population of every division by basis on a day: its own latest record, else the sum of its urban children's.

One SQL definition serves today's stored totals (`PopulationTotal`) and any other day.
"""

from datetime import date

from django.db import connection

from portal.core.lib.clock import today
from portal.core.lib.codes import code_range
from portal.core.lib.replica import read
from portal.core.territory.models import FiguresDay

_LEVELS = (5, 4, 3, 2, 1)

_OWN = """
own AS (
    SELECT DISTINCT ON (p.division_id, p.basis)
        p.division_id, d.level, p.basis, p.value::numeric AS value, p.households, p."on", true AS own, p.source
    FROM core_population p JOIN core_division d ON d.code = p.division_id
    WHERE p."on" <= %(on)s AND p.division_id >= %(low)s AND p.division_id < %(high)s
    ORDER BY p.division_id, p.basis, p."on" DESC
),
kids AS (
    SELECT code, parent_id, count(*) OVER (PARTITION BY parent_id) AS siblings
    FROM core_division
    WHERE urban AND code >= %(low)s AND code < %(high)s
      AND (valid_from IS NULL OR valid_from <= %(on)s) AND (valid_to IS NULL OR valid_to > %(on)s)
)"""

_SUMMED = """
t{level} AS (
    SELECT division_id, basis, value, households, "on", own, source FROM own WHERE level = {level}
    UNION ALL
    SELECT k.parent_id, t.basis, sum(t.value), CASE WHEN count(t.households) = count(*) THEN sum(t.households) END,
           min(t."on"), false, min(t.source)
    FROM t{below} t JOIN kids k ON k.code = t.division_id
    WHERE NOT EXISTS (SELECT 1 FROM own o WHERE o.division_id = k.parent_id AND o.basis = t.basis)
    GROUP BY k.parent_id, t.basis, k.siblings
    HAVING count(*) = k.siblings
)"""

_LOWEST = """
t5 AS (SELECT division_id, basis, value, households, "on", own, source FROM own WHERE level = 5)"""


def totals_ctes() -> str:
    """Common table expressions ending in `population_totals`; parameters on, low, high. Sums need the whole subtree."""
    steps = [_SUMMED.format(level=level, below=level + 1) for level in _LEVELS[1:]]
    union = " UNION ALL ".join(f"SELECT * FROM t{level}" for level in _LEVELS)
    return ",".join([_OWN, _LOWEST, *steps, f"\npopulation_totals AS ({union})"])


def figures_day() -> date | None:
    """The day that stored totals and tallies are true for; None before the first recount."""
    return read(lambda server: FiguresDay.objects.using(server.alias).values_list("on", flat=True).first())


def refresh_totals(code: str = "", on: date | None = None) -> None:
    """Rebuilds the stored totals of the province that holds `code` (or of the country), for the figures' day.

    Whoever rebuilds holds the totals of the province to the end of the transaction, so that the next one sums what is
    committed by then; who rebuilds the country waits for all of them.
    """
    low, high = code_range(code[:2])
    parameters = {"on": on or figures_day() or today(), "low": low, "high": high}
    with connection.cursor() as cursor:
        whole = "pg_advisory_xact_lock_shared" if code else "pg_advisory_xact_lock"
        cursor.execute(
            f"SELECT {whole}(hashtext('totals')), pg_advisory_xact_lock(hashtext('totals'), hashtext(%s))", [code[:2]]
        )
        cursor.execute(
            "DELETE FROM core_populationtotal WHERE division_id >= %(low)s AND division_id < %(high)s", parameters
        )
        cursor.execute(
            f"""WITH {totals_ctes()}
            INSERT INTO core_populationtotal (division_id, basis, value, households, "on", own, source)
            SELECT division_id, basis, value, households, "on", own, source FROM population_totals""",
            parameters,
        )
