"""The demonstration's promises of answers, with those rolled over from the year before, and its ledger of tasks."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from random import Random

import typst

from portal.core.lib.workdays import roll
from portal.demo.names import People
from portal.demo.proposal_courses import Answer, Case, Hands
from portal.demo.proposal_walk import Clock, Walk, moment
from portal.demo.proposal_words import LAST_TASKS, TASKS
from proposals.actions.evidence import Upload, keep_evidence
from proposals.classes import PROMISING
from proposals.enums import CommitmentState, Disclosure, DueKind, ReplyKind, Stage, TaskState
from proposals.models import ClassChange, Commitment, CommitmentStep, LedgerReport, LedgerTask
from proposals.queries.ledger import DueBook, owed_periods

YEARS_END = (12, 20)
CANCELLED, LATE, WAITS = 7, 9, 20
NEVER = (12, 16)
MISSING = (5, 11)


@dataclass
class Promised:
    """Promises in the order in which they may be stored: those that go on from another one come later."""

    first: list[Commitment] = field(default_factory=list)
    later: list[Commitment] = field(default_factory=list)
    steps: list[CommitmentStep] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)
    proven: list[CommitmentStep] = field(default_factory=list)


class Keeper:
    """Gives each answer of class B or C its promise, and lets years pass over it."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self.clock, self.random = clock, random
        self.people = People(random)
        self.made = Promised()

    def promise(self, case: Case, hands: Hands, walk: Walk) -> None:
        """The promise of a part whose answer was sent, its progress, and the report on what became of it."""
        part = walk.part
        if part.result not in PROMISING or part.replied_on is None:
            return
        one = next(found for found in case.answers if found.walk is walk)
        first = self._commitment(case, hands, walk, one)
        self.made.first.append(first)
        self._told(first, part.replied_on, "登记承诺事项", 0, hands)
        held, percent, on = first, 0, part.replied_on
        if self._kept_at_once(case, held, walk, hands):
            return self._reported(case, walk, hands)
        while held.year < self.clock.day.year:
            on, percent = max(on, date(held.year, *YEARS_END)), percent + 30
            held = self._rolled(held, on, min(percent, 80), hands)
        self._progress(case, held, walk, on, hands)
        self._reported(case, walk, hands)

    def _kept_at_once(self, case: Case, held: Commitment, walk: Walk, hands: Hands) -> bool:
        """Half of the promises of an earlier year were kept within that year."""
        on = roll(date(held.year, 11, 20), self.clock.calendar)
        if held.year == self.clock.day.year or walk.part.replied_on > on or self.random.random() < 0.5:
            return False
        held.due_on = roll(date(held.year, 11, 28), self.clock.calendar)
        self._kept(case, held, walk, on, hands)
        return True

    def _commitment(self, case: Case, hands: Hands, walk: Walk, one: Answer) -> Commitment:
        part = walk.part
        made = Commitment(
            handling=part, division_id=part.division_id, unit=part.unit, year=part.replied_on.year,
            text=f"{case.topic.next}（演示）", owner=self.people.name(),
            due_on=roll(part.replied_on + timedelta(days=self.random.randint(110, 330)), self.clock.calendar),
            first_result=part.result, result=part.result, entered_by=hands.drafter,
        )  # fmt: skip
        self.made.answers[id(made)] = one
        return made

    def _rolled(self, held: Commitment, on: date, percent: int, hands: Hands) -> Commitment:
        """The promise as it stands in the next year's ledger; the old one stays as it ended."""
        self._told(held, on, f"年内完成{percent}%，转入下年度继续办理。（演示）", percent, hands)
        held.state, held.ended_on = CommitmentState.ROLLED, on
        new = Commitment(
            handling=held.handling, division_id=held.division_id, unit=held.unit, year=held.year + 1, text=held.text,
            owner=held.owner, due_on=roll(on + timedelta(days=self.random.randint(150, 360)), self.clock.calendar),
            first_result=held.first_result, result=held.result, rolled_from=held, entered_by=hands.drafter,
        )  # fmt: skip
        self.made.later.append(new)
        self.made.answers[id(new)] = self.made.answers[id(held)]
        self._told(new, on, f"自 {held.year} 年度转入", percent, hands)
        return new

    def _progress(self, case: Case, held: Commitment, walk: Walk, since: date, hands: Hands) -> None:
        """Told now and then until it is kept; one in six is left alone, some end too late or not at all."""
        if self.random.random() < 1 / 6:
            return
        percent = 40 if held.rolled_from else 20
        finished = held.due_on - timedelta(days=self.random.randint(-20, 40))
        ends = self.random.random() < 0.75
        on = since + timedelta(days=self.random.randint(30, 70))
        while on <= self.clock.day and on < finished:
            percent = min(95, percent + 15)
            self._told(held, on, f"按计划推进，完成{percent}%。（演示）", percent, hands)
            on += timedelta(days=self.random.randint(50, 80))
        if ends and on > finished and since < finished <= self.clock.day:
            self._kept(case, held, walk, finished, hands)

    def _kept(self, case: Case, held: Commitment, walk: Walk, on: date, hands: Hands) -> None:
        part = walk.part
        self._told(held, on, "承诺事项全部完成，附佐证，申请确认。（演示）", 100, hands)
        self.made.proven.append(self.made.steps[-1])
        step = CommitmentStep(
            commitment=held, on=on, words="经核实，承诺事项已落实。（演示）", percent=100, result_before=held.result,
            result_after="A", entered_by=hands.office,
        )  # fmt: skip
        self.made.steps.append(step)
        held.result, held.state, held.ended_on, held.confirmed_by = "A", CommitmentState.KEPT, on, hands.office
        case.rows.append(
            ClassChange(
                handling=part,
                before=part.result,
                after="A",
                on=on,
                reason="承诺事项已落实（演示）",
                changed_by=hands.office,
            )
        )
        part.result = "A"

    def _told(self, held: Commitment, on: date, words: str, percent: int, hands: Hands) -> None:
        self.made.steps.append(
            CommitmentStep(commitment=held, on=on, words=words, percent=percent, entered_by=hands.drafter)
        )

    def _reported(self, case: Case, walk: Walk, hands: Hands) -> None:
        """落实答复: a letter of its own once its day has come; some are late."""
        part = walk.part
        done = part.stage in (Stage.ANSWERED, Stage.ARCHIVED)
        for due in walk.open_due(DueKind.IMPLEMENTATION) if done else ():
            on = roll(due.due_on - timedelta(days=self.random.randint(-4, 25)), self.clock.calendar)
            if on > self.clock.day or on <= part.closed_on or self.random.random() < 0.1:
                continue
            case.answers.append(
                Answer(
                    walk, ReplyKind.IMPLEMENTATION, 1, part.result, Disclosure.ON_REQUEST, "办理落实情况（演示）", on,
                    hands.drafter, signed_on=on, signed_by=hands.leader,
                )
            )  # fmt: skip
            walk.meet(DueKind.IMPLEMENTATION, on)
        walk.settle()


def prove(steps: list[CommitmentStep]) -> None:
    """Seals a file of one page for each step that says that a promise is kept."""
    page = typst.compile(b"Evidence of a kept promise (demonstration, invented)")
    for step in steps:
        held = step.commitment
        upload = Upload(BytesIO(page), f"落实情况佐证（演示）{step.on.isoformat()}.pdf", len(page))
        step.evidence = keep_evidence(upload, division_id=held.division_id, by=step.entered_by)


STEP = (
    "commitment_id", "on", "words", "percent", "evidence_id", "result_before", "result_after", "entered_by_id",
    "entered_at",
)  # fmt: skip


def step_row(step: CommitmentStep) -> tuple:
    """A step as it is stored, entered on its own day."""
    return (
        step.commitment.pk, step.on, step.words, step.percent, step.evidence_id, step.result_before,
        step.result_after, step.entered_by_id, moment(step.on, 11),
    )  # fmt: skip


def ledger(code: str, year: int, clock: Clock, hands: Hands) -> None:
    """Twenty tasks of a year's list: most reported on in time, some late, some not at all; some struck off."""
    random = Random(f"ledger{year}")
    people, tasks = People(random), []
    for number, (domain, title) in enumerate(TASKS, 1):
        due = date(year, 12, 25) if number % 3 else date(year, 3 + number // 3 % 9, 28)
        task = _task(code, year, number, f"{title}（演示）", domain, due, people, hands)
        _end(task, number, clock, hands)
        tasks.append(task)
    _listed(tasks, MISSING, clock, random, hands)


def last_ledger(code: str, year: int, clock: Clock, hands: Hands) -> None:
    """What the list before held: until it is rolled over in the next year, two tasks are still open on it."""
    random = Random(f"ledger{year}")
    people, tasks = People(random), []
    for number, (domain, title) in enumerate(LAST_TASKS, 1):
        task = _task(code, year, number, f"{title}（演示）", domain, date(year, *YEARS_END), people, hands)
        if number == 1 or year + 1 < clock.day.year:
            _strike(task, task.due_on - timedelta(days=3), clock, hands)
        tasks.append(task)
    _listed(tasks, (), clock, random, hands)


def _task(
    code: str, year: int, number: int, title: str, domain: str, due: date, people: People, hands: Hands
) -> LedgerTask:
    return LedgerTask(
        division_id=code, year=year, number=number, title=title, domain=domain, agreement="演示合作协议（虚构）",
        regions="三地", leader=people.name(), chief=people.name(), officer=people.name(), posted_on=date(year, 1, 15),
        due_on=due, entered_by=hands.office,
    )  # fmt: skip


def _listed(tasks: list[LedgerTask], missing: Collection[int], clock: Clock, random: Random, hands: Hands) -> None:
    """Stores the tasks with the reports that have come in; of those in `missing` some have not."""
    book = DueBook()
    LedgerTask.objects.bulk_create(tasks)
    reports = [
        _report(task, period, book, random, hands)
        for task in tasks
        for period in owed_periods(task)
        if period.ends_on < clock.day and not (task.number in missing and period.ends_on.month % 4 == 2)
    ]
    LedgerReport.objects.bulk_create(one for one in reports if one.reported_on <= clock.day)


def _end(task: LedgerTask, number: int, clock: Clock, hands: Hands) -> None:
    """Those whose day has come are struck off by somebody else than asked, one too late, two not at all; one waits."""
    if number == CANCELLED:
        task.state, task.struck_by, task.struck_on = (
            TaskState.CANCELLED,
            hands.leader,
            min(clock.day, date(task.year, 5, 20)),
        )
    elif task.due_on < clock.day and number not in NEVER:
        _strike(task, task.due_on + timedelta(days=9 if number == LATE else -3), clock, hands)
    elif number == WAITS:
        task.state, task.asked_by, task.asked_on = TaskState.ASKED, hands.office, clock.day
        task.evidence = "任务已完成，附工作总结。（演示）"


def _strike(task: LedgerTask, on: date, clock: Clock, hands: Hands) -> None:
    task.evidence, task.asked_by, task.asked_on = (
        "任务已完成，附工作总结。（演示）",
        hands.office,
        on - timedelta(days=2),
    )
    task.state, task.struck_by, task.struck_on = TaskState.STRUCK, hands.leader, min(clock.day, on)


def _report(task: LedgerTask, period, book: DueBook, random: Random, hands: Hands) -> LedgerReport:
    due = book.of(task.division_id, period)
    late = random.random() < 0.06
    on = (
        due + timedelta(days=random.randint(1, 6))
        if late
        else max(period.ends_on, due - timedelta(days=random.randint(0, 2)))
    )
    percent = min(100, period.ends_on.month * 8 + random.randint(0, 6))
    return LedgerReport(
        task=task, cadence=period.cadence, period=period.key, words=f"按计划推进，总体完成{percent}%。（演示）",
        percent=percent, problems="跨区协调需要更多时间。（演示）" if late else "", due_on=due, reported_on=on,
        reported_by=hands.office,
    )  # fmt: skip
