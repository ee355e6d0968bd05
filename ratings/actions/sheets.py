"""Writes of imports of service records: new and changed records by two statements, and taking them back as a whole."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.audit.acts import label_of
from portal.core.audit.rewind import Part, Tie, gather, look_later
from portal.core.audit.rewinding import leave_out_kept, remove_made, restore
from portal.core.lib.bulk import Stream, copy_text, insert_rows, plan_anew
from portal.core.sheets.importer import Part as PlanPart
from portal.core.sheets.importer import Progress
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.undo import SHOWN, Edited, UndoPreview
from ratings.actions.tallies import refresh_tallies

Model = type[models.Model]


@action
def apply_service_sheet(*, model: Model, versioned: bool, part: PlanPart, batch: ImportBatch, by) -> None:
    """Writes the records of a checked sheet and brings the figures up to date; all or nothing.

    Raises IntegrityError when the records have come to contradict the plan since it was made.
    """
    new, changed = list(_records(part("new"))), list(_records(part("changed")))
    if new:
        given = {"version": 1} if versioned else {}
        columns = [*new[0], *given]
        insert_rows(model, columns, ([_value(record.get(name, given.get(name))) for name in columns] for record in new))
    if changed:
        _change(model, versioned, changed)
    refresh_tallies({record["division_id"] for record in (*new, *changed)})


def _records(pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, b"".join(pieces).decode().splitlines())


def _value(value: Any) -> Any:
    """A value of a plan as COPY takes it; lists are arrays of words without commas."""
    return "{" + ",".join(value) + "}" if isinstance(value, list) else value


def _change(model: Model, versioned: bool, records: list[dict[str, Any]]) -> None:
    table, columns = model._meta.db_table, list(records[0])
    listed = ", ".join(map(connection.ops.quote_name, columns))
    lines = Stream("\t".join(copy_text(_value(record[name])) for name in columns) + "\n" for record in records)
    values = [
        f"{connection.ops.quote_name(name)} = c.{connection.ops.quote_name(name)}" for name in columns if name != "id"
    ]
    values += ["version = t.version + 1"] if versioned else []
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE sheet_changed ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")
        cursor.copy_expert(f"COPY sheet_changed ({listed}) FROM STDIN", lines, size=1 << 16)
        plan_anew(cursor)
        cursor.execute(f"UPDATE {table} t SET {', '.join(values)} FROM sheet_changed c WHERE t.id = c.id")
        cursor.execute("DROP TABLE sheet_changed")


@cache
def ties_of(model: Model) -> tuple[Tie, ...]:
    """The records themselves and what hangs on them: later history there keeps a record from being taken back."""
    relations = (
        field for field in model._meta.get_fields(include_hidden=True) if field.auto_created and not field.concrete
    )
    hanging = [
        (relation.related_model, relation.field.column)
        for relation in relations
        if relation.one_to_many or relation.one_to_one
        if not hasattr(relation.related_model, "pgh_tracked_model")
    ]
    return (Tie(model, "e.id", always=True), *(Tie(other, f"e.{column}") for other, column in hanging))


def tied(model: Model) -> list[Model]:
    """The tables of `ties_of`: an import notes how far the history of each had come."""
    return [tie.model for tie in ties_of(model)]


def look(batch: ImportBatch, *, model: Model) -> UndoPreview:
    """What would be taken back now, and what would be kept; writes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        part = _gathered(cursor, model, batch)
        return _preview(cursor, part)


@action
def undo_import(
    *, model: Model, versioned: bool, batch: ImportBatch, rest: bool, progress: Progress, by
) -> UndoPreview:
    """Puts the records of an import back to what they were before it, and the figures with them.

    What was edited since is kept; without `rest` that raises `Edited` and nothing is written.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {model._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        part = _gathered(cursor, model, batch)
        found = _preview(cursor, part)
        if found.kept_count and not rest:
            raise Edited(found)
        communities = _communities(cursor, part)
        progress("undoing", 0, found.rows)
        remove_made(cursor, part)
        restore(cursor, part, given={"version": "t.version + 1"} if versioned else None)
        communities |= _communities(cursor, part)
        progress("undoing", found.rows, found.rows)
    refresh_tallies(communities)
    return found


def _gathered(cursor: Any, model: Model, batch: ImportBatch) -> Part:
    """Makes the temporary tables of `rewind`; every record is its own owner."""
    part = Part(model, "pgh_obj_id")
    gather(cursor, (part,), batch.written, str(batch.pk))
    look_later(cursor, (part,), ties_of(model), batch.written)
    return part


def _communities(cursor: Any, part: Part) -> set[str]:
    cursor.execute(f"SELECT DISTINCT t.division_id FROM {part.table} t JOIN {part.gathered} r ON r.id = t.id")
    return {code for (code,) in cursor.fetchall()}


def _preview(cursor: Any, part: Part) -> UndoPreview:
    """The figures and the first kept records; leaves only what is put back in the gathered tables."""
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
    names = {row.pk: str(row) for row in part.model._base_manager.filter(pk__in=[pk for pk, *_rest in kept])}
    shown = [{"label": names.get(pk, str(pk)), "url": "", "reason": _reason(at, who, act)} for pk, at, who, act in kept]
    return UndoPreview(rows, rows, kept_count, shown)


def _reason(at: datetime | None, who: str | None, act: str | None) -> str:
    """Why a record is kept: what was done when by whom."""
    if at is None:
        return _("导入之前的内容没有留下记录")
    return _("%(day)s %(who)s：%(act)s") % {
        "day": timezone.localtime(at).date().isoformat(),
        "who": who or "",
        "act": label_of(act or "") or _("未经平台直接写入"),
    }
