"""Careers (domain §1.G): full terms for institution staffing, directed posts, service with its breaks, ages reached.

Ranges are half open, [start, end), as everywhere; an end of None is open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from portal.core.lib.dated import ONE_DAY, add_months, add_years

# Length of a term of the two committees by the day it began: three years, and five since the amendment of the Organic
# Law of Urban Residents' Committees of 2018-12-29 (domain §1.G, P26).
LAWFUL_YEARS: tuple[tuple[date, int], ...] = ((date(2018, 12, 29), 5), (date.min, 3))

# A city may hold all elections on one day: a term that ended at most so many months before its lawful end is a full one,
# and two unnumbered terms at most so many months apart follow each other.
ELECTION_SLACK = 12

Period = tuple[date, date | None]


def term_years(began: date, lengths: Sequence[tuple[date, int]] = LAWFUL_YEARS) -> int:
    """Years that a term begun on a day lasts; `lengths` pairs first days with years. ValueError before the first."""
    known = [(since, years) for since, years in lengths if since <= began]
    if not known:
        raise ValueError(f"No length of a term is known for one that begins on {began}.")
    return max(known)[1]


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same days in as few periods as possible, earliest first; periods that touch become one."""
    found: list[Period] = []
    for start, end in sorted(periods, key=lambda period: period[0]):
        if end is not None and end <= start:
            continue
        if found and (found[-1][1] is None or start <= found[-1][1]):
            first, last = found[-1]
            found[-1] = (first, None if last is None or end is None else max(last, end))
        else:
            found.append((start, end))
    return found


def covers(periods: Iterable[Period], start: date, end: date) -> bool:
    """Whether every day of [start, end) lies in one of the periods."""
    return any(first <= start and (last is None or end <= last) for first, last in merged(periods))


class TermRecord(NamedTuple):
    """A term of office as recorded: [start, end) with an open end while it runs, and its number where known (第几届)."""

    start: date
    end: date | None
    number: int | None = None


def term_end(term: TermRecord, lengths: Sequence[tuple[date, int]] = LAWFUL_YEARS) -> date:
    """The first day after the term: as recorded, else by the lawful length from the day it began."""
    return term.end if term.end is not None else add_years(term.start, term_years(term.start, lengths))


def served_in_full(
    term: TermRecord, posts: Iterable[Period], on: date, lengths: Sequence[tuple[date, int]] = LAWFUL_YEARS
) -> bool:
    """Whether the term is over by `on` and the post was held on every day of it.

    A running term is over once its lawful length has passed: an election that comes late takes nothing away. A term cut
    short, as where communities were merged, is not a full one however much of it was served.
    """
    end = term_end(term, lengths)
    lawful = term_end(term._replace(end=None), lengths)
    return add_months(lawful, -ELECTION_SLACK) <= end <= on and covers(posts, term.start, end)


def _next(one: TermRecord, other: TermRecord, lengths: Sequence[tuple[date, int]]) -> bool:
    """Whether neighbours in the list of terms follow each other: by their numbers, else by the time between them."""
    if one.number is not None and other.number is not None:
        return other.number == one.number + 1
    return other.start <= add_months(term_end(one, lengths), ELECTION_SLACK)


def full_terms_in_a_row(
    terms: Iterable[TermRecord],
    posts: Sequence[Period],
    on: date,
    lengths: Sequence[tuple[date, int]] = LAWFUL_YEARS,
) -> int:
    """The most full consecutive terms of one body that somebody with these posts has served by `on`.

    Two of them open institution staffing to a secretary (domain §1.G): counted from the records, never as 2 x 5 years.
    """
    ordered = sorted(terms, key=lambda term: term.start)
    served = [served_in_full(term, posts, on, lengths) for term in ordered]
    if not ordered:
        return 0
    best = run = int(served[0])
    for (one, other), full in zip(pairwise(ordered), served[1:], strict=True):
        run = run + 1 if full and _next(one, other, lengths) else int(full)
        best = max(best, run)
    return best


@dataclass(frozen=True, order=True)
class Breach:
    """A group for which a district set fewer directed posts in a year than the rule calls for; None: nothing entered."""

    district: str
    year: int
    group: str
    posts: int | None
    least: int


def directed_breaches(
    districts: Iterable[str],
    year: int,
    entered: Iterable[tuple[str, str, int]],
    least: Mapping[str, int],
) -> list[Breach]:
    """Where 定向招录 falls short: each district, each year, for each group of `least` (text: 应当).

    `entered` holds (district, group, posts); civil-service and institution posts of a group add up.
    """
    sums: dict[tuple[str, str], int] = {}
    for district, group, posts in entered:
        sums[district, group] = sums.get((district, group), 0) + posts
    found = [
        Breach(district, year, group, sums.get((district, group)), count)
        for district in set(districts)
        for group, count in least.items()
        if sums.get((district, group), 0) < count
    ]
    return sorted(found, key=lambda breach: (breach.district, breach.group))


@dataclass(frozen=True)
class Service:
    """Service as the employer sees it: since when without a long break, and the days served in all."""

    since: date | None
    days: int
    serving: bool


def service(periods: Iterable[Period], on: date, months: int) -> Service:
    """Continuous service up to `on`: breaks of up to `months` months do not end it, longer ones start it anew.

    A break of exactly `months` is not longer (domain §1.D1, default more than 6 months). Days in a break are not served.
    `since` is None where there is no service yet, or the break up to `on` has itself become too long.
    """
    known = [(start, end if end is not None and end <= on else on + ONE_DAY) for start, end in periods if start <= on]
    spells = [(start, end) for start, end in merged(known) if end is not None]
    days = sum((end - start).days for start, end in spells)
    if not spells:
        return Service(None, 0, False)
    since = spells[0][0]
    for (_start, end), (start, _end) in pairwise(spells):
        if _too_long(end, start, months):
            since = start
    serving = spells[-1][1] > on
    if not serving and _too_long(spells[-1][1], on + ONE_DAY, months):
        return Service(None, days, False)
    return Service(since, days, serving)


def _too_long(left: date, back: date, months: int) -> bool:
    """Whether the break [left, back) is longer than `months`; the period counts from the last day in service."""
    return back - ONE_DAY > add_months(left - ONE_DAY, months)


def age_reached_on(birth: date, years: int) -> date:
    """The day on which `years` full years of life are complete (Civil Code art. 202, as dated.age_on counts them)."""
    return add_years(birth, years)


def of_employment_age(birth: date, on: date, *, least: int, until: int) -> bool:
    """Whether somebody is in employment age on a day: `least` years complete and `until` not yet reached."""
    return age_reached_on(birth, least) <= on < age_reached_on(birth, until)


def months_until(on: date, day: date) -> int:
    """Full calendar months from `on` to `day`: 0 in the last month before it, negative once it has passed."""
    months = (day.year - on.year) * 12 + day.month - on.month
    return months - 1 if add_months(on, months) > day else months


def retirement_in_sight(birth: date, on: date, *, until: int, months: int) -> bool:
    """Whether the age `until` is reached on `on` or will be within `months` months."""
    return age_reached_on(birth, until) <= add_months(on, months)
