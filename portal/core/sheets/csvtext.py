"""Reading CSV as Chinese offices save it: the usual encodings and separators, rows numbered as Excel shows them."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from portal.core.sheets.errors import SheetError

SEPARATORS = ",;\t"
_MOST_SEPARATORS = 2_000  # in one line; more is no sheet
_MOST_LINES = 1_000  # in one row; more is an unclosed quote
_HEAD_BYTES = 8192
_USUAL = re.compile(r"[\t\r\n -~·—‘-”…、-】\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff\uff00-\uff5e]")
_USUAL_SHARE = 0.95
_DIRECTIVE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")  # no other sign ends a line of a CSV file
_AS_TEXT = re.compile(r'="([^"]*)"')
_GUARDED = re.compile(r"'+\s*[=+\-@＝＋－＠\t\r\n\0]")


def read_csv(data: bytes) -> tuple[list[tuple[int, list[str]]], str]:
    """All rows of a CSV file with their numbers, and the encoding found; SheetError when it is none."""
    rows, encoding = iterate(data)
    return list(rows), encoding


def iterate(data: bytes) -> tuple[Iterator[tuple[int, list[str]]], str]:
    """As `read_csv`, the rows one by one; what is wrong with one of them is raised when it is its turn."""
    text, encoding = decode(data)
    separator, text = _separator(text)
    return _rows(_Lines(text, separator), separator), encoding


def _rows(lines: "_Lines", separator: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=separator), 1):  # noqa: B007  (told in the error)
            lines.row_done(number)
            yield number, row
    except csv.Error as error:
        raise SheetError("cell_too_long", {"row": number + 1}, number + 1) from error


def decode(data: bytes) -> tuple[str, str]:
    """Text by the ladder: byte order mark, UTF-16 without one, strict UTF-8, strict GB18030. Big5 passes as wrong
    GB18030 text, which the header check then refuses."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif encoding := bare_utf16(data):
        encodings = [encoding]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise SheetError("not_text")
        return text, encoding
    raise SheetError("bad_encoding")


def bare_utf16(data: bytes) -> str:
    """Which UTF-16 a text without a byte order mark is in; empty where it is in none.

    Separators and digits have a zero byte there, before or behind them, and read the wrong way round a text is full of
    characters that no roster holds.
    """
    head = data[: _HEAD_BYTES & ~1]
    if len(data) % 2 or b"\0" not in head:
        return ""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        if len(_USUAL.findall(text)) >= _USUAL_SHARE * len(text):
            return encoding
    return ""


def unguard(cell: str) -> str:
    """Takes away what keeps a spreadsheet from reading a text as something else: the apostrophe that our writers put
    before what it would run as a formula, and the ="..." in which other systems write long numbers."""
    if found := _AS_TEXT.fullmatch(cell):
        return found[1]
    return cell[1:] if _GUARDED.match(cell) else cell


def guard(text: str) -> str:
    """Puts an apostrophe before a text that a spreadsheet would run as a formula; `unguard` takes it away."""
    return f"'{text}" if _DANGEROUS.match(text) else text


_DANGEROUS = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n\0]")


def _separator(text: str) -> tuple[str, str]:
    """The separator, and the text without Excel's `sep=` line, which Excel does not count as a row."""
    if found := _DIRECTIVE.match(text):
        return found[1], text[found.end() :]
    head = _LINE_END.split(_outside_quotes(text[:65_536]))[:20]
    counts = {separator: sum(line.count(separator) for line in head) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: counts[separator]), text


def _outside_quotes(text: str) -> str:
    return "".join(text.split('"')[::2])


class _Lines:
    """The lines of a text for csv.reader, with a watch on rows that never end."""

    def __init__(self, text: str, separator: str) -> None:
        self._stream = StringIO(text, newline="")
        self._separator = separator
        self._row, self._open = 1, 0

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self._open += 1
            if self._open > _MOST_LINES:
                raise SheetError("csv_unclosed_quote", {"row": self._row}, self._row)
            if line.count(self._separator) > _MOST_SEPARATORS:
                raise SheetError("file_damaged", None, self._row)
            yield line

    def row_done(self, number: int) -> None:
        self._row, self._open = number + 1, 0
