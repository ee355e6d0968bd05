"""What a decided star gives and asks: months of bonus by unit and star, and the measure for heads of no-star units.

Sources: domain §1.C5 (the star of the unit where the person worked in the rated year, split by months after a transfer),
§2.6 (a removal within the year counts from the day of its effect), §1.E4 and §1.J (talk, admonition, removal).

The month is the smallest share: it belongs to the unit where the person is in post on its last day, as in the payroll,
and to the star in force there on that day. Who holds several posts that day is counted once, at the most senior of them.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

MONTHS = range(1, 13)
Step = Literal["talk", "admonition", "removal"]
Cause = Literal["cycle", "removal", "correction"]


def last_day(year: int, month: int) -> date:
    """The day on which a month is judged."""
    return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True)
class Post:
    """A full-time managed post over [start, end), `end` None while it runs; `tier` 1 is the most senior, `key` its id."""

    unit: str
    tier: int
    start: date
    end: date | None = None
    key: int = 0

    def on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def unit_on(posts: Iterable[Post], day: date) -> str | None:
    """Where somebody counts on a day: at the most senior post, of equal ones at the older; None without any."""
    held = sorted((post.tier, post.start, post.key, post.unit) for post in posts if post.on(day))
    return held[0][3] if held else None


def months_by_unit(posts: Sequence[Post], year: int) -> dict[str, frozenset[int]]:
    """The months of a year that a person worked in each unit; together at most twelve."""
    found: dict[str, set[int]] = {}
    for month in MONTHS:
        unit = unit_on(posts, last_day(year, month))
        if unit is not None:
            found.setdefault(unit, set()).add(month)
    return {unit: frozenset(months) for unit, months in found.items()}


@dataclass(frozen=True)
class Version:
    """One decision on the star of a unit for a rated year: the yearly one, a removal, or a correction; `key` is its id."""

    key: int
    year: int
    number: int
    grade: int
    cause: Cause
    effective_from: date


def versions_by_month(versions: Iterable[Version], year: int) -> tuple[Version, ...]:
    """Of each month of a rated year the decision whose star holds on its last day.

    The yearly decision covers the whole year however late it is taken. A removal counts from its day on, a correction
    from where what it corrects counts, which is the earlier decision of the same effective day. While a year runs its
    star is not known, so a removal within it is one of the star before: from its day to the end of the year the unit
    then has the lower of the two. Raises ValueError without a decision for the year.
    """
    ordered = sorted(versions, key=lambda one: one.number)
    starts = _starts([one for one in ordered if one.year == year], year)
    removed = _removed([one for one in ordered if one.year < year], year)
    if not starts:
        raise ValueError(f"no star was decided for {year}")
    found = []
    for month in MONTHS:
        day = last_day(year, month)
        own = [one for start, one in starts if start <= day] or [starts[0][1]]
        before = [one for one in removed if one.effective_from <= day]
        lower = bool(before) and before[-1].grade < own[-1].grade
        found.append(before[-1] if lower else own[-1])
    return tuple(found)


def _starts(own: Sequence[Version], year: int) -> list[tuple[date, Version]]:
    """The decisions on the year itself, in their order, with the day from which each counts."""
    starts: list[tuple[date, Version]] = []
    for one in own:
        start = one.effective_from
        if one.cause == "cycle" or not starts:
            start = date(year, 1, 1)
        elif one.cause == "correction":
            same = [known for known, other in starts if other.effective_from == one.effective_from]
            start = same[-1] if same else start
        starts.append((start, one))
    return starts


def _removed(before: Sequence[Version], year: int) -> list[Version]:
    """Removals of an earlier star that take effect within the year, and what corrected them, in their order."""
    days = {one.effective_from for one in before if one.cause == "removal" and one.effective_from.year == year}
    return [one for one in before if one.cause != "cycle" and one.effective_from in days]


def shares(versions: Iterable[Version], year: int) -> dict[Version, frozenset[int]]:
    """Of every decision that covers any, the months that it covers; all twelve together."""
    found: dict[Version, set[int]] = {}
    for month, version in zip(MONTHS, versions_by_month(versions, year), strict=True):
        found.setdefault(version, set()).add(month)
    return {version: frozenset(months) for version, months in found.items()}


def years_in_a_row(grades: Mapping[int, int], year: int, headed: Iterable[int]) -> int:
    """How many years up to `year` the unit had no star one after another while the same person headed it.

    `grades`: the grade of each rated year; `headed`: the years at whose end the person was its head. The year itself
    counts by the head on the day of the decision. A year that was not rated ends the row.
    """
    known, count = set(headed), 0
    while grades.get(year - count) == 0 and (count == 0 or year - count in known):
        count += 1
    return count


def step_after(years: int, *, admonition_years: int | None, removal_years: int | None) -> Step | None:
    """The measure of the year, graduated: the gravest that the years in a row have reached; None with a star (§1.E4).

    A step whose years the source does not give (None) is never reached by itself.
    """
    if years < 1:
        return None
    if removal_years is not None and years >= removal_years:
        return "removal"
    return "admonition" if admonition_years is not None and years >= admonition_years else "talk"


def due_on(decided_on: date, days: int | None) -> date | None:
    """The last day to carry out a measure, `days` after the decision; None where the source gives no number."""
    return None if days is None else decided_on + timedelta(days=days)
