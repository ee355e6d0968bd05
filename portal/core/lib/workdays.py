"""Working days: weekdays, less the holidays, plus the make-up working weekends of the yearly State Council notices.

The functions know no calendar of their own: they take the days that differ from the weekly rhythm, by year of the
notice 国务院办公厅关于部分节假日安排的通知. A year without any such day is not known yet: its weekdays are a guess, and
`provisional` says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

ONE_DAY = timedelta(days=1)
SATURDAY = 5

RollMode = Literal["none", "next_workday"]
Why = Literal["start", "workday", "make_up", "holiday", "weekend"]


@dataclass(frozen=True)
class Special:
    """A day that a notice names: a day off, or a make-up working day at a weekend."""

    is_workday: bool
    name: str = ""


Specials = Mapping[date, Special]


@dataclass(frozen=True)
class DayLine:
    """One day of a counted period: `number` is its place among the working days, None where it is not counted."""

    day: date
    why: Why
    name: str
    number: int | None
    provisional: bool


def is_workday(day: date, specials: Specials) -> bool:
    """Whether people work on `day`: as the notice says, else Monday to Friday."""
    special = specials.get(day)
    return special.is_workday if special is not None else day.weekday() < SATURDAY


def add_workdays(start: date, count: int, specials: Specials) -> date:
    """The last day of a period of `count` working days; the start day is not counted (Civil Code art. 201).

    20 working days after 2023-03-21 = 2023-04-19, since 2023-04-05 is a holiday. ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("A period of working days cannot be negative.")
    day = start
    while count:
        day += ONE_DAY
        count -= is_workday(day, specials)
    return day


def workdays_between(start: date, end: date, specials: Specials) -> int:
    """Working days after `start` up to and with `end`: the inverse of add_workdays. ValueError when `end` is earlier."""
    if end < start:
        raise ValueError(f"{end} is before {start}.")
    return sum(is_workday(day, specials) for day in _days_after(start, end))


def roll(day: date, specials: Specials, mode: RollMode = "next_workday") -> date:
    """The day a period ends when its last day is a day off: the first day after the holiday (Civil Code art. 203).

    2022-10-01 becomes 2022-10-08, a Saturday on which people worked. The mode `none` leaves the day as it is.
    """
    while mode == "next_workday" and not is_workday(day, specials):
        day += ONE_DAY
    return day


def known_years(specials: Specials) -> frozenset[int]:
    """Years whose notice is in the calendar."""
    return frozenset(day.year for day in specials)


def provisional(start: date, end: date, specials: Specials) -> list[int]:
    """Years between two days whose notice is not in the calendar yet: whatever was counted there may still change."""
    return sorted(set(range(start.year, end.year + 1)) - known_years(specials))


def explain(start: date, end: date, specials: Specials) -> list[DayLine]:
    """Every day from `start` to `end` with the reason why it counts or not, for people who count along."""
    known = known_years(specials)
    lines = [DayLine(start, "start", "", None, start.year not in known)]
    number = 0
    for day in _days_after(start, end):
        special = specials.get(day)
        works = is_workday(day, specials)
        number += works
        lines.append(
            DayLine(day, _why(day, special), special.name if special else "", number if works else None,
                    day.year not in known)
        )  # fmt: skip
    return lines


def _why(day: date, special: Special | None) -> Why:
    if special is None:
        return "workday" if day.weekday() < SATURDAY else "weekend"
    return "make_up" if special.is_workday else "holiday"


def _days_after(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
