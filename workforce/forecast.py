"""What is to come: when people reach retirement age, how many heads remain, when a share is reached, how many to hire.

Dates and numbers in, dates and numbers out. Expected heads are fractions, so that nothing is lost from month to month;
whatever is judged is first cut down to whole persons.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import floor
from typing import Any, Literal

from portal.core.lib.dated import ONE_DAY, add_months
from workforce.clocks import heads_needed, share_met

Sex = Literal["male", "female"]
Women = Literal["female", "by_tier", "female_other"]
STAFF_TIER = 3


# Retirement age ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AgeLine:
    """A retirement age of `age` full years that rises to `until`: one month later for every `step` months of birth."""

    age: int
    until: int
    step: int


@dataclass(frozen=True)
class RetirementRule:
    """Retirement ages in force; they rise for who would reach the original age in the month of `starts_on` or later.

    `women`: which line women follow. "by_tier": staff (tier 3) the line `other`, principals and deputies `female`.
    """

    starts_on: date
    male: AgeLine
    female: AgeLine
    other: AgeLine
    women: Women

    def line(self, sex: Sex, tier: int) -> AgeLine:
        if sex == "male":
            return self.male
        if self.women == "female_other" or (self.women == "by_tier" and tier == STAFF_TIER):
            return self.other
        return self.female


def retirement_rule(value: Mapping[str, Any]) -> RetirementRule:
    """The rule from its value as policy holds it; a line that the value leaves out is never followed."""
    lines = {row["who"]: AgeLine(row["age"], row["until"], row["step"]) for row in value["rows"]}
    female = lines.get("female") or lines["female_other"]
    other = lines.get("female_other") or female
    return RetirementRule(date.fromisoformat(value["starts_on"]), lines["male"], female, other, value["women"])


def fixed_ages(male: int, female: int) -> RetirementRule:
    """Ages that do not rise: where no retirement ages are set, those up to which people count stand for them."""
    woman = AgeLine(female, female, 1)
    return RetirementRule(date.min, AgeLine(male, male, 1), woman, woman, "female")


def month_number(day: date) -> int:
    """Months since the year 0, for counting from month to month."""
    return day.year * 12 + day.month - 1


def retirement_date(birth: date, sex: Sex, rule: RetirementRule, tier: int = STAFF_TIER) -> date:
    """The day on which somebody born on `birth` reaches retirement age.

    国务院关于渐进式延迟法定退休年龄的办法, art. 1: from 2025-01-01 one month later for every four months (men, women
    of 55) or two months (women of 50). Born in January 1965, a man retires at 60 years and 1 month, in February 2025.
    """
    line = rule.line(sex, tier)
    behind = month_number(birth) + 12 * line.age - month_number(rule.starts_on)
    later = 0 if behind < 0 else min(behind // line.step + 1, 12 * (line.until - line.age))
    return add_months(birth, 12 * line.age + later)


def leaving_day(retires_on: date, counted_until: date, on: date) -> date:
    """From when somebody is no longer expected to be a head.

    Who is in post beyond retirement age is taken to stay until the day from which nobody of that age counts.
    """
    return min(retires_on, counted_until) if retires_on > on else counted_until


# Time ----------------------------------------------------------------------------------------------------------------


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return add_months(day.replace(day=1), 1) - ONE_DAY


def month_ends(on: date, months: int) -> list[date]:
    """Last days of the months ahead: what is left of this month, if anything, and `months` more."""
    ends = [month_end(add_months(on.replace(day=1), ahead)) for ahead in range(months + 1)]
    return ends if ends[0] > on else ends[1:]


def elapsed(start: date, end: date) -> Fraction:
    """Months from `start` to `end`; days are parts of the month they lie in, so that whole months are whole numbers."""

    def position(day: date) -> Fraction:
        return month_number(day) + Fraction(day.day, month_end(day).day)

    return position(end) - position(start)


def grown(population: int, percent: Fraction, months: Fraction) -> int:
    """The population after `months` at `percent` a year: compounded by full years, evenly within one; half up."""
    years, rest = divmod(months / 12, 1)
    rate = percent / 100
    return floor(population * (1 + rate) ** int(years) * (1 + rate * rest) + Fraction(1, 2))


# What remains --------------------------------------------------------------------------------------------------------


def remaining(heads: int, aged: int, leavers: Fraction | None, months: Fraction) -> Fraction:
    """Heads that are left after `months` if nobody is hired; `leavers` are those of a year besides the `aged`."""
    return max(Fraction(0), heads - aged - months * (leavers or 0) / 12)


@dataclass(frozen=True)
class Ageing:
    """Heads, and certified ones among them, that are expected to leave by age up to the day `until`, after the one before."""

    until: date
    heads: int
    certified: int


@dataclass(frozen=True)
class Start:
    """What is recorded on the day `on`; `ageing` in the order of its days, without gaps."""

    on: date
    heads: int
    certified: int
    ageing: tuple[Ageing, ...]


@dataclass(frozen=True)
class Pace:
    """What is assumed: other leavers a year, people hired a month, new certificates a month; None where nobody knows."""

    leavers: Fraction | None
    hires: Fraction | None
    certificates: Fraction | None


@dataclass(frozen=True)
class Point:
    """What is expected on a day. `remaining`: heads if nobody were hired. Without a pace there is no `certified`."""

    day: date
    aged: int
    aged_certified: int
    remaining: Fraction
    heads: Fraction
    certified: Fraction | None

    @property
    def whole_remaining(self) -> int:
        return floor(self.remaining)

    @property
    def whole_heads(self) -> int:
        return floor(self.heads)

    @property
    def whole_certified(self) -> int | None:
        return None if self.certified is None else min(floor(self.certified), self.whole_heads)

    def met(self, percent: int) -> bool | None:
        """Whether the whole heads reach a share; None without heads or without a pace."""
        held = self.whole_certified
        return None if held is None else share_met(held, self.whole_heads, percent)


@dataclass(frozen=True)
class Projection:
    """Heads and certified heads ahead of the start. Leavers are taken to be certified as often as everybody is now."""

    start: Start
    pace: Pace

    @cached_property
    def _sums(self) -> tuple[list[date], list[int], list[int]]:
        ageing = self.start.ageing
        heads = accumulate((one.heads for one in ageing), initial=0)
        certified = accumulate((one.certified for one in ageing), initial=0)
        return [one.until for one in ageing], list(heads), list(certified)

    def at(self, day: date) -> Point:
        """What is expected on one of the days of `ageing`, or at the start. ValueError on another day."""
        days, heads, certified = self._sums
        reached = bisect_right(days, day)
        if day != self.start.on and (not reached or days[reached - 1] != day):
            raise ValueError(f"{day} is no day of the projection.")
        months, aged, aged_certified = elapsed(self.start.on, day), heads[reached], certified[reached]
        left = remaining(self.start.heads, aged, self.pace.leavers, months)
        count = max(Fraction(0), self.start.heads - aged + months * ((self.pace.hires or 0) - self._left))
        return Point(day, aged, aged_certified, left, count, self._certified(months, aged_certified, count))

    @property
    def _left(self) -> Fraction:
        """Other leavers a month."""
        return (self.pace.leavers or Fraction(0)) / 12

    @property
    def _share(self) -> Fraction:
        return Fraction(self.start.certified, self.start.heads) if self.start.heads else Fraction(0)

    def _kept(self, months: Fraction, aged: int) -> Fraction:
        """Certified heads of today who are still expected to be there."""
        return max(Fraction(0), self.start.certified - aged - months * self._left * self._share)

    def _certified(self, months: Fraction, aged: int, heads: Fraction) -> Fraction | None:
        if self.pace.certificates is None:
            return None
        held = self.start.certified - aged + months * (self.pace.certificates - self._left * self._share)
        return min(max(Fraction(0), held), heads)

    def reaches(self, percent: int) -> date | None:
        """The first day of `ageing` on which the share is reached; None where it never is."""
        return next((a.until for a in self.start.ageing if self.at(a.until).met(percent)), None)

    def pace_needed(self, percent: int, due: date) -> Fraction | None:
        """New certificates a month that reach the share on its due day; None once that day is there."""
        if due <= self.start.on:
            return None
        point, months = self.at(due), elapsed(self.start.on, due)
        missing = heads_needed(0, point.whole_heads, percent) - self._kept(months, point.aged_certified)
        return max(Fraction(0), missing) / months


@dataclass(frozen=True)
class Hiring:
    """How many to hire for `required` heads where `remaining` are left; None where nobody can tell what is required."""

    required: int | None
    remaining: int

    @property
    def needed(self) -> int | None:
        return None if self.required is None else max(0, self.required - self.remaining)

    @property
    def surplus(self) -> int | None:
        return None if self.required is None else max(0, self.remaining - self.required)
