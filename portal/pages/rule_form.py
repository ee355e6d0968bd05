"""The form that enters a rule: its value, its period and its source."""

import hashlib
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.lib.clock import today
from portal.core.lib.dated import ONE_DAY, end_of, last_day
from portal.core.policy.history import effective
from portal.core.policy.kinds import Kind
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Division
from portal.core.web import formats
from portal.pages.rule_values import ValueForm
from workforce.actions.rules import seen_rules

# Errors of the action that concern a field under another name in the form.
FIELD_OF = {"valid_to": "last_day"}
PERIOD_AND_SOURCE = ("valid_from", "last_day", "document", "article")


def _date(label, **options) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class RuleForm(ValueForm):
    """Value, period and source of a rule. `seen` marks the rules the writer saw, `shown` the entries last previewed.

    `value` comes from a what-if; without it the fields start with what applies today.
    """

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

    def __init__(
        self,
        kind: Kind,
        place: Division | None,
        rules: list[PolicyRule],
        data: QueryDict | None = None,
        value: dict | None = None,
    ):
        value = value or effective(kind, rules, today()).value
        super().__init__(kind, value, data, initial={"valid_from": today(), "seen": seen_rules(kind.key, place)})
        self.place = place
        self.own = [rule for rule in rules if rule.kind == kind.key and rule.division == place]

    def rest(self) -> list[forms.BoundField]:
        """What stands below the value."""
        return [self[name] for name in PERIOD_AND_SOURCE]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", _("最后一天不能早于开始执行的那一天。"))
        elif start:
            self._refuse_overlap(start, last)
        return cleaned

    def _refuse_overlap(self, start: date, last: date | None) -> None:
        """Says which rule of the same place is in the way, and how the two fit one after the other."""
        for rule in self.own:
            ends_later = rule.valid_to is not None and rule.valid_to > start
            if rule.valid_from == start or (rule.valid_from < start and ends_later):
                sentence = _("这一天已有同类规则（%(start)s 至 %(end)s）。请另选日期，或者先终止那一条。")
                end = formats.day(last_day(rule.valid_to)) or _("长期有效")
                self.add_error("valid_from", sentence % {"start": formats.day(rule.valid_from), "end": end})
                return
        later = min((rule.valid_from for rule in self.own if rule.valid_from > start), default=None)
        if later is not None and (last is None or last >= later):
            sentence = _("自 %(day)s 起已经录入了另一条规则。请填写不晚于 %(last)s 的最后一天，或者先撤回那一条。")
            self.add_error("last_day", sentence % {"day": formats.day(later), "last": formats.day(later - ONE_DAY)})

    def entries(self) -> dict[str, Any]:
        """What the action is called with, apart from place and user."""
        named = {name: self.cleaned_data[name] for name in (*PERIOD_AND_SOURCE, "seen")}
        return {"kind": self.kind.key, "division": self.place, "value": self.value(), **named}

    def mark(self) -> str:
        """A short mark of everything entered, so that only what was previewed is saved."""
        return hashlib.sha256(repr(sorted(self.entries().items(), key=str)).encode()).hexdigest()[:16]

    def effect_day(self) -> date:
        """The first day, from today on, on which the rule holds; of a rule that is over already, its last day."""
        day, until = max(self.cleaned_data["valid_from"], today()), end_of(self.cleaned_data["last_day"])
        return day if until is None else min(day, until - ONE_DAY)


def blame(form: forms.Form, error: ValidationError) -> None:
    """Puts the errors of an action beside the fields they concern, the rest at the top."""
    errors = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for name, found in errors.items():
        name = FIELD_OF.get(name, name)
        form.add_error(name if name in form.fields else None, found)


class SeenForm(forms.Form):
    """A confirmation that holds only while the rules are as the writer saw them."""

    seen = forms.CharField(widget=forms.HiddenInput)


class EndForm(SeenForm):
    """The last day of a rule that ends."""

    last_day = _date(gettext_lazy("最后一天"), help_text=gettext_lazy("这一天仍按它计算，第二天起不再适用。"))
