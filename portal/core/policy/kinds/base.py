"""What a kind of rule is: its fields, how a value is checked, and how it reads as a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FieldType = Literal["integer", "percent", "money", "boolean", "choice", "choices", "date", "integers", "table"]
Choices = tuple[tuple[str | int, str | Promise], ...]


class Topic(models.TextChoices):
    """What the kinds are grouped by on the policy page, in its order."""

    STAFFING = "staffing", gettext_lazy("人员配备")
    POPULATION = "population", gettext_lazy("人口口径")
    COMMITTEE = "committee", gettext_lazy("“两委”与换届")
    CONTRACTS = "contracts", gettext_lazy("合同")
    CERTIFICATES = "certificates", gettext_lazy("持证")
    PAY = "pay", gettext_lazy("薪酬")
    ASSESSMENT = "assessment", gettext_lazy("考核")
    TRAINING = "training", gettext_lazy("培训")
    CAREERS = "careers", gettext_lazy("职业发展")
    GRID = "grid", gettext_lazy("网格")
    SERVICE = "service", gettext_lazy("服务规范")
    RATING = "rating", gettext_lazy("星级评定")
    PROPOSALS = "proposals", gettext_lazy("提案办理")
    DEADLINES = "deadlines", gettext_lazy("期限与督办")


@dataclass(frozen=True)
class Field:
    """One value of a rule; limits are inclusive, and bound the number of entries of a list or table.

    integer, percent, money: a whole number (money in yuan), or null where `optional` and the source gives none.
    choice: one key of `choices`. choices: a list of keys, by preference where `ordered`, empty only where `optional`.
    date: an ISO day. integers: a list of whole numbers without repeats, kept largest first. table: a list of rows of
    `columns`; no two rows agree in the first column, and rows are kept in its order.
    """

    name: str
    label: str | Promise
    type: FieldType
    minimum: int = 0
    maximum: int = 1_000_000
    choices: Choices = ()
    ordered: bool = False
    optional: bool = False
    unit: str | Promise = ""
    columns: tuple["Field", ...] = ()
    row: str | Promise = ""
    help: str | Promise = ""

    def clean(self, value: Any) -> Any:
        """The value as stored. Raises ValidationError with a sentence for the person who entered it."""
        if value is None and self.optional and self.type in ("integer", "percent", "money"):
            return None
        return _CLEANERS[self.type](self, value)

    def in_words(self, value: Any) -> str:
        """The value as it stands in a sentence, with its unit."""
        if value is None:
            return _("来源未给出金额") if self.type == "money" else _("来源未给出数值")
        return _WORDS[self.type](self, value)


def money(name: str, label: str | Promise, **options) -> Field:
    """Whole yuan, or null: the sources often set an amount without giving it."""
    return Field(name, label, "money", 0, 1_000_000, optional=True, unit=gettext_lazy("元"), **options)


def percent(name: str, label: str | Promise, minimum: int = 0, **options) -> Field:
    """A whole per cent from `minimum` to 100."""
    return Field(name, label, "percent", minimum, 100, unit="%", **options)


def _number(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not field.minimum <= value <= field.maximum:
        sentence = _("“%(label)s”应为 %(minimum)s 到 %(maximum)s 之间的整数。")
        if field.optional:
            sentence = _("“%(label)s”应为 %(minimum)s 到 %(maximum)s 之间的整数；来源没有给出的留空。")
        raise ValidationError(sentence % {"label": field.label, "minimum": field.minimum, "maximum": field.maximum})
    return value


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("“%(label)s”应为是或否。") % {"label": field.label})
    return value


def _known(field: Field, value: Any) -> bool:
    return any(type(key) is type(value) and key == value for key, _label in field.choices)


def _choice(field: Field, value: Any) -> str | int:
    if not _known(field, value):
        raise ValidationError(_("“%(label)s”应从所列选项中选择一项。") % {"label": field.label})
    return value


def _several(field: Field, value: Any) -> list:
    given = value if isinstance(value, list) else []
    fits = isinstance(value, list) and (given or field.optional) and all(_known(field, item) for item in given)
    if not fits or len(set(given)) != len(given):
        raise ValidationError(_("“%(label)s”应从所列选项中选择，不能重复。") % {"label": field.label})
    return given


def _date(field: Field, value: Any) -> str:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != value:
        raise ValidationError(_("“%(label)s”应为日期，例如 2025-12-31。") % {"label": field.label})
    return value


def _integers(field: Field, value: Any) -> list[int]:
    given = value if isinstance(value, list) else []
    numbers = all(isinstance(n, int) and not isinstance(n, bool) for n in given)
    if not given or not numbers or len(set(given)) != len(given) or len(given) > 12:
        raise ValidationError(_("“%(label)s”应为 1 到 12 个整数，不能重复。") % {"label": field.label})
    return sorted((_number(field, number) for number in given), reverse=True)


def _table(field: Field, value: Any) -> list[dict]:
    names = {column.name for column in field.columns}
    if not isinstance(value, list) or not all(isinstance(row, dict) and set(row) == names for row in value):
        labels = _("、").join(str(column.label) for column in field.columns)
        words = {"label": field.label, "names": labels}
        raise ValidationError(_("“%(label)s”应逐行给出，每行包含且只包含：%(names)s。") % words)
    if not field.minimum <= len(value) <= field.maximum:
        words = {"label": field.label, "minimum": field.minimum, "maximum": field.maximum}
        raise ValidationError(_("“%(label)s”应有 %(minimum)s 到 %(maximum)s 行。") % words)
    rows = [_row(field, number, row) for number, row in enumerate(value, 1)]
    first = field.columns[0]
    if len({row[first.name] for row in rows}) != len(rows):
        words = {"label": field.label, "first": first.label}
        raise ValidationError(_("“%(label)s”中“%(first)s”相同的只能有一行。") % words)
    return sorted(rows, key=lambda row: _place(first, row[first.name]))


def _row(field: Field, number: int, row: dict) -> dict:
    try:
        return {column.name: column.clean(row[column.name]) for column in field.columns}
    except ValidationError as error:
        words = {"label": field.label, "row": number, "sentence": " ".join(error.messages)}
        raise ValidationError(_("“%(label)s”第 %(row)s 行：%(sentence)s") % words) from error


def _place(field: Field, value: Any) -> int:
    """Where a row stands: by number, or in the order of the choices."""
    return [key for key, _label in field.choices].index(value) if field.choices else value


_CLEANERS: dict[str, Callable[[Field, Any], Any]] = {
    "integer": _number,
    "percent": _number,
    "money": _number,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _several,
    "date": _date,
    "integers": _integers,
    "table": _table,
}


def _number_words(field: Field, value: int) -> str:
    if field.type == "percent":
        return f"{value}%"
    return f"{value:,} {field.unit}" if field.unit else f"{value:,}"


def _choices_words(field: Field, value: list) -> str:
    labels = dict(field.choices)
    return (" › " if field.ordered else _("、")).join(str(labels[item]) for item in value) or _("无")


def _integers_words(field: Field, value: list[int]) -> str:
    return _("、").join(_number_words(field, number) for number in value)


def _table_words(field: Field, value: list[dict]) -> str:
    """Row by row; rows for which the source gives nothing are named together at the end."""
    gaps = [column.name for column in field.columns if column.optional]
    given = [row for row in value if not gaps or any(row[name] is not None for name in gaps)]
    parts = [
        str(field.row) % {column.name: column.in_words(row[column.name]) for column in field.columns} for row in given
    ]
    if missing := [field.columns[0].in_words(row[field.columns[0].name]) for row in value if row not in given]:
        names = _("、").join(missing)
        if len(missing) > 4:
            names = _("%(first)s至%(last)s") % {"first": missing[0], "last": missing[-1]}
        absent = next(column for column in field.columns if column.optional).in_words(None)
        parts.append(f"{names} {absent}")
    return _("；").join(parts) or _("无")


_WORDS: dict[str, Callable[[Field, Any], str]] = {
    "integer": _number_words,
    "percent": _number_words,
    "money": _number_words,
    "boolean": lambda _field, value: _("是") if value else _("否"),
    "choice": lambda field, value: str(dict(field.choices)[value]),
    "choices": _choices_words,
    "date": lambda _field, value: str(value),
    "integers": _integers_words,
    "table": _table_words,
}

Check = Callable[[dict], str | None]


@dataclass(frozen=True)
class Kind:
    """A kind of rule. Without `default` a rule that nobody set is not in force; with one, the default applies.

    `checks` look at the cleaned value as a whole and answer with the sentence that refuses it, or None.
    """

    key: str
    topic: Topic
    label: str | Promise
    summary: str | Promise
    fields: tuple[Field, ...]
    default: dict | None = None
    checks: tuple[Check, ...] = ()

    def clean(self, value: Any) -> dict:
        """The checked value of a rule. Raises ValidationError naming the field."""
        if not isinstance(value, dict) or set(value) != {field.name for field in self.fields}:
            names = _("、").join(str(field.label) for field in self.fields)
            raise ValidationError(_("规则内容应包含且只包含：%(names)s。") % {"names": names})
        cleaned = {field.name: field.clean(value[field.name]) for field in self.fields}
        for check in self.checks:
            if refusal := check(cleaned):
                raise ValidationError(refusal)
        return cleaned

    def in_words(self, value: dict) -> str:
        """The value as a sentence part, for tables and findings."""
        return str(self.summary) % {field.name: field.in_words(value[field.name]) for field in self.fields}


def least_to_most(value: dict) -> str | None:
    """Check: a range that ends before it begins."""
    if value["least"] is not None and value["most"] is not None and value["least"] > value["most"]:
        return _("“最多”不能小于“最少”。")
    return None
