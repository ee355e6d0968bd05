"""Writing sheets: streamed xlsx and CSV that no spreadsheet runs as a program and our reader takes back unchanged.

A text that begins like a formula gets an apostrophe before it in both formats (OWASP ASVS 1.2.10): in xlsx it would be
harmless where it stands, but not any more once the sheet is saved as CSV. `reading.read_sheet` takes it away again.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.csvtext import guard

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
TEXT_FORMAT = {"num_format": "@"}
DATE_FORMAT = {"num_format": "yyyy-mm-dd"}
HEADER_FORMAT = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E8EEF4"}
LAST_ROW = 1_048_576
LONGEST_TEXT = 32_767
LARGEST_NUMBER = 10**15  # Excel keeps 15 digits; longer numbers are written as text
CUT = "…（已截断）"

_NAME_SIGNS = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_CSV_BLOCK = 500


@dataclass(frozen=True)
class Sheet:
    """One worksheet to write: rows are sequences in the order of `columns`, and may come from a generator."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]] = field(repr=False)


def safe_text(value: str) -> str:
    """A text as it may stand in any sheet: no NUL, no more than a cell can hold, nothing that starts a formula."""
    text = guard(value.replace("\0", ""))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(CUT)] + CUT


def sheet_title(title: str) -> str:
    """A worksheet's name as Excel permits it: at most 31 characters, without []:*?/\\ and outer apostrophes."""
    return title.translate(_NAME_SIGNS).strip().strip("'")[:31] or "Sheet1"


def write_xlsx(target: str | Path | IO[bytes], sheets: Iterable[Sheet]) -> int:
    """Writes a workbook row by row in constant memory and returns the number of data rows.

    Text columns carry the text format, so that Excel keeps ID numbers and codes as they are. ValueError when a sheet
    has more rows than Excel can hold.
    """
    book = xlsxwriter.Workbook(_target(target), {**OPTIONS, "constant_memory": True})
    formats = {kind: book.add_format(look) for kind, look in _LOOKS.items()}
    header = book.add_format(HEADER_FORMAT)
    try:
        return sum(
            _write_sheet(book.add_worksheet(sheet_title(sheet.title)), sheet, formats, header) for sheet in sheets
        )
    finally:
        book.close()


_LOOKS = {Kind.TEXT: TEXT_FORMAT, Kind.CHOICE: TEXT_FORMAT, Kind.DATE: DATE_FORMAT, Kind.NUMBER: {}}


def _write_sheet(worksheet: Worksheet, sheet: Sheet, formats: dict[Kind, Format], header: Format) -> int:
    looks = [formats[column.kind] for column in sheet.columns]
    for position, column in enumerate(sheet.columns):
        worksheet.set_column(position, position, column.width, looks[position])
    worksheet.freeze_panes(1, 0)
    for position, column in enumerate(sheet.columns):
        worksheet.write_string(0, position, safe_text(column.header), header)
    number = 0
    for number, row in enumerate(sheet.rows, 1):
        if number >= LAST_ROW:
            raise ValueError(f"A sheet holds at most {LAST_ROW:,} rows; export a smaller territory.")
        for position, value in enumerate(row):
            write_cell(worksheet, number, position, value, looks[position], formats[Kind.DATE])
    if number:
        worksheet.autofilter(0, 0, number, len(sheet.columns) - 1)
    return number


def write_cell(worksheet: Worksheet, row: int, position: int, value: Any, look: Format, dates: Format) -> None:
    """Writes a value by its type; never as a formula, a link or a guessed number."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        worksheet.write_boolean(row, position, value)
    elif isinstance(value, int | float | Decimal) and abs(float(value)) < LARGEST_NUMBER:
        worksheet.write_number(row, position, value, look)
    elif isinstance(value, date):
        worksheet.write_datetime(row, position, value, dates)
    else:
        worksheet.write_string(row, position, safe_text(str(value)), look)


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV in pieces of some hundred lines: byte order mark for Excel, every text quoted, no text that starts a formula.

    Encode as UTF-8. The header is a row like any other.
    """
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for number, row in enumerate(rows, 1):
        writer.writerow([_csv_value(value) for value in row])
        if not number % _CSV_BLOCK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _csv_value(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else safe_text(str(value))


def _target(target: str | Path | IO[bytes]) -> Any:
    return str(target) if isinstance(target, Path) else target
