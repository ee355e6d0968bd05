"""Rows into a temporary table by COPY: the first half of every bulk write.

The second half is an INSERT or UPDATE from that table by `execute`, which alone carries the history's context.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from portal.core.lib.bulk import copy_text


def stage(cursor: Any, table: str, definition: str, rows: Iterable[Sequence[Any]]) -> None:
    """Makes the temporary table `table` with the columns of `definition` and fills it; it is gone with the transaction."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}; CREATE TEMP TABLE {table} ({definition}) ON COMMIT DROP")
    copy_rows(cursor, table, rows)
    cursor.execute(f"ANALYZE {table}")


def copy_rows(cursor: Any, target: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY into `target`, a table or `table (columns)`."""
    text = io.StringIO()
    text.writelines("\t".join(map(copy_text, row)) + "\n" for row in rows)
    text.seek(0)
    cursor.copy_expert(f"COPY {target} FROM STDIN", text)
