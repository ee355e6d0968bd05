"""Weeks, months, quarters, half-years and years that reports are made for, and by when (domain §1.K, §2.10).

Weeks run from Monday to Sunday and belong to the year that ISO 8601 gives them; the others follow the calendar. So
31 December ends a month, a quarter, a half-year and a year at once. Pure: knows no tables and no framework.
"""

import enum
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date

from portal.core.lib.dated import ONE_DAY, add_months
from portal.core.lib.workdays import Specials, add_workdays

DAYS_OF_WEEK = 7


class Cadence(enum.StrEnum):
    """How often; in the order of length, which is that of lists."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Months of one period; 0 for weeks, which no number of months makes."""
        return _MONTHS[self]


_MONTHS = {Cadence.WEEK: 0, Cadence.MONTH: 1, Cadence.QUARTER: 3, Cadence.HALF_YEAR: 6, Cadence.YEAR: 12}
_SIGNS = {Cadence.WEEK: "-W", Cadence.MONTH: "-", Cadence.QUARTER: "-Q", Cadence.HALF_YEAR: "-H", Cadence.YEAR: ""}
_KEY = re.compile(r"([0-9]{4})(?:(-W|-Q|-H|-)([0-9]{1,2}))?")
_LONGEST_KEY = 8


@dataclass(frozen=True)
class Period:
    """One period by its year and its number in it; a year has the number 1. Both ends are days of the period."""

    cadence: Cadence
    year: int
    number: int

    @property
    def starts_on(self) -> date:
        if self.cadence == Cadence.WEEK:
            return date.fromisocalendar(self.year, self.number, 1)
        return date(self.year, (self.number - 1) * self.cadence.months + 1, 1)

    @property
    def ends_on(self) -> date:
        if self.cadence == Cadence.WEEK:
            return self.starts_on + (DAYS_OF_WEEK - 1) * ONE_DAY
        return add_months(self.starts_on, self.cadence.months) - ONE_DAY

    @property
    def key(self) -> str:
        """2026-W47, 2026-10, 2026-Q3, 2026-H2 or 2026."""
        if self.cadence == Cadence.YEAR:
            return f"{self.year:04d}"
        digits = 2 if self.cadence in (Cadence.WEEK, Cadence.MONTH) else 1
        return f"{self.year:04d}{_SIGNS[self.cadence]}{self.number:0{digits}d}"

    @property
    def before(self) -> "Period":
        """The period that ends on the day before this one begins."""
        return period_of(self.cadence, self.starts_on - ONE_DAY)

    @property
    def after(self) -> "Period":
        return period_of(self.cadence, self.ends_on + ONE_DAY)

    @property
    def year_before(self) -> "Period | None":
        """The same period of the last year; None for a 53rd week where that year had only 52."""
        if self.cadence == Cadence.WEEK and self.number > weeks_of(self.year - 1):
            return None
        return Period(self.cadence, self.year - 1, self.number)


def weeks_of(year: int) -> int:
    """52 or 53: 28 December lies in the last week of its year."""
    return date(year, 12, 28).isocalendar().week


def period_of(cadence: Cadence, day: date) -> Period:
    """The period in which a day lies."""
    if cadence == Cadence.WEEK:
        year, week, _weekday = day.isocalendar()
        return Period(cadence, year, week)
    return Period(cadence, day.year, (day.month - 1) // cadence.months + 1)


def just_ended(cadence: Cadence, on: date) -> Period:
    """The latest period that is over on the day `on`: its last day lies before it."""
    return period_of(cadence, on).before


def ending_on(day: date) -> tuple[Cadence, ...]:
    """What ends on a day: nothing mostly, four things on 31 December, five where that is a Sunday."""
    return tuple(cadence for cadence in Cadence if period_of(cadence, day).ends_on == day)


def ended_between(cadence: Cadence, first: date, last: date) -> list[Period]:
    """The periods whose last day lies between two days, both included; oldest first."""
    found: list[Period] = []
    period = period_of(cadence, first)
    while period.ends_on <= last:
        found.append(period)
        period = period.after
    return found


def period_named(cadence: Cadence, key: str) -> Period:
    """The period that `Period.key` names. ValueError for anything else."""
    match = _KEY.fullmatch(key) if len(key) <= _LONGEST_KEY and key.isascii() else None
    if match is None or (match[2] or "") != _SIGNS[cadence]:
        raise ValueError(f"{key!r} names no {cadence}.")
    year, number = int(match[1]), int(match[3] or 1)
    if MINYEAR < year < MAXYEAR:
        most = weeks_of(year) if cadence == Cadence.WEEK else _MONTHS[Cadence.YEAR] // cadence.months
        found = Period(cadence, year, number)
        if 1 <= number <= most and found.key == key:
            return found
    raise ValueError(f"{key!r} names no {cadence}.")


def due_day(period: Period, working_days: int, specials: Specials) -> date:
    """The day by which the report of a period is to be published: so many working days after its last day."""
    return add_workdays(period.ends_on, working_days, specials)


class Standing(enum.StrEnum):
    """How a report that is expected stands on a day. Late and missing are different things (domain §1.K)."""

    EXPECTED = "expected"
    """Not made yet, and not due."""
    MISSING = "missing"
    """Due, and nobody has made it."""
    UNDER_WAY = "under_way"
    """Made, not published, not due."""
    LATE = "late"
    """Made, not published, though due."""
    ON_TIME = "on_time"
    """Published by the day it was due."""
    PUBLISHED_LATE = "published_late"
    """Published, but after that day."""


def standing(*, made: bool, published_on: date | None, due_on: date, on: date) -> Standing:
    """How a report stands on the day `on`. The day it is due is still in time."""
    if published_on is not None:
        return Standing.ON_TIME if published_on <= due_on else Standing.PUBLISHED_LATE
    if made:
        return Standing.LATE if on > due_on else Standing.UNDER_WAY
    return Standing.MISSING if on > due_on else Standing.EXPECTED
