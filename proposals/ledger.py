"""Which reports a task of the ledger owes, and how it stands with them (domain §1.K). Pure: knows no tables.

月上报、季分析、半年讲评、年终通报: a task on the list of a whole year owes twelve monthly, four quarterly, two half-yearly
reports and an annual one. On 31 December four periods end at once, so December carries all four.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from portal.core.reports.cadence import Cadence, Period, ended_between, period_named

CADENCES = (Cadence.MONTH, Cadence.QUARTER, Cadence.HALF_YEAR, Cadence.YEAR)
EARLY = timedelta(days=10)
"""So long before its last day the report of a period may come in: offices write up a month before it is quite over."""


class Standing(enum.StrEnum):
    """How an expected report stands on a day. Late and missing are different things (domain §1.K)."""

    AHEAD = "ahead"
    """The period is not over."""
    WAITING = "waiting"
    """The period is over, nothing has come in, and nothing had to."""
    MISSING = "missing"
    """Nothing has come in, though it had to."""
    IN_TIME = "in_time"
    LATE = "late"
    """Came in after the day it was due."""


@dataclass(frozen=True)
class Owed:
    """A report that a task owes, with the day it is due, and the day it came in if it has."""

    period: Period
    due_on: date
    reported_on: date | None
    standing: Standing

    @property
    def days_late(self) -> int:
        """Days after the due day on which a late report came in; 0 for any other."""
        return (self.reported_on - self.due_on).days if self.standing == Standing.LATE and self.reported_on else 0


@dataclass(frozen=True)
class Counts:
    """How many reports of a task, or of many, stand how. `due` are those whose day has come or which came before it."""

    owed: int = 0
    ahead: int = 0
    waiting: int = 0
    missing: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def reported(self) -> int:
        return self.in_time + self.late

    @property
    def due(self) -> int:
        return self.reported + self.missing

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.owed + other.owed,
            self.ahead + other.ahead,
            self.waiting + other.waiting,
            self.missing + other.missing,
            self.in_time + other.in_time,
            self.late + other.late,
        )


@lru_cache(maxsize=4096)
def expected(year: int, posted_on: date, ended_on: date | None = None) -> tuple[Period, ...]:
    """The reports that a task of the list of a year owes, by the last day of the period, shorter periods first.

    A task put on the ledger within the year owes those of periods that end on that day or later; one struck off or
    cancelled owes none for a period that was not over by the day before.
    """
    first, last = max(posted_on, date(year, 1, 1)), date(year, 12, 31)
    if ended_on is not None:
        last = min(last, ended_on - timedelta(days=1))
    if first > last:
        return ()
    found = [period for cadence in CADENCES for period in ended_between(cadence, first, last)]
    order = {cadence: number for number, cadence in enumerate(CADENCES)}
    return tuple(sorted(found, key=lambda period: (period.ends_on, order[period.cadence])))


@lru_cache(maxsize=4096)
def _named(period: Period) -> tuple[str, date]:
    """Key and last day of a period: asked for once for every task of a ledger."""
    return period.key, period.ends_on


def standing(period: Period, due_on: date, reported_on: date | None, on: date) -> Standing:
    """How the report of a period stands on the day `on`; what came in later is not known yet. The due day is in time."""
    if reported_on is not None and reported_on <= on:
        return Standing.IN_TIME if reported_on <= due_on else Standing.LATE
    if on > due_on:
        return Standing.MISSING
    return Standing.WAITING if on > _named(period)[1] else Standing.AHEAD


def owed(
    periods: Iterable[Period], due_days: Mapping[str, date], reported: Mapping[str, tuple[date, date]], on: date
) -> tuple[Owed, ...]:
    """How each of the periods stands.

    `due_days` gives the due day by the key of a period; `reported`, by the same key, when a report came in and the due
    day that was in force then, which goes on to count: a rule changed afterwards makes no report late.
    """
    found = []
    for period in periods:
        key = _named(period)[0]
        reported_on, due_on = reported.get(key) or (None, due_days[key])
        state = standing(period, due_on, reported_on, on)
        found.append(Owed(period, due_on, reported_on if state in (Standing.IN_TIME, Standing.LATE) else None, state))
    return tuple(found)


def counts_of(reports: Iterable[Owed]) -> Counts:
    """How many stand how."""
    states = [one.standing for one in reports]
    return Counts(
        owed=len(states),
        ahead=states.count(Standing.AHEAD),
        waiting=states.count(Standing.WAITING),
        missing=states.count(Standing.MISSING),
        in_time=states.count(Standing.IN_TIME),
        late=states.count(Standing.LATE),
    )


def period_of_key(key: str) -> Period:
    """The month, quarter, half-year or year that a key names. ValueError for anything else."""
    for cadence in CADENCES:
        try:
            return period_named(cadence, key)
        except ValueError:
            continue
    raise ValueError(f"{key!r} names no period of the ledger.")
