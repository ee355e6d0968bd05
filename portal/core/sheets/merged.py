"""Cells merged downwards, as offices write one community beside all its people: each row shows what stands in the first.

Spreadsheets keep the content in the first cell alone. Only rows that hold something of their own are filled, so that a
remark over several lines below the roster stays one row; cells merged sideways are left as they are.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from portal.core.sheets.columns import column_number

_SPAN = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?[A-Z]{1,3}\$?([0-9]{1,7})")
_TAG = re.compile(rb'<mergeCell\s[^<>]*?\bref="([^"<>]*)"')
_LONGEST_TAG = 200
Place = tuple[int, int]


class Row(NamedTuple):
    """A row that holds something: its number as Excel shows it, and its cells, "" where empty."""

    number: int
    cells: list[Any]


Downwards = dict[int, dict[int, int]]
"""First row -> position in the row -> last row, rows as Excel numbers them."""


def downwards(ranges: Iterable[tuple[Place, Place]]) -> Downwards:
    """The cells merged over more than one row, of ranges between two places counted from 0."""
    found: Downwards = {}
    for (top, left), (bottom, _right) in ranges:
        note(found, top + 1, bottom + 1, left)
    return found


def note(merged: Downwards, first: int, last: int, position: int) -> None:
    """Adds the cells of a range, where they are merged downwards."""
    if last > first:
        merged.setdefault(first, {})[position] = last


def note_span(merged: Downwards, span: str) -> None:
    """As `note`, of a range as a worksheet writes it: B5:B9."""
    if found := _SPAN.fullmatch(span):
        note(merged, int(found[2]), int(found[3]), column_number(found[1]) - 1)


def merged_in(pieces: Iterable[bytes]) -> Downwards:
    """The cells merged downwards in a worksheet part."""
    found: Downwards = {}
    carry = b""
    for piece in pieces:
        carry += piece
        for span in _TAG.findall(carry):
            note_span(found, span.decode())
        carry = carry[-_LONGEST_TAG:]  # a tag found twice is the same tag
    return found


def filled(rows: Iterator[Row], merged: Downwards) -> Iterator[Row]:
    """The rows with what their merged cells show."""
    return _filled(rows, merged) if merged else rows


def _filled(rows: Iterator[Row], merged: Downwards) -> Iterator[Row]:
    shown: dict[int, tuple[int, Any]] = {}
    for row in rows:
        for position, (last, value) in list(shown.items()):
            if row.number > last:
                del shown[position]
            elif position < len(row.cells) and row.cells[position] == "":
                row.cells[position] = value
        for position, last in merged.get(row.number, {}).items():
            if position < len(row.cells) and row.cells[position] != "":
                shown[position] = last, row.cells[position]
        yield row
