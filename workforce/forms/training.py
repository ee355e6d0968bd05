"""Forms of training: the list, a class, picking people, the attendance sheet."""

from decimal import Decimal

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from workforce.actions.training import Mark
from workforce.enums import TrainingKind, TrainingLevel, TrainingResult
from workforce.forms.fields import DayField, TextField
from workforce.forms.grids import CountField
from workforce.forms.judged import HouseForm
from workforce.models import TrainingClass

ALL = [("", _L("全部"))]
LEVEL_OF = {Level.CITY: "city", Level.PROVINCE: "city", Level.DISTRICT: "district", Level.STREET: "street"}


def years() -> list[tuple[str, str]]:
    return [(str(year), _("%(year)s 年") % {"year": year}) for year in range(today().year + 1, today().year - 8, -1)]


class YearFilter(forms.Form):
    """Of which year; anything odd in the address gives this year."""

    year = forms.TypedChoiceField(label=_L("年度"), required=False, coerce=int, choices=years, empty_value=None)

    def __init__(self, data=None, *, on, **kwargs) -> None:
        given = data.copy() if data is not None else {}
        given.setdefault("year", str(on.year))
        super().__init__(given, **kwargs)
        self.on = on

    def asked(self) -> dict:
        self.is_valid()
        values = {key: self.cleaned_data.get(key, "") for key in self.fields}
        return {**values, "year": values["year"] or self.on.year}


class Listed(models.TextChoices):
    """What the page of training lists in place of all classes: what its numbers count."""

    HELD = "held", _L("有人参加的班次")
    PERSONS = "persons", _L("参训人员")
    TIMES = "times", _L("参训人次")


class ClassFilter(YearFilter):
    show = forms.ChoiceField(label=_L("列出"), required=False, choices=[("", _L("全部班次")), *Listed.choices])
    level = forms.ChoiceField(label=_L("层级"), required=False, choices=[*ALL, *TrainingLevel.choices])
    kind = forms.ChoiceField(label=_L("类别"), required=False, choices=[*ALL, *TrainingKind.choices])


class HoursField(forms.DecimalField):
    def __init__(self, **kwargs) -> None:
        wrong = _L("学时应为 0 到 999 之间的数，最多一位小数。")
        messages = dict.fromkeys(("invalid", "min_value", "max_value", "max_digits", "max_decimal_places"), wrong)
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"})
        super().__init__(
            min_value=Decimal(0),
            max_value=Decimal(999),
            decimal_places=1,
            error_messages=messages,
            widget=widget,
            **kwargs,
        )


class ClassForm(HouseForm):
    keys = ("level", "kind", "title", "topic", "organiser", "starts_on", "ends_on", "hours", "cost")
    level = forms.ChoiceField(label=_L("层级"), choices=[("", _L("请选择")), *TrainingLevel.choices])
    kind = forms.ChoiceField(label=_L("类别"), choices=[("", _L("请选择")), *TrainingKind.choices])
    title = TextField(label=_L("班次名称"), max_length=100)
    topic = TextField(label=_L("主题"), required=False, max_length=100)
    organiser = TextField(label=_L("举办单位"), max_length=100)
    starts_on = DayField(label=_L("开班日期"))
    ends_on = DayField(label=_L("结业日期"), help_text=_L("只有一天的，与开班日期相同。"))
    hours = HoursField(label=_L("学时"))
    cost = CountField(label=_L("经费（元）"), required=False, most=100_000_000)

    def __init__(self, data=None, *, by, held: TrainingClass | None = None, **kwargs) -> None:
        homes = Division.objects.filter(code__in=by.territories(Perm.CHANGE_TRAINING)).order_by("code")
        if held is not None:
            kwargs["initial"] = {key: getattr(held, key) for key in self.keys} | {"version": held.version}
        else:
            first = homes.first()
            kwargs.setdefault("initial", {"level": LEVEL_OF.get(first.level, "") if first else ""})
            kwargs["initial"]["organiser"] = ""
        super().__init__(data, **kwargs)
        if held is None:
            choices = [(one.code, one.label) for one in homes]
            self.fields["division"] = forms.ChoiceField(label=_("举办地区"), choices=choices)
            self.order_fields(["division", *self.keys])
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours == 0:
            raise forms.ValidationError(_("学时应大于 0。"))
        return hours

    def asked(self) -> dict:
        """Arguments of the action."""
        given = {key: self.cleaned_data[key] for key in self.keys}
        if "version" in self.fields:
            return {**given, "version": self.cleaned_data["version"]}
        return {**given, "division": Division.objects.get(pk=self.cleaned_data["division"])}


class Marked(models.TextChoices):
    """Which people of a class its page lists."""

    CAME = "came", _L("到课")
    PASSED = "passed", _L("合格")
    OPEN = "open", _L("未登记到课")


class PeopleSearch(forms.Form):
    q = forms.CharField(label=_L("姓名或拼音首字母"), required=False, max_length=60)


ATTENDED = {"": None, "yes": True, "no": False}


class MarkForm(HouseForm):
    """One line of the attendance sheet."""

    attended = forms.ChoiceField(
        label=_L("到课"), required=False, choices=[("", _L("未登记")), ("yes", _L("到课")), ("no", _L("未到"))]
    )
    hours = HoursField(label=_L("学时"), required=False)
    result = forms.ChoiceField(label=_L("结果"), required=False, choices=[("", _L("无")), *TrainingResult.choices])

    def __init__(self, data=None, *, enrolment, **kwargs) -> None:
        self.enrolment = enrolment
        attended = {value: key for key, value in ATTENDED.items()}[enrolment.attended]
        initial = {"attended": attended, "hours": enrolment.hours, "result": enrolment.result}
        super().__init__(data, prefix=f"e{enrolment.pk}", initial=initial, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{enrolment.person.name} {field.label}"

    def clean(self):
        values = super().clean()
        if self.cleaned_data.get("result") and self.cleaned_data.get("attended") != "yes":
            self.add_error("result", _("没有到课的人员不能有结业结果。"))
        return values

    def mark(self) -> Mark:
        given = self.cleaned_data
        return Mark(self.enrolment.pk, ATTENDED[given["attended"]], given["hours"], given["result"])
