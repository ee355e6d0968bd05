"""Writes of imports of service records: new and changed records by two statements, and taking them back as a whole."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models

from portal.core.audit.actions import action
from portal.core.lib.bulk import Stream, copy_text, insert_rows, plan_anew
from portal.core.sheets.importer import Part as PlanPart
from portal.core.sheets.importer import Progress
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.table_undo import take_back
from portal.core.sheets.undo import UndoPreview
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


@action
def undo_import(
    *, model: Model, versioned: bool, batch: ImportBatch, rest: bool, progress: Progress, by
) -> UndoPreview:
    """Puts the records of an import back to what they were before it, and the figures with them. Raises `Edited`."""
    found, communities = take_back(model=model, versioned=versioned, batch=batch, rest=rest, progress=progress)
    refresh_tallies(communities)
    return found
