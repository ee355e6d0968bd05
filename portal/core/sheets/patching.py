"""A worksheet part rewritten as it streams by: the marked cells change their look, everything else passes untouched."""

import re
from collections.abc import Callable, Iterable, Iterator

from portal.core.sheets.columns import column_number, letter_of
from portal.core.sheets.marks import Mark, Marks
from portal.core.sheets.opc import OFFICE, Unpatchable
from portal.core.sheets.reports import FIRST_CELL

_ROW = re.compile(rb'<row\s(?:[^>]*?\s)?r="(\d+)"[^>]*>')
_CELL = re.compile(rb'<c\s+r="([A-Z]{1,3})\d+"([^>]*)>')
_COLUMN = re.compile(rb"<col\s[^>]*>")
_STYLE = re.compile(rb'\ss="(\d+)"')
_SPANS = re.compile(rb'\sspans="[^"]*"')
_SELECTED = re.compile(rb'\stabSelected="(?:1|true)"')
_TAG = re.compile(rb"<(/?)([\w:.-]+)[^<>]*?(/?)>")
_CHUNK = 1024 * 1024
# What may stand behind the drawing of the comments' windows, in the order of the format.
_LATER = {
    b"legacyDrawingHF", b"drawingHF", b"picture", b"oleObjects", b"controls", b"webPublishItems", b"tableParts",
    b"extLst", b"mc:AlternateContent",
}  # fmt: skip


class SheetPatch:
    """Rewrites one worksheet. `style_of` gives the marked style for a style and whether it is an error; `resolved` are
    the marks by the cells they came to stand on."""

    def __init__(self, marks: Marks, style_of: Callable[[int, bool], int]) -> None:
        self.drawing = ""
        self.resolved: Marks = {}
        self._marks, self._style_of = marks, style_of
        self._columns: list[tuple[int, int, int]] = []

    def run(self, pieces: Iterable[bytes], drawing_of: Callable[["SheetPatch"], str]) -> Iterator[bytes]:
        """The new part in pieces. `drawing_of` is asked behind the last row: the id of a new drawing of comments to be
        named in the sheet, or nothing. `Unpatchable` where the sheet is not written in the usual way."""
        buffer = b""
        rows = done = False
        for piece in pieces:
            buffer += piece
            if not rows:
                at = buffer.find(b"<sheetData")
                if at < 0:
                    continue
                head, buffer, rows = buffer[:at], buffer[at:], True
                yield self._head(head)
            if not done:
                end = buffer.find(b"</sheetData>")
                cut = end if end >= 0 else max(buffer.rfind(b"<row "), 0)
                done = end >= 0
                yield from self._rows(buffer[:cut])
                buffer = buffer[cut:]
        if not done or self._marks:  # rows that are not where they should be
            raise Unpatchable("rows")
        yield self._tail(buffer, drawing_of)

    def _head(self, head: bytes) -> bytes:
        for tag in _COLUMN.findall(head):
            style = re.search(rb'\sstyle="(\d+)"', tag)
            first, last = (re.search(rb'\s%s="(\d+)"' % name, tag) for name in (b"min", b"max"))
            if style and first and last:
                self._columns.append((int(first[1]), int(last[1]), int(style[1])))
        return not_selected(head)

    def _rows(self, part: bytes) -> Iterator[bytes]:
        at = 0
        for found in _ROW.finditer(part):
            number = int(found[1])
            if number not in self._marks:
                continue
            end = found.end()
            if not found[0].endswith(b"/>"):
                end = part.find(b"</row>", end)
                if end < 0:
                    raise Unpatchable("row")
            yield part[at : found.start()]
            yield self._row(number, found[0], part[found.end() : end])
            at = end
        yield part[at:]

    def _row(self, number: int, tag: bytes, inside: bytes) -> bytes:
        """A marked row, up to its closing tag."""
        cells = [(column_number(found[1].decode()) - 1, found) for found in _CELL.finditer(inside)]
        if inside.count(b"<c ") + inside.count(b"<c>") != len(cells):
            raise Unpatchable("cell")
        marks = self._placed(number, cells)
        pieces, at = [_SPANS.sub(b"", tag).rstrip(b"/>") + b">"], 0
        for position, found in cells:
            for missing in [one for one in marks if one < position]:
                pieces += [inside[at : found.start()], self._blank(number, missing, tag, marks.pop(missing))]
                at = found.start()
            if position in marks:
                pieces += [inside[at : found.start()], self._marked(found, marks.pop(position))]
                at = found.end()
        pieces.append(inside[at:])
        pieces += [self._blank(number, position, tag, mark) for position, mark in marks.items()]
        return b"".join(pieces) + (b"</row>" if tag.endswith(b"/>") else b"")

    def _placed(self, number: int, cells: list[tuple[int, re.Match[bytes]]]) -> dict[int, Mark]:
        """The row's marks by position; one without goes to the first cell that holds something."""
        marks = self._marks.pop(number)
        if FIRST_CELL in marks:
            mark = marks.pop(FIRST_CELL)
            first = next((position for position, found in cells if not found[2].endswith(b"/")), 0)
            other = marks.get(first, Mark())
            error = mark.error or other.error
            marks[first] = Mark(error, other.errors + mark.errors, other.warnings + mark.warnings)
        self.resolved[number] = marks = dict(sorted(marks.items()))
        return dict(marks)

    def _marked(self, found: re.Match[bytes], mark: Mark) -> bytes:
        style = _STYLE.search(found[2])
        number = self._style_of(int(style[1]) if style else 0, mark.error)
        rest = _STYLE.sub(b"", found[2])
        start = found[0][: found[0].index(b'"', found[0].index(b'r="') + 3) + 1]
        return b'%s s="%d"%s>' % (start, number, rest)

    def _blank(self, number: int, position: int, tag: bytes, mark: Mark) -> bytes:
        """A cell that the sheet leaves out because nothing is in it; it looks like its row or column."""
        style = _STYLE.search(tag) if b"customFormat=" in tag else None
        base = int(style[1]) if style else self._column_style(position + 1)
        return b'<c r="%s%d" s="%d"/>' % (letter_of(position).encode(), number, self._style_of(base, mark.error))

    def _column_style(self, column: int) -> int:
        return next((style for first, last, style in self._columns if first <= column <= last), 0)

    def _tail(self, tail: bytes, drawing_of: Callable[["SheetPatch"], str]) -> bytes:
        named = re.search(rb'<legacyDrawing\b[^>]*?\s[\w:]*id="([^"]*)"', tail)
        self.drawing = named[1].decode() if named else ""
        key = drawing_of(self)
        if not key:
            return tail
        at = _place_of_drawing(tail)
        entry = f'<legacyDrawing xmlns:r="{OFFICE}" r:id="{key}"/>'.encode()
        return tail[:at] + entry + tail[at:]


def not_selected(head: bytes) -> bytes:
    """The beginning of a worksheet that is not among the selected ones: what is typed would go into all of them."""
    return _SELECTED.sub(b"", head)


def _place_of_drawing(tail: bytes) -> int:
    """Where the drawing of comments is named: behind everything but the last few elements of the sheet."""
    depth = 0
    for found in _TAG.finditer(tail, len(b"</sheetData>")):
        if found[1]:
            depth -= 1
        elif not depth and found[2] in _LATER:
            return found.start()
        elif not found[3]:
            depth += 1
        if depth < 0:  # the end of the worksheet
            return found.start()
    raise Unpatchable("worksheet")
