"""Reading an uploaded sheet: xlsx, xls or csv, judged before it is parsed, with the row numbers Excel shows.

Cells keep the type the file gives them (text, float, bool, date, datetime), so that an importer can tell an ID number
that Excel turned into a number from one that was typed as text. Nothing is repaired here.
"""

import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from portal.core.lib import text
from portal.core.sheets import csvtext, guards, xls_child
from portal.core.sheets.columns import letter_of
from portal.core.sheets.compact import compact
from portal.core.sheets.errors import SheetError
from portal.core.sheets.formulas import refuse_uncalculated
from portal.core.sheets.guards import HEAD_ROWS, Limits, Package
from portal.core.sheets.merged import Row, downwards, filled
from portal.core.sheets.scan import MEGABYTE

Value = str | float | int | bool | date | datetime | time | timedelta

DATA_SHEET = "花名册"
NOTES_SHEET = "填写说明"
# Sheets that our own writers put beside the rows, under names that no office gives its roster.
BESIDE = frozenset({NOTES_SHEET, "导出说明", "问题汇总"})

_TEMPLATE = re.compile(rb'name="tpl"[^>]*>\s*<vt:lpwstr>([A-Za-z0-9._-]{1,64})</vt:lpwstr>')
_EPOCH_1904 = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"')
_SUFFIXES = (".xlsx", ".xls", ".csv")


_LONGEST_NAME = 31  # of a worksheet, in any version of Excel


def shown_name(sheet: str) -> str:
    """The name of a worksheet as it may be kept and shown, whatever wrote the file."""
    return text.clean(sheet)[:_LONGEST_NAME]


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet that hold something, all of one width. `template` is the version of our template that the
    file was made from; `other_sheets` are visible sheets that hold something and were not read, `alike` those of them
    that look like the one that was. `versions` are of rows typed over a record: its key and the version that was read."""

    sheet: str
    rows: list[Row]
    width: int
    kind: str
    epoch_1904: bool = False
    template: str = ""
    encoding: str = ""
    other_sheets: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    versions: Mapping[int, tuple[str, int]] = field(default_factory=dict)


Knows = Callable[[Grid], bool]
"""Whether the head of a sheet is that of the rows wanted."""


@dataclass(frozen=True)
class _Book:
    """A workbook with several worksheets: `rows_of` gives the rows of one by its name, `refuse` raises SheetError for
    one that must not be read."""

    names: list[str]
    rows_of: Callable[[str], Iterator[Row]]
    kind: str
    limits: Limits
    details: dict[str, Any]
    refuse: Callable[[str], None] = lambda name: None


def _anything(head: Grid) -> bool:
    return True


def read_sheet(
    source: str | Path | bytes, filename: str, *, limits: Limits | None = None, knows: Knows = _anything
) -> Grid:
    """Reads the roster sheet of a file; SheetError with a sentence for everything that cannot be taken.

    `filename` is the name the user gave, whose ending must agree with the content. In a workbook the first visible
    sheet is read whose header `knows` recognises, the one named 花名册 before all others; where there is none, the first
    that holds something.
    """
    limits = limits or Limits()
    data = _load(source, limits)
    suffix = PurePath(filename).suffix.lower()
    _check_type(data, suffix)
    if suffix == ".csv":
        rows, encoding = csvtext.read_csv(data)
        return _grid("", "csv", _used(rows), limits, encoding=encoding)
    return _roster_of(_open_xlsx(data, limits) if suffix == ".xlsx" else _open_xls(data, limits), knows)


def _load(source: str | Path | bytes, limits: Limits) -> bytes:
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > limits.bytes:
        raise SheetError("file_too_large", {"size": f"{size / MEGABYTE:.1f}", "limit": limits.bytes // MEGABYTE})
    if not size:
        raise SheetError("file_empty")
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def _check_type(data: bytes, suffix: str) -> None:
    """Whether the ending of the name and the first bytes of the content agree."""
    if suffix not in _SUFFIXES:
        raise SheetError("file_type", {"suffix": suffix[:16] or "?"})
    found = guards.found_type(data)
    if found == "ole" and guards.is_encrypted(data):
        raise SheetError("file_encrypted")
    if found == {".xlsx": "zip", ".xls": "ole", ".csv": "text"}[suffix]:
        return
    if found == "html" and suffix != ".csv":
        raise SheetError("file_html", {"suffix": suffix})
    if suffix == ".csv" and found == "unknown":
        raise SheetError("not_text")
    names = {"zip": ".xlsx (ZIP)", "ole": ".xls (OLE)", "text": "CSV/TXT", "html": "HTML", "unknown": "?"}
    raise SheetError("file_mismatch", {"suffix": suffix, "found": names.get(found, found)})


def _open_xlsx(data: bytes, limits: Limits) -> _Book:
    package = guards.open_package(data, limits)
    epoch_1904 = bool(_EPOCH_1904.search(package.read(guards.WORKBOOK)))
    template = _TEMPLATE.search(package.read("docprops/custom.xml"))
    book = _open(data)
    names = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]
    scan = package.scan
    plain = scan.plain and scan.longest * scan.cells <= limits.text

    def rows_of(name: str) -> Iterator[Row]:
        if not plain:
            return _compacted(package, name, limits, epoch_1904)
        sheet = _sheet(book, name)
        return filled(_used(_numbered(sheet)), downwards(sheet.merged_cell_ranges or ()))

    def refuse(name: str) -> None:
        if scan.formulas:
            refuse_uncalculated(package, name)

    details = {"epoch_1904": epoch_1904, "template": template[1].decode() if template else ""}
    return _Book(names, rows_of, "xlsx", limits, details, refuse)


def _compacted(package: Package, name: str, limits: Limits, epoch_1904: bool) -> Iterator[Row]:
    small, numbers, merged = compact(package, name, limits, epoch_1904)
    rows = _numbered(_sheet(_open(small), "S"))
    return filled(_used((numbers[position - 1], cells) for position, cells in rows), merged)


def _open(data: bytes) -> CalamineWorkbook:
    with _parser_errors():
        return load_workbook(BytesIO(data))


@contextmanager
def _parser_errors() -> Iterator[None]:
    """Turns whatever the parser throws into a SheetError; a panic of its Rust core is no Exception."""
    try:
        yield
    except PasswordError as error:
        raise SheetError("file_encrypted") from error
    except (CalamineError, OSError) as error:
        raise SheetError("file_damaged") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise SheetError("file_damaged") from error


def _sheet(book: CalamineWorkbook, name: str) -> CalamineSheet:
    with _parser_errors():
        return book.get_sheet_by_name(name)


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    with _parser_errors():
        left = [""] * (sheet.start[1] if sheet.start else 0)
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, left + cells if left else cells


def _open_xls(data: bytes, limits: Limits) -> _Book:
    """Reads an old workbook through a process of its own, which dies alone when the file asks for too much."""
    command = [sys.executable, "-I", xls_child.__file__, str(limits.rows + HEAD_ROWS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=2 * xls_child.SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise SheetError("file_damaged") from error
    answer = json.loads(done.stdout, object_hook=_decoded)
    if code := answer.get("error"):
        raise SheetError(code)
    sheets = {sheet["name"]: sheet for sheet in answer["sheets"]}

    def rows_of(name: str) -> Iterator[Row]:
        return filled(_used(sheets[name]["rows"]), downwards(sheets[name]["merged"]))

    return _Book(list(sheets), rows_of, "xls", limits, {"epoch_1904": answer["epoch_1904"]})


def _decoded(found: dict[str, Any]) -> Any:
    if "date" in found:
        return date.fromisoformat(found["date"])
    return datetime.fromisoformat(found["datetime"]) if "datetime" in found else found


def _roster_of(book: _Book, knows: Knows) -> Grid:
    """The grid of the sheet that holds the roster, with what is known of the others."""
    if not book.names:
        raise SheetError("no_sheet")
    wanted = [name for name in book.names if name not in BESIDE] or book.names
    first = ""
    for name in sorted(wanted, key=lambda name: name != DATA_SHEET):
        rows = book.rows_of(name)
        if not (head := list(itertools.islice(rows, HEAD_ROWS))):
            continue
        if knows(_grid(name, book.kind, iter(head), book.limits)):
            return _told(book, name, itertools.chain(head, rows), wanted, knows)
        first = first or name
    if not first:
        for name in wanted:  # what looks empty may be formulas without results
            book.refuse(name)
        raise SheetError("no_rows")
    return _told(book, first, book.rows_of(first), wanted, knows)


def _told(book: _Book, name: str, rows: Iterator[Row], wanted: list[str], knows: Knows) -> Grid:
    book.refuse(name)
    heads = {other: _head_of(book, other) for other in wanted if other != name}
    others = tuple(other for other, head in heads.items() if head is not None)
    alike = tuple(other for other in others if knows(heads[other]))
    return _grid(name, book.kind, rows, book.limits, other_sheets=others, alike=alike, **book.details)


def _head_of(book: _Book, name: str) -> Grid | None:
    """The first rows of a sheet; None where it holds nothing, or nothing that can be read."""
    try:
        return _grid(name, book.kind, itertools.islice(book.rows_of(name), HEAD_ROWS), book.limits)
    except SheetError:
        return None


_KEPT_AS_TEXT = ("'", "=")


class _Cells(dict):
    """Cells by themselves; texts without what keeps a spreadsheet from reading them as something else.

    Texts and days that occur again become one object: most cells of a roster repeat, and a hundred thousand rows must
    fit. Numbers are left alone, for True and 1.0 are one key.
    """

    def __missing__(self, cell: Value) -> Value:
        if isinstance(cell, str):
            self[cell] = found = csvtext.unguard(cell) if cell[:1] in _KEPT_AS_TEXT else cell
            return found
        return self.setdefault(cell, cell) if isinstance(cell, date) else cell


def _holds(cell: Value) -> bool:
    """Whether there is more in a cell than white space."""
    return not isinstance(cell, str) or cell.isalnum() or text.clean(cell) != ""


def _used(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[Row]:
    """The rows that hold more than white space."""
    known = _Cells().__getitem__
    for number, cells in rows:
        for cell in cells:
            if _holds(cell):
                yield Row(number, list(map(known, cells)))
                break


def _grid(sheet: str, kind: str, rows: Iterator[Row], limits: Limits, **details: Any) -> Grid:
    """Collects rows under the limits and gives them all the same width."""
    kept: list[Row] = []
    width = 0
    for row in rows:
        if len(row.cells) > limits.columns:
            _check_width(row, limits)
            row = Row(row.number, row.cells[: limits.columns])
        if len(kept) >= limits.rows + HEAD_ROWS:
            raise SheetError("too_many_rows", {"limit": f"{limits.rows:,}"})
        kept.append(row)
        width = max(width, len(row.cells))
    if not kept:
        raise SheetError("no_rows")
    for row in kept:
        if len(row.cells) < width:
            row.cells.extend([""] * (width - len(row.cells)))
    return Grid(sheet, kept, width, kind, **details)


def _check_width(row: Row, limits: Limits) -> None:
    for index in range(limits.columns, len(row.cells)):
        if _holds(row.cells[index]):
            place = {"row": row.number, "column": letter_of(index), "limit": limits.columns}
            raise SheetError("too_many_columns", place, row.number)
