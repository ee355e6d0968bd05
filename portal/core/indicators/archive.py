"""The rows behind a published number, packed small: some hundred thousand of them fit into a few megabytes."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping

from portal.core.indicators.parts import Part
from portal.core.indicators.rows import Row

ADDS = "|"
Rows = frozenset[tuple[str, str]]
"""Community and id of each row."""


def packed(parts: Mapping[str, Iterable[tuple[str, str]]]) -> bytes:
    """The rows of every part, by community; the same rows give the same bytes, in whatever order they come."""
    told: dict[str, dict[str, list[str]]] = {}
    for part, rows in sorted(parts.items()):
        places = told.setdefault(part, {})
        for code, row_id in sorted(rows):
            places.setdefault(code, []).append(row_id)
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 6)


def unpacked(data: bytes | memoryview | None) -> dict[str, Rows]:
    """What `packed` was given; nothing for nothing."""
    if data is None:
        return {}
    told = json.loads(zlib.decompress(data))
    return {
        part: frozenset((code, row_id) for code, ids in places.items() for row_id in ids)
        for part, places in told.items()
    }


def rows_to_keep(part: Part, rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Rows as they are kept: those that are added up with what each adds, so that a corrected age shows as a change."""
    for row in rows:
        yield row.code, f"{row.id}{ADDS}{row.amount}" if part.summed else row.id
