"""Taking an import back whose rows are each taken back or kept by themselves, with what hangs on them."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.acts import label_of
from portal.core.audit.rewind import Part, Tie, gather, look_later
from portal.core.audit.rewinding import leave_out_kept, remove_made, restore
from portal.core.sheets.importer import Progress
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.undo import SHOWN, Edited, UndoPreview

Model = type[models.Model]


@cache
def ties_of(model: Model) -> tuple[Tie, ...]:
    """The rows themselves and what hangs on them: later history there keeps a row from being taken back."""
    relations = (one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete)
    hanging = [
        (relation.related_model, relation.field.column)
        for relation in relations
        if relation.one_to_many or relation.one_to_one
        if not hasattr(relation.related_model, "pgh_tracked_model")
    ]
    return (Tie(model, "e.id", always=True), *(Tie(other, f"e.{column}") for other, column in hanging))


def tied(model: Model) -> list[Model]:
    """The tables of `ties_of`: an import notes how far the history of each had come."""
    return list(dict.fromkeys(tie.model for tie in ties_of(model)))


def look(batch: ImportBatch, *, model: Model) -> UndoPreview:
    """What would be taken back now, and what would be kept; writes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        return preview_of(cursor, [_gathered(cursor, model, batch)])


def take_back(
    *, model: Model, versioned: bool, batch: ImportBatch, rest: bool, progress: Progress
) -> tuple[UndoPreview, set[str]]:
    """Puts the rows of an import back to what they were before it; returns what it did and the divisions they are of.

    A part of the caller's transaction. What was edited since is kept; without `rest` that raises `Edited` and nothing is
    written.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {model._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        part = _gathered(cursor, model, batch)
        found = preview_of(cursor, [part])
        if found.kept_count and not rest:
            raise Edited(found)
        divisions = _divisions(cursor, part)
        progress("undoing", 0, found.rows)
        remove_made(cursor, part)
        restore(cursor, part, given={"version": "t.version + 1"} if versioned else None)
        divisions |= _divisions(cursor, part)
        progress("undoing", found.rows, found.rows)
    return found, divisions


def preview_of(cursor: Any, parts: Sequence[Part]) -> UndoPreview:
    """The figures and the first kept rows of the first part; leaves only what is put back in the gathered tables."""
    cursor.execute(
        "SELECT owner, at, context->>'user', context->>'act' FROM rewind_kept ORDER BY owner LIMIT %s", [SHOWN]
    )
    kept = cursor.fetchall()
    cursor.execute("SELECT count(*) FROM rewind_kept")
    kept_count = cursor.fetchone()[0]
    if kept_count:
        leave_out_kept(cursor, parts)
    cursor.execute(f"SELECT count(*) FROM {parts[0].gathered}")
    rows = cursor.fetchone()[0]
    names = {row.pk: str(row) for row in parts[0].model._base_manager.filter(pk__in=[pk for pk, *_rest in kept])}
    shown = [{"label": names.get(pk, str(pk)), "url": "", "reason": _reason(at, who, act)} for pk, at, who, act in kept]
    return UndoPreview(rows, rows, kept_count, shown)


def _gathered(cursor: Any, model: Model, batch: ImportBatch) -> Part:
    """Makes the temporary tables of `rewind`; every row is its own owner."""
    part = Part(model, "pgh_obj_id")
    gather(cursor, (part,), batch.written, str(batch.pk))
    look_later(cursor, (part,), ties_of(model), batch.written)
    return part


def _divisions(cursor: Any, part: Part) -> set[str]:
    cursor.execute(f"SELECT DISTINCT t.division_id FROM {part.table} t JOIN {part.gathered} r ON r.id = t.id")
    return {code for (code,) in cursor.fetchall()}


def _reason(at: datetime | None, who: str | None, act: str | None) -> str:
    """Why a row is kept: what was done when by whom."""
    if at is None:
        return _("导入之前的内容没有留下记录")
    return _("%(day)s %(who)s：%(act)s") % {
        "day": timezone.localtime(at).date().isoformat(),
        "who": who or "",
        "act": label_of(act or "") or _("未经平台直接写入"),
    }
