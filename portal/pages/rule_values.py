"""Form fields for the value of a rule: they come from the kind, so a new kind of rule needs no form of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.core.policy.kinds import Field, Kind

YES, NO = "yes", "no"
MORE = "more"
SPARE_ROWS = 2
_INTEGERS = re.compile(r"[,，、;；\s]+")
# Up to so many choices stand open, more are folded into a list.
OPEN_CHOICES = 4


class IntegersField(forms.CharField):
    """Whole numbers in one line; what separates them does not matter."""

    def prepare_value(self, value: Any) -> Any:
        return _("、").join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        try:
            return [int(part) for part in _INTEGERS.split(text.strip()) if part]
        except ValueError:
            raise ValidationError(_("请填写整数，用顿号或逗号隔开，例如：60、30。")) from None


@dataclass(frozen=True)
class Block:
    """What stands in the form for one value: one field, several by rank, or rows of fields with a button for more."""

    field: Field
    names: tuple[str, ...]
    rows: tuple[dict[str, str], ...] = ()
    more: bool = False


class ValueForm(forms.Form):
    """The value of a rule of one kind.

    `value` fills it at first. Data with the key `more` were sent to get one more row of the table named there: they are
    kept as they are and nothing is judged.
    """

    def __init__(self, kind: Kind, value: dict | None, data: QueryDict | None = None, **options):
        asked = data.get(MORE, "") if data else ""
        super().__init__(None if asked else data, **options)
        self.kind = kind
        self.growing = bool(asked)
        self.layout = [
            self._add(field, (value or {}).get(field.name), data, asked == field.name) for field in kind.fields
        ]
        if asked:
            for name, field in self.fields.items():
                several = isinstance(field, forms.MultipleChoiceField)
                self.initial[name] = data.getlist(name) if several else data.get(name)

    def _add(self, field: Field, value: Any, data: QueryDict | None, grow: bool) -> Block:
        name = f"value_{field.name}"
        if field.type == "table":
            return self._add_rows(field, name, value or [], data, grow)
        made = _ranked(field, name, value) if field.ordered else {name: form_field(field, value)}
        self.fields |= made
        return Block(field, tuple(made))

    def _add_rows(self, field: Field, name: str, value: list[dict], data: QueryDict | None, grow: bool) -> Block:
        sent = [int(found[1]) for key in data or () if (found := re.fullmatch(rf"{name}_(\d{{1,3}})_\w+", key))]
        count = max(sent) + grow if sent else len(value) + SPARE_ROWS
        rows = []
        for number in range(1, min(count, field.maximum) + 1):
            given = value[number - 1] if number <= len(value) else {}
            row = {column.name: f"{name}_{number}_{column.name}" for column in field.columns}
            for column in field.columns:
                made = form_field(column, given.get(column.name), row=_("第 %(row)s 行") % {"row": number})
                self.fields[row[column.name]] = made
            rows.append(row)
        return Block(field, tuple(n for row in rows for n in row.values()), tuple(rows), count < field.maximum)

    @property
    def value_names(self) -> list[str]:
        return [name for block in self.layout for name in block.names]

    def blocks(self) -> Iterator[dict]:
        """The layout with bound fields, for the template."""
        for block in self.layout:
            if block.field.type != "table":
                yield from ({"field": self[name]} for name in block.names)
                continue
            columns = block.field.columns
            rows = [[{"column": column, "field": self[row[column.name]]} for column in columns] for row in block.rows]
            errors = any(cell["field"].errors for row in rows for cell in row)
            yield {"table": block.field, "rows": rows, "more": block.more, "errors": errors}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for block in self.layout:
            if block.field.ordered:
                self._refuse_twice(block)
            for row in block.rows:
                self._refuse_gaps(block.field, row)
        if not any(name in self.errors for name in self.value_names):
            try:
                self.kind.clean(self.value())
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def _refuse_twice(self, block: Block) -> None:
        chosen = [(name, self.cleaned_data.get(name)) for name in block.names]
        for position, (name, key) in enumerate(chosen):
            if key and key in [earlier for _name, earlier in chosen[:position]]:
                self.add_error(name, _("前面已经选过这一项。"))

    def _refuse_gaps(self, field: Field, row: dict[str, str]) -> None:
        """A row is filled in or left empty; only what a source does not give may be missing."""
        if all(self._blank(name) for name in row.values()) or any(name in self.errors for name in row.values()):
            return
        for column in field.columns:
            if not column.optional and self._blank(row[column.name]):
                self.add_error(row[column.name], _("请填写这一格，或者清空这一行。"))

    def _blank(self, name: str) -> bool:
        return self.cleaned_data.get(name) in (None, "")

    def value(self) -> dict[str, Any]:
        """What is entered, in the shape of the kind; `Kind.clean` has accepted it once the form is valid."""
        return {block.field.name: self._value_of(block) for block in self.layout}

    def _value_of(self, block: Block) -> Any:
        cleaned = self.cleaned_data
        if block.field.type == "table":
            rows = [row for row in block.rows if not all(self._blank(name) for name in row.values())]
            return [{key: _stored(cleaned.get(name)) for key, name in row.items()} for row in rows]
        given = [_stored(cleaned.get(name)) for name in block.names]
        return [key for key in given if key] if block.field.ordered else given[0]


def _stored(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else None if value == "" else value


def form_field(field: Field, value: Any, row: str = "") -> forms.Field:
    """The form field of one value, or of one cell of a table, where nothing is required by itself."""
    label = f"{field.label}（{field.unit}）" if field.unit else str(field.label)
    common: dict[str, Any] = {"label": f"{row} {label}" if row else label, "initial": value}
    common["required"] = not field.optional and not row
    common["help_text"] = "" if row else _help(field)
    match field.type:
        case "boolean":
            choices, common["initial"] = [(YES, _("是")), (NO, _("否"))], {True: YES, False: NO}.get(value)
            return forms.TypedChoiceField(
                choices=choices, coerce=lambda answer: answer == YES, widget=forms.RadioSelect, **common
            )
        case "choice":
            return _choice_field(field, common, cell=bool(row))
        case "choices":
            coerce = type(field.choices[0][0])
            widget = forms.CheckboxSelectMultiple
            return forms.TypedMultipleChoiceField(choices=field.choices, coerce=coerce, widget=widget, **common)
        case "date":
            widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
            return forms.DateField(widget=widget, **common)
        case "integers":
            return IntegersField(max_length=200, **common)
    widget = forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"})
    return forms.IntegerField(min_value=field.minimum, max_value=field.maximum, widget=widget, **common)


def _help(field: Field) -> str:
    if field.optional and field.type in ("integer", "percent", "money"):
        return f"{field.help}{_('来源没有给出的留空。')}"
    if field.type == "integers":
        return f"{field.help}{_('用顿号或逗号隔开，例如：60、30。')}"
    return str(field.help)


def _choice_field(field: Field, common: dict, cell: bool) -> forms.TypedChoiceField:
    coerce = type(field.choices[0][0])
    if cell or len(field.choices) > OPEN_CHOICES:
        choices = [("", _("请选择")), *field.choices]
        return forms.TypedChoiceField(choices=choices, coerce=coerce, empty_value=None, **common)
    return forms.TypedChoiceField(choices=field.choices, coerce=coerce, widget=forms.RadioSelect, **common)


def _ranked(field: Field, name: str, value: list | None) -> dict[str, forms.Field]:
    """An order of preference: one field per rank."""
    return {
        f"{name}_{rank}": forms.ChoiceField(
            label=_("%(label)s：第 %(rank)s 位") % {"label": field.label, "rank": rank},
            choices=[("", _("不采用")), *field.choices],
            initial=value[rank - 1] if value and rank <= len(value) else "",
            required=rank == 1,
            widget=forms.Select(attrs={"class": "short"}),
        )
        for rank in range(1, len(field.choices) + 1)
    }
