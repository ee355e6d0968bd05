"""Reading CSV as Chinese offices save it: the usual encodings and separators, rows numbered as Excel shows them."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from portal.core.sheets.errors import SheetError

SEPARATORS = ",;\t"
_MOST_SEPARATORS = 2_000  # in one line; more is no sheet
_MOST_LINES = 1_000  # in one row; more is an unclosed quote
_DIRECTIVE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_GUARDED = re.compile(r"'+\s*[=+\-@＝＋－＠\t\r\n\0]")


def read_csv(data: bytes) -> tuple[list[tuple[int, list[str]]], str]:
    """All rows of a CSV file with their numbers, and the encoding found; SheetError when it is none."""
    text, encoding = decode(data)
    separator, text = _separator(text)
    lines = _Lines(text, separator)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(lines, delimiter=separator)
    try:
        for number, row in enumerate(reader, 1):
            lines.row_done(number)
            rows.append((number, row))
    except csv.Error as error:
        raise SheetError("cell_too_long", {"row": len(rows) + 1}, len(rows) + 1) from error
    return rows, encoding


def decode(data: bytes) -> tuple[str, str]:
    """Text by the ladder: byte order mark, strict UTF-8, strict GB18030. Big5 passes as wrong GB18030 text, which the
    header check then refuses."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
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


def unguard(cell: str) -> str:
    """Takes away the apostrophe that our writers put before a text that a spreadsheet would run as a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def guard(text: str) -> str:
    """Puts an apostrophe before a text that a spreadsheet would run as a formula; `unguard` takes it away."""
    return f"'{text}" if _DANGEROUS.match(text) else text


_DANGEROUS = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n\0]")


def _separator(text: str) -> tuple[str, str]:
    """The separator, and the text without Excel's `sep=` line, which Excel does not count as a row."""
    if found := _DIRECTIVE.match(text):
        return found[1], text[found.end() :]
    head = [_outside_quotes(line) for line in text[:65_536].splitlines()[:20]]
    counts = {separator: sum(line.count(separator) for line in head) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: counts[separator]), text


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


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
