"""Forms of promises: the list's filter, a new one, and each act about one."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from proposals.classes import PROMISING
from proposals.enums import CommitmentState, ResultClass
from proposals.forms.tracked import ALL, SeenForm, evidence_field, long_text, percent_field
from proposals.models import Handling
from proposals.queries import promises as reads
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm
from workforce.forms.training import YearFilter


class PromiseFilter(YearFilter):
    """Which promises of a year; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_L("承诺、责任人、提案编号或案由"), required=False, max_length=60)
    show = forms.ChoiceField(
        label=_L("情况"),
        required=False,
        choices=[ALL, ("standing", _L("未取消的")), ("late", _L("已逾期")), *CommitmentState.choices],
    )
    unit = forms.TypedChoiceField(label=_L("责任单位"), required=False, coerce=int, empty_value=None)
    result = forms.ChoiceField(label=_L("现类别"), required=False, choices=[ALL, *ResultClass.choices])

    def __init__(self, data=None, *, on, user, under: str, **options) -> None:
        super().__init__(data, on=on, **options)
        self.fields["unit"].choices = [ALL, *((one.pk, one.short) for one in reads.units(user, under))]


class PromiseForm(HouseForm):
    """A new promise of a handling, said in one of its replies."""

    reply = forms.ChoiceField(label=_L("所依据的答复"), required=False)
    text = long_text(_L("承诺事项"), 500, help_text=_L("照答复原文写，一项一条。"))
    owner = TextField(label=_L("责任人"), max_length=40)
    due_on = DayField(label=_L("完成期限"))

    def __init__(self, data=None, *, handling: Handling, **options) -> None:
        self.replies = {
            str(one.pk): one
            for one in handling.replies.filter(result__in=PROMISING).select_related("letter").order_by("-pk")[:20]
        }
        options["initial"] = {
            "owner": handling.officer,
            "reply": next(iter(self.replies), ""),
            **options.get("initial", {}),
        }
        super().__init__(data, **options)
        choices = [
            (key, _("%(title)s（%(result)s 类）") % {"title": one.title, "result": one.result})
            for key, one in self.replies.items()
        ]
        self.fields["reply"].choices = choices or [("", _("按现办理结果登记"))]

    def asked(self) -> dict:
        return {**self.cleaned_data, "reply": self.replies.get(self.cleaned_data["reply"])}


class ProgressForm(SeenForm):
    on = DayField(label=_L("日期"), initial=today)
    words = long_text(_L("进展"), 1000)
    percent = percent_field()
    file = evidence_field()

    def initial_of(self, row) -> dict:
        return {"percent": reads.latest_step(row).percent}


class ClassForm(SeenForm):
    result = forms.ChoiceField(label=_L("新类别"))
    on = DayField(label=_L("日期"), initial=today)
    reason = long_text(_L("变更的理由"), 300)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["result"].choices = [one for one in ResultClass.choices if one[0] != self.row.result]


class KeptForm(SeenForm):
    result = forms.ChoiceField(label=_L("落实后的类别"), choices=ResultClass.choices, initial=ResultClass.A)
    on = DayField(label=_L("落实日期"), initial=today)
    words = long_text(_L("核实情况"), 300)


class CancelForm(SeenForm):
    on = DayField(label=_L("日期"), initial=today)
    reason = long_text(_L("取消的理由"), 300)


class RollForm(SeenForm):
    on = DayField(label=_L("转入日期"), initial=today)
    due_on = DayField(label=_L("新的完成期限"))
    owner = TextField(label=_L("责任人"), max_length=40)
    reason = long_text(_L("未能按期完成的原因和下一步打算"), 500)

    def initial_of(self, row) -> dict:
        return {"owner": row.owner}
