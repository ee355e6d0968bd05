"""Cursor paging by key, never by offset: rows added or removed while somebody pages are neither skipped nor repeated.

A cursor holds the key of the row where a page ends. It is signed, and bound to the address and filters it was made
for, so that a made-up cursor is a 400 or 404 and never a query.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.web.filters import IntegerParameter, Parameter
from portal.core.web.problems import ProblemError, at_parameter

PAGE_SIZE = 100
MAX_PAGE_SIZE = 500
_CURSOR = re.compile(r"[A-Za-z0-9_.-]{8,900}:[A-Za-z0-9_-]{43}")


class CursorParameter(Parameter):
    """Opaque to callers: what looks like no cursor is a bad parameter (400), a cursor not made here is missing."""

    def parse(self, text: str) -> str:
        if not _CURSOR.fullmatch(text):
            raise ValueError(_("应取自响应中 next 或 previous 的地址。"))
        return super().parse(text)

    def schema(self) -> dict:
        return {"type": "string", "maxLength": self.max_length, "pattern": f"^{_CURSOR.pattern}$"}


CURSOR = CursorParameter(
    name="cursor", description=gettext_lazy("上一次响应的 next 或 previous 所含的游标。"), max_length=1000
)
SIZE = IntegerParameter(
    name="page_size",
    description=gettext_lazy("每页行数，缺省 100。"),
    example="100",
    minimum=1,
    maximum=MAX_PAGE_SIZE,
)
PARAMETERS = (CURSOR, SIZE)
_NOT_BOUND = {"cursor", "page_size", "fields"}
_signer = signing.Signer(salt="portal.rest.cursor")


class Source(Protocol):
    """Rows in the order of a unique key. `before` gives the rows nearest to the key, in the same ascending order."""

    def after(self, key: Sequence | None, limit: int) -> list: ...

    def before(self, key: Sequence | None, limit: int) -> list: ...

    def key_of(self, row) -> list: ...

    def count(self) -> int: ...


class QuerySetSource:
    """Rows of a queryset by fields whose values together are unique and never NULL, as ("division_id", "id") are."""

    def __init__(self, queryset: QuerySet, key: tuple[str, ...]):
        self.queryset = queryset
        self.key = key

    def after(self, key: Sequence | None, limit: int) -> list:
        return list(self._beyond("gt", key).order_by(*self.key)[:limit])

    def before(self, key: Sequence | None, limit: int) -> list:
        rows = self._beyond("lt", key).order_by(*(f"-{name}" for name in self.key))[:limit]
        return list(rows)[::-1]

    def key_of(self, row) -> list:
        values = (getattr(row, name) for name in self.key)
        return [value if isinstance(value, (str, int)) else str(value) for value in values]

    def count(self) -> int:
        return self.queryset.count()

    def _beyond(self, side: str, key: Sequence | None) -> QuerySet:
        if key is None:
            return self.queryset
        condition = Q()
        for position in range(len(self.key)):
            equal = dict(zip(self.key[:position], key, strict=False))
            condition |= Q(**equal, **{f"{self.key[position]}__{side}": key[position]})
        # The plain bound on the first field lets the index find the start.
        return self.queryset.filter(condition, **{f"{self.key[0]}__{side}e": key[0]})


class ListSource:
    """A short list that is made as a whole, for instance every kind of rule; `name` is the attribute that orders it."""

    def __init__(self, rows: list, name: str):
        self.rows = sorted(rows, key=lambda row: getattr(row, name))
        self.name = name

    def after(self, key: Sequence | None, limit: int) -> list:
        return [row for row in self.rows if key is None or self.key_of(row) > list(key)][:limit]

    def before(self, key: Sequence | None, limit: int) -> list:
        return [row for row in self.rows if key is None or self.key_of(row) < list(key)][-limit:]

    def key_of(self, row) -> list:
        return [getattr(row, self.name)]

    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Page:
    rows: list
    next: str | None
    previous: str | None


def page_of(source: Source, request, values: dict[str, Any]) -> Page:
    """One page with the absolute addresses of its neighbours. `values` are the parameters read by the view."""
    size = values["page_size"] or PAGE_SIZE
    binding = _binding(request)
    backwards, key = _opened(values["cursor"], binding)
    found = (source.before if backwards else source.after)(key, size + 1)
    more = len(found) > size
    rows = (found[1:] if backwards else found[:size]) if more else found

    def address(towards: str, row) -> str:
        return _address(request, _closed(towards, source.key_of(row) if row is not None else None, binding))

    if backwards:
        following = address("after", rows[-1]) if rows else _address(request, None)
        return Page(rows, following, address("before", rows[0]) if more else None)
    behind = None
    if key is not None:
        behind = address("before", rows[0] if rows else None)
    return Page(rows, address("after", rows[-1]) if more else None, behind)


def chunks(source: Source, size: int) -> Iterator[list]:
    """All rows, `size` at a time."""
    key = None
    while True:
        rows = source.after(key, size)
        yield rows
        if len(rows) < size:
            return
        key = source.key_of(rows[-1])


class CursorEnvelope:
    """The form of every list, `{results, next, previous}`, for the OpenAPI document."""

    def get_paginated_response_schema(self, schema: dict) -> dict:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "results": schema,
                "next": {**address, "example": None, "description": _("下一页的完整地址；最后一页为 null。")},
                "previous": {**address, "example": None, "description": _("上一页的完整地址；第一页为 null。")},
            },
        }


def _binding(request) -> str:
    """Digest of address and filters: a cursor of one list means nothing in another."""
    filters = sorted((k, v) for k, v in request.query_params.items() if k not in _NOT_BOUND)
    return hashlib.sha256(f"{request.path}?{urlencode(filters)}".encode()).hexdigest()[:16]


def _closed(towards: str, key: list | None, binding: str) -> str:
    return _signer.sign_object([towards, key, binding])


def _opened(cursor: str | None, binding: str) -> tuple[bool, list | None]:
    if cursor is None:
        return False, None
    try:
        towards, key, bound = _signer.unsign_object(cursor)
        if bound != binding:
            raise ValueError
    except (signing.BadSignature, ValueError, TypeError):
        message = _(
            "没有这个游标，或它属于另一次查询。请用响应中 next 或 previous 的完整地址，或去掉 cursor 重新开始。"
        )
        raise ProblemError(404, message, slug="unknown-cursor", errors=[at_parameter("cursor", message)]) from None
    return towards == "before", key


def _address(request, cursor: str | None) -> str:
    query = {name: value for name, value in request.query_params.items() if name != "cursor"}
    if cursor is not None:
        query["cursor"] = cursor
    return request.build_absolute_uri(request.path + (f"?{urlencode(query)}" if query else ""))
