"""Many rows into a table at once: COPY into a staging table, then one INSERT, so that row history keeps its context.

History rides on `cursor.execute`: rows copied straight into a tracked table would get events without actor.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_needs_escape = re.compile(r"[\\\t\n\r]").search
_names = itertools.count(1)


def plan_anew(cursor: Any) -> None:
    """To be called before a statement that may change many rows of a tracked table.

    Row history joins the old and the new rows of a statement, by a plan that a session makes once, for however few rows
    it saw first: planned for none, it takes hours for many.
    """
    cursor.execute("DISCARD PLANS")


def count_for_planner(cursor: Any, table: str, rows: int) -> None:
    """To be called before work on `rows` rows of a table, or the check of foreign keys to as many new ones.

    Where a vacuum has seen only rows that were dead or not yet committed, the planner takes a full table for empty, and
    any index for as good as the right one: PostgreSQL 18 then reads a whole index for every single row. Rows of the
    transaction itself are counted; a table that somebody else is counting is left to them.
    """
    cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
    if cursor.fetchone()[0] < rows / 2:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {table}")


def copy_text(value: Any) -> str:
    """A value as PostgreSQL's COPY text format writes it: None, str, bool, number, date, UUID or bytes."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES) if _needs_escape(value) else value
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date) else str(value)


class Stream:
    """Lines as the file that COPY reads from, taken while it reads: memory does not grow with their number."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: Iterator[str] = iter(lines)
        self._rest = ""
        self.count = 0

    def read(self, size: int) -> str:
        parts = [self._rest]
        length = len(self._rest)
        while length < size and (line := next(self._lines, None)) is not None:
            parts.append(line)
            length += len(line)
            self.count += 1
        text = "".join(parts)
        self._rest = text[size:]
        return text[:size]


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Inserts `rows`, values in the order of the database `columns`; returns their number. Needs a transaction.

    Constraints and history apply; defaults and validation of the model do not.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    staging = f"bulk_staging_{next(_names)}"
    listed = ", ".join(map(connection.ops.quote_name, columns))
    lines = Stream("\t".join(map(copy_text, row)) + "\n" for row in rows)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {staging} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")
        cursor.copy_expert(f"COPY {staging} ({listed}) FROM STDIN", lines, size=1 << 16)
        cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {staging}")
        cursor.execute(f"DROP TABLE {staging}")
    return lines.count
