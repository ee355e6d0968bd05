"""The numbers that a figure is made of, each with the rows or the population behind it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Book, RowKind
from portal.core.indicators.declare import POPULATION, Better, Indicator, Unit
from portal.core.indicators.figures import Figure

NUMERATOR, DENOMINATOR, REST = "numerator", "denominator", "rest"
UNITS = {
    RowKind.PERSON: Unit.PERSONS,
    RowKind.CONTRACT: Unit.CONTRACTS,
    RowKind.ENROLMENT: Unit.PERSON_TIMES,
    RowKind.EXIT: Unit.PERSON_TIMES,
    RowKind.REQUEST: Unit.MATTERS,
    RowKind.WORKDAY: Unit.PERSON_TIMES,
    RowKind.DELIBERATION: Unit.MATTERS,
    RowKind.PROPOSAL: Unit.MATTERS,
    RowKind.HANDLING: Unit.MATTERS,
    RowKind.COMMITMENT: Unit.MATTERS,
    RowKind.LEDGER_TASK: Unit.MATTERS,
}


@dataclass(frozen=True)
class Part:
    """One number of a figure: `key` names it in addresses; without `counter` it is the population.

    Rows that the counter `without` counts are left out.
    """

    indicator: Indicator
    key: str
    counter: str = ""
    without: str = ""

    @property
    def book(self) -> Book:
        """The book that the counter is of."""
        one = self.indicator
        return one.book if self.counter in one.book.counters and self.key != DENOMINATOR else one.whole

    @property
    def label(self) -> str | Promise:
        if self.without:
            names = {"whole": self.book.counters[self.counter].label, "part": self.book.counters[self.without].label}
            return gettext("%(whole)s中不计入%(part)s的") % names
        return self.book.counters[self.counter].label if self.counter else _("人口")

    @property
    def kind(self) -> RowKind | None:
        """What the rows behind it are; None for the population."""
        return self.book.family_of[self.counter].row if self.counter else None

    @property
    def summed(self) -> bool:
        """Whether the rows are added up by something they hold, such as ages, and not just counted."""
        return bool(self.counter and self.book.counters[self.counter].add)

    @property
    def unit(self) -> Unit | None:
        """The unit of the number where it counts rows."""
        return None if self.summed else UNITS.get(self.kind, Unit.PLACES) if self.kind else Unit.PERSONS

    @property
    def plain(self) -> Indicator:
        """The number as a figure of its own, for asking it of any division."""
        counted = {
            "book": self.book,
            "divisor_book": None,
            "numerator": self.counter,
            "denominator": "",
            "sql": "",
            "uses": (),
            "known": "",
            "ruled": "",
            "target": None,
        }
        if not self.counter:
            counted |= {"sql": "{population}"}
        if self.without:
            less = f"coalesce({{t}}.{self.counter}, 0) - coalesce({{t}}.{self.without}, 0)"
            counted |= {"numerator": "", "sql": less, "uses": (self.counter, self.without)}
        return replace(self.indicator, unit=self.unit or Unit.PLACES, better=Better.NEITHER, **counted)


def parts_of(indicator: Indicator) -> dict[str, Part]:
    """The numbers of a figure by key, in the order in which it is explained."""
    return {part.key: part for part in _parts(indicator)}


def listed_parts(indicator: Indicator) -> dict[str, Part]:
    """The numbers of a figure whose rows can be listed: those of `parts_of`, and of a share the rows it leaves out."""
    found = parts_of(indicator)
    if _leaves_out(found):
        found[REST] = Part(indicator, REST, indicator.denominator, indicator.numerator)
    return found


def _leaves_out(parts: dict[str, Part]) -> bool:
    """Whether a figure counts some of the rows that its denominator counts."""
    some, whole = parts.get(NUMERATOR), parts.get(DENOMINATOR)
    if not (some and whole and some.indicator.unit == Unit.PERCENT and some.book is whole.book):
        return False
    same = some.book.family_of[some.counter] is whole.book.family_of[whole.counter]
    return same and not (some.summed or whole.summed)


def _parts(indicator: Indicator) -> Iterator[Part]:
    if indicator.numerator:
        yield Part(indicator, NUMERATOR, indicator.numerator)
    for name in indicator.uses:
        yield Part(indicator, name, name)
    if len(indicator.divisors) > 1:
        yield from (Part(indicator, name, name) for name in indicator.divisors)
    elif indicator.denominator:
        yield Part(indicator, DENOMINATOR, indicator.part(DENOMINATOR))
    elif indicator.per_resident:
        yield Part(indicator, POPULATION)


def number_of(figure: Figure, part: Part) -> int | None:
    """What a figure itself says of the part; None where only a count of its own can tell."""
    if part.key == NUMERATOR:
        return figure.numerator
    if part.key == DENOMINATOR:
        return figure.denominator
    if part.key == REST:
        return None if figure.denominator is None else figure.denominator - (figure.numerator or 0)
    return figure.population.value if part.key == POPULATION and figure.population else None
