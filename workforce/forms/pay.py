"""Forms of grades and pay: a grade, accepting several, appointments at a level, approvals, what a list asks for."""

from dataclasses import replace
from datetime import date
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from workforce.enums import CertificateLevel, GradeReason, Tier
from workforce.forms.fields import DayField, GradeField, TextField
from workforce.forms.judged import HouseForm
from workforce.forms.records import CHOOSE, RecordForm
from workforce.queries.grades import Proposal
from workforce.queries.payroll import PayLine, PaySheet, month_of


class GradeForm(RecordForm):
    """A new grade of a person, or the correction of one on record; a correction keeps no reason of its own."""

    keys = ("tier", "grade", "valid_from", "reason", "evidence")
    tier = forms.TypedChoiceField(label=_L("岗位层级"), coerce=int, choices=[*CHOOSE, *Tier.choices])
    grade = GradeField(label=_L("岗位等级"), help_text=_L("1 到 18。"))
    valid_from = DayField(label=_L("执行日期"), help_text=_L("从这一天起执行，不能晚于今天。"), initial=today)
    reason = forms.ChoiceField(
        label=_L("定级原因"),
        choices=[*CHOOSE, *(one for one in GradeReason.choices if one[0] not in ("correction", "roster"))],
    )
    evidence = TextField(label=_L("依据"), required=False, max_length=200, help_text=_L("文件、证书编号等。"))

    def __init__(self, *args, record=None, **kwargs) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["reason"]
            self.fields["evidence"].required = True
            self.fields["evidence"].help_text = _("写明更正的原因和依据。")

    def asked(self) -> dict:
        keys = [key for key in self.keys if key in self.fields]
        return {"version": self.cleaned_data["version"], **{key: self.cleaned_data[key] for key in keys}}


class ProfessionalForm(RecordForm):
    keys = ("level", "valid_from", "valid_to", "document")
    level = forms.ChoiceField(label=_L("聘任等级"), choices=[*CHOOSE, *CertificateLevel.choices])
    valid_from = DayField(label=_L("聘任起始"))
    valid_to = DayField(label=_L("聘任截止"), required=False, help_text=_L("最后一天；没有期限时不填。"))
    document = TextField(label=_L("聘任文件"), required=False, max_length=200)


class ApprovalForm(RecordForm):
    keys = ("amount", "reason", "document", "approved_by", "valid_from", "valid_to")
    amount = forms.IntegerField(
        label=_L("批准的月应发上限（元）"),
        min_value=1,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    reason = TextField(label=_L("理由"), max_length=200)
    document = TextField(label=_L("批准文件"), max_length=200)
    approved_by = TextField(label=_L("批准单位或批准人"), max_length=60)
    valid_from = DayField(label=_L("执行日期"))
    valid_to = DayField(label=_L("截止日期"), required=False, help_text=_L("最后一天；没有期限时不填。"))


class AcceptForm(HouseForm):
    """From which day, and on which document, the chosen grades hold."""

    valid_from = DayField(label=_L("执行日期"), initial=today, help_text=_L("从这一天起执行，不能晚于今天。"))
    evidence = TextField(label=_L("依据"), max_length=200, help_text=_L("审批文件或会议纪要。"))


class Shown(models.TextChoices):
    """Which people the list of grades shows."""

    ALL = "all", _L("全部在岗人员")
    DIFFERS = "differs", _L("核定与现等级不同")
    HIGHER = "higher", _L("应晋级")
    LOWER = "lower", _L("核定低于现等级")
    NONE = "none", _L("没有等级")


# What the people shown have in common; without a line here everybody is.
TESTS = {
    Shown.DIFFERS: lambda one: one.differs,
    Shown.HIGHER: lambda one: (one.difference or 0) > 0,
    Shown.LOWER: lambda one: (one.difference or 0) < 0,
    Shown.NONE: lambda one: one.present is None,
}


class GradeFilter(forms.Form):
    """Search and filter; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_L("姓名或拼音首字母"), required=False, max_length=60)
    show = forms.ChoiceField(label=_L("显示"), required=False, choices=Shown.choices)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {"q": self.cleaned_data.get("q", "").strip(), "show": self.cleaned_data.get("show") or Shown.ALL}

    def takes(self, one: Proposal) -> bool:
        """Whether the list shows somebody."""
        asked, person = self._asked, one.worker.person
        named = asked["q"] in person.name or person.name_initials.startswith(asked["q"].lower())
        return named and TESTS.get(asked["show"], lambda one: True)(one)

    @cached_property
    def _asked(self) -> dict[str, str]:
        return self.asked()


class MonthField(forms.Field):
    """A month, as browsers send it; its value is the first day."""

    def __init__(self, **kwargs) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month", "class": "short"}), **kwargs)

    def to_python(self, value) -> date | None:
        if not value:
            return None
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError as error:
            raise ValidationError(_("请写成 2026-11 这样的年月。")) from error


class Listed(models.TextChoices):
    """Which people a payroll sheet lists: those that one of its numbers counts."""

    PEOPLE = "people", _L("全部人员")
    LACKING = "lacking", _L("有金额未提供的人员")
    GRADE = "grade", _L("等级工资金额未提供的人员")
    POST = "post", _L("职务补贴金额未提供的人员")
    CERTIFICATE = "certificate", _L("证书津贴金额未提供的人员")


class MonthForm(forms.Form):
    """The month of a payroll sheet, and which of its people are listed; without it those of a street or community."""

    month = MonthField(label=_L("月份"), required=False)
    show = forms.ChoiceField(label=_L("列出"), required=False, choices=[("", _L("默认")), *Listed.choices])
    tier = forms.TypedChoiceField(
        label=_L("岗位层级"), required=False, coerce=int, empty_value=None, choices=[("", _L("全部")), *Tier.choices]
    )

    @classmethod
    def of(cls, params, on: date) -> "MonthForm":
        """What the address asks for; anything odd in it is left out."""
        return cls({**dict(params.items()), "month": f"{cls.last_day(params, on):%Y-%m}"})

    @property
    def narrows(self) -> bool:
        """Whether it asks for people by more than the place."""
        self.is_valid()
        return bool(self.cleaned_data.get("show") or self.cleaned_data.get("tier"))

    def narrowed(self, sheet: PaySheet) -> PaySheet:
        """The sheet of those who are listed."""
        if not self.narrows:
            return sheet
        return replace(sheet, lines=[line for line in sheet.lines if self._takes(line)])

    def _takes(self, line: PayLine) -> bool:
        show, tier = self.cleaned_data.get("show"), self.cleaned_data.get("tier")
        if tier and line.worker.post.tier != tier:
            return False
        if show == Listed.LACKING:
            return bool(line.pay.missing)
        return show in ("", None, Listed.PEOPLE) or show in line.pay.missing

    @classmethod
    def last_day(cls, params, on: date) -> date:
        """The last day of the month asked for, else of the month of the day."""
        form = cls(params)
        form.is_valid()
        day = form.cleaned_data.get("month") or on
        return month_of(day.year, day.month)
