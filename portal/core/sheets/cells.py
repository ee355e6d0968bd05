"""Rows typed into the grid, as the content of an import: JSON that stands where an uploaded file stands otherwise."""

import json
from collections.abc import Iterable, Mapping, Sequence

from portal.core.sheets.reading import DATA_SHEET, Grid, Row

KIND = "grid"
_HEADER = 0  # the grid numbers its rows from 1; its header stands above them


def to_bytes(
    headers: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    versions: Mapping[int, tuple[str, int]] | None = None,
) -> bytes:
    """The content of an import from printed headers and (row number as the grid shows it, cells in their order).

    `versions` tells by row number over which record, in which version, a row was typed.
    """
    kept = [[number, *cells] for number, cells in rows]
    read = [[number, key, version] for number, (key, version) in (versions or {}).items()]
    return json.dumps({"headers": list(headers), "rows": kept, "versions": read}, ensure_ascii=False).encode()


def to_grid(content: bytes) -> Grid:
    """The sheet that `to_bytes` wrote: a row of headers, then the rows under their numbers, all of one width."""
    kept = json.loads(content)
    headers = kept["headers"]
    rows = [Row(_HEADER, list(headers)), *(Row(number, cells) for number, *cells in kept["rows"])]
    versions = {number: (key, version) for number, key, version in kept.get("versions", ())}
    return Grid(DATA_SHEET, rows, len(headers), KIND, versions=versions)
