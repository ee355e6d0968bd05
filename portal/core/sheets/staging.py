"""Rows into a temporary table by COPY: the first half of every bulk write.

The second half is an INSERT or UPDATE from that table by `execute`, which alone carries the history's context.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from portal.core.lib.bulk import copy_text


class Pieces(io.RawIOBase):
    """Pieces of bytes as the file that COPY reads from; memory does not grow with their number."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size or size < 0:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        size = len(self._rest) if size < 0 else size
        answer, self._rest = self._rest[:size], self._rest[size:]
        return answer


def stage(cursor: Any, table: str, definition: str, pieces: Iterable[bytes]) -> int:
    """Makes the temporary table `table` with the columns of `definition` and fills it with COPY text; returns the
    number of rows. It is gone with the transaction."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}; CREATE TEMP TABLE {table} ({definition}) ON COMMIT DROP")
    cursor.copy_expert(f"COPY {table} FROM STDIN", Pieces(pieces))
    return cursor.rowcount


def copy_rows(cursor: Any, target: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY of values into `target`, a table or `table (columns)`."""
    cursor.copy_expert(f"COPY {target} FROM STDIN", Pieces(_lines(rows)))


def _lines(rows: Iterable[Sequence[Any]]) -> Iterable[bytes]:
    return (("\t".join(map(copy_text, row)) + "\n").encode() for row in rows)
