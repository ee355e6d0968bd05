"""Last days of the handling of proposals, and why they fall where they do (domain §2.2, §2.10).

Dates in, dates out. The day a period starts on is not counted; months end on the corresponding day, or on the month's
last where it has none (Civil Code art. 201, 202). Suspensions add their calendar days behind the period. Only then the
last day rolls past days off (art. 203), where the place lets it roll.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from portal.core.lib.dated import ONE_DAY, add_months
from portal.core.lib.workdays import DayLine, RollMode, Specials, Why, add_workdays, known_years, provisional, roll
from portal.core.lib.workdays import explain as explain_days

Part = Literal["start", "counted", "passed_over", "suspended", "rolled"]
# Why a light shows: over, within the week of work, later, nothing runs, or the clock stands still.
Light = Literal["red", "amber", "green", "none", "paused"]
SOON_WORKDAYS = 5


@dataclass(frozen=True)
class Period:
    """How long something may take: exactly one of months, calendar days, working days, or a fixed last day."""

    months: int | None = None
    days: int | None = None
    working_days: int | None = None
    fixed: date | None = None

    def __post_init__(self) -> None:
        given = [part for part in (self.months, self.days, self.working_days, self.fixed) if part is not None]
        if len(given) != 1:
            raise ValueError("A period is counted in exactly one way.")
        if not isinstance(given[0], date) and given[0] < 0:
            raise ValueError("A period cannot be negative.")


@dataclass(frozen=True)
class LastDay:
    """Where a period ends: `plain_on` by counting, `unrolled_on` with suspensions, `due_on` past days off.

    `guessed` are the years whose holiday notice is missing and on which the last day hangs: it may still move.
    """

    plain_on: date
    unrolled_on: date
    due_on: date
    guessed: tuple[int, ...] = ()

    @property
    def provisional(self) -> bool:
        return bool(self.guessed)


@dataclass(frozen=True)
class ExplainedDay:
    """One day of a period: what part it plays, what day it is, and its place in the count, None where it has none."""

    day: date
    part: Part
    why: Why
    name: str
    number: int | None
    provisional: bool
    last: bool


def last_day(
    starts_on: date, period: Period, specials: Specials, *, added_days: int = 0, rolling: RollMode = "next_workday"
) -> LastDay:
    """The last day of a period that starts on a day, with all that led there.

    2023-08-31 + 6 months = 2024-02-29. 2022-07-01 + 3 months = 2022-10-01, a holiday, rolled to Saturday 2022-10-08, on
    which people worked. 20 working days after 2023-03-21 = 2023-04-19. ValueError for negative `added_days`.
    """
    if added_days < 0:
        raise ValueError("Suspensions cannot shorten a period.")
    plain = _plain(starts_on, period, specials)
    unrolled = plain + timedelta(days=added_days)
    due = roll(unrolled, specials, rolling)
    return LastDay(plain, unrolled, due, _guessed(starts_on, period, plain, unrolled, due, rolling, specials))


def _plain(starts_on: date, period: Period, specials: Specials) -> date:
    if period.fixed is not None:
        return period.fixed
    if period.months is not None:
        return add_months(starts_on, period.months)
    if period.days is not None:
        return starts_on + timedelta(days=period.days)
    return add_workdays(starts_on, period.working_days or 0, specials)


def _guessed(
    starts_on: date, period: Period, plain: date, unrolled: date, due: date, rolling: RollMode, specials: Specials
) -> tuple[int, ...]:
    """Months and days hang on the calendar only where they end; working days all the way."""
    years: set[int] = set()
    if period.working_days:
        years.update(provisional(starts_on + ONE_DAY, plain, specials))
    if rolling == "next_workday":
        years.update(provisional(unrolled, due, specials))
    return tuple(sorted(years))


def suspended_days(starts_on: date, due_on: date, stopped_on: date, resumed_on: date) -> int:
    """Calendar days by which a standing clock lengthens a period: [stopped_on, resumed_on), none of a period that had
    run out before, and only from its own start on."""
    if due_on < stopped_on:
        return 0
    return max(0, (resumed_on - max(stopped_on, starts_on)).days)


def explain(
    starts_on: date, period: Period, specials: Specials, *, added_days: int = 0, rolling: RollMode = "next_workday"
) -> list[ExplainedDay]:
    """Every day from the start to the last one with its part. A fixed last day is explained from there on only.

    `number` counts working days, calendar days, or the days that a suspension gave, each from 1.
    """
    end = last_day(starts_on, period, specials, added_days=added_days, rolling=rolling)
    first = end.plain_on if period.fixed is not None else starts_on
    known = known_years(specials)
    return [
        ExplainedDay(
            line.day, *_place(line, first, period, end, specials), line.day.year not in known, line.day == end.due_on
        )
        for line in explain_days(first, end.due_on, specials)
    ]


def _place(
    line: DayLine, first: date, period: Period, end: LastDay, specials: Specials
) -> tuple[Part, Why, str, int | None]:
    why = _why(line, specials)
    if line.day > end.unrolled_on:
        return "rolled", why, line.name, None
    if line.day > end.plain_on:
        return "suspended", why, line.name, (line.day - end.plain_on).days
    if period.fixed is not None:
        return "counted", why, line.name, None
    if line.day == first:
        return "start", why, line.name, None
    if period.working_days is None:
        return "counted", why, line.name, (line.day - first).days
    return ("counted" if line.number else "passed_over"), why, line.name, line.number


def _why(line: DayLine, specials: Specials) -> Why:
    """What kind of day it is, also of the first one, which the calendar's own list calls the start."""
    if line.why != "start":
        return line.why
    special = specials.get(line.day)
    if special is None:
        return "workday" if line.day.weekday() < 5 else "weekend"
    return "make_up" if special.is_workday else "holiday"


def light(due_on: date | None, today: date, soon_on: date, *, suspended: bool = False) -> Light:
    """The traffic light of a last day: red once it is over, amber up to the day `soon_on`, then green."""
    if suspended:
        return "paused"
    if due_on is None:
        return "none"
    if due_on < today:
        return "red"
    return "amber" if due_on <= soon_on else "green"


def soon_until(today: date, specials: Specials) -> date:
    """Up to which last day a light is amber: the fifth working day from today."""
    return add_workdays(today, SOON_WORKDAYS, specials)
