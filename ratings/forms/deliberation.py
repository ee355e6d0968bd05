"""Forms of matters deliberated."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from ratings.enums import DeliberationState, MatterLevel
from ratings.forms.rows import ALL, CHOOSE, LongField, RowForm, StepForm
from workforce.forms.fields import DayField, TextField
from workforce.forms.training import YearFilter


class DeliberationFilter(YearFilter):
    q = forms.CharField(label=_("议题或结果"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[ALL, ("late", _("已逾期")), *DeliberationState.choices]
    )
    level = forms.ChoiceField(label=_("层次"), required=False, choices=[ALL, *MatterLevel.choices])


class DeliberationForm(RowForm):
    keys = ("topic", "level", "planned_on", "method", "parties")
    topic = TextField(label=_("议题"), max_length=100)
    level = forms.ChoiceField(label=_("层次"), choices=[CHOOSE, *MatterLevel.choices])
    planned_on = DayField(label=_("计划日期"), initial=today)
    method = TextField(label=_("议事形式"), required=False, max_length=60, help_text=_("如 民主恳谈、居民议事会。"))
    parties = TextField(
        label=_("参与方"), required=False, max_length=200, help_text=_("如 社区、业主委员会、物业服务企业。")
    )


class HoldForm(StepForm):
    keys = ("held_on", "result", "follow_up_by", "follow_up_due")
    held_on = DayField(label=_("议事日期"), initial=today)
    result = LongField(label=_("议定结果"), max_length=1000)
    follow_up_by = TextField(label=_("落实责任人"), max_length=60, help_text=_("写明谁来落实，可以是单位或职务。"))
    follow_up_due = DayField(label=_("落实期限"))


class CompleteForm(StepForm):
    keys = ("followed_up_on", "follow_up")
    followed_up_on = DayField(label=_("落实日期"), initial=today)
    follow_up = LongField(label=_("落实情况"), max_length=500)


class GiveUpForm(StepForm):
    keys = ("follow_up",)
    follow_up = LongField(label=_("未议成的理由"), max_length=500)


STEPS = {"hold": HoldForm, "complete": CompleteForm, "drop": GiveUpForm}
