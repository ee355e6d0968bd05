"""Reads figures: of any divisions on a day, or of one division over time. One statement, whatever the number of them."""

import json
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from portal.core.indicators import country
from portal.core.indicators.counting import Book, Scope
from portal.core.indicators.days import day_and_origin
from portal.core.indicators.declare import POPULATION, Indicator, names_in
from portal.core.indicators.figures import Figure, Line, Origin, Place, Population, Rule
from portal.core.indicators.population import of_basis, preferred, totals
from portal.core.lib.codes import COUNTRY
from portal.core.lib.dated import add_months, last_day
from portal.core.lib.replica import fetch
from portal.core.policy.kinds import KINDS
from portal.core.policy.queries import RULES_CTE, nearest_rule
from portal.core.territory.chosen import Chosen
from portal.core.territory.queries import COUNTRY_NAME
from portal.core.territory.totals import figures_day

_NONE, _TRUE = "NULL", "true"
_CONSTANTS = {_NONE: None, _TRUE: True}


class _Columns:
    """What a statement reads for some indicators: counters of their books, rules and populations, each once."""

    def __init__(self, indicators: Iterable[Indicator], *, kept: bool = False):
        self.indicators = tuple(indicators)
        self.kept = kept
        self.counters: dict[Book, dict[str, None]] = {}
        self.kinds: dict[str, str] = {}
        for one in self.indicators:
            for book, names in one.read.items():
                self.counters.setdefault(book, {}).update(dict.fromkeys(names))
            if one.target:
                self.kinds.setdefault(one.target.kind.key, f"rule{len(self.kinds)}")
        bases = dict.fromkeys(one.basis for one in self.indicators if one.per_resident)
        self.populations = {basis: f"p{number}" for number, basis in enumerate(bases)}

    def numerator(self, one: Indicator) -> str:
        """SQL of the numerator over tally, populations and rules."""
        tally = _alias(one.book)
        if not one.sql:
            return f"coalesce({tally}.{one.numerator}, 0)"
        rule = f"{self.kinds[one.target.kind.key]}.value" if one.target else "NULL::jsonb"
        population = f"{self.populations[one.basis]}.value" if one.per_resident else "NULL"
        return one.sql.format(t=tally, rule=rule, population=population)

    def denominator(self, one: Indicator) -> str:
        if one.denominator == POPULATION:
            return f"{self.populations[one.basis]}.value"
        return _sum(_alias(one.whole), one.divisors) or _NONE

    def value(self, one: Indicator) -> str:
        """SQL to sort by; NULL where there is no value."""
        value = self.numerator(one)
        if one.divided:
            value = f"({value})::numeric / nullif(({self.denominator(one)})::numeric, 0)"
        asked = [test for test, named in ((self.known(one), one.known), (self.in_force(one), one.ruled)) if named]
        return f"CASE WHEN {' AND '.join(asked)} THEN {value} END" if asked else value

    def known(self, one: Indicator) -> str:
        """SQL condition: there is data for the figure. One book may have been kept at a month's end and another not yet."""
        conditions = [f"{_sum(_alias(one.book), names_in(one.known))} > 0"] if one.known else []
        conditions += [f"{_alias(book)}.id IS NOT NULL" for book in one.read if self.kept]
        return " AND ".join(conditions) or _TRUE

    def in_force(self, one: Indicator) -> str:
        """SQL condition: the rule that the figure rests on is in force; what was not kept tells nothing of rules."""
        if not one.ruled:
            return _TRUE
        conditions = [f"{_sum(_alias(one.book), names_in(one.ruled))} > 0"]
        conditions += [f"{self.kinds[one.target.kind.key]}.value IS NOT NULL"] if one.target else []
        conditions += [f"{_alias(one.book)}.id IS NULL"] if self.kept else []
        return f"({' OR '.join(conditions)})"

    def select(self) -> str:
        columns = []
        for number, one in enumerate(self.indicators):
            columns.append(f"({self.numerator(one)})::bigint AS n{number}")
            for name, found in (("d", self.denominator(one)), ("k", self.known(one)), ("f", self.in_force(one))):
                if found not in _CONSTANTS:
                    columns.append(f"({found}){'::bigint' if name == 'd' else ''} AS {name}{number}")
        for rule in self.kinds.values():
            columns.append(
                f"{rule}.value AS {rule}, {rule}.document AS {rule}_document, {rule}.article AS {rule}_article"
            )
        for p in self.populations.values():
            columns.append(f'{p}.value::bigint AS {p}, {p}.basis AS {p}_basis, {p}."on" AS {p}_on, {p}.own AS {p}_own')
            columns.append(f"{p}.source AS {p}_source")
        return ", ".join(columns)

    def read(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with its rules and populations put together, each once for all figures that share it."""
        row |= _CONSTANTS
        for rule in self.kinds.values():
            row[rule] = _rule(row[rule], row[f"{rule}_document"], row[f"{rule}_article"]) if row[rule] else None
        for p in self.populations.values():
            if row[p] is not None:
                source = row[f"{p}_source"] or ""
                row[p] = Population(row[p], row[f"{p}_basis"], row[f"{p}_on"], row[f"{p}_own"], source)
        return row

    @cached_property
    def parts(self) -> dict[str, tuple[Indicator, str, str, str, str, str, str]]:
        """By key: the indicator, and the columns of numerator, denominator, whether known, rule, population, whether in force.

        What is the same for every place has no column; it goes by its SQL.
        """

        def column(name: str, sql: str) -> str:
            return sql if sql in _CONSTANTS else name

        return {
            one.key: (
                one,
                f"n{number}",
                column(f"d{number}", self.denominator(one)),
                column(f"k{number}", self.known(one)),
                self.kinds[one.target.kind.key] if one.target else _NONE,
                self.populations[one.basis] if one.per_resident else _NONE,
                column(f"f{number}", self.in_force(one)),
            )
            for number, one in enumerate(self.indicators)
        }


class _Row(Mapping[str, Figure]):
    """The figures of one row of a statement, each made when asked for: of thousands of places few are shown at once."""

    def __init__(self, columns: _Columns, row: dict[str, Any], place: Place, on: date, origin: str):
        self._parts = columns.parts
        self._row = columns.read(row)
        self._about = place, on
        self._counted = origin, row["counted_at"]

    def __getitem__(self, key: str) -> Figure:
        one, n, d, known, rule, p, f = self._parts[key]
        row = self._row
        return Figure(one, *self._about, row[n], row[d], row[rule], row[p], row[known], *self._counted, row[f])

    def items(self) -> ItemsView[str, Figure]:
        return self._all().items()

    def values(self) -> ValuesView[Figure]:
        return self._all().values()

    def _all(self) -> dict[str, Figure]:
        """All figures at once, in a third of the time that one after the other takes: without a call for each."""
        row, (place, on), (origin, at), made = self._row, self._about, self._counted, tuple.__new__
        return {
            key: made(Figure, (one, place, on, row[n], row[d], row[rule], row[p], row[known], origin, at, row[f]))
            for key, (one, n, d, known, rule, p, f) in self._parts.items()
        }

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


@dataclass(frozen=True)
class FigureQuery:
    """Figures of `indicators` for the divisions chosen, inside the territories of the reader.

    On the day that tallies are kept for they are read from there; for other days everything in reach is counted from
    the records or, where that is too much, read as it was kept (`portal.core.indicators.days`, which may refuse).
    `figures_on` is the day of the tallies where the caller knows it already. `afresh` counts another day from the
    records however long it takes: for what is frozen, and for comparing with it.
    """

    indicators: tuple[Indicator, ...]
    chosen: Chosen
    figures_on: date | None = None
    afresh: bool = False

    def lines(
        self, order: str = "code", limit: int | None = None, offset: int = 0, after: str = "", before: str = ""
    ) -> list[Line]:
        """One line per division, by code or by the value of the indicator named ("-" for descending; unknown last)."""
        columns, (day, origin) = _Columns(self.indicators), self.day_and_origin()
        where, parameters = replace(self.chosen, on=day).where()
        ctes, joins = self._from(columns, origin)
        by = {one.key: columns.value(one) for one in self.indicators} | {"code": "d.code", "name": "d.label"}
        direction = "DESC" if order.startswith("-") else "ASC"
        bound = " AND d.code < %(before)s" if before else ""
        names, rows = fetch(
            f"""WITH {ctes} SELECT d.code, d.label AS name, d.level, d.kind, d.urban, {_counted_at(columns, origin)},
                {columns.select()}
            FROM {self._places} d {joins}
            WHERE {where} AND d.code > %(after)s{bound}
            ORDER BY {by[order.removeprefix("-")]} {direction} NULLS LAST, d.code LIMIT %(limit)s OFFSET %(offset)s""",
            parameters | {"after": after, "before": before, "limit": limit, "offset": offset},
        )
        return [self._line(dict(zip(names, row, strict=True)), columns, day, origin) for row in rows]

    def day_and_origin(self) -> tuple[date, Origin]:
        """Of which day the figures are and how they are had; raises TooManyRows where they cannot be."""
        books = dict.fromkeys(book for one in self.indicators for book in one.read)
        asked = self.chosen.reach, self.chosen.on, self.figures_on or figures_day()
        return day_and_origin(books, *asked, afresh=self.afresh)

    def count(self) -> int:
        where, parameters = self.chosen.where()
        return fetch(f"SELECT count(*) FROM {self._places} d WHERE {where}", parameters)[1][0][0]

    @property
    def _places(self) -> str:
        return country.PLACE if self.chosen.country else "core_division"

    @staticmethod
    def _line(row: dict[str, Any], columns: _Columns, day: date, origin: Origin) -> Line:
        place = _place(row)
        return Line(place, _Row(columns, row, place, day, origin))

    def _from(self, columns: _Columns, origin: Origin) -> tuple[str, str]:
        """CTEs and joins that the columns read from."""
        then, stored, whole = origin == Origin.SNAPSHOT, origin == Origin.TODAY, self.chosen.country
        ctes, joins = [RULES_CTE], []
        if columns.populations and not then:
            ctes.append(totals(stored=stored, country=whole))
        for book, counters in columns.counters.items():
            ctes.append(_tallies(book, counters, origin, whole=whole))
            joins.append(f"LEFT JOIN {_alias(book)}_tallies {_alias(book)} ON {_alias(book)}.code = d.code")
        for basis, alias in columns.populations.items():
            if then:
                joins.append(_POPULATION_THEN.format(alias=alias, basis=basis, s=_alias(next(iter(columns.counters)))))
            else:
                asked = {"alias": alias, "country": whole}
                joins.append(of_basis(basis, **asked) if basis else preferred(**asked, stored=stored))
        for key, alias in columns.kinds.items():
            joins.append(nearest_rule(KINDS[key], "d.code", alias))
        return ", ".join(ctes), "\n".join(joins)


def _place(row: dict[str, Any]) -> Place:
    name = str(COUNTRY_NAME) if row["code"] == COUNTRY else row["name"]
    return Place(row["code"], name, row["level"], row["kind"], row["urban"])


@lru_cache(maxsize=512)
def _rule(value: str, document: str, article: str) -> Rule:
    """A rule as read; thousands of places share one."""
    return Rule(json.loads(value), document, article)


def _alias(book: Book) -> str:
    return f"{book.name}_t"


def _sum(tally: str, counters: Iterable[str]) -> str:
    return " + ".join(f"coalesce({tally}.{name}, 0)" for name in counters)


def _counted_at(columns: _Columns, origin: Origin) -> str:
    moments = [f"{_alias(book)}.counted_at" for book in columns.counters] if origin == Origin.SNAPSHOT else []
    return f"{moments[0] if moments else 'NULL'} AS counted_at"


def _tallies(book: Book, counters: Iterable[str], origin: Origin, *, whole: bool) -> str:
    """CTE of the counters by code (of the country, if it is `whole`), with `counted_at` where they were kept."""
    if origin == Origin.SNAPSHOT and whole:
        found = country.kept(book.snapshot, counters, '"on" = %(on)s')
    elif origin == Origin.SNAPSHOT:
        found = f'SELECT division_id AS code, t.* FROM {book.snapshot} t WHERE t."on" = %(on)s'
    else:
        stored = f"SELECT division_id AS code, t.* FROM {book.tally} t"
        found = stored if origin == Origin.TODAY else _counted(book, counters)
        found = country.summed(found, counters) if whole else found
    return f"{_alias(book)}_tallies AS ({found})"


def _counted(book: Book, counters: Iterable[str]) -> str:
    """The same counted from the records; nested, so that the CTEs of two books do not clash.

    What rests on population and rules alone counts nothing.
    """
    counted = book.only(counters)
    if not counted.families:
        return "SELECT code FROM core_division WHERE false"
    return f"WITH {counted.counts(Scope.RANGE)}, {counted.rolled_up()} SELECT * FROM tallies"


def figure_afresh(indicator: Indicator, code: str, on: date) -> Figure | None:
    """The figure of one division by the records of today, or None where it does not exist on the day.

    Scope the division before asking.
    """
    lines = FigureQuery((indicator,), Chosen(("",), on, under=code, codes=(code,)), afresh=True).lines()
    return lines[0][indicator.key] if lines else None


_RULE_THEN = """LEFT JOIN LATERAL (
    SELECT r.value, r.document, r.article FROM core_policyrule r
    WHERE r.kind = '{kind}' AND (r.division_id IS NULL OR r.division_id = left(d.code, length(r.division_id)))
      AND r.valid_from <= s."on" AND (r.valid_to IS NULL OR r.valid_to > s."on")
    ORDER BY length(coalesce(r.division_id, '')) DESC LIMIT 1
) {alias} ON true"""


def kept(indicators: Iterable[Indicator], code: str | Iterable[str], first: date, last: date) -> list[Line]:
    """The figures of one or several divisions at every month's end kept between two days, as they were counted then.

    By code and day; the country alone. Judged by the rules in force on each of the days. Figures bound to a basis have no
    data: only the preferred population was kept.
    """
    indicators, codes = tuple(indicators), [code] if isinstance(code, str) else list(code)
    columns = _Columns(indicators, kept=True)
    whole = codes == [COUNTRY]
    snapshots = {
        book: f"({country.kept(book.snapshot, counters, _BETWEEN)})" if whole else book.snapshot
        for book, counters in columns.counters.items()
    }
    book, *others = snapshots
    joins = [
        f'LEFT JOIN {snapshots[one]} {_alias(one)} ON {_alias(one)}.division_id = s.division_id AND {_alias(one)}."on" = s."on"'
        for one in others
    ]
    joins += [_POPULATION_THEN.format(alias=p, basis=basis, s="s") for basis, p in columns.populations.items()]
    joins += [_RULE_THEN.format(kind=key, alias=alias) for key, alias in columns.kinds.items()]
    names, rows = fetch(
        f"""SELECT d.code, d.label AS name, d.level, d.kind, d.urban, s."on", s.counted_at, {columns.select()}
        FROM {snapshots[book]} s JOIN {country.PLACE if whole else "core_division"} d ON d.code = s.division_id
        JOIN {snapshots[book]} {_alias(book)} ON {_alias(book)}.id = s.id
        {" ".join(joins)}
        WHERE s.division_id = ANY(%(codes)s) AND s.{_BETWEEN}
        ORDER BY s.division_id, s."on\"""",
        {"codes": codes, "first": first, "last": last},
    )
    found = []
    for values in rows:
        row = dict(zip(names, values, strict=True))
        place = _place(row)
        found.append(Line(place, _Row(columns, row, place, row["on"], Origin.SNAPSHOT)))
    return found


_BETWEEN = '"on" BETWEEN %(first)s AND %(last)s'
_POPULATION_THEN = """LEFT JOIN LATERAL (
    SELECT {s}.population AS value, {s}.basis, {s}.population_on AS "on", {s}.population_own AS own, '' AS source
    WHERE {s}.population IS NOT NULL AND '{basis}' IN ('', {s}.basis)
) {alias} ON true"""


def series(indicators: Iterable[Indicator], code: str, months: int, on: date) -> list[Line]:
    """Month by month up to the day `on`: every month's end kept, and the day itself; oldest first."""
    indicators = tuple(indicators)
    first = add_months(on.replace(day=1), -months)
    found = kept(indicators, code, first, last_day(on))
    found += FigureQuery(indicators, Chosen(("",), on, under=code, codes=(code,))).lines()
    return found
