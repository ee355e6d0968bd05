"""Forms of needs and micro-projects."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from ratings.enums import NeedChannel, ProjectState
from ratings.forms.rows import ALL, LongField, RowForm, StepForm
from ratings.models import Project
from ratings.queries.needs import open_needs
from workforce.forms.fields import DayField, TextField
from workforce.forms.grids import CountField
from workforce.forms.training import YearFilter
from workforce.models import Appointment

MOST_NEEDS = 200
MOST_PEOPLE = 200


class NeedFilter(YearFilter):
    q = forms.CharField(label=_L("需求或说明"), required=False, max_length=60)
    channel = forms.ChoiceField(label=_L("来源"), required=False, choices=[ALL, *NeedChannel.choices])
    converted = forms.ChoiceField(
        label=_L("转化"), required=False, choices=[ALL, ("yes", _L("已转化")), ("no", _L("未转化"))]
    )


class ProjectFilter(YearFilter):
    q = forms.CharField(label=_L("项目名称"), required=False, max_length=60)
    state = forms.ChoiceField(label=_L("状态"), required=False, choices=[ALL, *ProjectState.choices])


class NeedForm(RowForm):
    keys = ("title", "channel", "found_on", "text")
    title = TextField(label=_L("需求"), max_length=100, help_text=_L("一句话，如 增设非机动车充电桩。"))
    channel = forms.ChoiceField(label=_L("来源"), choices=NeedChannel.choices, initial=NeedChannel.VISIT)
    found_on = DayField(label=_L("发现日期"), initial=today)
    text = LongField(label=_L("说明"), max_length=1000, required=False)

    def clean_found_on(self):
        day = self.cleaned_data["found_on"]
        if day > today():
            raise forms.ValidationError(_("发现日期不能晚于今天。"))
        return day


class ProjectForm(RowForm):
    keys = ("name", "needs", "proposed_on", "lead", "budget")
    name = TextField(label=_L("项目名称"), max_length=100)
    needs = forms.MultipleChoiceField(
        label=_L("对应需求"), widget=forms.CheckboxSelectMultiple,
        help_text=_L("一个项目可以回应几项需求；一项需求只按转化一次计算。"),
    )  # fmt: skip
    proposed_on = DayField(label=_L("申报日期"), initial=today)
    lead = forms.ChoiceField(label=_L("领办人"), required=False)
    budget = CountField(label=_L("经费（元）"), required=False, most=100_000_000)

    def __init__(self, data=None, *, division: Division, by, row: Project | None = None, **kwargs) -> None:
        self.serving = {str(need.pk): need for need in open_needs(division.pk)[:MOST_NEEDS]}
        if row is not None:
            self.serving |= {str(need.pk): need for need in row.needs.filter(taken_back=False)}
        self.people = {str(one.pk): one for one in _people(division, by)}
        if row is not None and row.lead_id:
            self.people[str(row.lead_id)] = row.lead
        super().__init__(data, row=row, **kwargs)
        self.fields["needs"].error_messages["required"] = _("请至少选择一项居民需求；没有登记需求的，先登记需求。")
        self.fields["needs"].choices = [
            (
                pk,
                _("%(title)s（已有项目）") % {"title": need.title} if getattr(need, "converted", False) else need.title,
            )
            for pk, need in self.serving.items()
        ]
        self.fields["lead"].choices = [("", _("未定")), *((pk, one.name) for pk, one in self.people.items())]

    def initial_of(self, row: Project) -> dict:
        needs = [str(pk) for pk in row.links.values_list("need_id", flat=True)]
        return {**super().initial_of(row), "needs": needs, "lead": str(row.lead_id or "")}

    def asked(self) -> dict:
        given = super().asked()
        given["needs"] = [self.serving[pk] for pk in given["needs"]]
        given["lead"] = self.people.get(given["lead"])
        return given


def _people(division: Division, by) -> list:
    """People in post in the community today."""
    posts = Appointment.objects.for_user(by, Perm.VIEW_ROSTER).filter(division=division).in_force(today())
    posts = posts.select_related("person").order_by("tier", "person__name_pinyin", "pk")[:MOST_PEOPLE]
    return list({post.person_id: post.person for post in posts}.values())


class ApproveForm(StepForm):
    keys = ("approved_on",)
    approved_on = DayField(label=_L("立项日期"), initial=today)


class FinishForm(StepForm):
    keys = ("finished_on", "result")
    finished_on = DayField(label=_L("完成日期"), initial=today)
    result = LongField(label=_L("成效"), max_length=500)


class DropForm(StepForm):
    keys = ("result",)
    result = LongField(label=_L("理由"), max_length=500)


STEPS = {"approve": ApproveForm, "finish": FinishForm, "drop": DropForm}
