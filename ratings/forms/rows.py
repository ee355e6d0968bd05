"""What the forms of service records share: values of a row, the mark of what was seen of it, inclusive last days."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from portal.core.lib.dated import end_of, last_day
from ratings.actions.seen import mark_of
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm

CHOOSE = ("", _("请选择"))
ALL = ("", _("全部"))


class LongField(TextField):
    """Some sentences."""

    def __init__(self, *, rows: int = 3, **kwargs) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class AreaField(forms.DecimalField):
    """Square metres with two decimals."""

    def __init__(self, *, least: Decimal, **kwargs) -> None:
        wrong = _("请填面积（平方米），最多两位小数，如 408 或 408.5。")
        names = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"})
        super().__init__(
            min_value=least,
            max_value=Decimal("9999999.99"),
            decimal_places=2,
            error_messages=dict.fromkeys(names, wrong),
            widget=widget,
            **kwargs,
        )


class RowForm(HouseForm):
    """A form about a new row, or about one on record, of which it carries the mark `seen`."""

    keys: tuple[str, ...] = ()

    def __init__(self, data=None, *, row=None, **kwargs) -> None:
        self.row = row
        if row is not None:
            kwargs["initial"] = {**self.initial_of(row), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        if row is not None:
            self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, initial=mark_of(row), required=False)

    def initial_of(self, row) -> dict:
        values = {key: getattr(row, key) for key in self.keys if hasattr(row, key)}
        if "valid_to" in values:
            values["valid_to"] = last_day(row.valid_to)
        return values

    def asked(self) -> dict:
        """Arguments of the action."""
        given = {key: self.cleaned_data[key] for key in self.keys}
        if "valid_to" in given:
            given["valid_to"] = end_of(given["valid_to"])
        return given if self.row is None else {**given, "seen": self.cleaned_data["seen"]}

    def see_again(self) -> None:
        """After a refusal as stale: sent once more, the form counts as having seen the row as it is now."""
        if self.row is not None:
            self.row.refresh_from_db()
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = mark_of(self.row)


class SeenForm(RowForm):
    """A confirmation without any field of its own."""


class StepForm(RowForm):
    """The next step of a row: its fields begin empty or with today."""

    def initial_of(self, row) -> dict:
        return {}


class EndForm(StepForm):
    keys = ("last_day",)
    last_day = DayField(label=_("最后一天"), help_text=_("这一天仍然有效。"), initial=today)
