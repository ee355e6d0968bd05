"""Rows into a temporary table by COPY: the first half of every bulk write.

The second half is an INSERT or UPDATE from that table by `execute`, which alone carries the history's context.
"""

import io
from collections.abc import Iterable
from typing import Any

_READ = 1 << 16


class Pieces(io.RawIOBase):
    """Pieces of bytes as the file that COPY reads from; memory does not grow with their number."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._piece, self._at = b"", 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while self._at >= len(self._piece):
            found = next(self._pieces, None)
            if found is None:
                return b""
            self._piece, self._at = found, 0
        start, self._at = self._at, len(self._piece) if size < 0 else self._at + size
        return self._piece[start : self._at]


def copy_pieces(cursor: Any, target: str, pieces: Iterable[bytes]) -> None:
    """COPY text into `target`, a table or `table (columns)`; made while the database takes it in."""
    cursor.copy_expert(f"COPY {target} FROM STDIN", Pieces(pieces), _READ)


def stage(cursor: Any, table: str, definition: str, pieces: Iterable[bytes]) -> int:
    """Makes the temporary table `table` with the columns of `definition` and fills it with COPY text; returns the
    number of rows. It is gone with the transaction."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}; CREATE TEMP TABLE {table} ({definition}) ON COMMIT DROP")
    copy_pieces(cursor, table, pieces)
    return cursor.rowcount
