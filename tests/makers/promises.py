"""A promise and a task of the ledger, in a place. Promises lie with the district of the place, as their cases do."""

from datetime import date

from portal.core.lib.vault import write_sealed
from proposals.actions.files import path_of
from proposals.models import CaseFile, Commitment, Handling, LedgerTask
from tests import factories
from tests.makers.proposals import part_of
from tests.proposals import promised


def _handling(code: str) -> Handling:
    """An answered case of the district."""
    return part_of(code, stage="answered", result="B", replied_on=date(2026, 4, 20))


def _promise(code: str) -> Commitment:
    return promised.row(_handling(code))


def _task(code: str) -> LedgerTask:
    year = 2000 + LedgerTask.objects.count()
    about = promised.TASK | {"posted_on": date(year, 1, 5), "due_on": date(year, 12, 31)}
    by = factories.user(f"poster{LedgerTask.objects.count()}")
    return LedgerTask.objects.create(division_id=code, year=year, number=1, entered_by=by, **about)


def _file(code: str) -> CaseFile:
    by = factories.user(f"prover{CaseFile.objects.count()}")
    row = CaseFile.objects.create(
        division_id=code, filename="x.pdf", content_type="pdf", size=1, sha256="0" * 64, added_by=by
    )
    write_sealed(path_of(row.pk), [b"x"], f"proposals.file:{row.pk}")
    return row


def _promise_file(code: str) -> list:
    held, found = _promise(code), _file(code[:6])
    held.steps.create(on=date(2026, 6, 1), words="x", evidence=found, entered_by=found.added_by)
    return [found.pk]


def _task_file(code: str) -> list:
    task, found = _task(code), _file(code)
    LedgerTask.objects.filter(pk=task.pk).update(evidence_file=found)
    return [found.pk]


def _task_act(code: str, act: str) -> list:
    return [_task(code).pk, act]


def _report(code: str) -> list:
    task = _task(code)
    return [task.pk, f"{task.year}-01"]


MAKERS = {
    "promise": lambda code: [_promise(code).pk],
    "promise_act": lambda code: [_promise(code).pk, "progress"],
    "promise_file": _promise_file,
    "promising": lambda code: [_handling(code).pk],
    "task": lambda code: [_task(code).pk],
    "task_file": _task_file,
    "task_ask": lambda code: _task_act(code, "ask"),
    "task_report": _report,
    "ledger_period": lambda code: ["2026-10"],
}
PLACELESS = {"ledger_period"}
