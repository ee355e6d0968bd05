"""Half-open date ranges [valid_from, valid_to) and calendar-month arithmetic.

Everything dated in the portal is stored with an exclusive end (`valid_to`), open when it is None; screens and sheets
show the last day, inclusive. `end_of` and `last_day` are the only two places where the one becomes the other.
"""

import calendar
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def end_of(last_day: date | None) -> date | None:
    """The exclusive end of a range whose last day is `last_day`; None stays open.

    date.max has no next day: ValueError (leave the end open instead).
    """
    if last_day is None:
        return None
    if last_day == date.max:
        raise ValueError(f"{last_day} has no day after it; leave the end of the range open instead.")
    return last_day + ONE_DAY


def last_day(valid_to: date | None) -> date | None:
    """The last day, inclusive, of a range that ends before `valid_to`: what people read. None stays open."""
    return None if valid_to is None else valid_to - ONE_DAY


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether [valid_from, valid_to) contains the day `on`."""
    return valid_from <= on and (valid_to is None or on < valid_to)


def overlaps(from_a: date, to_a: date | None, from_b: date, to_b: date | None) -> bool:
    """Whether [from_a, to_a) and [from_b, to_b) share at least one day; an empty range shares none."""
    start = max(from_a, from_b)
    ends = [end for end in (to_a, to_b) if end is not None]
    return not ends or start < min(ends)


def add_months(start: date, months: int) -> date:
    """The day on which a period of `months` months counted from `start` ends; negative months count back.

    Civil Code art. 201 and 202: the day the period starts is not counted, and it ends on the corresponding day of the
    last month, or on that month's last day where it has no corresponding one: 2023-08-31 + 6 months = 2024-02-29.
    Rolling past holidays (art. 203) needs the yearly holiday table and is not done here. OverflowError outside the
    years 1 to 9999.
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError(f"{start} {months:+d} months lies outside the calendar.")
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def add_years(start: date, years: int) -> date:
    """The day on which a period of `years` years counted from `start` ends, by the rule of add_months."""
    return add_months(start, 12 * years)


def age_on(birth: date, on: date) -> int:
    """Full years of life (周岁) on the day `on`; ValueError before birth.

    A year of life is full on the corresponding day (Civil Code art. 202), so a person born on 29 February completes one
    on 28 February of a common year. PostgreSQL agrees with `birth + interval 'n year' <= on`, but not with age().
    """
    if on < birth:
        raise ValueError(f"{on} is before the birth on {birth}.")
    years = on.year - birth.year
    return years if add_years(birth, years) <= on else years - 1


def more_than_a_year_apart(one: date, other: date) -> bool:
    """Whether two days lie more than a calendar year apart: the warning for population figures (domain rule B1)."""
    earlier, later = sorted((one, other))
    return add_years(earlier, 1) < later
