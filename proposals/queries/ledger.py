"""Reads of the task ledger: the list of a year, and how each task stands with the reports it owes (domain §1.K)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from portal.core.accounts.roles import Perm
from portal.core.audit.models import AuditEvent
from portal.core.findings.models import Finding
from portal.core.reports.cadence import Period
from portal.core.reports.expected import DueDays
from proposals import ledger
from proposals.enums import TaskState
from proposals.ledger import Counts, Owed, Standing
from proposals.models import LedgerReport, LedgerTask

OPEN = (TaskState.OPEN, TaskState.ASKED)
ENDED = (TaskState.STRUCK, TaskState.CANCELLED)
# Kinds of findings about the ledger; their facts name the task.
FINDING = "ledger_reports"
MOST_QUICK = 50
REFUSED = "strike_refused"
EVENTS = (REFUSED, "task_cancelled", "task_rolled")


class DueBook:
    """Due days of reports by place and period, each worked out once. Two queries, however many are asked for."""

    def __init__(self) -> None:
        self._days = DueDays()
        self._known: dict[tuple[str, str], date] = {}

    def of(self, code: str, period: Period) -> date:
        key = (code, period.key)
        if key not in self._known:
            self._known[key] = self._days.of(code, period)
        return self._known[key]


@dataclass(frozen=True)
class Standings:
    """How tasks stand with their reports on a day: every report by the key of its task."""

    reports: dict[int, tuple[Owed, ...]]

    @cached_property
    def counts(self) -> dict[int, Counts]:
        return {pk: ledger.counts_of(owed) for pk, owed in self.reports.items()}

    @property
    def total(self) -> Counts:
        return sum(self.counts.values(), Counts())

    def having(self, standing: Standing) -> list[int]:
        """Tasks with at least one report that stands so."""
        return [pk for pk, owed in self.reports.items() if any(one.standing == standing for one in owed)]


def ended_on(task: LedgerTask) -> date | None:
    """The day on which a task was struck off or cancelled."""
    return task.struck_on if task.state in ENDED else None  # one that rolled on owes its year to the end


def owed_periods(task: LedgerTask) -> tuple[Period, ...]:
    """The periods for which a task owes reports."""
    return ledger.expected(task.year, task.posted_on, ended_on(task))


def standings(tasks: Iterable[LedgerTask], on: date) -> Standings:
    """How the tasks stand on a day. Three queries."""
    tasks, book = list(tasks), DueBook()
    came: dict[int, dict[str, tuple[date, date]]] = {}
    rows = LedgerReport.objects.filter(task__in=[task.pk for task in tasks])
    for task, period, reported_on, due_on in rows.values_list("task", "period", "reported_on", "due_on"):
        came.setdefault(task, {})[period] = (reported_on, due_on)
    found, due_days = {}, {}
    for task in tasks:
        periods = owed_periods(task)
        due = due_days.get((task.division_id, periods))
        if due is None:
            due = due_days[task.division_id, periods] = {one.key: book.of(task.division_id, one) for one in periods}
        found[task.pk] = ledger.owed(periods, due, came.get(task.pk, {}), on)
    return Standings(found)


def of_year(user, *, under: str, year: int, on: date) -> QuerySet[LedgerTask]:
    """The list of a year under a place, as far as it stood on a day."""
    found = LedgerTask.objects.for_user(user, Perm.VIEW_REPORTS).under(under).filter(year=year, posted_on__lte=on)
    return found.select_related("division").order_by("division_id", "number")


def narrowed(tasks: QuerySet, known: Standings, *, on: date, q: str, domain: str, show: str) -> QuerySet:
    """Tasks that a reader asks for. `show`: a state, `overdue`, or `missing` and `late` of their reports."""
    for word in q.replace("\x00", "").split()[:5]:
        tasks = tasks.filter(
            Q(title__icontains=word) | Q(leader__icontains=word) | Q(chief__icontains=word) | Q(officer__icontains=word)
            | Q(agreement__icontains=word)
        )  # fmt: skip
    if domain:
        tasks = tasks.filter(domain=domain)
    if show in TaskState.values:
        tasks = tasks.filter(state=show)
    elif show == "overdue":
        tasks = tasks.filter(state__in=OPEN, due_on__lt=on)
    elif show:
        tasks = tasks.filter(pk__in=known.having(Standing(show)))
    return tasks


def waiting(tasks: Sequence[LedgerTask], period: Period) -> list[LedgerTask]:
    """Those of the tasks that owe a report of the period which has not come in, in their order; the first `MOST_QUICK`."""
    there = set(LedgerReport.objects.filter(period=period.key, task__in=tasks).values_list("task_id", flat=True))
    return [one for one in tasks if one.pk not in there and period in owed_periods(one)][:MOST_QUICK]


def reports_of(task: LedgerTask) -> dict[str, LedgerReport]:
    """Reports of a task that came in, by period."""
    return {one.period: one for one in task.reports.select_related("reported_by")}


def findings_about(user, kind: str, name: str, pk: int) -> list[Finding]:
    """Findings, resolved ones last, whose facts name a row: `task` or `commitment`. As far as the user may see them."""
    found = Finding.objects.for_user(user, Perm.VIEW_FINDINGS).filter(kind=kind, **{f"facts__{name}": pk})
    return list(found.select_related("division").prefetch_related("supervisions").order_by("resolved_on", "-id")[:20])


def events_of(tasks: Sequence[LedgerTask]) -> list[AuditEvent]:
    """Why striking a task off was refused, or it was cancelled or rolled over; newest first. All are of one place."""
    if not tasks:
        return []
    about = {"division": tasks[0].division_id, "subject__in": [str(task.pk) for task in tasks]}
    return list(AuditEvent.objects.filter(act__in=EVENTS, **about).order_by("-id")[:20])


def chain(task: LedgerTask) -> list[LedgerTask]:
    """The task and those of earlier and later years that it goes on from or into, oldest first."""
    found = [task]
    while found[0].rolled_from_id:
        found.insert(0, LedgerTask.objects.get(pk=found[0].rolled_from_id))
    while (later := LedgerTask.objects.filter(rolled_from=found[-1]).first()) is not None:
        found.append(later)
    return found


def rollable(user, *, under: str, year: int) -> list[LedgerTask]:
    """Tasks of the list of a year that are still open where the user signs, in the order of the list; 500 at most."""
    found = LedgerTask.objects.for_user(user, Perm.SIGN_REPORTS).under(under).filter(year=year, state=TaskState.OPEN)
    return list(found.select_related("division").order_by("division_id", "number")[:500])


def owing(user, period: Period, *, under: str) -> list[LedgerTask]:
    """Tasks under a place that the user may report on, and that owe a report of the period which has not come in."""
    found = LedgerTask.objects.for_user(user, Perm.MAKE_REPORTS).under(under).exclude(state=TaskState.CANCELLED)
    found = found.filter(year=period.year, posted_on__lte=period.ends_on).select_related("division")
    return waiting(list(found.order_by("division_id", "number")), period)


def latest_percents(tasks: Iterable[LedgerTask]) -> dict[int, int]:
    """How far each task was by its latest report."""
    rows = LedgerReport.objects.filter(task__in=[task.pk for task in tasks]).order_by("reported_on", "pk")
    return dict(rows.values_list("task", "percent"))
