"""Query parameters, declared once per action: read by type, refused by name, described in the OpenAPI document.

A parameter that the action does not declare, that comes twice or that is not of its type answers 400 and names it.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.web.problems import ProblemError, at_parameter, printable

# Without control characters and the sign that stands for undecodable bytes.
TEXT_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\ufffd]+$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"0|[1-9][0-9]{0,9}")
_CODE = re.compile(r"[0-9]{2,12}")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A text parameter; the base of the others. `parse` raises ValueError with a sentence for the caller.

    `refers` says that the value names something that may be missing, which answers 404; `empty`, that an empty value
    is allowed and means the same as none.
    """

    name: str
    description: str | Promise
    example: str = ""
    max_length: int = 60
    refers: bool = False
    empty: bool = False

    def parse(self, text: str) -> Any:
        if len(text) > self.max_length:
            raise ValueError(_("不能超过 %(limit)s 个字符。") % {"limit": self.max_length})
        return text

    def schema(self) -> dict:
        return {"type": "string", "minLength": 1, "maxLength": self.max_length, "pattern": TEXT_PATTERN}


@dataclass(frozen=True, kw_only=True)
class DayParameter(Parameter):
    """An ISO day, 2026-01-31; a day of Asia/Shanghai."""

    name: str = "on"
    description: str | Promise = gettext_lazy("统计日（ISO 日期，北京时间）；缺省为今天。")
    example: str = "2026-01-31"

    def parse(self, text: str) -> dt.date:
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            return dt.date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("应为 2026-01-31 这样的日期。")) from None

    def schema(self) -> dict:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, kw_only=True)
class IntegerParameter(Parameter):
    minimum: int = 0
    maximum: int = 2_147_483_647

    def parse(self, text: str) -> int:
        if not _INTEGER.fullmatch(text) or not self.minimum <= int(text) <= self.maximum:
            raise ValueError(
                _("应为 %(minimum)s 到 %(maximum)s 之间的整数。") % {"minimum": self.minimum, "maximum": self.maximum}
            )
        return int(text)

    def schema(self) -> dict:
        number = {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}
        return {"anyOf": [number, {"type": "string", "maxLength": 0}]} if self.empty else number


@dataclass(frozen=True, kw_only=True)
class ChoiceParameter(Parameter):
    """One of `choices`, given as key -> value that the view works with."""

    choices: dict[str, Any] = field(default_factory=dict)

    def parse(self, text: str) -> Any:
        if text not in self.choices:
            raise ValueError(_("应为以下之一：%(choices)s。") % {"choices": _("、").join(self.choices)})
        return self.choices[text]

    def schema(self) -> dict:
        return {"type": "string", "enum": [*self.choices, *([""] if self.empty else [])]}


@dataclass(frozen=True, kw_only=True)
class CodeParameter(Parameter):
    """A division code as people write it, padded with zeros or not. Whether it exists is for the view to say (404)."""

    name: str = "division"
    example: str = "120000"
    refers: bool = True

    def parse(self, text: str) -> str:
        if not _CODE.fullmatch(text):
            raise ValueError(_("应为 2 到 12 位数字的区划代码。"))
        return text

    def schema(self) -> dict:
        return {"type": "string", "pattern": "^[0-9]{2,12}$"}


@dataclass(frozen=True, kw_only=True)
class IdParameter(Parameter):
    """The key of a record in an address, whose shape the route has checked: a number, or a UUID."""

    name: str = "id"
    refers: bool = True
    uuid: bool = False

    def schema(self) -> dict:
        return (
            {"type": "string", "format": "uuid"}
            if self.uuid
            else {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}
        )


@dataclass(frozen=True, kw_only=True)
class FieldsParameter(Parameter):
    """Names of the fields wanted, separated by commas: it narrows the answer and never widens it."""

    name: str = "fields"
    description: str | Promise = gettext_lazy("只要这些字段，以逗号分隔；缺省为全部字段。")
    names: tuple[str, ...] = ()

    def parse(self, text: str) -> tuple[str, ...]:
        wanted = text.split(",")
        if unknown := [name for name in wanted if name not in self.names]:
            raise ValueError(
                _("没有字段 %(unknown)s；可选：%(names)s。")
                % {"unknown": printable(unknown[0]), "names": _("、").join(self.names)}
            )
        return tuple(name for name in self.names if name in wanted)

    def schema(self) -> dict:
        # Written out rather than as an array: the form is the same in every client.
        one = "(?:" + "|".join(self.names) + ")"
        return {"type": "string", "pattern": f"^{one}(?:,{one})*$"}


def read_parameters(query, declared: Iterable[Parameter]) -> dict[str, Any]:
    """The values of all declared parameters (None where not given). Raises ProblemError naming every fault at once."""
    known = {parameter.name: parameter for parameter in declared}
    values: dict[str, Any] = dict.fromkeys(known)
    errors = []
    for name, texts in query.lists():
        try:
            if name not in known:
                raise ValueError(_("没有这个参数；可用：%(names)s。") % {"names": _("、").join(known) or _("无")})
            if texts == [""] and known[name].empty:
                continue
            values[name] = known[name].parse(_single(texts))
        except ValueError as error:
            errors.append(at_parameter(name, str(error)))
    if errors:
        raise wrong_parameters(errors)
    return values


def wrong_parameters(errors: list[dict]) -> ProblemError:
    """The refusal of a call for what its parameters say, each of them told by `at_parameter`."""
    names = _("、").join(error["parameter"] for error in errors[:10])
    told = _("查询参数有误：%(names)s。") % {"names": names}
    return ProblemError(400, told, slug="invalid-parameter", errors=errors[:50])


def _single(texts: list[str]) -> str:
    if len(texts) != 1:
        raise ValueError(_("只能出现一次。"))
    if not texts[0]:
        raise ValueError(_("不能为空；不需要时请去掉这个参数。"))
    if any(unicodedata.category(c) in ("Cc", "Cs") or c == "\N{REPLACEMENT CHARACTER}" for c in texts[0]):
        raise ValueError(_("含有控制字符或不是 UTF-8 编码。"))
    return texts[0]
