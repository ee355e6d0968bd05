"""Staffing figures of divisions on a day: required, in post, gap and ratio, with basis, date and rule (domain §1.B1)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from portal.core.indicators import country
from portal.core.indicators.counting import Scope
from portal.core.indicators.days import day_and_origin
from portal.core.indicators.figures import Origin
from portal.core.indicators.population import preferred, totals
from portal.core.lib.codes import COUNTRY, code_range
from portal.core.lib.dated import add_months
from portal.core.lib.replica import fetch
from portal.core.policy.kinds import POPULATION_AGE, STAFFING
from portal.core.policy.queries import RULES_CTE, nearest_rule
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Basis
from portal.core.territory.queries import COUNTRY_NAME
from portal.core.territory.totals import figures_day
from workforce import quota
from workforce.counters import BOOK
from workforce.enums import StaffingStatus

_STORED_TALLIES = "tallies AS (SELECT division_id AS code, workers, certified, in_post FROM workforce_tally)"
_COUNTERS = ("workers", "certified", "in_post")
_HEADS = BOOK.only(_COUNTERS)
_COUNTED_TALLIES = f"{_HEADS.counts(Scope.RANGE)}, {_HEADS.rolled_up()}"
_KEPT_TALLIES = """tallies AS (
    SELECT division_id AS code, workers, certified, in_post FROM workforce_snapshot WHERE "on" = %(on)s)"""
_HANDED_TALLIES = """tallies AS (
    SELECT * FROM unnest(%(counted_code)s::varchar[], %(counted_workers)s::int[], %(counted_certified)s::int[],
        %(counted_in_post)s::int[]) AS t (code, workers, certified, in_post))"""
_OF_COUNTRY = f"country_tallies AS ({country.summed('SELECT * FROM tallies', _COUNTERS)})"
_TALLIES = {Origin.TODAY: _STORED_TALLIES, Origin.ROWS: _COUNTED_TALLIES, Origin.SNAPSHOT: _KEPT_TALLIES}

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
    FROM {{places}} d
    LEFT JOIN {{tallies}} t ON t.code = d.code
    {nearest_rule(STAFFING, "d.code", "r")}
    {nearest_rule(POPULATION_AGE, "d.code", "m")}
    {{population}}
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


class Counted:
    """Heads of every division as the records of a day tell them: counted once for all questions of a page."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, date], dict[str, str]] = {}

    def parameters(self, reach: str, on: date) -> dict[str, str]:
        """The heads at and under a division as arrays."""
        if (reach, on) not in self._known:
            low, high = code_range(reach)
            names, rows = fetch(
                f"WITH {RULES_CTE}, {_COUNTED_TALLIES} SELECT code, {_HEADS.columns('coalesce({0}, 0) AS {0}')} FROM tallies",
                {"on": on, "low": low, "high": high},
            )
            columns = zip(*rows, strict=True) if rows else [()] * len(names)
            self._known[reach, on] = {
                f"counted_{name}": f"{{{','.join(map(str, column))}}}"
                for name, column in zip(names, columns, strict=True)
            }
        return self._known[reach, on]


@dataclass(frozen=True)
class StaffingQuery:
    """Figures of the divisions chosen by level (0: the country), parent or codes, inside the territories of the reader.

    `figures_on` is the day that stored figures are true for, given by who knows it already and runs several queries.
    `counted` is shared by the queries of one page, so that a day that has to be counted is counted once.
    `afresh` counts heads from the rows even on that day, for who supposes another rule about who counts. Of other days
    no more people are counted than `portal.core.indicators.days` allows; only the statement of `sql` knows no limit.
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
    counted: Counted | None = None
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
        found = {"after": after, "before": before, "limit": limit, "offset": offset}
        day, columns, rows = self._run("SELECT * FROM shown " + tail, **found)
        found = [Staffing(**dict(zip(columns, row, strict=True)), on=day) for row in rows]
        return [replace(row, name=str(COUNTRY_NAME)) for row in found] if self._chosen().country else found

    def statuses(self) -> dict[str, int]:
        """How many of the divisions stand in each `StaffingStatus`."""
        return dict(self._run("SELECT status, count(*) FROM shown GROUP BY status")[2])

    def count(self) -> int:
        return self._run("SELECT count(*) FROM shown")[2][0][0]

    def read(self, select: str, **extra) -> list[tuple]:
        """What `select` reads from the figures `shown`."""
        return self._run(select, **extra)[2]

    def sql(self, select: str, **extra) -> tuple[str, dict]:
        """The statement that reads `select` from the figures `shown`, with its parameters."""
        origin = Origin.TODAY if self.on == (self.figures_on or figures_day()) else Origin.ROWS
        return self._statement(select, origin, **extra)

    def _chosen(self) -> Chosen:
        codes = (COUNTRY,) if self.level == 0 and not self.under else self.codes
        return Chosen(self.territories, self.on, self.under, self.level, self.parent, codes, self.search)

    def _statement(self, select: str, origin: Origin, **extra) -> tuple[str, dict]:
        chosen, stored = self._chosen(), origin == Origin.TODAY
        where, parameters = chosen.where()
        parameters |= {"status": self.status, **extra}
        shown = "shown AS (SELECT * FROM figures" + (" WHERE status = %(status)s)" if self.status else ")")
        tallies = _COUNTED_TALLIES if self.afresh else _TALLIES[origin]
        if self.counted and origin == Origin.ROWS:
            tallies = _HANDED_TALLIES
            parameters |= self.counted.parameters(chosen.reach, self.on)
        whole = chosen.country
        if whole:
            tallies += f", {_OF_COUNTRY}"
        figures = _FIGURES.format(
            places=country.PLACE if whole else "core_division",
            tallies="country_tallies" if whole else "tallies",
            population=preferred(stored=stored, country=whole),
            where=where,
        )
        populations = totals(stored=stored, country=whole)
        return f"WITH {RULES_CTE}, {tallies}, {populations}, {figures}, {shown} {select}", parameters

    def _run(self, select: str, **extra) -> tuple[date, list[str], list[tuple]]:
        """The day that was read, columns and rows; raises TooManyRows where the day cannot be had."""
        reach, figures_on = self._chosen().reach, self.figures_on or figures_day()
        day, origin = day_and_origin((BOOK,), reach, self.on, figures_on)
        return day, *fetch(*replace(self, on=day)._statement(select, origin, **extra))


def staffing_of(code: str, on: date) -> Staffing | None:
    """The figure of one division, or None where it does not exist on the day. Scope the division before asking."""
    rows = StaffingQuery(territories=("",), on=on, under=code, codes=(code,)).rows()
    return rows[0] if rows else None
