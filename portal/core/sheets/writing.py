"""Writing sheets: streamed xlsx and CSV that no spreadsheet runs as a program and our reader takes back unchanged.

A text that begins like a formula gets an apostrophe before it in both formats (OWASP ASVS 1.2.10): in xlsx it would be
harmless where it stands, but not any more once the sheet is saved as CSV. `reading.read_sheet` takes it away again.
"""

import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.core.sheets.columns import Column, Kind, letter_of
from portal.core.sheets.csvtext import guard
from portal.core.sheets.rowxml import Pipe, RowWriter

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
TEXT_FORMAT = {"num_format": "@"}
DATE_FORMAT = {"num_format": "yyyy-mm-dd"}
HEADER_FORMAT = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E8EEF4"}
LAST_ROW = 1_048_576
LONGEST_TEXT = 32_767
CUT = "…（已截断）"
NOTE_SHEET = "导出说明"

_NAME_SIGNS = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_BLOCK = 500
_LONGEST_HEADER = 120  # of Excel's 255 characters, so that who and when both find room
_A4 = 9
_PART = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_SAMPLE = re.compile(r'<row r="2".*?</row>', re.DOTALL)
_STYLE = re.compile(r'<c r="[A-Z]+2" s="([0-9]+)"')
_FILTER = re.compile(r'<autoFilter ref="([A-Z0-9]+:[A-Z]+)2"/>')
_FILTER_NAME = re.compile(r'(name="_xlnm\._FilterDatabase" localSheetId="([0-9]+)"[^>]*>[^<]*\$)2(</definedName>)')


@dataclass(frozen=True)
class Sheet:
    """One worksheet to write: rows are sequences in the order of `columns`, and may come from a generator."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]] = field(repr=False)


@dataclass(frozen=True)
class Stamp:
    """Who took the data out, when and why: in the page header, the properties and a sheet of its own, 导出说明."""

    left: str
    right: str
    lines: Sequence[tuple[str, str]] = ()


def safe_text(value: str) -> str:
    """A text as it may stand in any sheet: no NUL, no more than a cell can hold, nothing that starts a formula."""
    if value[:1].isalnum() and "\0" not in value and len(value) <= LONGEST_TEXT:
        return value
    text = guard(value.replace("\0", ""))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(CUT)] + CUT


def sheet_title(title: str) -> str:
    """A worksheet's name as Excel permits it: at most 31 characters, without []:*?/\\ and outer apostrophes."""
    return title.translate(_NAME_SIGNS).strip().strip("'")[:31] or "Sheet1"


def write_xlsx(target: str | Path | IO[bytes], sheets: Iterable[Sheet], stamp: Stamp | None = None) -> int:
    """Writes a workbook row by row in constant memory and returns the number of data rows.

    Text columns carry the text format, so that Excel keeps ID numbers and codes as they are. ValueError when a sheet
    has more rows than Excel can hold.
    """
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        filling = _filled(package, list(sheets), stamp)
        while True:
            try:
                next(filling)
            except StopIteration as done:
                return done.value


def xlsx_pieces(sheets: Iterable[Sheet], stamp: Stamp | None = None) -> Iterator[bytes]:
    """The same workbook as pieces that can be sent while the rows still come; the first one at once."""
    pipe = Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as package, closing(_filled(package, list(sheets), stamp)) as filling:
        for _block in filling:
            if piece := pipe.take():
                yield piece
    yield pipe.take()


def _filled(package: ZipFile, sheets: Sequence[Sheet], stamp: Stamp | None) -> Generator[None, None, int]:
    """Puts every part of a workbook into the package, stopping after every block of rows; gives the number of rows."""
    frame, counts = _frame(sheets, stamp), []
    parts = {name: frame.read(name) for name in frame.namelist()}
    book = parts.pop("xl/workbook.xml").decode()
    for name, content in parts.items():
        found = _PART.fullmatch(name)
        if found is None or int(found[1]) > len(sheets):
            package.writestr(name, content)
            continue
        sheet = sheets[int(found[1]) - 1]
        with package.open(name, "w") as out:
            counts.append((yield from _rows_into(out, sheet, content.decode())))
    package.writestr("xl/workbook.xml", _FILTER_NAME.sub(lambda m: f"{m[1]}{counts[int(m[2])] + 1}{m[3]}", book))
    return sum(counts)


def _rows_into(out: IO[bytes], sheet: Sheet, frame: str) -> Generator[None, None, int]:
    """Writes one worksheet: what `_frame` made of it, with the rows in the place of its sample row."""
    sample = _SAMPLE.search(frame)
    looks = _STYLE.findall(sample[0])
    letters = [letter_of(position) for position in range(len(sheet.columns))]
    rows = RowWriter(letters, looks[:-1], looks[-1], safe_text)
    out.write(_DIMENSION.sub("", frame[: sample.start()]).encode())
    yield
    number, block = 0, []
    for number, row in enumerate(sheet.rows, 1):
        if number >= LAST_ROW:
            raise ValueError(f"A sheet holds at most {LAST_ROW:,} rows; export a smaller territory.")
        block.append(rows.row(number + 1, row))
        if len(block) == _BLOCK:
            out.write("".join(block).encode())
            block.clear()
            yield
    tail = frame[sample.end() :]
    filtered = rf'<autoFilter ref="\g<1>{number + 1}"/>' if number else ""
    out.write(("".join(block) + _FILTER.sub(filtered, tail)).encode())
    return number


_LOOKS = {Kind.TEXT: TEXT_FORMAT, Kind.CHOICE: TEXT_FORMAT, Kind.DATE: DATE_FORMAT, Kind.NUMBER: {}}


def _frame(sheets: Sequence[Sheet], stamp: Stamp | None) -> ZipFile:
    """The workbook without its rows: head, styles, print set-up, and a sample row that tells the style of every column."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {**OPTIONS, "in_memory": True}) as book:
        looks = {kind: book.add_format({**look, "font_size": 11}) for kind, look in _LOOKS.items()}
        header = book.add_format(HEADER_FORMAT)
        for sheet in sheets:
            worksheet = book.add_worksheet(sheet_title(sheet.title))
            _head(worksheet, sheet, looks, header)
            _print_setup(worksheet, stamp)
        if stamp and stamp.lines:
            _notes(book.add_worksheet(NOTE_SHEET), stamp, looks[Kind.TEXT])
            book.set_properties({"author": stamp.left, "comments": "\n".join(map("  ".join, stamp.lines))})
    return ZipFile(buffer)


def _head(worksheet: Worksheet, sheet: Sheet, looks: dict[Kind, Format], header: Format) -> None:
    for position, column in enumerate(sheet.columns):
        worksheet.set_column(position, position, column.width, looks[column.kind])
        worksheet.write_string(0, position, safe_text(str(column.header)), header)
        worksheet.write_blank(1, position, None, looks[column.kind])
    worksheet.write_blank(1, len(sheet.columns), None, looks[Kind.DATE])
    worksheet.freeze_panes(1, 0)
    worksheet.autofilter(0, 0, 1, len(sheet.columns) - 1)


def _print_setup(worksheet: Worksheet, stamp: Stamp | None) -> None:
    """A4, as wide as the page, the head on every page, page n of m."""
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    worksheet.set_footer("&C&P / &N")
    if stamp:
        left, right = (text[:_LONGEST_HEADER].replace("&", "&&") for text in (stamp.left, stamp.right))
        worksheet.set_header(f"&L{left}&R{right}")


def _notes(worksheet: Worksheet, stamp: Stamp, look: Format) -> None:
    worksheet.set_column(0, 0, 16, look)
    worksheet.set_column(1, 1, 80, look)
    for number, (name, text) in enumerate(stamp.lines):
        worksheet.write_string(number, 0, safe_text(name), look)
        worksheet.write_string(number, 1, safe_text(text), look)


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV in pieces of some hundred lines: byte order mark for Excel, every text quoted, no text that starts a formula.

    Encode as UTF-8. The header is a row like any other, and the first piece.
    """
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for number, row in enumerate(rows):
        writer.writerow([_csv_value(value) for value in row])
        if not number % _BLOCK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _csv_value(value: Any) -> Any:
    if isinstance(value, str):
        return safe_text(value)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, int | float | Decimal) else safe_text(str(value))
