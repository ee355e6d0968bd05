"""Forms of the pages about reports."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.lib.dated import ONE_DAY
from portal.core.reports.actions import REMARK_LENGTH, REMARKS
from portal.core.reports.cadence import Cadence, Period, ended_between, just_ended, period_named
from portal.core.reports.changing import REASON_LENGTH
from portal.core.reports.expected import LOOK_BACK
from portal.core.reports.models import Report
from portal.core.reports.queries import BELOW, OWN
from portal.core.reports.words import period_name
from portal.core.territory.models import Division
from portal.registry import REPORTS

YEARS_BACK = 6
MOST_PLACES = 500
REMARK_LABELS = {"causes": gettext_lazy("原因分析"), "next": gettext_lazy("下一步措施")}
STATES = (
    ("", gettext_lazy("全部")),
    ("open", gettext_lazy("待签发、待发布")),
    ("missing", gettext_lazy("未编制")),
    ("late", gettext_lazy("逾期")),
    ("draft", gettext_lazy("草稿")),
    ("signed", gettext_lazy("已签发")),
    ("published", gettext_lazy("已发布")),
    ("withdrawn", gettext_lazy("已被更正")),
)


def kind_choices() -> list[tuple[str, str]]:
    return [(key, str(kind.label)) for key, kind in REPORTS.items()]


class ListForm(forms.Form):
    """What the list of reports is narrowed by. A value that is none of these counts as not given."""

    scope = forms.ChoiceField(
        label=gettext_lazy("范围"),
        choices=((OWN, gettext_lazy("本级")), (BELOW, gettext_lazy("下级"))),
        required=False,
    )
    kind = forms.ChoiceField(label=gettext_lazy("报告"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=STATES, required=False)
    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int, empty_value=None, required=False)

    def __init__(self, given: Mapping[str, str], *, scope: str):
        super().__init__({"scope": scope} | dict(given.items()))
        self.fields["kind"].choices = [("", _("全部")), *kind_choices()]
        years = range(today().year, today().year - YEARS_BACK, -1)
        self.fields["year"].choices = [("", _("最近一年")), *((year, str(year)) for year in years)]

    def given(self, name: str):
        """The value of a field, or nothing where it is not among the choices."""
        self.is_valid()
        return self.cleaned_data.get(name)


class NewForm(forms.Form):
    """A report to be made by hand: whose, which, and for which period that is over."""

    division = forms.ChoiceField(label=gettext_lazy("单位"))
    kind = forms.ChoiceField(label=gettext_lazy("报告"))
    period = forms.ChoiceField(
        label=gettext_lazy("期间"), help_text=gettext_lazy("只列出已经结束的期间。请选与报告周期相同的一期。")
    )

    def __init__(self, *args, by, place: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        held = by.territories(Perm.MAKE_REPORTS)
        found = Division.objects.for_user(by, Perm.MAKE_REPORTS).filter(formal=False, level__lt=Level.COMMUNITY)
        self._divisions = found.order_by("code")
        mine = list(self._divisions[: MOST_PLACES + 1])
        if len(mine) > MOST_PLACES:
            mine = list(self._divisions.filter(code__in=[place, *held]))
        lowest = min((one.level for one in mine), default=0)
        self.fields["division"].choices = [(one.code, "　" * (one.level - lowest) + one.label) for one in mine]
        if len(mine) == 1:
            self.fields["division"].widget = forms.HiddenInput()
            self.fields["division"].initial = mine[0].code
        self.fields["kind"].choices = kind_choices()
        self.fields["period"].choices = _period_groups()

    def clean_division(self) -> Division:
        return self._divisions.get(code=self.cleaned_data["division"])

    def clean(self) -> dict:
        given = super().clean()
        if "kind" in given and "period" in given:
            kind = REPORTS[given["kind"]]
            try:
                given["period"] = period_named(kind.cadence, given["period"])
            except ValueError:
                latest = period_name(just_ended(kind.cadence, today()))
                sentence = _("期间与“%(kind)s”的周期不符，例如可选 %(period)s。")
                raise ValidationError({"period": sentence % {"kind": kind.label, "period": latest}}) from None
        return given


def _period_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Periods that are over, by cadence, the latest first; as far back as reports are expected, and one at least."""
    groups, used = [], dict.fromkeys(kind.cadence for kind in REPORTS.values())
    for cadence in (cadence for cadence in Cadence if cadence in used):
        periods = _ended(cadence)
        label = "、".join(str(kind.label) for kind in REPORTS.values() if kind.cadence == cadence)
        groups.append((label, [(period.key, period_name(period)) for period in periods]))
    return groups


def _ended(cadence: Cadence) -> list[Period]:
    on = today()
    return ended_between(cadence, on - LOOK_BACK, on - ONE_DAY)[::-1] or [just_ended(cadence, on)]


class RemarksForm(forms.Form):
    """What people say to each section: why, and what comes next."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, report: Report, **kwargs):
        initial = {"version": report.version}
        sections = [section["key"] for section in report.content["sections"]]
        for key in sections:
            for name in REMARKS:
                initial[f"{key}.{name}"] = report.remarks.get(key, {}).get(name, "")
        super().__init__(*args, initial=initial, **kwargs)
        for section in report.content["sections"]:
            for name in REMARKS:
                label = _("%(section)s：%(title)s") % {"section": section["title"], "title": REMARK_LABELS[name]}
                self.fields[f"{section['key']}.{name}"] = forms.CharField(
                    label=label, required=False, max_length=REMARK_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
                )

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of every section by its key."""
        found: dict[str, list[forms.BoundField]] = {}
        for bound in self.visible_fields():
            found.setdefault(bound.name.partition(".")[0], []).append(bound)
        return list(found.items())

    def remarks(self) -> dict[str, dict[str, str]]:
        """The texts by section."""
        found: dict[str, dict[str, str]] = {}
        for field, text in self.cleaned_data.items():
            if field != "version":
                section, _dot, name = field.partition(".")
                found.setdefault(section, {})[name] = text
        return found


class StepForm(forms.Form):
    """An act without words."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(StepForm):
    """An act that needs a reason."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=REASON_LENGTH, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )


class KeepForm(StepForm):
    """Signing; where figures changed since they were taken, why they are to stand."""

    keep_reason = forms.CharField(
        label=gettext_lazy("沿用原数据的理由"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=gettext_lazy("统计以后数字有变化时填写，会印在报告上；也可以返回先更新数据。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SettingsForm(forms.Form):
    """Which kinds of report a division makes."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("自动编制的报告"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kind_choices()
