"""From cells to typed values of a flat sheet: every cell of every row, never a silent guess."""

import calendar
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import normalize_newlines

from portal.core.lib.clock import today
from portal.core.lib.dates import DateError, means_open_end, parse_date
from portal.core.sheets.columns import Column
from portal.core.sheets.errors import SheetError
from portal.core.sheets.headers import Layout, find_header
from portal.core.sheets.importer import Unusable
from portal.core.sheets.reading import Grid
from ratings.importers.flat import Field, Flat, FlatRow, printed, words_of
from workforce.importers.layout import IGNORED
from workforce.importers.parsing import as_text

_NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "无"})


def read_rows(flat: Flat, grid: Grid, mapping: dict[str, str]) -> Iterator[FlatRow]:
    """The rows of a sheet with their values by column key. Raises `Unusable` with everything wrong with the header."""
    layout = layout_of(grid, flat.columns, IGNORED, mapping)
    if not {"code", "community"} & set(layout.keys):
        header = next(column.header for column in flat.columns if column.key == "code")
        raise Unusable([SheetError("column_missing", {"header": header}, layout.header_row, header)])
    yield from rows_of(layout, flat.columns, _Reader(flat, grid.epoch_1904).value)


def layout_of(grid: Grid, columns: Sequence[Column], ignored: Iterable[str], mapping: dict[str, str]) -> Layout:
    """Where a sheet has its columns. Raises `Unusable` with everything wrong with the header, or without a row under it."""
    layout, errors = find_header(grid, columns, ignored=ignored, mapping=mapping)
    if layout is None:
        raise Unusable(errors)
    if not layout.rows:
        raise Unusable([SheetError("no_rows", {}, layout.header_row)])
    return layout


def rows_of(
    layout: Layout, columns: Sequence[Column], value_of: Callable[[FlatRow, str, object], Any]
) -> Iterator[FlatRow]:
    """The rows under a header; `value_of` reads a cell, and gives None where it is blank or wrong and noted on the row."""
    headers = {column.key: column.header for column in columns}
    for number, cells in layout.records():
        row = FlatRow(number, headers=headers)
        for key, cell in cells.items():
            value = value_of(row, key, cell)
            if value not in (None, ""):
                row.values[key] = value
        for column in columns:
            if column.required and column.key not in row.values and not row.is_wrong(column.key):
                row.error("required", column.key)
        yield row


class _Reader:
    """Reads the cells of one sheet."""

    def __init__(self, flat: Flat, epoch_1904: bool) -> None:
        self._fields, self._epoch_1904, self._today = flat.by_key, epoch_1904, today()
        self._meanings = {
            one.key: {words_of(one.choices, value): value for value in one.choices.values}
            for one in flat.fields
            if one.choices
        }

    def value(self, row: FlatRow, key: str, cell: object) -> Any:
        """What a cell says; None where it is blank, or wrong and noted on the row."""
        if cell in ("", None):
            return None
        one = self._fields.get(key)
        if one is None:
            return self._place(row, key, as_text(cell))
        if one.type in ("date", "last_day"):
            return self._day(row, one, cell)
        text = normalize_newlines(as_text(cell)).replace("\n", " ")
        if text in _NOTHING and not one.column.required:
            return None
        read = {"number": self._number, "choice": self._choice, "choices": self._choices}.get(one.type, self._text)
        return read(row, one, text)

    def _place(self, row: FlatRow, key: str, text: str) -> str | None:
        text = text.replace(" ", "").lstrip("'") if key == "code" else text
        if key == "code" and not (text.isascii() and text.isdigit() and len(text) <= 12):
            row.error("community_code", key, cell=text)
            return None
        return text

    def _text(self, row: FlatRow, one: Field, text: str) -> str | None:
        if len(text) > one.limit:
            row.error("too_long", one.key, cell=text, limit=one.limit)
            return None
        return text

    def _day(self, row: FlatRow, one: Field, cell: object) -> date | None:
        last = one.type == "last_day"
        if isinstance(cell, str) and (cell.strip() in _NOTHING or (last and means_open_end(cell))):
            return None
        read = parse_date(cell, epoch_1904=self._epoch_1904)
        if isinstance(read, DateError):
            row.error(read.value, one.key, cell=as_text(cell))
            return None
        value = read.value
        if read.approximate:
            if last:
                value = value.replace(day=calendar.monthrange(value.year, value.month)[1])
            row.warn("month_only", one.key, cell=as_text(cell), read=value)
        elif read.from_serial:
            row.warn("day_count", one.key, cell=as_text(cell), read=value)
        if one.past and value > self._today:
            row.error("date_future", one.key, cell=value, today=self._today)
            return None
        return value

    def _number(self, row: FlatRow, one: Field, text: str) -> Decimal | None:
        try:
            value = Decimal(text.replace(",", "").replace("，", "")).quantize(Decimal("0.01"))
        except InvalidOperation:
            value = Decimal(-1)
        if not 0 <= value < 10_000_000:
            row.error("not_area", one.key, cell=text)
            return None
        return value

    def _choice(self, row: FlatRow, one: Field, text: str) -> str | None:
        value = self._meanings[one.key].get(text)
        if value is None:
            row.error("choice", one.key, cell=text, choices="、".join(printed(one)))
        return value

    def _choices(self, row: FlatRow, one: Field, text: str) -> list[str] | None:
        parts = [part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip()]
        found = [self._choice(row, one, part) for part in dict.fromkeys(parts)]
        return None if None in found else sorted(filter(None, found), key=one.choices.values.index)
