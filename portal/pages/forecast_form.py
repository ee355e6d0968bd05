"""What a reader assumes for a forecast: a small form whose values stand in the address, so that it can be sent on."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.lib.dated import ONE_DAY
from portal.core.lib.text import clean
from portal.core.web import formats
from workforce.forecast import month_ends
from workforce.forms.fields import DayField
from workforce.queries.forecast_parts import Assumed

MONTHS, LEAST_MONTHS, MOST_MONTHS = 36, 12, 60
MOST_PEOPLE = 1_000_000


class NumberField(forms.CharField):
    """A number from `least` to `most`; empty is None."""

    def __init__(self, label: str | Promise, least: int, most: int, places: int = 2) -> None:
        attrs = {"inputmode": "decimal" if places else "numeric", "class": "short", "autocomplete": "off"}
        super().__init__(label=label, required=False, widget=forms.TextInput(attrs=attrs))
        self.least, self.most, self.places = least, most, places

    def to_python(self, value: Any) -> Decimal | None:
        text = clean(super().to_python(value)).replace("\N{MINUS SIGN}", "-")
        if not text:
            return None
        try:
            number = Decimal(text) if len(text) <= 20 else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or not self.least <= number <= self.most or self._too_fine(number):
            raise ValidationError(self._sentence())
        return number

    def run_validators(self, value: Any) -> None:
        """Everything has been judged together."""

    def _too_fine(self, number: Decimal) -> bool:
        return number != round(number, self.places)

    def _sentence(self) -> str:
        words = {"least": formats.number(self.least), "most": formats.number(self.most), "places": self.places}
        if not self.places:
            return _("请填写 %(least)s 到 %(most)s 之间的整数。") % words
        return _("请填写 %(least)s 到 %(most)s 之间的数，最多 %(places)s 位小数。") % words


class AssumptionsForm(forms.Form):
    """Horizon, target day and paces. What is left empty takes its default: for a pace, the one of the last 12 months."""

    months = NumberField(gettext_lazy("预测几个月"), LEAST_MONTHS, MOST_MONTHS, 0)
    target = DayField(label=gettext_lazy("目标日期"), required=False)
    leavers = NumberField(gettext_lazy("每年其他离职（人）"), 0, MOST_PEOPLE)
    hires = NumberField(gettext_lazy("每月新招（人）"), 0, MOST_PEOPLE)
    certificates = NumberField(gettext_lazy("每月新增持证（人）"), 0, MOST_PEOPLE)
    growth = NumberField(gettext_lazy("人口年增长率（%）"), -20, 20)

    def __init__(self, params: Mapping[str, str], on: date) -> None:
        super().__init__(params)
        self.on = on
        self.fields["months"].help_text = _("%(least)s 到 %(most)s，留空为 %(usual)s。") % {
            "least": LEAST_MONTHS,
            "most": MOST_MONTHS,
            "usual": MONTHS,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        target = cleaned.get("target")
        if target is not None and not self.on < target <= self._last():
            sentence = _("目标日期应在预测期内：%(first)s 到 %(last)s。")
            words = {"first": formats.day(self.on + ONE_DAY), "last": formats.day(self._last())}
            self.add_error("target", sentence % words)
        return cleaned

    def _months(self) -> int:
        return int(self.cleaned_data.get("months") or MONTHS)

    def _last(self) -> date:
        """The last day of the forecast."""
        return month_ends(self.on, self._months())[-1]

    @property
    def usual_target(self) -> date:
        """The end of next year, as far as the forecast goes."""
        return min(date(self.on.year + 1, 12, 31), self._last())

    def assumed(self) -> Assumed:
        """What holds, given or by default; only for a form that is valid."""
        given = self.cleaned_data
        return Assumed(
            months=self._months(),
            target=given["target"] or self.usual_target,
            leavers=given["leavers"],
            hires=given["hires"],
            certificates=given["certificates"],
            growth=given["growth"] or Decimal(0),
        )

    @property
    def given(self) -> dict[str, str]:
        """What the reader typed, for addresses of other pages."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}
