"""A worksheet rewritten without its empty cells and rows, for files whose cells lie far apart or are written oddly.

The fast parser allocates the whole rectangle between the outermost cells, answers an empty text for error values, and
copies a shared string for every cell that names it. Where `guards.Scan` cannot rule out that this hurts, the worksheet
is streamed through expat, counted, and written anew with its rows numbered from 1; `numbers` tells the row Excel shows.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape

from portal.core.sheets.columns import letter_of
from portal.core.sheets.errors import SheetError
from portal.core.sheets.guards import HEAD_ROWS, STRINGS, WORKBOOK, Limits, Package
from portal.core.sheets.merged import Downwards, note_span
from portal.core.sheets.scan import MEGABYTE

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHUNK = 1024 * 1024
_BLANK_CELL = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")? ?/>')
_BLANK_ROW = re.compile(rb"<row [^<>]*(?:/>|></row>)")
_LAST_ROW = 1_048_576
_LONGEST_TEXT = 32_767

_WORKBOOK_XML = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="%d"/>'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_TYPES_XML = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def compact(package: Package, sheet: str, limits: Limits, epoch_1904: bool) -> tuple[bytes, list[int], Downwards]:
    """A small workbook with the cells of one sheet that hold something, the numbers Excel shows for its rows, and the cells
    that are merged downwards."""
    writer = _Writer(limits, _string_sizes(package))
    _parse(package, sheet_part(package, sheet), writer, drop_blanks=package.scan.regular)
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES_XML)
        archive.writestr("_rels/.rels", _relation("officeDocument", WORKBOOK))
        archive.writestr(WORKBOOK, _WORKBOOK_XML % epoch_1904)
        archive.writestr("xl/_rels/workbook.xml.rels", _relation("worksheet", "worksheets/sheet1.xml"))
        archive.writestr("xl/worksheets/sheet1.xml", writer.document())
        for name, original in (("xl/styles.xml", "xl/styles.xml"), ("xl/sharedStrings.xml", STRINGS)):
            if content := package.read(original):
                archive.writestr(name, content)
    return output.getvalue(), writer.numbers, writer.merged


def _relation(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def sheet_part(package: Package, sheet: str) -> str:
    """The name of the member that holds a worksheet."""
    try:
        workbook = ElementTree.fromstring(package.read(WORKBOOK))
        relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    except ElementTree.ParseError as error:
        raise SheetError("file_damaged") from error
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            target = targets.get(key, "")
            return target[1:] if target.startswith("/") else f"xl/{target}"
    raise SheetError("file_damaged")


def _parse(package: Package, name: str, handler: Any, drop_blanks: bool = False) -> None:
    actual = package.names.get(name.lower())
    if actual is None:
        raise SheetError("file_damaged")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    try:
        with package.archive.open(actual) as stream:
            for piece in _without_blanks(stream) if drop_blanks else iter(lambda: stream.read(_CHUNK), b""):
                parser.Parse(piece)
            parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile) as error:
        raise SheetError("file_damaged") from error


def _without_blanks(stream: IO[bytes]) -> Iterator[bytes]:
    """A worksheet without its formatted but empty cells and rows, by pattern: a million of them cost expat ten seconds.

    Only for sheets whose every cell names its place, so that taking one away moves no other.
    """
    carry = b""
    while piece := stream.read(_CHUNK):
        piece = _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", carry + piece))
        cut = max(piece.rfind(b"<row "), 0)  # the last row may go on in the next piece
        carry = piece[cut:]
        yield piece[:cut]
    yield carry


def _string_sizes(package: Package) -> list[int]:
    """The length of each shared string."""
    if STRINGS not in package.names:
        return []
    measure = _Measure()
    _parse(package, STRINGS, measure)
    return measure.sizes


class _Measure:
    """Counts the characters of every shared string; readings in phonetic runs (rPh) are no part of it."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self._taking = self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "si":
            self.sizes.append(0)
        elif tag == "rPh":
            self._phonetic = True
        self._taking = tag == "t" and not self._phonetic

    def text(self, data: str) -> None:
        if self._taking and self.sizes:
            self.sizes[-1] += len(data)

    def end(self, name: str) -> None:
        self._taking = False
        if name.endswith("rPh"):
            self._phonetic = False


class _Writer:
    """Takes a worksheet's events and keeps the cells that hold something."""

    def __init__(self, limits: Limits, sizes: list[int]) -> None:
        self.numbers: list[int] = []
        self.merged: Downwards = {}
        self._limits, self._sizes = limits, sizes
        self._rows: list[str] = []
        self._cells: list[str] = []
        self._row = self._column = self._volume = 0
        self._type = self._style = ""
        self._value: list[str] = []
        self._taking = self._phonetic = False

    def document(self) -> str:
        """The new worksheet."""
        return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(self._rows)}</sheetData></worksheet>'

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._end_row()
            self._start_row(attributes.get("r", ""))
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            note_span(self.merged, attributes.get("ref", ""))
        self._taking = tag == "v" or (tag == "t" and not self._phonetic)

    def text(self, data: str) -> None:
        if self._taking:
            self._value.append(data)

    def end(self, name: str) -> None:
        self._taking = False
        tag = name.rpartition(":")[2]
        if tag == "c" and self._value:
            self._end_cell("".join(self._value))
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "sheetData":
            self._end_row()

    def _start_row(self, number: str) -> None:
        if number and not (number.isascii() and number.isdigit() and len(number) < 8):
            raise SheetError("file_damaged")
        self._row, self._column = int(number) if number else self._row + 1, 0
        if not 0 < self._row <= _LAST_ROW or (self.numbers and self._row <= self.numbers[-1]):
            raise SheetError("file_damaged")

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        if reference := attributes.get("r", ""):
            letters = reference.rstrip("0123456789")
            if reference[len(letters) :] != str(self._row) or not (letters.isascii() and letters.isalpha()):
                raise SheetError("file_damaged")
            self._column = _column_of(letters)
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._value = []

    def _end_cell(self, value: str) -> None:
        if self._type == "s":
            if not (value.isascii() and value.isdigit() and len(value) < 9 and int(value) < len(self._sizes)):
                raise SheetError("file_damaged")
            size = self._sizes[int(value)]
        else:
            size = len(value)
        if not size:
            return
        if self._column > self._limits.columns:
            place = {"row": self._row, "column": letter_of(self._column - 1), "limit": self._limits.columns}
            raise SheetError("too_many_columns", place, self._row)
        if size > _LONGEST_TEXT:
            raise SheetError("cell_too_long", {"row": self._row}, self._row)
        self._volume += size
        if self._volume > self._limits.text:
            raise SheetError("file_text_volume", {"limit": self._limits.text // MEGABYTE})
        self._cells.append(self._cell(value))

    def _cell(self, value: str) -> str:
        reference = f"{letter_of(self._column - 1)}{len(self.numbers) + 1}"
        if self._type in ("inlineStr", "e"):  # an error value becomes its text (#N/A), which no column accepts
            return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        style = f' s="{int(self._style)}"' if self._style.isascii() and self._style.isdigit() else ""
        kind = self._type if self._type in ("s", "b", "str", "d") else "n"
        return f'<c r="{reference}"{style} t="{kind}"><v>{escape(value)}</v></c>'

    def _end_row(self) -> None:
        if not self._cells:
            return
        if len(self.numbers) >= self._limits.rows + HEAD_ROWS:
            raise SheetError("too_many_rows", {"limit": f"{self._limits.rows:,}"})
        self.numbers.append(self._row)
        self._rows.append(f'<row r="{len(self.numbers)}">{"".join(self._cells)}</row>')
        self._cells = []


def _column_of(letters: str) -> int:
    """The number of a column from its letters: A is 1."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + ord(letter) - 64
    return number
