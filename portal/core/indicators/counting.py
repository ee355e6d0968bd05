"""Counters: numbers of a community that add up to those of every division above it, each declared once.

A declaration gives the column of the stored tallies, the recount from the rows and the very rows behind a number, so the
three can never tell different stories. Makes SQL, runs none; the parameters of all of it are on, low, high and,
for the scope CODES, codes.
"""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from portal.core.lib.codes import LENGTHS
from portal.core.policy.kinds import Kind
from portal.core.policy.queries import RULES_CTE


class Scope(enum.Enum):
    """Which communities are counted; rules about people who hold posts in several look beyond them where needed."""

    EVERYWHERE = "everywhere"
    RANGE = "range"
    CODES = "codes"

    def of(self, column: str) -> str:
        """SQL condition: the community code in `column` is among those counted."""
        return {
            Scope.EVERYWHERE: "true",
            Scope.RANGE: f"{column} >= %(low)s AND {column} < %(high)s",
            Scope.CODES: f"{column} = ANY(%(codes)s)",
        }[self]

    def again(self, column: str) -> str:
        """The same condition on rows most of which meet it already: an index that took it twice would look up all pairs of
        codes."""
        return f"{column} IN (SELECT unnest(%(codes)s))" if self is Scope.CODES else self.of(column)


class RowKind(enum.StrEnum):
    """What one row behind a number is; its `id` is that of this record (a code for communities).

    An ALLOTMENT is a community with the heads that rules give it. A WORKDAY is the day of one worker, a ROTA_DAY that of a
    whole community; both bear the id of their first shift.
    """

    PERSON = "person"
    COMMUNITY = "community"
    ALLOTMENT = "allotment"
    GRID = "grid"
    CONTRACT = "contract"
    EXIT = "exit"
    ENROLMENT = "enrolment"
    POSITION = "position"
    TERM = "term"
    PREMISES = "premises"
    REQUEST = "request"
    NEED = "need"
    PROJECT = "project"
    FACILITY = "facility"
    SHIFT = "shift"
    WORKDAY = "workday"
    ROTA_DAY = "rota_day"
    DELIBERATION = "deliberation"
    STAR = "star"
    PROPOSAL = "proposal"
    HANDLING = "handling"
    COMMITMENT = "commitment"
    LEDGER_TASK = "ledger_task"


@dataclass(frozen=True, kw_only=True, eq=False)
class Counter:
    """One number: the rows `r` of its family that meet `when`, or the sum of `add` over these.

    `big` where the country's sum passes two billion.
    """

    name: str
    label: str | Promise
    when: str = "true"
    add: str = ""
    big: bool = False

    @property
    def type(self) -> str:
        return "bigint" if self.big else "int"

    @property
    def sql(self) -> str:
        """Aggregate over rows `r`; NULL instead of 0, which takes no room where most counters of a community are 0."""
        counted = f"sum({self.add})" if self.add else "count(*)"
        chosen = counted if self.when == "true" else f"{counted} FILTER (WHERE {self.when})"
        return f"nullif({chosen}, 0)::{self.type}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """Rows of one sort with the counters over them.

    `rows(scope)` is a SELECT (with CTEs of its own if it likes) that gives at least code, the community's, and id; it may
    give rows outside the scope, they are left out afterwards. The CTE `rules` is there for `nearest_rule`, and those
    that the book shares among its families. `villages` says that villages have such rows too, five times as many places.
    """

    name: str
    row: RowKind
    rows: Callable[[Scope], str]
    counters: tuple[Counter, ...]
    villages: bool = False

    def counts(self, scope: Scope) -> str:
        columns = ", ".join(f"{counter.sql} AS {counter.name}" for counter in self.counters)
        return f"SELECT r.code, {columns} FROM ({self.rows(scope)}) r WHERE {scope.again('r.code')} GROUP BY r.code"


@dataclass(frozen=True, eq=False)
class Book:
    """All counters of an app, the tables that keep them (today's tally, snapshots) and the SQL that counts them.

    `shared(scope)` are CTEs that the rows of several families are made from; PostgreSQL leaves out those nobody asks for.
    `beside` are the same CTEs on the figures' day, where they may read what an earlier book keeps for that day instead of
    counting it a second time: tallies are counted by them, and verified without.
    `size` names the counter that tells how many records, in `size_unit`, a fresh count reads (`portal.core.indicators.days`).
    With `offices` the rows belong to divisions of any level, whose own numbers are added to those from below; such a book
    is small, and counted as a whole where others are counted in part.
    """

    name: str
    tally: str
    snapshot: str
    families: tuple[Family, ...]
    shared: Callable[[Scope], str]
    size: str = ""
    size_unit: str | Promise = pgettext_lazy("unit", "人")
    offices: bool = False
    beside: Callable[[Scope], str] | None = None

    def __post_init__(self) -> None:
        names = [counter.name for family in self.families for counter in family.counters]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"counters declared twice: {', '.join(sorted(repeated))}")

    @cached_property
    def counters(self) -> dict[str, Counter]:
        return {counter.name: counter for family in self.families for counter in family.counters}

    @cached_property
    def family_of(self) -> dict[str, Family]:
        return {counter.name: family for family in self.families for counter in family.counters}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.counters)

    def columns(self, pattern: str = "{0}") -> str:
        """Every counter in `pattern`, joined by commas."""
        return ", ".join(pattern.format(name) for name in self.names)

    def counts(self, scope: Scope) -> str:
        """CTEs ending in `counts`: one row per community in scope that has any of the rows; NULL stands for 0."""
        parts = [f"{family.name}_counts AS MATERIALIZED ({family.counts(scope)})" for family in self.families]
        short_first = sorted(self.families, key=lambda family: family.villages)
        joined = " FULL JOIN ".join(
            f"{family.name}_counts" + (" USING (code)" if number else "") for number, family in enumerate(short_first)
        )
        return f"""{self.shared(scope)}, {", ".join(parts)},
        counts AS MATERIALIZED (SELECT code, {self.columns()} FROM {joined})"""

    def rolled_up(self, source: str = "counts", result: str = "tallies") -> str:
        """CTEs ending in `result`: `source` with the sums of every division above, level by level."""
        sums = ", ".join(f"sum({one.name})::{one.type} AS {one.name}" for one in self.counters.values())
        parts, levels, below = [], [], source
        if self.offices:
            below = f"(SELECT * FROM {source} WHERE length(code) = {LENGTHS[-1]}) leaves"
        for length in LENGTHS[-2::-1]:
            own = f" UNION ALL SELECT * FROM {source} WHERE length(code) = {length}" if self.offices else ""
            rows = f"(SELECT * FROM {below}{own}) rows" if own else below
            name = f"{result}_{length}"
            parts.append(f"{name} AS MATERIALIZED (SELECT left(code, {length}) AS code, {sums} FROM {rows} GROUP BY 1)")
            levels.append(f" UNION ALL SELECT * FROM {name}")
            below = name
        lowest = f"{source} WHERE length(code) = {LENGTHS[-1]}" if self.offices else source
        return f"{', '.join(parts)}, {result} AS (SELECT code, {self.columns()} FROM {lowest}{''.join(levels)})"

    def counted(self, scope: Scope) -> str:
        """CTEs ending in `counts`: a fresh count of the communities in scope."""
        return f"{RULES_CTE}, {self.counts(scope)}"

    def recounted(self, scope: Scope) -> str:
        """CTEs ending in `tallies`: a fresh count of the communities in scope and its sums."""
        return f"{self.counted(scope)}, {self.rolled_up()}"

    @property
    def of_the_day(self) -> "Book":
        """The book as its tallies are counted, which are those of the figures' day."""
        return replace(self, shared=self.beside) if self.beside else self

    def reads(self, kind: Kind) -> bool:
        """Whether any counter depends on rules of a kind, other than by what an earlier book keeps."""
        return f"'{kind.key}'" in self.of_the_day.counts(Scope.CODES)

    def only(self, names: Iterable[str]) -> "Book":
        """The book reduced to the counters `names`, so that nothing else is counted."""
        wanted = set(names)
        families = (replace(f, counters=tuple(c for c in f.counters if c.name in wanted)) for f in self.families)
        return replace(self, families=tuple(family for family in families if family.counters))

    def rows_behind(self, name: str, scope: Scope = Scope.RANGE, *, without: str = "") -> str:
        """CTEs ending in `behind` (code, id, amount): the very rows that the counter `name` counts or adds up.

        Those that the counter `without` of the same family counts are left out.
        """
        counter, family = self.counters[name], self.family_of[name]
        left_out = f"AND ({self.counters[without].when}) IS NOT TRUE" if without else ""
        return f"""{RULES_CTE}, {self.shared(scope)}, behind AS (
            SELECT r.code, r.id, {counter.add or 1} AS amount FROM ({family.rows(scope)}) r
            WHERE ({counter.when}) {left_out} AND {scope.of("r.code")})"""
