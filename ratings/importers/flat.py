"""Sheets of plain records: what a kind of sheet declares, and one row of it on its way through the check.

A record belongs to a community and is known again by its key; it is then new, changed or unchanged. Blank cells leave what
is stored as it is. Ends of periods are last days in the sheet and in what the reader is shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.sheets.columns import Column, Kind
from workforce.importers.rows import Row, plain, shown_cell

LONGEST_LABEL = 60
Choices = type[models.TextChoices]


@dataclass(frozen=True)
class Field:
    """A column of the sheet and the attribute of the record that it fills; '' where it only helps to find something.

    `type` is text, date, last_day, number, choice, choices, or the name of a look-up: grid, premises, worker. `limit` is
    the most characters of a text, `default` what a new record gets where the cell is blank.
    """

    column: Column
    attribute: str
    type: str = "text"
    choices: Choices | None = None
    limit: int = 100
    default: Any = None
    past: bool = False

    @property
    def key(self) -> str:
        return self.column.key


@dataclass(frozen=True)
class Flat:
    """A kind of sheet: its model, its columns beside the community's, and how a record is known again.

    `key` names the attributes that tell records of a community apart; `dated` that the latest period of a key is meant.
    `complete(row, record, context)` fills in what follows from the row, `check(row, record)` notes contradictions of the
    record as it would be. `constants` are values of every new record, `counted` says which rows of the table are there at
    all, `more` are attributes without a column. A row is called by its column `title`.
    """

    kind: str
    label: str | Promise
    model: type[models.Model]
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    title: str
    dated: bool = False
    versioned: bool = False
    constants: Mapping[str, Any] = field(default_factory=dict)
    counted: Mapping[str, Any] = field(default_factory=dict)
    complete: Callable[["FlatRow", dict[str, Any], Any], None] | None = None
    check: Callable[["FlatRow", dict[str, Any]], None] | None = None
    more: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*PLACE, *(one.column for one in self.fields))

    @property
    def by_key(self) -> dict[str, Field]:
        return {one.key: one for one in self.fields}

    @property
    def attributes(self) -> tuple[str, ...]:
        """What of a record the sheet may write, beside its community."""
        return (*dict.fromkeys(one.attribute for one in self.fields if one.attribute), *self.more)

    @property
    def lists(self) -> dict[str, list[str]]:
        """The drop-down lists of the template, by the name of the column."""
        return {one.column.choices: printed(one) for one in self.fields if one.column.choices}


PLACE = (
    Column(
        "code", "社区代码", width=16, aliases=("社区编码",), example="120101001001",
        explanation=_("12 位统计用区划代码。代码与社区名称至少填一项。"),
    ),
    Column(
        "community", "社区名称", width=18, aliases=("社区",), example="示例社区",
        explanation=_("不会重名时可只填名称；重名时请填社区代码。"),
    ),
)  # fmt: skip


def column(
    key: str, header: str, explanation: Promise, example: str = "", kind: Kind = Kind.TEXT, **more: Any
) -> Column:
    return Column(key=key, header=header, kind=kind, explanation=explanation, example=example, **more)


def chosen(key: str, header: str, choices: Choices, explanation: Promise, example: str, **more: Any) -> Field:
    """A column with a list to choose from: the Chinese words of the choices, in every language of the portal."""
    given = {name: more.pop(name) for name in ("required", "width") if name in more}
    listed = column(key, header, explanation, example, Kind.CHOICE, choices=header, **given)
    return Field(listed, more.pop("attribute", key), "choice", choices, **more)


def printed(one: Field) -> list[str]:
    return [words_of(one.choices, value) for value in one.choices.values] if one.choices else []


def words_of(choices: Choices, value: str) -> str:
    """The word of a choice as sheets print it: its msgid, which is Chinese whatever the reader's language."""
    with translation.override("zh-hans"):
        return str(choices(value).label)


@dataclass(slots=True)
class FlatRow(Row):
    """A row as read; errors name the columns of its own sheet. `record` is what it says, `fresh` what a new record gets besides."""

    headers: Mapping[str, str] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    fresh: dict[str, Any] = field(default_factory=dict)

    def error(self, code: str, key: str, *, cell: object = None, **params: object) -> None:
        self.errors.append(self._told(code, key, cell, params))

    def warn(self, code: str, key: str, *, cell: object = None, **params: object) -> None:
        self.warnings.append(self._told(code, key, cell, params))

    def _told(self, code: str, key: str, cell: object, params: dict) -> dict:
        header = self.headers.get(key, key)
        text = shown_cell("", self.values.get(key) if cell is None else cell)
        told = {"column": header, **{name: plain(value) for name, value in params.items()}}
        return {"key": key, "column": header, "code": code, "params": told, "cell": text}


def stored(value: Any) -> Any:
    """A value as plans and previews keep it: JSON only."""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | list | bool | type(None)) else str(value)
