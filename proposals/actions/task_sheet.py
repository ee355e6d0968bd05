"""Writes of imports of task lists: put on the ledger or corrected row by row, and taken back as a whole."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.sheets import table_undo
from portal.core.sheets.importer import Part as PlanPart
from portal.core.sheets.importer import Progress
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.table_undo import take_back
from portal.core.sheets.undo import UndoPreview
from proposals.actions.tallies import refresh_tallies
from proposals.actions.tasks import lock_list
from proposals.enums import TaskState
from proposals.models import LedgerReport, LedgerTask

TABLES = (LedgerTask, LedgerReport)
look = partial(table_undo.look, model=LedgerTask)
_DAYS = ("posted_on", "due_on")


@action
def apply_task_sheet(*, part: PlanPart, batch: ImportBatch, by) -> None:
    """Writes the tasks of a checked list and brings the figures up to date; all or nothing.

    Raises ValidationError or IntegrityError where the ledger has come to contradict the plan.
    """
    new = list(_lines(part("new")))
    for year in sorted({line["year"] for line in new}):
        lock_list(batch.division_id, year)
    for line in new:
        LedgerTask.objects.create(division_id=batch.division_id, entered_by=by, **_facts(line))
    for line in _lines(part("changed")):
        pk = line.pop("id")
        task = LedgerTask.objects.select_for_update().get(pk=pk)
        if task.state != TaskState.OPEN:
            raise ValidationError(_("第 %(number)s 项已不在挂账状态，不能更改。") % {"number": task.number})
        for name, value in _facts(line).items():
            setattr(task, name, value)
        task.version += 1
        task.save()
    refresh_tallies([batch.division_id])


def _lines(pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, b"".join(pieces).decode().splitlines())


def _facts(line: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in _DAYS else value for name, value in line.items()}


@action
def undo_import(*, batch: ImportBatch, rest: bool, progress: Progress, by) -> UndoPreview:
    """Puts the tasks of an import back to what they were before it, and the figures with them. Raises `Edited`.

    What was reported on since is kept too.
    """
    found, _places = take_back(model=LedgerTask, versioned=True, batch=batch, rest=rest, progress=progress)
    refresh_tallies([batch.division_id])
    return found
