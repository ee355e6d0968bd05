"""The clocks that run over certificates: two years from entry, first registration, renewal, share of the certified.

Dates in, dates and whole numbers out (domain §1.D, §2.4). Months are counted by Civil Code art. 201 and 202, see
`portal.core.lib.dated.add_months`; a deadline is the last day on which the duty can still be met. Whether it rolls past
a holiday is not decided here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from portal.core.lib.dated import ONE_DAY, add_months

Judged = Literal["obtained", "issued"]


# Two years from entry ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeadlineRule:
    """How long after entry a certificate is due (domain §1.D1; Tianjin: 24 months, since 2018-01-01, 6, obtained).

    `restart_after_months`: a break in service longer than this starts the clock anew. `judged_by`: the day on which a
    certificate was obtained or on which it was issued.
    """

    months: int
    starts_on: date
    restart_after_months: int
    judged_by: Judged = "obtained"


@dataclass(frozen=True)
class Service:
    """One stretch of service; `left_on` is the last day in post, None while it lasts."""

    hired_on: date
    left_on: date | None = None


@dataclass(frozen=True)
class Stop:
    """A leave [start, end) during which the clock stands still; `end` None while nobody knows it."""

    start: date
    end: date | None = None


@dataclass(frozen=True)
class Extension:
    """What a case decided: who missed `due_on` has until `until`, from `issued_on`, the day of the decision's document."""

    due_on: date
    until: date
    issued_on: date


@dataclass(frozen=True)
class Deadline:
    """When the certificate is due, and why then: by the rule on `by_rule`, later where a case was decided so."""

    hired_on: date
    starts_on: date
    unstopped: date
    by_rule: date
    stopped: bool
    extended_to: date | None = None

    @property
    def due_on(self) -> date:
        return self.extended_to or self.by_rule

    @property
    def stopped_days(self) -> int:
        """Days that leaves have added."""
        return (self.by_rule - self.unstopped).days


def counted_from(services: Sequence[Service], restart_after_months: int) -> date | None:
    """The entry from which the clock counts; None without service.

    It is the last entry that came after a break longer than the setting, else the first. The break ends the day before
    the new entry; one of exactly so many months is not longer. A short break is not taken off: who comes back finds
    the clock where it would have been.
    """
    start: date | None = None
    left: date | None = None
    for service in sorted(services, key=lambda one: (one.hired_on, one.left_on or date.max)):
        if start is None or (left is not None and service.hired_on - ONE_DAY > add_months(left, restart_after_months)):
            start = service.hired_on
        left = service.left_on
    return start


def due_day(start: date, months: int, stops: Iterable[Stop], on: date) -> date:
    """The day `months` months after `start`, moved on by every day of leave that fell before it was over.

    Leaves may overlap each other; a day counts once. One begun by `on` counts as far as its end is known, else up to
    and including `on`; one that begins later does not count yet. A leave that begins after the deadline comes too late.
    """
    due = add_months(start, months)
    for begin, end in _merged(stops, on):
        begin = max(begin, start + ONE_DAY)
        if begin <= due and begin < end:
            due += end - begin
    return due


def _merged(stops: Iterable[Stop], on: date) -> list[tuple[date, date]]:
    """Leaves begun by `on` as periods that do not touch, in their order."""
    found: list[tuple[date, date]] = []
    for stop in sorted(stops, key=lambda one: one.start):
        end = stop.end or on + ONE_DAY
        if stop.start > on:
            break
        if found and stop.start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((stop.start, end))
    return found


def certificate_deadline(
    services: Sequence[Service],
    stops: Sequence[Stop],
    rule: DeadlineRule,
    on: date,
    extensions: Sequence[Extension] = (),
) -> Deadline | None:
    """When the certificate is due as seen on the day `on`; None without service by then.

    The clock starts on the day of entry, for people hired before the rule on the day the rule began. An extension names
    the last day itself: it never shortens the time, and leave does not move it on.
    """
    begun = [service for service in services if service.hired_on <= on]
    hired = counted_from(begun, rule.restart_after_months)
    if hired is None:
        return None
    start = max(hired, rule.starts_on)
    by_rule = due_day(start, rule.months, stops, on)
    granted = max((one.until for one in extensions if one.issued_on <= on and one.due_on >= start), default=by_rule)
    extended = granted > by_rule
    return Deadline(
        hired_on=hired,
        starts_on=start,
        unstopped=add_months(start, rule.months),
        by_rule=by_rule,
        stopped=not extended and any(stop.start <= on and (stop.end is None or on < stop.end) for stop in stops),
        extended_to=granted if extended else None,
    )


def judged_day(obtained_on: date, issued_on: date | None, judged_by: Judged) -> date:
    """The day by which a certificate is judged; without a day of issue the day it was obtained stands for it."""
    return issued_on or obtained_on if judged_by == "issued" else obtained_on


def in_time(obtained_on: date, issued_on: date | None, due_on: date, judged_by: Judged) -> bool:
    """Whether a certificate came by the deadline."""
    return judged_day(obtained_on, issued_on, judged_by) <= due_on


def alert_stage(due_on: date, months: Iterable[int], on: date) -> int | None:
    """How near a deadline is: the smallest of `months` within which it lies, 0 once it has passed, None while far."""
    if on > due_on:
        return 0
    return min((month for month in months if on >= add_months(due_on, -month)), default=None)


def sittings_left(due_on: date, on: date, month: int, day: int, result_months: int) -> list[date]:
    """The yearly exams from `on` (inclusive) whose results come by the deadline (domain §2.4).

    `month` and `day` are a day that every year has.
    """
    found = []
    for year in range(on.year, due_on.year + 1):
        sitting = date(year, month, day)
        if sitting >= on and add_months(sitting, result_months) <= due_on:
            found.append(sitting)
    return found


# Registration --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RegistrationRule:
    """Terms of the registration 登记 of a national certificate (domain §2.4; hours per period of validity)."""

    first_months: int = 12
    years: int = 3
    window_months: int = 3
    hours_assistant: int = 72
    hours_other: int = 90
    degree_hours: int = 90


def first_registration_due(obtained_on: date, rule: RegistrationRule) -> date:
    """The last day of the first registration."""
    return add_months(obtained_on, rule.first_months)


def registration_expires(registered_on: date, rule: RegistrationRule) -> date:
    """The last day of a registration: 2023-05-10 with 3 years gives 2026-05-10."""
    return add_months(registered_on, 12 * rule.years)


def window_opens(expires_on: date, rule: RegistrationRule) -> date:
    """The first day on which a registration can be renewed; the last is the day it expires."""
    return add_months(expires_on, -rule.window_months)


def hours_needed(level: str, rule: RegistrationRule) -> int:
    """Hours of continuing education that a renewal asks for."""
    return rule.hours_assistant if level == "assistant" else rule.hours_other


def hours_counted(courses: Iterable[Decimal], degrees: int, rule: RegistrationRule) -> Decimal:
    """Hours of one period: all courses, and a social-work degree once however many were gained."""
    return sum(courses, Decimal(0)) + (rule.degree_hours if degrees else 0)


# Share of the certified ----------------------------------------------------------------------------------------------


def share_met(certified: int, heads: int, percent: int) -> bool | None:
    """Whether `certified` of `heads` persons reach the target, in whole numbers; None where there is nobody."""
    return certified * 100 >= percent * heads if heads else None


def heads_needed(certified: int, heads: int, percent: int) -> int:
    """How many more persons must obtain a certificate: the target rounded up, less those who have one; never below 0."""
    return max(0, (percent * heads + 99) // 100 - certified)
