"""Forms of item lists, applications for access, refusals."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from ratings.enums import AccessState, ItemList
from ratings.forms.rows import ALL, CHOOSE, LongField, RowForm, StepForm
from ratings.queries.access import BARRED
from workforce.forms.fields import DayField, TextField

ADMITTING = [(key, label) for key, label in ItemList.choices if key not in BARRED]


class Asking(forms.Form):
    """What an address asks of a list; anything odd in it is left out and the rest still holds."""

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class ItemFilter(Asking):
    q = forms.CharField(label=_L("事项、部门或依据"), required=False, max_length=60)
    list = forms.ChoiceField(label=_L("清单"), required=False, choices=[ALL, *ItemList.choices])
    show = forms.ChoiceField(label=_L("状态"), required=False, choices=[("", _L("在清单中")), ("ended", _L("已撤销"))])


class ApplicationFilter(Asking):
    q = forms.CharField(label=_L("事项或部门"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_L("状态"), required=False, choices=[ALL, ("open", _L("未办结")), *AccessState.choices]
    )


class RefusalFilter(Asking):
    q = forms.CharField(label=_L("事项或部门"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_L("状态"), required=False, choices=[ALL, ("waiting", _L("待街镇处理")), ("answered", _L("已处理"))]
    )


class HomeForm(RowForm):
    """A form of something that holds for one of the user's territories, chosen once."""

    perm: Perm

    def __init__(self, data=None, *, by, row=None, **kwargs) -> None:
        super().__init__(data, row=row, **kwargs)
        if row is None:
            homes = Division.objects.filter(code__in=by.territories(self.perm)).order_by("code")
            self.homes = {one.code: one for one in homes}
            choices = [(code, one.label) for code, one in self.homes.items()]
            self.fields["division"] = forms.ChoiceField(label=_("适用范围"), choices=choices)
            self.order_fields(["division", *self.keys])

    def asked(self) -> dict:
        given = super().asked()
        return given if self.row is not None else {**given, "division": self.homes[self.cleaned_data["division"]]}


class ApplicationForm(HomeForm):
    perm = Perm.HANDLE_ACCESS
    keys = ("title", "list", "department", "basis", "reason", "funds", "staff", "applied_on", "starts_on")
    title = TextField(label=_L("事项"), max_length=100)
    list = forms.ChoiceField(label=_L("申请列入的清单"), choices=ADMITTING, initial=ItemList.ASSIST)
    department = TextField(label=_L("申请部门"), max_length=60)
    basis = TextField(label=_L("法律法规或文件依据"), max_length=200)
    reason = LongField(label=_L("必要性"), max_length=500)
    funds = TextField(label=_L("随事转移的经费"), required=False, max_length=200, help_text=_L("权随责走、费随事转。"))
    staff = TextField(label=_L("随事转移的人员和条件"), required=False, max_length=200)
    applied_on = DayField(label=_L("申请日期"), initial=today)
    starts_on = DayField(label=_L("拟进入日期"))


class ReviewForm(StepForm):
    keys = ("review",)
    review = LongField(label=_L("审核意见"), max_length=500)


class DecisionForm(StepForm):
    keys = ("approve", "decision", "number", "decided_on")
    approve = forms.ChoiceField(
        label=_L("审批结论"), widget=forms.RadioSelect,
        choices=[("yes", _L("准予进入：列入清单，自拟进入日期起生效")), ("no", _L("不予进入"))],
    )  # fmt: skip
    decision = LongField(label=_L("审批意见"), max_length=500)
    number = TextField(label=_L("文号"), required=False, max_length=60)
    decided_on = DayField(label=_L("审批日期"), initial=today)

    def clean_approve(self) -> bool:
        return self.cleaned_data["approve"] == "yes"


class ItemForm(HomeForm):
    perm = Perm.DECIDE_ACCESS
    keys = ("list", "title", "department", "basis", "communities", "villages", "valid_from", "valid_to")
    list = forms.ChoiceField(label=_L("清单"), choices=[CHOOSE, *ItemList.choices])
    title = TextField(label=_L("事项"), max_length=100)
    department = TextField(label=_L("责任部门"), required=False, max_length=60)
    basis = TextField(label=_L("依据"), required=False, max_length=200)
    communities = forms.BooleanField(label=_L("适用于社区"), required=False, initial=True)
    villages = forms.BooleanField(label=_L("适用于村"), required=False, initial=True)
    valid_from = DayField(label=_L("列入日期"), initial=today)
    valid_to = DayField(label=_L("截止日期"), required=False, help_text=_L("最后一天；长期有效时不填。"))

    def clean(self):
        values = super().clean()
        if not self.cleaned_data.get("communities") and not self.cleaned_data.get("villages"):
            self.add_error("communities", _("请至少选择适用于社区或适用于村。"))
        return values


class RevokeForm(StepForm):
    keys = ("last_day", "reason")
    last_day = DayField(label=_L("最后一天"), initial=today, help_text=_L("这一天事项仍在清单中。"))
    reason = LongField(label=_L("撤销理由"), max_length=300)


class RefusalForm(RowForm):
    keys = ("title", "department", "asked_on", "reason", "refused_on")
    title = TextField(label=_L("事项"), max_length=100, help_text=_L("按交办时的名称填写，先在清单中查一查。"))
    department = TextField(label=_L("交办部门"), max_length=60)
    asked_on = DayField(label=_L("交办日期"), initial=today)
    reason = LongField(label=_L("拒绝理由"), max_length=300, initial=_L("未列入准入清单。"))
    refused_on = DayField(label=_L("拒绝日期"), initial=today)


class ReplyForm(StepForm):
    keys = ("reply", "replied_on")
    reply = LongField(label=_L("处理意见"), max_length=300)
    replied_on = DayField(label=_L("处理日期"), initial=today)
