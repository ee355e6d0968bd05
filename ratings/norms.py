"""Service norms H1 to H7 as pure rules (domain §1.H). "At least" takes in the boundary.

`ratings.counters` counts the same in SQL; tests compare both.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

HALF_YEAR = 6
"""Months within which every household and shop is visited where no rule says otherwise (S0 L9)."""


def visit_period(on: date, months: int = HALF_YEAR) -> tuple[date, date]:
    """First day of the period of visits that holds `on`, and first day of the next; halves begin in January and July."""
    begin = (on.year * 12 + on.month - 1) // months * months
    return _month(begin), _month(begin + months)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Premises:
    """A household or shop: since when there, until when (exclusive), and the days of visits that met somebody."""

    moved_in: date
    gone: date | None = None
    visits: tuple[date, ...] = ()

    def due(self, on: date, months: int = HALF_YEAR) -> bool:
        """Whether a visit is asked for in the period of `on`: who moves in during a period is due in the next (H1)."""
        begin, _ = visit_period(on, months)
        return self.moved_in < begin and (self.gone is None or self.gone > on)

    def visited(self, on: date, months: int = HALF_YEAR) -> bool:
        """Whether a visit of the period had met somebody by the day."""
        begin, _ = visit_period(on, months)
        return any(begin <= day <= on for day in self.visits)


@dataclass(frozen=True)
class Share:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def percent(self) -> Fraction | None:
        """None where there is nothing to be a part of."""
        return Fraction(100 * self.part, self.whole) if self.whole else None

    def reaches(self, percent: int) -> bool:
        return self.whole > 0 and 100 * self.part >= percent * self.whole


def visit_coverage(premises: Iterable[Premises], on: date, months: int = HALF_YEAR) -> Share:
    """H1: premises due in the period that were visited, of those due."""
    due = [one for one in premises if one.due(on, months)]
    return Share(sum(one.visited(on, months) for one in due), len(due))


def presence_needed(roster: int, percent: int = 50) -> int:
    """H2: how many of those scheduled that day must be in the grids at least; of 7 it is 4."""
    return -(-roster * percent // 100)


def presence_met(out: int, roster: int, percent: int = 50) -> bool:
    """H2: whether enough were in the grids on a day."""
    return out >= presence_needed(roster, percent)


def visit_time_met(visiting: Decimal, worked: Decimal, percent: int = 50) -> bool | None:
    """H3: whether visits took their share of the hours worked; None where nobody worked."""
    return visiting * 100 >= worked * percent if worked else None


def split_met(parts: Mapping[str, Decimal], worked: Decimal, tolerance: int, number: int = 3) -> bool | None:
    """H4: whether each of the `number` parts took its even share of the hours worked, give or take `tolerance` points."""
    if not worked:
        return None
    even = Fraction(100, number)
    shares = [Fraction(hours) * 100 / Fraction(worked) for hours in parts.values()]
    return len(shares) == number and all(abs(share - even) <= tolerance for share in shares)


def converted(needs: Collection[int], approved: Iterable[Collection[int]]) -> int:
    """H5: how many needs are served by an approved project; `approved` are the needs of each. A need counts once."""
    served = {need for project in approved for need in project}
    return len(served.intersection(needs))


def needs_met(found: int, turned: int, needs: int = 12, projects: int = 6) -> bool:
    """H5: whether enough needs were found and enough of them turned into projects in the year."""
    return found >= needs and turned >= projects


def area_per_hundred(area: Decimal, households: int) -> Fraction | None:
    """H6: square metres of service facilities per 100 households; None without households."""
    return Fraction(area) * 100 / households if households else None


def facility_met(area: Decimal, households: int, square_metres: int = 40) -> bool | None:
    """H6: whether there is enough space for the households."""
    found = area_per_hundred(area, households)
    return None if found is None else found >= square_metres


def public_space_met(public: Decimal, area: Decimal, percent: int = 70) -> bool | None:
    """H7: whether enough of the space serves the public; None without any."""
    return public * 100 >= area * percent if area else None
