"""What a list of the ledger holds: the tasks asked for, and how each stands with its reports. For page and export alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _L

from proposals.enums import TaskState
from proposals.forms.tasks import TaskFilter
from proposals.ledger import Standing
from proposals.models import LedgerTask
from proposals.queries import ledger as reads


@dataclass(frozen=True)
class Listing:
    """The tasks of a year that were asked for. `known` is how all tasks of the year stand, whichever were asked for.

    `pressing` counts what needs somebody: the key of the filter, its words, how many tasks.
    """

    form: TaskFilter
    year: int
    on: date
    tasks: QuerySet[LedgerTask]
    known: reads.Standings
    pressing: tuple[tuple[str, str | Promise, int], ...]
    narrowed: bool


def listing(user, params: Mapping[str, str], *, under: str, on: date) -> Listing:
    """Five queries for however many tasks."""
    form = TaskFilter(params, on=on)
    asked = form.asked()
    year = asked.pop("year")
    whole = reads.of_year(user, under=under, year=year, on=on)
    every = list(whole)
    known = reads.standings(every, on)
    pressing = (
        ("overdue", _L("任务逾期"), sum(1 for one in every if one.state in reads.OPEN and one.due_on < on)),
        (Standing.MISSING.value, _L("有报告未报"), len(known.having(Standing.MISSING))),
        (Standing.LATE.value, _L("有报告迟报"), len(known.having(Standing.LATE))),
        (TaskState.ASKED.value, _L("申请销号待审核"), sum(1 for one in every if one.state == TaskState.ASKED)),
    )
    tasks = reads.narrowed(whole, known, on=on, **asked)
    return Listing(form, year, on, tasks, known, pressing, any(asked.values()))


def lines(tasks: Iterable[LedgerTask], known: reads.Standings, on: date) -> list[dict]:
    """The tasks as a list shows them: counts of reports, and whether the task itself is past its last day."""
    return [
        {"task": one, "counts": known.counts[one.pk], "overdue": one.state in reads.OPEN and one.due_on < on}
        for one in tasks
    ]
