"""The form that enters a rule: its value fields come from the kind, so a new kind of rule needs no form of its own."""

import hashlib
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.lib.clock import today
from portal.core.lib.dated import ONE_DAY
from portal.core.policy.history import effective
from portal.core.policy.kinds import Field, Kind
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Division
from portal.core.web import formats
from workforce.actions.rules import seen_rules

YES, NO = "yes", "no"
# Errors of the action that concern a field under another name in the form.
FIELD_OF = {"valid_to": "last_day"}


def _date(label, **options) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class RuleForm(forms.Form):
    """Value, period and source of a rule. `seen` marks the rules the writer saw, `shown` the entries last previewed."""

    valid_from = _date(
        gettext_lazy("从哪一天起执行"), help_text=gettext_lazy("这一天起的数字按新规则计算，以前的不变。")
    )
    last_day = _date(
        gettext_lazy("最后一天"), required=False, help_text=gettext_lazy("长期有效的不填；到下一条规则开始时自动终止。")
    )
    document = forms.CharField(
        label=gettext_lazy("依据文件"),
        max_length=200,
        help_text=gettext_lazy("文件名称和文号，显示在每个按它计算的数字下面。"),
    )
    article = forms.CharField(
        label=gettext_lazy("条款"), max_length=100, required=False, help_text=gettext_lazy("例如：第三条第二款。")
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, kind: Kind, place: Division | None, rules: list[PolicyRule], data=None):
        super().__init__(data, initial={"valid_from": today(), "seen": seen_rules(kind.key, place)})
        self.kind, self.place = kind, place
        self.own = [rule for rule in rules if rule.kind == kind.key and rule.division == place]
        value = effective(kind, rules, today()).value
        self.parts: dict[str, list[str]] = {}
        for field in kind.fields:
            made = _value_fields(field, (value or {}).get(field.name))
            self.parts[field.name] = list(made)
            self.fields |= made
        values = [name for names in self.parts.values() for name in names]
        self.order_fields([*values, "valid_from", "last_day", "document", "article"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", _("最后一天不能早于开始执行的那一天。"))
        elif start:
            self._refuse_overlap(start, last)
        for field in self.kind.fields:
            if field.ordered:
                self._refuse_twice(field)
        return cleaned

    def _refuse_overlap(self, start: date, last: date | None) -> None:
        """Says which rule of the same place comes later, and until when this one may therefore last."""
        later = min((rule.valid_from for rule in self.own if rule.valid_from > start), default=None)
        if later is not None and (last is None or last >= later):
            sentence = _("自 %(day)s 起已经录入了另一条规则。请填写不晚于 %(last)s 的最后一天，或者先撤回那一条。")
            self.add_error("last_day", sentence % {"day": formats.day(later), "last": formats.day(later - ONE_DAY)})

    def _refuse_twice(self, field: Field) -> None:
        chosen = [(name, self.cleaned_data.get(name)) for name in self.parts[field.name]]
        for position, (name, key) in enumerate(chosen):
            if key and key in [earlier for _name, earlier in chosen[:position]]:
                self.add_error(name, _("前面已经选过这一项。"))

    def value(self) -> dict[str, Any]:
        """The value of the rule as the kind wants it."""
        cleaned, value = self.cleaned_data, {}
        for field in self.kind.fields:
            given = [cleaned[name] for name in self.parts[field.name]]
            value[field.name] = [key for key in given if key] if field.ordered else given[0]
        return value

    def entries(self) -> dict[str, Any]:
        """What the action is called with, apart from place and user."""
        named = {name: self.cleaned_data[name] for name in ("valid_from", "last_day", "document", "article", "seen")}
        return {"kind": self.kind.key, "division": self.place, "value": self.value(), **named}

    def mark(self) -> str:
        """A short mark of everything entered, so that only what was previewed is saved."""
        return hashlib.sha256(repr(sorted(self.entries().items(), key=str)).encode()).hexdigest()[:16]


def blame(form: forms.Form, error: ValidationError) -> None:
    """Puts the errors of an action beside the fields they concern, the rest at the top."""
    errors = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for name, found in errors.items():
        name = FIELD_OF.get(name, name)
        form.add_error(name if name in form.fields else None, found)


def _value_fields(field: Field, value: Any) -> dict[str, forms.Field]:
    """Form fields of one value: one, or for an order of preference one per rank."""
    name, label = f"value_{field.name}", field.label
    if field.type == "integer":
        widget = forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"})
        limits = {"min_value": field.minimum, "max_value": field.maximum}
        return {name: forms.IntegerField(label=label, help_text=field.help, initial=value, widget=widget, **limits)}
    if field.type == "boolean":
        choices, initial = [(YES, _("是")), (NO, _("否"))], {True: YES, False: NO}.get(value)
        options = {"coerce": lambda answer: answer == YES, "widget": forms.RadioSelect, "initial": initial}
        return {name: forms.TypedChoiceField(label=label, help_text=field.help, choices=choices, **options)}
    if not field.ordered:
        options = {"widget": forms.CheckboxSelectMultiple, "initial": value}
        return {name: forms.MultipleChoiceField(label=label, help_text=field.help, choices=field.choices, **options)}
    return {f"{name}_{rank}": _rank_field(field, rank, value or []) for rank in range(1, len(field.choices) + 1)}


def _rank_field(field: Field, rank: int, value: list) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("%(label)s：第 %(rank)s 位") % {"label": field.label, "rank": rank},
        choices=[("", _("不采用")), *field.choices],
        initial=value[rank - 1] if rank <= len(value) else "",
        required=rank == 1,
        widget=forms.Select(attrs={"class": "short"}),
    )


class SeenForm(forms.Form):
    """A confirmation that holds only while the rules are as the writer saw them."""

    seen = forms.CharField(widget=forms.HiddenInput)


class EndForm(SeenForm):
    """The last day of a rule that ends."""

    last_day = _date(gettext_lazy("最后一天"), help_text=gettext_lazy("这一天仍按它计算，第二天起不再适用。"))
