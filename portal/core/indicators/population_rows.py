"""The records that a population is made of: the place's own, else the nearest ones below that its sum adds up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from os.path import commonprefix

from portal.core.indicators.figures import Figure
from portal.core.lib.codes import COUNTRY, code_range
from portal.core.lib.replica import fetch


@dataclass(frozen=True)
class PopulationRow:
    """A record that was added: of which place, with its basis, reference date and source; `own`: of the place itself."""

    code: str
    id: str
    amount: int
    basis: str
    on: date
    source: str
    own: bool


# As `territory.totals` adds them: down to the first record of the basis, through urban divisions in force on the day.
_SEEN = """
WITH RECURSIVE asked AS (
    SELECT * FROM unnest(%(codes)s::text[], %(bases)s::text[]) AS x (code, basis)
),
own AS MATERIALIZED (
    SELECT DISTINCT ON (p.division_id, p.basis) p.id, p.division_id, p.basis, p.value, p."on", p.source
    FROM core_population p
    WHERE p."on" <= %(on)s AND p.basis = ANY(%(bases)s) AND p.division_id >= %(low)s AND p.division_id < %(high)s
    ORDER BY p.division_id, p.basis, p."on" DESC
),
walk AS (
    SELECT d.code, a.basis::text AS basis, d.code = a.code AS own
    FROM asked a JOIN core_division d ON d.code = a.code OR a.code = %(country)s AND d.level = 1 AND d.urban
    UNION ALL
    SELECT k.code, w.basis, false FROM walk w JOIN core_division k ON k.parent_id = w.code
    WHERE k.urban AND (k.valid_from IS NULL OR k.valid_from <= %(on)s) AND (k.valid_to IS NULL OR k.valid_to > %(on)s)
      AND NOT EXISTS (SELECT 1 FROM own o WHERE o.division_id = w.code AND o.basis = w.basis)
),
seen AS (
    SELECT w.code, o.id::text AS id, o.value, o.basis, o."on", o.source, w.own
    FROM walk w JOIN own o ON o.division_id = w.code AND o.basis = w.basis
)"""


class PopulationBehind:
    """The records behind the populations of figures of one day; a figure without a population has none."""

    def __init__(self, figures: Sequence[Figure], on: date) -> None:
        self.known = [(figure.code, figure.population.basis) for figure in figures if figure.population]
        self.on = on

    def count(self) -> int:
        return self._run("SELECT count(*) FROM seen")[0][0] if self.known else 0

    def after(self, key: Sequence | None, limit: int) -> list[PopulationRow]:
        """Up to `limit` rows behind the (code, id) `key`, in this order."""
        return self._rows("> (%(code)s, %(id)s) ORDER BY code, id", key or ("", ""), limit)

    def before(self, key: Sequence | None, limit: int) -> list[PopulationRow]:
        """The `limit` rows nearest before `key`, in the same order."""
        return self._rows("< (%(code)s, %(id)s) ORDER BY code DESC, id DESC", key or (":", ""), limit)[::-1]

    def key_of(self, row: PopulationRow) -> list[str]:
        return [row.code, row.id]

    def page(self, limit: int) -> list[PopulationRow]:
        return self.after(None, limit)

    def _rows(self, beyond: str, key: Sequence, limit: int) -> list[PopulationRow]:
        if not self.known:
            return []
        statement = f"SELECT * FROM seen WHERE (code, id) {beyond} LIMIT %(limit)s"
        return [PopulationRow(*row) for row in self._run(statement, code=key[0], id=key[1], limit=limit)]

    def _run(self, select: str, **extra) -> list[tuple]:
        codes, bases = zip(*self.known, strict=True)
        low, high = code_range(commonprefix(codes))
        parameters = {"codes": list(codes), "bases": list(bases), "on": self.on, "low": low, "high": high, **extra}
        parameters["country"] = COUNTRY
        return fetch(f"{_SEEN} {select}", parameters)[1]
