"""Forms of the duty rota: a week by choices, a day by hours."""

from datetime import date
from decimal import Decimal
from itertools import combinations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from ratings.actions.shifts import Cell, Parts
from ratings.enums import ShiftWork
from ratings.queries.shifts import Line, asked_month
from workforce.forms.judged import HouseForm

WHOLE, HALF = Decimal(8), Decimal(4)
WORKS = (ShiftWork.DUTY, ShiftWork.GRID, ShiftWork.VISIT, ShiftWork.PROJECT, ShiftWork.OTHER)
KEPT = "kept"
SHORT = {
    ShiftWork.DUTY: _L("值守"),
    ShiftWork.GRID: _L("巡网格"),
    ShiftWork.VISIT: _L("走访"),
    ShiftWork.PROJECT: _L("项目"),
    ShiftWork.OTHER: _L("其他"),
    ShiftWork.REST: _L("轮休"),
}


def patterns() -> dict[str, dict[str, Decimal]]:
    """What a day may be by one choice: one work for eight hours, two for four each, or a day off."""
    found: dict[str, dict[str, Decimal]] = {"": {}}
    found |= {str(work): {str(work): WHOLE} for work in WORKS}
    found |= {f"{one}+{two}": {str(one): HALF, str(two): HALF} for one, two in combinations(WORKS, 2)}
    return found | {str(ShiftWork.REST): {str(ShiftWork.REST): Decimal(0)}}


def words(parts: Parts) -> str:
    """Parts of a day in short: 值守 4 + 走访 4; a whole day of eight hours by the work alone."""
    if ShiftWork.REST in parts:
        return str(SHORT[ShiftWork.REST])
    if len(parts) == 1 and next(iter(parts.values())) == WHOLE:
        return str(SHORT[next(iter(parts))])
    return " + ".join(f"{SHORT[work]} {parts[work].normalize():f}" for work in SHORT if work in parts)


def choices() -> list[tuple[str, str]]:
    return [(key, words(parts) if parts else _("未排")) for key, parts in patterns().items()]


class WeekForm(forms.Form):
    """The cells of a week, each one choice; a day entered by hours keeps its hours unless it is chosen anew."""

    seal = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, lines: list[Line], days: list[date], **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.lines, self.days = lines, days
        known, offered = patterns(), choices()
        for number, line in enumerate(lines):
            for day in days:
                held = dict(line.days.get(day, {}))
                key = next((key for key, parts in known.items() if parts == held), KEPT)
                more = [(KEPT, words(held))] if key == KEPT else []
                label = f"{line.person.name} {day.isoformat()}"
                self.fields[f"c{number}-{day.isoformat()}"] = forms.ChoiceField(
                    label=label, required=False, choices=[*offered, *more], initial=key,
                    widget=forms.Select(attrs={"aria-label": label}),
                )  # fmt: skip

    def rows(self) -> list[dict]:
        """Lines of the grid with the bound fields of their days."""
        return [
            {"person": line.person, "cells": [self[f"c{number}-{day.isoformat()}"] for day in self.days]}
            for number, line in enumerate(self.lines)
        ]

    def cells(self) -> dict[Cell, Parts]:
        """Cells that were chosen anew."""
        known, found = patterns(), {}
        for number, line in enumerate(self.lines):
            for day in self.days:
                name = f"c{number}-{day.isoformat()}"
                if name in self.data and self.cleaned_data[name] not in (KEPT, self.fields[name].initial):
                    found[line.person.pk, day] = known[self.cleaned_data[name]]
        return found


class HoursField(forms.DecimalField):
    def __init__(self, **kwargs) -> None:
        wrong = _L("请填 0 到 24 之间的小时数，最多一位小数。")
        messages = dict.fromkeys(("invalid", "min_value", "max_value", "max_digits", "max_decimal_places"), wrong)
        super().__init__(
            required=False,
            min_value=Decimal(0),
            max_value=Decimal(24),
            decimal_places=1,
            error_messages=messages,
            **kwargs,
        )


class DayForm(HouseForm):
    """One worker's day by hours."""

    rest = forms.BooleanField(label=_L("轮休"), required=False)

    def __init__(self, data=None, *, line: Line, on: date, number: int, **kwargs) -> None:
        self.line, self.on = line, on
        held = line.days.get(on, {})
        kwargs["initial"] = {work: f"{held[work].normalize():f}" for work in held} | {"rest": ShiftWork.REST in held}
        super().__init__(data, prefix=f"p{number}", **kwargs)
        for work in WORKS:
            attrs = {"inputmode": "decimal", "class": "short", "autocomplete": "off"}
            self.fields[str(work)] = HoursField(label=work.label, widget=forms.TextInput(attrs=attrs))
        self.order_fields([*map(str, WORKS), "rest"])
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{line.person.name} {field.label}"

    def parts(self) -> dict[str, Decimal]:
        given = self.cleaned_data
        found = {str(work): given[str(work)] for work in WORKS if given[str(work)]}
        return found | ({str(ShiftWork.REST): Decimal(0)} if given["rest"] else {})


class MonthFilter(forms.Form):
    """Of which month; anything odd in the address gives this month."""

    month = forms.CharField(
        label=_L("月份"),
        required=False,
        max_length=7,
        widget=forms.DateInput(attrs={"type": "month", "class": "short"}),
    )

    def __init__(self, data=None, *, on: date, **kwargs) -> None:
        given = data.copy() if data is not None else {}
        given["month"] = f"{asked_month(given.get('month', ''), on):%Y-%m}"
        super().__init__(given, **kwargs)
