"""Puts rows back to what they were before a batch, by the temporary tables that `rewind` has gathered.

Set-based and in an order that the guards of the database allow: what the batch added goes first, then the rows that it
changed get all their columns back from the history row before it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from portal.core.audit.rewind import Part, events_of
from portal.core.lib.bulk import plan_anew


def _quoted(column: str) -> str:
    return connection.ops.quote_name(column)


def leave_out_kept(cursor: Any, parts: Sequence[Part]) -> None:
    """Takes the owners that are kept, and all their rows, out of what is put back."""
    for part in parts:
        cursor.execute(f"DELETE FROM {part.gathered} r USING rewind_kept k WHERE k.owner = r.owner")
        cursor.execute(f"ANALYZE {part.gathered}")
    cursor.execute("DELETE FROM rewind_owner o USING rewind_kept k WHERE k.owner = o.id")
    cursor.execute("ANALYZE rewind_owner")


def remove_made(cursor: Any, part: Part) -> int:
    """Deletes the rows that the batch inserted; returns their number."""
    plan_anew(cursor)
    cursor.execute(f"DELETE FROM {part.table} t USING {part.gathered} r WHERE t.id = r.id AND r.made")
    return cursor.rowcount


def restore(cursor: Any, part: Part, *, given: dict[str, str] | None = None) -> int:
    """Gives the rows that the batch changed every column of the history row before it; returns their number.

    `given` is SQL by column, over the present row `t`, for columns that do not return.
    """
    if part.dated:
        _make_room(cursor, part)
    columns = [field.column for field in part.model._meta.concrete_fields if not field.primary_key]
    values = {column: f"e.{_quoted(column)}" for column in columns} | (given or {})
    returned = ", ".join(f"{_quoted(column)} = {value}" for column, value in values.items())
    plan_anew(cursor)
    cursor.execute(
        f"""UPDATE {part.table} t SET {returned} FROM {part.gathered} r
        JOIN {events_of(part.model)} e ON e.pgh_id = r.image WHERE t.id = r.id AND NOT r.made"""
    )
    return cursor.rowcount


def _make_room(cursor: Any, part: Part) -> None:
    """Empties the periods of an owner's rows where several of them move.

    The guard against overlaps looks at one row after another, and an empty period is in nobody's way.
    """
    plan_anew(cursor)
    cursor.execute(
        f"""UPDATE {part.table} t SET valid_to = t.valid_from FROM {part.gathered} r
        JOIN {events_of(part.model)} e ON e.pgh_id = r.image
        WHERE t.id = r.id AND NOT r.made AND (t.valid_from, t.valid_to) IS DISTINCT FROM (e.valid_from, e.valid_to)
          AND EXISTS (SELECT 1 FROM {part.gathered} o WHERE o.owner = r.owner AND o.id <> r.id AND NOT o.made)"""
    )
