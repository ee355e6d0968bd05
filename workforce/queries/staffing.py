"""Staffing figures of divisions on a day: required, in post, gap and ratio, with basis, date and rule (domain §1.B1)."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from portal.core.lib.clock import today
from portal.core.lib.codes import Level, code_range
from portal.core.lib.dated import add_months
from portal.core.policy.kinds import POPULATION_AGE, POPULATION_BASIS, STAFFING
from portal.core.policy.queries import RULES_CTE, nearest_rule
from portal.core.territory.models import Basis
from portal.core.territory.totals import figures_day, totals_ctes
from workforce import quota
from workforce.enums import StaffingStatus
from workforce.queries.headcount import COUNTS, ROLLED_UP, heads_ctes

_BASES = json.dumps(POPULATION_BASIS.default["order"])

_STORED_TALLIES = "tallies AS (SELECT division_id AS code, workers, certified, in_post FROM workforce_tally)"
_STORED_TOTALS = "population_totals AS (SELECT * FROM core_populationtotal)"

_FIGURES = f"""
figures AS (
    SELECT d.code, d.label AS name, d.level, d.kind, d.urban,
        coalesce(t.workers, 0)::int AS workers, coalesce(t.certified, 0)::int AS certified,
        coalesce(t.in_post, 0)::int AS in_post,
        p.value::bigint AS population, p.basis, p."on" AS population_on, p.own AS population_own,
        p.source AS population_source,
        (r.value->>'heads')::int AS heads, (r.value->>'per')::int AS per, r.document, r.article,
        coalesce((m.value->>'months')::int, {POPULATION_AGE.default["months"]}) AS population_months,
        CASE
            WHEN NOT d.urban THEN 'not_applicable'
            WHEN r.id IS NULL THEN 'not_in_force'
            WHEN p.value IS NULL THEN 'no_data'
            WHEN coalesce(t.workers, 0)::bigint * (r.value->>'per')::int >= (r.value->>'heads')::int * p.value THEN 'met'
            ELSE 'short'
        END AS status
    FROM core_division d
    LEFT JOIN tallies t ON t.code = d.code
    {nearest_rule(STAFFING, "d.code", "r")}
    {nearest_rule(POPULATION_BASIS, "d.code", "b")}
    {nearest_rule(POPULATION_AGE, "d.code", "m")}
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT jsonb_array_elements_text(coalesce(b.value->'order', %(bases)s::jsonb))) AS bases
    ) preferred
    LEFT JOIN LATERAL (
        SELECT * FROM population_totals x
        WHERE d.urban AND x.division_id = d.code AND x.basis = ANY(preferred.bases)
        ORDER BY x.own DESC, array_position(preferred.bases, x.basis::text)
        LIMIT 1
    ) p ON true
    WHERE {{where}}
)"""

_SHORTFALL = "ceil(population * heads::numeric / nullif(per, 0)) - workers"
ORDERS = {
    "code": "code",
    "name": "name",
    "population": "population",
    "required": f"{_SHORTFALL} + workers",
    "workers": "workers",
    "gap": f"CASE WHEN urban THEN {_SHORTFALL} END",
    "ratio": "workers / nullif(population, 0)::numeric",
    "certified_share": "certified / nullif(workers, 0)::numeric",
    "status": "array_position(ARRAY['short','no_data','not_in_force','met','not_applicable'], status)",
}


@dataclass(frozen=True)
class Staffing:
    """The staffing figure of one division on one day; None is "no data", never zero."""

    code: str
    name: str
    level: int
    kind: str
    urban: bool
    workers: int
    certified: int
    in_post: int
    population: int | None
    basis: str | None
    population_on: date | None
    population_own: bool | None
    population_source: str | None
    heads: int | None
    per: int | None
    document: str | None
    article: str | None
    population_months: int
    status: str
    on: date

    @property
    def required(self) -> int | None:
        if self.status not in (StaffingStatus.MET, StaffingStatus.SHORT):
            return None
        return quota.required_heads(self.population, self.heads, self.per)

    @property
    def gap(self) -> int | None:
        """Heads missing; negative is a surplus."""
        return None if self.required is None else self.required - self.workers

    @property
    def ratio(self) -> Decimal | None:
        """Heads per 10,000 residents, cut off at two decimals."""
        return quota.ratio_per_10k(self.workers, self.population) if self.urban and self.population else None

    @property
    def compliant(self) -> bool | None:
        return {StaffingStatus.MET: True, StaffingStatus.SHORT: False}.get(self.status)

    @property
    def certified_share(self) -> Decimal | None:
        """Per cent of the heads that hold an accepted certificate, two decimals half up."""
        return quota.share(self.certified, self.workers)

    @property
    def basis_label(self) -> str:
        return str(Basis(self.basis).label) if self.basis else ""

    @property
    def level_label(self) -> str:
        return Level(self.level).name.lower()

    @property
    def rule_source(self) -> str:
        return f"{self.document} {self.article}".strip() if self.document else ""

    @property
    def basis_is_urban(self) -> bool:
        return self.basis == Basis.URBAN_PERMANENT

    @property
    def population_outdated(self) -> bool:
        """Whether the population is more than the allowed months (policy, default a year) away from the day."""
        if self.population_on is None:
            return False
        early, late = sorted((self.population_on, self.on))
        return add_months(early, self.population_months) < late


@dataclass(frozen=True)
class StaffingQuery:
    """Figures of the divisions chosen by level, parent or codes, inside the territories of the reader.

    `figures_on` is the day that stored figures are true for, given by who knows it already and runs several queries.
    `afresh` counts heads from the rows even on that day, for who supposes another rule about who counts.
    """

    territories: tuple[str, ...]
    on: date
    under: str = ""
    level: int | None = None
    parent: str | None = None
    codes: tuple[str, ...] | None = None
    search: str = ""
    status: str = ""
    figures_on: date | None = None
    afresh: bool = False

    def rows(
        self, order: str = "code", limit: int | None = None, offset: int = 0, after: str = "", before: str = ""
    ) -> list[Staffing]:
        """Figures in `order` (a key of `ORDERS`, "-" for descending; unknown values last), then by code."""
        expression = ORDERS[order.removeprefix("-")]
        direction = "DESC" if order.startswith("-") else "ASC"
        bound = " AND code < %(before)s" if before else ""
        tail = f"WHERE code > %(after)s{bound} ORDER BY {expression} {direction} NULLS LAST, code"
        if limit is not None:
            tail += " LIMIT %(limit)s OFFSET %(offset)s"
        columns, rows = self._run("SELECT * FROM shown " + tail, after=after, before=before, limit=limit, offset=offset)
        return [Staffing(**dict(zip(columns, row, strict=True)), on=self.on) for row in rows]

    def statuses(self) -> dict[str, int]:
        """How many of the divisions stand in each `StaffingStatus`."""
        return dict(self._run("SELECT status, count(*) FROM shown GROUP BY status")[1])

    def count(self) -> int:
        return self._run("SELECT count(*) FROM shown")[1][0][0]

    def sql(self, select: str, **extra) -> tuple[str, dict]:
        """The statement that reads `select` from the figures `shown`, with its parameters."""
        where, parameters = self._where()
        low, high = code_range(self.under)
        parameters |= {"on": self.on, "bases": _BASES, "status": self.status, "low": low, "high": high, **extra}
        shown = "shown AS (SELECT * FROM figures" + (" WHERE status = %(status)s)" if self.status else ")")
        return f"WITH {RULES_CTE}, {self._sources()}, {_FIGURES.format(where=where)}, {shown} {select}", parameters

    def _run(self, select: str, **extra):
        with connection.cursor() as cursor:
            cursor.execute(*self.sql(select, **extra))
            return [column.name for column in cursor.description], cursor.fetchall()

    def _sources(self) -> str:
        stored = self.on == (self.figures_on or figures_day() or today())
        counted = f"{heads_ctes()}, {COUNTS.format(where='')}, {ROLLED_UP}"
        tallies = _STORED_TALLIES if stored and not self.afresh else counted
        return f"{tallies}, {_STORED_TOTALS if stored else totals_ctes()}"

    def _where(self) -> tuple[str, dict]:
        conditions = [
            "NOT d.formal",
            "d.code >= %(low)s AND d.code < %(high)s",
            "(d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)",
        ]
        parameters: dict = {}
        if not self.territories:
            conditions.append("false")
        elif "" not in self.territories:
            parts = []
            for number, code in enumerate(self.territories):
                parts.append(f"d.code >= %(low{number})s AND d.code < %(high{number})s")
                parameters[f"low{number}"], parameters[f"high{number}"] = code_range(code)
            conditions.append(f"({' OR '.join(parts)})")
        if self.level is not None:
            conditions.append("d.level = %(level)s")
            parameters["level"] = self.level
        if self.parent is not None:
            conditions.append(
                "(d.parent_id = %(parent)s OR d.parent_id IN (SELECT code FROM core_division "
                "WHERE parent_id = %(parent)s AND formal AND level < 5 AND code >= %(low)s AND code < %(high)s))"
            )
            parameters["parent"] = self.parent
        if self.codes is not None:
            conditions.append("d.code = ANY(%(codes)s)")
            parameters["codes"] = list(self.codes)
        if self.search:
            conditions.append(
                "(strpos(d.label, %(search)s) > 0 OR starts_with(d.code, %(search)s) "
                "OR starts_with(d.initials, lower(%(search)s)))"
            )
            parameters["search"] = self.search
        return " AND ".join(conditions), parameters


def staffing_of(code: str, on: date) -> Staffing | None:
    """The figure of one division, or None where it does not exist on the day. Scope the division before asking."""
    rows = StaffingQuery(territories=("",), on=on, under=code, codes=(code,)).rows()
    return rows[0] if rows else None
