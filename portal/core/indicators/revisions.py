"""A published figure against the same day counted again from today's records: what came in, what went out, what else moved."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from portal.core.indicators.archive import ADDS, Rows, rows_to_keep, unpacked
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure
from portal.core.indicators.models import Publication
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR, Part, number_of, parts_of
from portal.core.indicators.publishing import KEPT_ROWS, definition_of
from portal.core.indicators.rows import RowsBehind
from portal.core.indicators.values import FigureQuery, figure_afresh
from portal.core.territory.chosen import Chosen

_EVERYWHERE = ("",)


@dataclass(frozen=True)
class Change:
    """One row that changes a number: the community it was or is counted in, its id, and whether it came in or went out."""

    code: str
    id: str
    came: bool

    @property
    def record(self) -> str:
        """The id of the record itself."""
        return self.id.partition(ADDS)[0]

    @property
    def amount(self) -> str:
        """What the row adds, where rows are added up; empty where they are counted."""
        return self.id.partition(ADDS)[2]


@dataclass(frozen=True)
class PartRevision:
    """A number then and now, with the rows that make the difference.

    `moved` are rows that count as before, in another community of the same place. None where the rows were not kept.
    """

    part: Part
    then: int | None
    now: int | None
    changes: list[Change] | None = None
    moved: list[Change] = field(default_factory=list)

    @property
    def came(self) -> list[Change]:
        return [change for change in self.changes or [] if change.came]

    @property
    def went(self) -> list[Change]:
        return [change for change in self.changes or [] if not change.came]

    @property
    def differs(self) -> bool:
        return self.then != self.now or bool(self.changes)


@dataclass(frozen=True)
class ChildRevision:
    """The numbers of a division one step below, then and now; None where it had or has none."""

    code: str
    name: str
    then: tuple[int | None, int | None]
    now: tuple[int | None, int | None]


class Revision:
    """What has become of a publication. `indicator` is its declaration today, None where there is none any more."""

    def __init__(self, publication: Publication, indicator: Indicator | None) -> None:
        self.publication, self.indicator = publication, indicator

    @cached_property
    def now(self) -> Figure | None:
        """The same figure of the same day, counted again; None where it cannot be any more."""
        if self.indicator is None:
            return None
        return figure_afresh(self.indicator, self.publication.division_id, self.publication.on)

    @cached_property
    def _kept(self) -> dict[str, Rows]:
        return unpacked(self.publication.rows)

    @cached_property
    def parts(self) -> list[PartRevision]:
        """The numbers whose rows were kept, in the order in which the figure is explained."""
        if self.now is None:
            return []
        told = {NUMERATOR: self.publication.numerator, DENOMINATOR: self.publication.denominator}
        counted = (part for part in parts_of(self.indicator).values() if part.counter)
        return [self._part(part, told.get(part.key)) for part in counted]

    def _part(self, part: Part, told: int | None) -> PartRevision:
        now, kept = number_of(self.now, part), self._kept.get(part.key)
        if kept is None or (not part.summed and (now or 0) > KEPT_ROWS):
            return PartRevision(part, told, now)
        book, code = part.book, self.publication.division_id
        found = RowsBehind(book, part.counter, code, self.publication.on, _EVERYWHERE).page(KEPT_ROWS + 1)
        rows: Rows = frozenset(rows_to_keep(part, found))
        changes, moved = compared(kept, rows)
        if part.key not in (NUMERATOR, DENOMINATOR):
            told, now = len(kept), len(rows)
        return PartRevision(part, told, now, changes, moved)

    @cached_property
    def children(self) -> list[ChildRevision]:
        """The divisions below whose numbers differ, where their numbers were kept in place of rows."""
        if self.now is None or not self.publication.children:
            return []
        one, on = self.indicator, self.publication.on
        query = FigureQuery((one,), Chosen(_EVERYWHERE, on, self.now.code, parent=self.now.code), afresh=True)
        now = {line.code: line[one.key] for line in query.lines()}
        then = {row["code"]: row for row in self.publication.children}
        found = [_child(code, then.get(code), now.get(code)) for code in sorted({*then, *now})]
        return [child for child in found if child.then != child.now]

    # What else differs -----------------------------------------------------------------------------------------------

    @cached_property
    def _today(self) -> dict[str, Any]:
        return definition_of(self.indicator) if self.indicator else {}

    @property
    def words_changed(self) -> bool:
        """Whether the figure is explained in other words than it was published with."""
        language = "zh-hans"
        return bool(self._today) and self._today[language] != self.publication.definition[language]

    @property
    def counting_changed(self) -> bool:
        """Whether the figure is counted another way, though perhaps explained in the same words."""
        return bool(self._today) and self._today["method"] != self.publication.method

    @property
    def population_changed(self) -> bool:
        then, now = self.publication.population, self.now.population if self.now else None
        if self.now is None or (then is None and now is None):
            return False
        if then is None or now is None:
            return True
        return (then["value"], then["basis"], then["on"]) != (now.value, now.basis, now.on.isoformat())

    @property
    def rule_changed(self) -> bool:
        then, now = self.publication.rule, self.now.rule if self.now else None
        if self.now is None or (then is None and now is None):
            return False
        return then is None or now is None or then["value"] != now.value

    @property
    def same(self) -> bool:
        """Whether everything still stands as it was published."""
        return self.now is not None and not (
            str(self.now.value) != self.publication.value
            or any(part.differs for part in self.parts)
            or self.children
            or self.population_changed
            or self.rule_changed
            or self.words_changed
            or self.counting_changed
        )


def compared(then: Rows, now: Rows) -> tuple[list[Change], list[Change]]:
    """Rows that came in and went out, by community; and apart those that only changed their community."""
    came, went = _by_id(now - then), _by_id(then - now)
    changes, moved = [], []
    for row_id in {*came, *went}:
        arrived, departed = came.get(row_id, []), went.get(row_id, [])
        both = min(len(arrived), len(departed))
        moved += [Change(code, row_id, True) for code in arrived[:both]]
        changes += [Change(code, row_id, True) for code in arrived[both:]]
        changes += [Change(code, row_id, False) for code in departed[both:]]
    return sorted(changes, key=_order), sorted(moved, key=_order)


def _by_id(rows: Rows) -> dict[str, list[str]]:
    """The communities of each id, in their order."""
    found: dict[str, list[str]] = {}
    for code, row_id in sorted(rows):
        found.setdefault(row_id, []).append(code)
    return found


def _order(change: Change) -> tuple[str, str, bool]:
    return change.code, change.id, change.came


def _child(code: str, then: dict | None, now: Figure | None) -> ChildRevision:
    before = (then[NUMERATOR], then[DENOMINATOR]) if then else (None, None)
    after = (now.numerator, now.denominator) if now else (None, None)
    return ChildRevision(code, now.place.name if now else then["name"], before, after)
