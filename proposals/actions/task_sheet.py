"""Writes of imports of task lists: put on the ledger or corrected row by row, and taken back as a whole."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.audit.acts import label_of
from portal.core.audit.rewind import Part, Tie, gather, look_later
from portal.core.audit.rewinding import leave_out_kept, remove_made, restore
from portal.core.sheets.importer import Part as PlanPart
from portal.core.sheets.importer import Progress
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.undo import SHOWN, Edited, UndoPreview
from proposals.actions.tallies import refresh_tallies
from proposals.actions.tasks import lock_list
from proposals.enums import TaskState
from proposals.models import LedgerReport, LedgerTask

TABLES = (LedgerTask, LedgerReport)
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


@cache
def _ties() -> tuple[Tie, ...]:
    """The tasks and their reports: whatever was done since keeps a task from being taken back."""
    return (Tie(LedgerTask, "e.id", always=True), Tie(LedgerReport, "e.task_id"))


def look(batch: ImportBatch) -> UndoPreview:
    """What would be taken back now, and what would be kept; writes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        return _preview(cursor, _gathered(cursor, batch))


@action
def undo_import(*, batch: ImportBatch, rest: bool, progress: Progress, by) -> UndoPreview:
    """Puts the tasks of an import back to what they were before it, and the figures with them.

    What was edited or reported on since is kept; without `rest` that raises `Edited` and nothing is written.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE proposals_ledgertask IN SHARE ROW EXCLUSIVE MODE")
        part = _gathered(cursor, batch)
        found = _preview(cursor, part)
        if found.kept_count and not rest:
            raise Edited(found)
        progress("undoing", 0, found.rows)
        remove_made(cursor, part)
        restore(cursor, part, given={"version": "t.version + 1"})
        progress("undoing", found.rows, found.rows)
    refresh_tallies([batch.division_id])
    return found


def _gathered(cursor: Any, batch: ImportBatch) -> Part:
    """Makes the temporary tables of `rewind`; every task is its own owner."""
    part = Part(LedgerTask, "pgh_obj_id")
    gather(cursor, (part,), batch.written, str(batch.pk))
    look_later(cursor, (part,), _ties(), batch.written)
    return part


def _preview(cursor: Any, part: Part) -> UndoPreview:
    """The figures and the first kept tasks; leaves only what is put back in the gathered table."""
    cursor.execute(
        "SELECT owner, at, context->>'user', context->>'act' FROM rewind_kept ORDER BY owner LIMIT %s", [SHOWN]
    )
    kept = cursor.fetchall()
    cursor.execute("SELECT count(*) FROM rewind_kept")
    kept_count = cursor.fetchone()[0]
    if kept_count:
        leave_out_kept(cursor, (part,))
    cursor.execute(f"SELECT count(*) FROM {part.gathered}")
    rows = cursor.fetchone()[0]
    names = {one.pk: str(one) for one in LedgerTask.objects.filter(pk__in=[pk for pk, *_rest in kept])}
    shown = [{"label": names.get(pk, str(pk)), "url": "", "reason": _reason(at, who, act)} for pk, at, who, act in kept]
    return UndoPreview(rows, rows, kept_count, shown)


def _reason(at: datetime | None, who: str | None, act: str | None) -> str:
    """Why a task is kept: what was done when by whom."""
    if at is None:
        return _("导入之前的内容没有留下记录")
    return _("%(day)s %(who)s：%(act)s") % {
        "day": timezone.localtime(at).date().isoformat(),
        "who": who or "",
        "act": label_of(act or "") or _("未经平台直接写入"),
    }
