"""From cells to typed values: one parser per column, every cell of every row, never a silent guess."""

import calendar
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from portal.core.lib.dates import DateError, means_open_end, parse_date
from portal.core.lib.identity import IdError, IdNumber, PhoneError, parse_id, parse_phone
from portal.core.lib.text import clean, clean_name
from portal.core.sheets.columns import Column, Kind
from workforce.importers.columns import LAST_DAYS, LISTS, MEANING
from workforce.importers.rows import Row, issue, shown_cell
from workforce.importers.suggestions import doubtful_characters

Parser = Callable[[Row, object], object]

_LIMITS = {
    "name": 60,
    "ethnicity": 20,
    "political_status": 20,
    "education": 20,
    "degree": 20,
    "major": 60,
    "title": 60,
    "party": 100,
    "number": 60,
    "leaving_reason": 100,
    "community": 60,
}
_NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "无"})  # what people write into cells that do not apply
_DASHES = _NOTHING - {"无"}


_UNIQUE = frozenset({"id_number", "phone", "number"})  # hardly any two rows have the same
_BLANK = ("", None)
_UNSEEN = object()
_BLOCK = 1000


def parse_rows(
    columns: Sequence[tuple[int, Column]], lines: Iterable[tuple[int, Sequence[object]]], *, epoch_1904: bool = False
) -> Iterator[Row]:
    """Rows of the sheet, in order; `columns` says in which position each known column stands.

    Read column by column, some hundred rows at a time. A cell that was read before without a remark is not read again:
    most cells of a roster repeat.
    """
    readers = [(position, _Reader(column, epoch_1904)) for position, column in columns]
    keys = [column.key for _position, column in columns]
    needed = [column.key for _position, column in columns if column.required]
    lines = iter(lines)
    while block := list(itertools.islice(lines, _BLOCK)):
        rows = [Row(number) for number, _cells in block]
        cells = list(itertools.zip_longest(*(cells for _number, cells in block), fillvalue=""))
        empty = ("",) * len(rows)
        found = [reader.read(rows, cells[at] if at < len(cells) else empty) for at, reader in readers]
        for row, values in zip(rows, zip(*found, strict=True), strict=True):
            row.values = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
            missing = [key for key in needed if key not in row.values and not row.is_wrong(key)]
            if len(missing) == len(needed):
                row.nobody = True
                row.error("nobody", "name")
            else:
                for key in missing:
                    row.error("required", key)
            yield row


class _Reader:
    """Reads one column; remembers what stood for what."""

    def __init__(self, column: Column, epoch_1904: bool) -> None:
        self._parse = parser_of(column, epoch_1904)
        self._keeps = column.key not in _UNIQUE
        self._seen: dict[object, object] = {"": None, None: None}

    def read(self, rows: Sequence[Row], cells: Sequence[object]) -> list[object]:
        """The values of the cells of one column, None where there is none; remarks are noted on the rows."""
        if not self._keeps:
            return [None if cell in _BLANK else self._parse(row, cell) for row, cell in zip(rows, cells, strict=True)]
        known = self._seen.get
        found = [known(cell, _UNSEEN) for cell in cells]
        for at, value in enumerate(found):
            if value is _UNSEEN:
                found[at] = self._fresh(rows[at], cells[at])
        return found

    def _fresh(self, row: Row, cell: object) -> object:
        if cell in self._seen:  # the same text, further up in this block
            return self._seen[cell]
        noted = len(row.errors) + len(row.warnings)
        value = self._parse(row, cell)
        if cell not in (0, 1) and noted == len(row.errors) + len(row.warnings):  # True equals 1
            self._seen[cell] = value
        return value


def parser_of(column: Column, epoch_1904: bool = False) -> Parser:
    """The parser of one column; it notes what is wrong on the row and then answers None."""
    if column.key == "id_number":
        return _id_number
    if column.key == "phone":
        return _phone
    if column.key == "grade":
        return _grade
    if column.key == "code":
        return _code
    if column.key == "name":
        return _name
    if column.kind is Kind.DATE:
        return partial(_date, column.key, column.key in LAST_DAYS, epoch_1904)
    if column.kind is Kind.CHOICE:
        return partial(_choice, column.key, column.required, MEANING[column.choices], column.choices)
    return partial(_text, column.key, column.required, _LIMITS[column.key])


def _wrong(row: Row, code: str, key: str, cell: object, **params: object) -> None:
    row.errors.append(issue(code, key, shown_cell(key, cell), params))


def as_text(cell: object) -> str:
    """A cell as text: whole numbers without .0, dates as ISO, texts cleaned."""
    if type(cell) is str:
        return clean(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)


def _text(key: str, required: bool, limit: int, row: Row, cell: object) -> str | None:
    text = as_text(cell)
    if text in _DASHES and not required:
        return None
    if len(text) > limit:
        _wrong(row, "too_long", key, text, limit=limit)
        return None
    return text or None


def _name(row: Row, cell: object) -> str | None:
    text = clean_name(cell) if type(cell) is str else as_text(cell)
    if len(text) > _LIMITS["name"]:
        _wrong(row, "too_long", "name", text, limit=_LIMITS["name"])
        return None
    return text or None


def _choice(key: str, required: bool, meaning: dict, choices: str, row: Row, cell: object) -> object:
    value = meaning.get(cell) if type(cell) is str else None
    if value is not None:
        return value
    text = as_text(cell)
    value = meaning.get(text)
    if value is None and text and (required or text not in _NOTHING):
        _wrong(row, "choice", key, text, choices="、".join(LISTS[choices]))
    return value


def _date(key: str, is_last: bool, epoch_1904: bool, row: Row, cell: object) -> date | None:
    """A day. A month alone stands for its first day, or its last one where the column holds last days."""
    if type(cell) is str and (cell.strip() in _NOTHING or (is_last and means_open_end(cell))):
        return None
    read = parse_date(cell, epoch_1904=epoch_1904)
    if isinstance(read, DateError):
        if read is not DateError.EMPTY:
            _wrong(row, read.value, key, cell)
        return None
    value, approximate, from_serial = read
    if approximate:
        if is_last:
            value = value.replace(day=calendar.monthrange(value.year, value.month)[1])
        row.warn("month_only", key, cell=as_text(cell), read=value)
    elif from_serial:
        row.warn("day_count", key, cell=as_text(cell), read=value)
    return value


def _id_number(row: Row, cell: object) -> IdNumber | None:
    read = parse_id(cell if type(cell) is str or isinstance(cell, float | int) else as_text(cell))
    if isinstance(read, IdError):
        if read is not IdError.EMPTY:
            _wrong(row, read.value, "id_number", as_text(cell), **doubtful_characters(as_text(cell), read))
        return None
    if read.doubtful:
        row.warn("id_doubtful", "id_number", cell=read.number)
    return read


def _phone(row: Row, cell: object) -> str | None:
    if type(cell) is str and cell.strip() in _NOTHING:
        return None
    read = parse_phone(cell if type(cell) is str or isinstance(cell, float | int) else as_text(cell))
    if isinstance(read, PhoneError):
        if read is not PhoneError.EMPTY:
            _wrong(row, read.value, "phone", as_text(cell))
        return None
    return read


def _grade(row: Row, cell: object) -> int | None:
    text = as_text(cell).removesuffix("级").removesuffix("档").strip()
    if not text or text in _NOTHING:
        return None
    if not (text.isascii() and text.isdigit()):
        _wrong(row, "grade_number", "grade", text)
        return None
    digits = text.lstrip("0")  # of any length: Python reads no number of thousands of digits
    if len(digits) > 2 or not 1 <= int(digits or 0) <= 18:
        _wrong(row, "grade_range", "grade", text)
        return None
    return int(digits)


def _code(row: Row, cell: object) -> str | None:
    text = as_text(cell).replace(" ", "").lstrip("'")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 12):
        _wrong(row, "community_code", "code", text)
        return None
    return text or None
