"""Rows of a worksheet as XML, and a pipe out of a ZIP file: what lets a workbook of any size leave row by row.

xlsxwriter makes everything round the rows (styles, head, print set-up); the rows themselves are put in as they come from
the database. Texts stand in their cells and not in a shared table, so that nothing has to be kept until the end.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

LARGEST_NUMBER = 10**15  # Excel keeps 15 digits; longer numbers are written as text

_EPOCH = date(1899, 12, 30)
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
_DAY = timedelta(days=1)
# What may not stand in XML as it is: markup, control characters, and texts that look like Excel's own escapes.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_EDGES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u3000"


def text_xml(text: str) -> str:
    """The `<t>` of a text that is already safe to show."""
    if text.isalnum():
        return f"<t>{text}</t>"
    body = _SPECIAL.sub(_escaped, text) if _SPECIAL.search(text) else text
    kept = ' xml:space="preserve"' if text[:1] in _EDGES or text[-1:] in _EDGES else ""
    return f"<t{kept}>{body}</t>"


def _escaped(found: re.Match[str]) -> str:
    part = found[0]
    if len(part) > 1:
        return f"_x005F{part}"
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(part) or f"_x{ord(part):04X}_"


@lru_cache(maxsize=8192)
def serial(day: date) -> str | None:
    """A day or moment as Excel counts it; None for days it cannot count."""
    whole = day.date() if isinstance(day, datetime) else day
    if whole < _FIRST_DAY:
        return None
    number = (whole - _EPOCH).days
    if not isinstance(day, datetime):
        return str(number)
    since_midnight = timedelta(hours=day.hour, minutes=day.minute, seconds=day.second, microseconds=day.microsecond)
    return f"{number + since_midnight / _DAY:.10f}".rstrip("0").rstrip(".")


class RowWriter:
    """Turns rows into XML. `looks` are the style numbers of the columns, `day_look` that of dates anywhere else."""

    def __init__(self, letters: Sequence[str], looks: Sequence[str], day_look: str, safe: Callable[[str], str]) -> None:
        self._columns = list(zip(letters, looks, strict=True))
        self._day_look, self._safe = day_look, safe

    def row(self, number: int, cells: Sequence[Any]) -> str:
        """A row under the number that Excel shows; empty cells are left out."""
        found = [f'<row r="{number}">']
        for (letter, look), value in zip(self._columns, cells, strict=False):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                body = text_xml(self._safe(value))
                found.append(f'<c r="{letter}{number}" s="{look}" t="inlineStr"><is>{body}</is></c>')
            else:
                found.append(self._other(letter, number, look, value))
        found.append("</row>")
        return "".join(found)

    def _other(self, letter: str, number: int, look: str, value: Any) -> str:
        if isinstance(value, date) and (counted := serial(value)) is not None:
            return f'<c r="{letter}{number}" s="{self._day_look}"><v>{counted}</v></c>'
        if isinstance(value, bool):
            return f'<c r="{letter}{number}" s="{look}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, int | float | Decimal) and abs(float(value)) < LARGEST_NUMBER:
            return f'<c r="{letter}{number}" s="{look}"><v>{float(value):.16G}</v></c>'
        body = text_xml(self._safe(str(value)))
        return f'<c r="{letter}{number}" s="{look}" t="inlineStr"><is>{body}</is></c>'


class Pipe:
    """A file for zipfile that cannot be wound back: what was written is taken out again and sent."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        """Everything written since the last call."""
        found = b"".join(self._parts)
        self._parts.clear()
        return found
