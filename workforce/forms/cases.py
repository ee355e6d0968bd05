"""Forms of review cases: the filter of the list, the step a case waits for, and closing a case whose reason is gone."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from workforce import cases
from workforce.actions.versions import Stale
from workforce.enums import CaseKind, CaseOutcome, CaseState
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm
from workforce.models import ReviewCase

# What may follow, in words that say what it means for the person.
WAYS = {
    (cases.HEARING, cases.SUPPORT): _L("安排培训或调岗"),
    (cases.HEARING, cases.DECISION): _L("情况已说明，提请决定（只能留用或延长期限）"),
    (cases.SUPPORT, cases.DECISION): _L("支持措施已完成，提请决定"),
    (cases.SUPPORT, cases.SUPPORT): _L("继续支持（再培训或再调岗）"),
}
PREFERRED = {cases.HEARING: cases.SUPPORT, cases.SUPPORT: cases.DECISION}


class CaseFilter(forms.Form):
    """Search and filter; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_L("姓名或拼音首字母"), required=False, max_length=60)
    stage = forms.ChoiceField(
        label=_L("阶段"),
        required=False,
        choices=[("", _L("未办结")), *CaseState.choices, ("all", _L("全部"))],
    )
    kind = forms.ChoiceField(label=_L("事由"), required=False, choices=[("", _L("全部事由")), *CaseKind.choices])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "stage", "kind")}


class CaseForm(HouseForm):
    """A form about a case; `version` is the one its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)

    def __init__(self, data=None, *, case: ReviewCase, **kwargs) -> None:
        kwargs["initial"] = {"version": case.version, **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        self.case = case

    def clean(self):
        """Refuses a version that is no longer the present one; sent again, the form counts as having seen that one."""
        values = super().clean()
        if self.cleaned_data.get("version") != self.case.version:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(self.case.version)
            self.add_error(None, Stale(_stale(self.case)))
        return values


def _stale(case: ReviewCase) -> str:
    words = {"stage": case.get_state_display()}
    return _("这件个案刚被其他人办理过，现在的阶段是“%(stage)s”。您填写的内容还在，核对后可再次保存。") % words


class StepForm(CaseForm):
    """The step of the stage a case is in; fields that the stage does not know are left out."""

    on = DayField(label=_L("办理日期"), initial=today)
    note = forms.CharField(label=_L("办理情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}), strip=True)
    document = TextField(label=_L("文书编号"), required=False, max_length=100)
    outcome = forms.ChoiceField(label=_L("决定"), widget=forms.RadioSelect)
    extended_to = DayField(
        label=_L("取证期限延长至"), required=False, help_text=_L("决定“延长期限”时填写：延长后最迟取得证书的那一天。")
    )
    to = forms.ChoiceField(label=_L("下一步"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, case: ReviewCase, taken: frozenset[str] = frozenset(), **kwargs) -> None:
        super().__init__(data, case=case, **kwargs)
        stage, after = case.state, cases.next_stages(case.state)
        self.fields["note"].help_text = HINTS.get(stage, "")
        if stage in cases.DOCUMENTED:
            self.fields["document"].required = True
            self.fields["document"].help_text = _("文书的文号或签收单号。")
        if stage == cases.DECISION:
            labels = dict(CaseOutcome.choices)
            self.fields["outcome"].choices = [(key, labels[key]) for key in cases.outcomes(case.route, taken)]
        else:
            del self.fields["outcome"]
        if stage != cases.DECISION or case.kind != CaseKind.CERTIFICATE_DEADLINE:
            del self.fields["extended_to"]
        if len(after) > 1:
            self.fields["to"].choices = [(one, WAYS[stage, one]) for one in after]
            self.fields["to"].initial = PREFERRED[stage]
        else:
            del self.fields["to"]


class CorrectForm(CaseForm):
    """Takes back a decision that was recorded wrongly."""

    note = forms.CharField(label=_L("更正原因"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), strip=True)


class ClearForm(CaseForm):
    """Closes a case whose reason is gone."""

    note = forms.CharField(
        label=_L("补充说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


HINTS = {
    cases.NOTICE: _L("怎样告知本人：书面通知的内容、送达方式，告知其可以陈述意见。"),
    cases.HEARING: _L("本人陈述了什么、提供了哪些材料，单位如何核实。"),
    cases.SUPPORT: _L("安排了哪些培训或调到什么岗位，起止时间和效果。"),
    cases.DECISION: _L("由哪次会议或哪个机关决定，依据和理由。"),
    cases.DOCUMENT: _L("出具了什么文书，何时送达本人。"),
}
