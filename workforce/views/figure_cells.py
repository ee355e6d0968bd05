"""Cells of tables of places: numbers of figures, each leading to its rows."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.core.indicators.parts import DENOMINATOR, NUMERATOR
from portal.core.web import formats, keep
from workforce.queries.lines import Line

Address = Callable[[str, str], str]
"""The address of the rows behind a part of a figure."""
VALUE = "value"


class Column(NamedTuple):
    """A column of such a table: the key of the figure, and which of its numbers stand in a cell."""

    key: str
    label: str | Promise
    unit: str | Promise = ""
    parts: tuple[str, ...] = (NUMERATOR,)


BOTH = (NUMERATOR, DENOMINATOR)


def rows_of(request: HttpRequest, code: str) -> Address:
    """The addresses of the rows behind the figures of a division."""
    return partial(_rows_url, request, code)


def _rows_url(request: HttpRequest, code: str, key: str, part: str) -> str:
    return keep.page_url(request, "indicator_rows", key, part=part, place=code)


def leading(number: str, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, number)


def cells_of(request: HttpRequest, line: Line, columns: Iterable[Column]) -> list[dict]:
    """The numbers of a line; `known` is false where nothing was recorded that could be counted."""
    rows = rows_of(request, line.division.code)
    return [
        {
            "label": column.label,
            "numbers": [_number(line, column.key, part, rows) for part in column.parts],
            "known": column.key in line.figures and line.figures[column.key].known,
        }
        for column in columns
    ]


def _number(line: Line, key: str, part: str, rows: Address) -> dict:
    """What is 0 has no rows to lead to."""
    if part != VALUE:
        count = line.count(key, part)
        return {"number": formats.number(count), "url": rows(key, part) if count else ""}
    value = line.figures[key].value if key in line.figures else None
    if value is None:
        return {"number": formats.NO_DATA, "url": "", "blank": True}
    return {"number": formats.number(value), "url": rows(key, NUMERATOR) if value else ""}
