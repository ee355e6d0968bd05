"""A plain workbook made of an uploaded sheet: its first rows only, to find the header in, or all of them."""

import itertools
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from portal.core.sheets import csvtext
from portal.core.sheets.columns import letter_of
from portal.core.sheets.guards import HEAD_ROWS, Limits
from portal.core.sheets.opc import (
    KINDS,
    OFFICE,
    RELATIONS,
    SHEET_TYPE,
    STYLES,
    TYPES,
    WORKBOOK,
    Parts,
    relations_of,
)
from portal.core.sheets.reading import DATA_SHEET, Grid, Knows, read_sheet
from portal.core.sheets.rowxml import RowWriter
from portal.core.sheets.writing import safe_text, sheet_title

_CHUNK = 1024 * 1024
_KEPT = 4 * HEAD_ROWS
_UNBOUNDED = 2**40  # the file has passed the limits when it was taken in
_COPIED = (TYPES, "_rels/.rels", WORKBOOK, relations_of(WORKBOOK), STYLES, "xl/sharedStrings.xml")
_WIDEST = 100
_BLOCK = 500


def head_of(parts: Parts, knows: Knows) -> Grid:
    """The first rows of the sheet that the reader takes for the roster, read by the reader itself."""
    small = BytesIO()
    with zipfile.ZipFile(small, "w") as copy:
        for name in _COPIED:
            if entry := parts.names.get(name.lower()):
                copy.writestr(entry.filename, parts.archive.read(entry))
        for sheet in set(parts.sheets().values()):
            if entry := parts.names.get(sheet.lower()):
                with parts.archive.open(entry) as member:
                    copy.writestr(entry.filename, _head(iter(lambda: member.read(_CHUNK), b"")))
    return read_sheet(small.getvalue(), "a.xlsx", limits=Limits(bytes=_UNBOUNDED, unpacked=_UNBOUNDED), knows=knows)


def _head(pieces: Iterable[bytes]) -> bytes:
    """A worksheet cut off behind its first rows that hold something."""
    buffer, kept = b"", [b""]
    for piece in pieces:
        *rows, buffer = (buffer + piece).split(b"</row>")
        for row in rows:
            if len(kept) == 1 or b"<v" in row or b"<t" in row:
                kept.append(row + b"</row>")
            if len(kept) > _KEPT:
                return b"".join(kept) + b"</sheetData></worksheet>"
    return b"".join(kept) + buffer


def rewrite(target: IO[bytes], content: bytes, filename: str, knows: Knows, *, only_head: bool = False) -> None:
    """Writes the rows of a sheet of any kind as xlsx in constant memory, each with the number it had; with `only_head`
    no more of them than are needed to find the header."""
    last = _KEPT if only_head else None
    if filename.lower().endswith(".csv"):
        found, _encoding = csvtext.iterate(content)
        rows = ((number, list(map(csvtext.unguard, cells))) for number, cells in found if any(cells))
        _write(target, DATA_SHEET, itertools.islice(rows, last))
        return
    limits = Limits(bytes=max(len(content), 1), unpacked=_UNBOUNDED)
    grid = read_sheet(content, filename, limits=limits, knows=knows)
    _write(target, sheet_title(grid.sheet or DATA_SHEET), itertools.islice(grid.rows, last))


def _write(target: IO[bytes], title: str, rows: Iterable[tuple[int, Sequence[Any]]]) -> None:
    writer = RowWriter([letter_of(at) for at in range(_WIDEST)], [_TEXT] * _WIDEST, _DAY, safe_text)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, part in _FRAME.items():
            book.writestr(name, part % {"title": quoteattr(title)} if name == WORKBOOK else part)
        with book.open(_SHEET, "w", force_zip64=True) as sheet:
            sheet.write(_SHEET_HEAD.encode())
            rows = iter(rows)
            while block := list(itertools.islice(rows, _BLOCK)):
                sheet.write("".join(writer.row(number, cells) for number, cells in block).encode())
            sheet.write(b"</sheetData></worksheet>")


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "xl/worksheets/sheet1.xml"
_TEXT, _DAY = "1", "2"  # styles of the frame: cells that stay text, and days
_SHEET_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}"><sheetViews>'
    f'<sheetView workbookViewId="0"/></sheetViews><cols><col min="1" max="{_WIDEST}" width="14" style="{_TEXT}" '
    'customWidth="1"/></cols><sheetData>'
)
_FRAME = {
    TYPES: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/{WORKBOOK}" ContentType="{KINDS}sheet.main+xml"/>'
    f'<Override PartName="/{STYLES}" ContentType="{KINDS}styles+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{SHEET_TYPE}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{WORKBOOK}"/></Relationships>',
    WORKBOOK: f'<workbook xmlns="{_MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews><sheets>'
    '<sheet name=%(title)s sheetId="1" r:id="rId1"/></sheets></workbook>',
    relations_of(WORKBOOK): f'<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    STYLES: f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs '
    'count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
