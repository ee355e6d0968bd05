"""What the grid's page sends: JSON, read with suspicion into typed rows; whatever else comes is refused with a sentence."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.pages.grid_rows import MOST_POSTS
from workforce.importers.columns import BY_KEY

MOST_BYTES = 6 * 1024 * 1024
_LONGEST_CELL = 1000
_LONGEST_KEY = 40
_LARGEST = 2**31 - 1
_LARGEST_ID = 2**63 - 1


class BadInput(Exception):
    """The request is no grid: 400, or 413 where it is too large."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as the page sends it. `number` is the row's number in the grid; `post` and `person` are on record, or None.

    `cells` of a recorded post are those that were changed, an empty text where one was emptied; of a new one, all.
    """

    key: str
    number: int
    post: int | None
    person: UUID | None
    version: int | None
    cells: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        person = str(self.person) if self.person else None
        return {
            "key": self.key,
            "number": self.number,
            "post": self.post,
            "person": person,
            "version": self.version,
            "cells": self.cells,
        }


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request."""
    content = request.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadInput(_("一次提交的内容太多。请分几次录入。"), 413)
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(body, dict):
        raise _unreadable()
    return body


def number_of(body: dict[str, Any], name: str) -> int:
    """A count such as the draft's version; 0 where it is missing."""
    value = body.get(name, 0)
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise _unreadable()
    return value


def read_rows(body: dict[str, Any]) -> list[Typed]:
    """The rows of a request, in the order of the grid; keys and numbers are each there once."""
    found = body.get("rows")
    if not isinstance(found, list):
        raise _unreadable()
    if len(found) > MOST_POSTS:
        raise BadInput(_("一次最多提交 %(most)s 行。请分几次录入。") % {"most": f"{MOST_POSTS:,}"}, 413)
    rows = sorted((_row(row) for row in found), key=lambda row: row.number)
    if len({row.key for row in rows}) < len(rows) or len({row.number for row in rows}) < len(rows):
        raise _unreadable()
    return rows


def _row(row: Any) -> Typed:
    if not isinstance(row, dict) or not isinstance(row.get("cells"), dict):
        raise _unreadable()
    key, person = row.get("key"), row.get("person")
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY or not key.isascii():
        raise _unreadable()
    post = _whole(row.get("post"), _LARGEST_ID)
    try:
        person = None if person is None else UUID(person)
    except (ValueError, TypeError, AttributeError):
        raise _unreadable() from None
    number = _whole(row.get("number"), _LARGEST)
    if number is None:
        raise _unreadable()
    cells = {name: _cell(name, cell) for name, cell in row["cells"].items()}
    version = _whole(row.get("version"), _LARGEST)
    return Typed(key, number, post, person, version, cells)


def _whole(value: Any, largest: int) -> int | None:
    if value is not None and (type(value) is not int or not 0 < value <= largest):
        raise _unreadable()
    return value


def _cell(name: str, cell: Any) -> str:
    """A cell's text; NUL and lone surrogates, which nothing stores, are left out."""
    if name not in BY_KEY or not isinstance(cell, str):
        raise _unreadable()
    if len(cell) > _LONGEST_CELL:
        header = BY_KEY[name].header
        raise BadInput(_("“%(column)s”里有超过 1,000 个字的内容。请缩短后再试。") % {"column": header}, 422)
    return cell.replace("\0", "").encode("utf-8", "ignore").decode()


def _unreadable() -> BadInput:
    return BadInput(_("页面发来的内容读不懂。请刷新页面再试，已存的草稿还在。"))
