"""What can be worked out from what: the numbers that every figure tells, the sums they make, and who is withheld with whom.

A withheld number could be had from a sum of which all else is published. So each number has companions that are
withheld in the same divisions: all of them could be otherwise at once, by amounts that cancel out in every sum, both
within a division and from divisions to the one above. That no sum tells any of them follows from this alone.
"""

import heapq
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from portal.core.indicators.counting import Book, RowKind
from portal.core.indicators.declare import Composition, Indicator, Sum, Topic, Unit
from portal.core.indicators.suppression import Cell, withheld

PERSONAL = frozenset({RowKind.PERSON, RowKind.CONTRACT, RowKind.EXIT, RowKind.ENROLMENT})
"""Rows that tell of people; numbers of places are nobody's secret."""


@dataclass(frozen=True)
class Number:
    """A counter that counts people."""

    book: Book
    counter: str

    @property
    def key(self) -> str:
        return f"{self.book.name}.{self.counter}"

    @property
    def plain(self) -> Indicator:
        """The number as a figure of its own."""
        about = {"key": self.key, "label": "", "formula": "", "topic": Topic.STRUCTURE, "unit": Unit.PERSONS}
        return Indicator(book=self.book, numerator=self.counter, **about)


def told_by(one: Indicator) -> list[Number]:
    """The numbers of people that a figure tells; whoever reads the gap and the heads required knows the heads."""
    names = [(one.book, one.numerator), *((one.whole, name) for name in one.divisors)]
    names += [(one.book, name) for name in one.uses]
    return list(dict.fromkeys(Number(book, name) for book, name in names if name and _personal(book, name)))


def _personal(book: Book, name: str) -> bool:
    return book.family_of[name].row in PERSONAL and not book.counters[name].add


class Disclosure:
    """The numbers of a catalogue of figures and the sums among them."""

    def __init__(self, indicators: Iterable[Indicator], compositions: Iterable[Composition], sums: Iterable[Sum]):
        self._catalogue = {one.key: one for one in indicators}
        self._declared = tuple(sums)
        self._compositions = tuple(compositions)
        self._companions: dict[Number, frozenset[Number]] = {}

    @cached_property
    def wholes(self) -> Mapping[Number, tuple[tuple[Number, ...], ...]]:
        """By number: those it is a share of. Who has the number and such a whole knows how many have it not."""
        found: dict[Number, tuple[tuple[Number, ...], ...]] = {}
        for one in self._catalogue.values():
            whole = tuple(Number(one.whole, name) for name in one.divisors if _personal(one.whole, name))
            if one.unit == Unit.PERCENT and whole and _personal(one.book, one.numerator):
                part = Number(one.book, one.numerator)
                found[part] = tuple(dict.fromkeys((*found.get(part, ()), whole)))
        return found

    @cached_property
    def sums(self) -> tuple[tuple[Number, ...], ...]:
        """Every sum that is known: its parts, then the whole."""
        found = [
            (*(Number(one.book, part) for part in one.parts), Number(one.book, one.whole)) for one in self._declared
        ]
        for composition in self._compositions:
            parts = [self._catalogue[key] for key in composition.parts]
            found.append(
                (
                    *(Number(one.book, one.numerator) for one in parts),
                    Number(parts[0].whole, parts[0].denominator),
                )
            )
        return tuple(found)

    @cached_property
    def _costs(self) -> Mapping[Number, int]:
        """What many figures are shares of had rather not be withheld."""
        divisors = {number for wholes in self.wholes.values() for whole in wholes for number in whole}
        return {number: 10 if number in divisors else 1 for one in self.sums for number in one}

    def companions(self, number: Number) -> frozenset[Number]:
        """The number and those that are withheld wherever it is withheld: as few as will do."""
        if number not in self._companions:
            self._companions[number] = frozenset(self._shifts(number))
        return self._companions[number]

    def _shifts(self, number: Number) -> dict[Number, int]:
        """Amounts by which the number and others could be otherwise and no sum would tell, found best first."""
        open_sums, order = self._open({number: 1}), itertools.count()
        waiting = [(len(open_sums), len(open_sums), next(order), 0, {number: 1})]
        while waiting:
            _bound, _left, _order, cost, shifts = heapq.heappop(waiting)
            if not (open_sums := self._open(shifts)):
                return shifts
            one, missing = open_sums[0]
            for other in one:
                if other not in shifts:
                    tried = shifts | {other: -missing if other == one[-1] else missing}
                    left, dear = len(self._open(tried)), cost + self._costs[other]
                    heapq.heappush(waiting, (dear + left, left, next(order), dear, tried))
        raise ValueError(f"{number.key}: the sums leave nothing to be withheld with it")

    def _open(self, shifts: Mapping[Number, int]) -> list[tuple[tuple[Number, ...], int]]:
        """The sums that would tell of the shifts, each with what its parts lack."""
        lacking = ((one, shifts.get(one[-1], 0) - sum(shifts.get(part, 0) for part in one[:-1])) for one in self.sums)
        return [(one, missing) for one, missing in lacking if missing]

    def deciding(self, shown: Iterable[Number]) -> list[Number]:
        """The numbers for whose sake any of `shown` may have to be withheld, in an order of their own."""
        wanted = set(shown)
        known = {number for one in self._catalogue.values() for number in told_by(one)}
        found = (number for number in known if self.companions(number) & wanted)
        return sorted(found, key=lambda number: number.key)

    def hidden(self, tables: Mapping[Number, Mapping[str, Cell]], under: int) -> dict[Number, set[str]]:
        """By number the divisions where it is withheld, for the sake of any of the numbers in `tables`."""
        found: dict[Number, set[str]] = {}
        for number, cells in tables.items():
            small = withheld(cells, under)
            for other in self.companions(number):
                found.setdefault(other, set()).update(small)
        return found
