"""How the demonstration's parts of units went: step by step through the table of stages, until the day is reached."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.core.lib.clock import zone
from portal.core.lib.dated import ONE_DAY
from portal.core.lib.workdays import Specials, roll
from proposals import stages
from proposals.actions.course import AFRESH, DROPS, MEETS, NEXT_ROUND, PEOPLE
from proposals.deadlines import last_day
from proposals.enums import DueKind, HandlingRole
from proposals.models import Deadline, Handling
from proposals.queries.deadlines import RIGHTS, Counting, counting_of


class Over(Exception):
    """The day of the demonstration is reached: what comes after has not happened yet."""


def moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), zone())


@dataclass
class Clock:
    """The day of the demonstration, the calendar, and the rules, each asked for once."""

    day: date
    calendar: Specials
    _known: dict[tuple, Counting | None] = field(default_factory=dict)

    def counting(self, part: Handling, kind: str, starts_on: date) -> Counting | None:
        proposal = part.proposal
        key = (part.division_id, kind, proposal.session.body, proposal.between_sessions, starts_on.year)
        if key not in self._known:
            self._known[key] = counting_of(part, kind, starts_on)
        return self._known[key]


@dataclass
class Move:
    """A step that was taken."""

    step: str
    before: str
    after: str
    round: int
    words: str
    on: date
    by: Any


class Walk:
    """One part on its way. Everything stays in memory until `proposal_rows` writes it."""

    def __init__(self, part: Handling, clock: Clock, *, supervised: bool = True) -> None:
        self.part, self.clock, self.on = part, clock, part.assigned_on
        self.moves: list[Move] = []
        self.dues: list[Deadline] = []
        self._supervised = supervised
        self.start(DueKind.RETURN)
        self.start(DueKind.OPINION if part.role == HandlingRole.CO else DueKind.REPLY)

    def wait(self, days: int) -> date:
        """The working day so many days on. Raises Over where it has not come yet."""
        found = roll(self.on + timedelta(days=days), self.clock.calendar)
        if found > self.clock.day:
            raise Over
        self.on = found
        return found

    def go(self, key: str, days: int, by: Any, words: str = "") -> date:
        """Takes a step of the table so many days later; raises Over where that day has not come."""
        on = self.wait(days)
        row = stages.find(key, self.part.stage, self.part.role, self._facts())
        if row is None:
            raise ValueError(f"{key} does not lead on from {self.part.stage}")
        if key in AFRESH:
            for name in PEOPLE.values():
                setattr(self.part, name, None)
        if name := PEOPLE.get(key):
            setattr(self.part, name, by)
        self._mark(key, row.to, on)
        self.moves.append(Move(key, self.part.stage, row.to, self.part.round, words, on, by))
        self.part.stage = row.to
        self.part.version += 1
        self._follow(key, on)
        return on

    def _mark(self, key: str, to: str, on: date) -> None:
        if key == "sign_for":
            self.part.signed_for_on = on
        elif key == "send":
            self.part.sent_on, self.part.replied_on = on, self.part.replied_on or on
        if to in (stages.ANSWERED, stages.OPINION_GIVEN):
            self.part.closed_on = on

    def _follow(self, key: str, on: date) -> None:
        for kind in MEETS.get(key, ()):
            self.meet(kind, on)
        for kind in DROPS.get(key, ()):
            self.drop(kind)
        if key in NEXT_ROUND:
            self.part.round += 1
            self.start(DueKind.REHANDLING)

    def _facts(self) -> frozenset[str]:
        held = {
            stages.SIGNED_FOR: self.part.signed_for_on is not None,
            stages.SUPERVISED: self._supervised,
            stages.LATER_ROUND: self.part.round > 1,
        }
        return frozenset(name for name, holds in held.items() if holds)

    def start(self, kind: str) -> Deadline | None:
        """A last day counted from the day of the walk by the rule of the place; None where it has none."""
        counting = self.clock.counting(self.part, kind, self.on)
        if counting is None:
            return None
        period = counting.period
        end = last_day(self.on, period, self.clock.calendar, rolling=counting.rolling)
        due = Deadline(
            handling=self.part, division_id=self.part.division_id, kind=kind, round=self.part.round, starts_on=self.on,
            months=period.months, days=period.days, working_days=period.working_days, fixed=period.fixed is not None,
            rolling=counting.rolling, rule=counting.rule[:300], unrolled_on=end.unrolled_on, due_on=end.due_on,
            provisional=end.provisional,
        )  # fmt: skip
        self.dues.append(due)
        return due

    def open_due(self, kind: str | None = None) -> list[Deadline]:
        return [due for due in self.dues if not due.met_on and not due.dropped and kind in (None, due.kind)]

    def meet(self, kind: str, on: date) -> None:
        for due in self.open_due(kind)[-1:]:
            due.met_on = on
            if on > due.due_on:
                due.overdue_on = due.due_on + ONE_DAY

    def drop(self, kind: str | None) -> None:
        for due in self.open_due(kind):
            due.dropped = True

    def settle(self) -> None:
        """What boards read of the part: its earliest open last day."""
        waiting = sorted((due for due in self.open_due() if due.kind not in RIGHTS), key=lambda due: due.due_on)
        self.part.due_on, self.part.due_kind = (waiting[0].due_on, waiting[0].kind) if waiting else (None, "")
