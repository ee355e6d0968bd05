"""Bases of serializers: rows that go out, with `?fields=` and columns for sheets; bodies that come in."""

import functools
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from rest_framework import serializers

_ANY, _INK = r"[^\u0000]", r"[^\u0000\s]"


class RowSerializer(serializers.Serializer):
    """A row of a list or a single record. Read only; the context's `fields` narrows it."""

    def get_fields(self) -> dict:
        fields = super().get_fields()
        # A nested row has a parent above its list; only the outermost is narrowed.
        outermost = self.parent is None or (
            isinstance(self.parent, serializers.ListSerializer) and not self.parent.parent
        )
        wanted = self.context.get("fields") if outermost else None
        return {name: field for name, field in fields.items() if wanted is None or name in wanted}

    @classmethod
    @functools.cache  # every call with `?fields=` asks, and making all the fields costs more than a figure
    def names(cls) -> tuple[str, ...]:
        return tuple(cls().fields)


class BodySerializer(serializers.Serializer):
    """A request body. A member that it does not declare, or that may only be read, is refused by name."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            writable = {field.field_name for field in self._writable_fields}
            if unknown := [name for name in data if name not in writable]:
                raise serializers.ValidationError({name: [_("没有这个可填写的字段。")] for name in unknown[:50]})
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """Text of a body, without the blanks around it; a number is no text.

    Its description says so too: no NUL, which the parser refuses already, and as many characters between the first and
    the last that is no blank as there have to be.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        limit = {"maxLength": self.max_length} if self.max_length else {}
        self._spectacular_annotation = {"field": {"type": "string", "pattern": self._pattern(), **limit}}

    def _pattern(self) -> str:
        least = self.min_length or (0 if self.allow_blank else 1)
        if least < 2:
            return rf"^{_ANY}*{_INK}{_ANY}*$" if least else f"^{_ANY}*$"
        return rf"^{_ANY}*{_INK}{_ANY}{{{least - 2},}}{_INK}{_ANY}*$"

    def to_internal_value(self, data) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    """true or false; no text that stands for either."""

    def to_internal_value(self, data) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


Path = tuple[str, ...]


def columns_of(serializer: serializers.Serializer, above: Path = ()) -> list[tuple[Path, serializers.Field]]:
    """The fields of a row as columns of a sheet: a nested row gives one column for each of its fields."""
    found = []
    for name, field in serializer.fields.items():
        if isinstance(field, serializers.Serializer):
            found += columns_of(field, (*above, name))
        else:
            found.append(((*above, name), field))
    return found


def cell_of(row: Mapping, path: Path, field: serializers.Field):
    """One cell: numbers as numbers, days as days, lists of words separated by semicolons, anything deeper as JSON."""
    value = row
    for name in path:
        value = value.get(name) if value is not None else None
    if isinstance(field, serializers.DecimalField) and value is not None:
        return Decimal(value)
    if isinstance(field, serializers.DateField) and value is not None:
        return date.fromisoformat(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value
