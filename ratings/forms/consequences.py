"""Forms of what follows from stars: the list's filter, settling one, asking for an exception and answering it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from ratings.enums import ConsequenceKind, ConsequenceState, Purpose
from ratings.models import Consequence, EligibilityOverride
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm
from workforce.models import Person

ALL = [("", _L("全部"))]
LATE = "late"
# After which words a form asks for what has been done.
SETTLED = (ConsequenceState.DONE, ConsequenceState.DROPPED)


def _years() -> list[tuple[str, str]]:
    return [
        ("", _("全部")),
        *((str(y), _("%(year)s 年") % {"year": y}) for y in range(today().year, today().year - 9, -1)),
    ]


class ConsequenceFilter(forms.Form):
    """Year, kind and state; anything odd in the address is left out and the rest still holds."""

    year = forms.TypedChoiceField(label=_L("星级年度"), required=False, coerce=int, choices=_years, empty_value=None)
    kind = forms.ChoiceField(label=_L("后果"), required=False, choices=[*ALL, *ConsequenceKind.choices])
    state = forms.ChoiceField(
        label=_L("状态"), required=False, choices=[*ALL, (LATE, _L("逾期未落实")), *ConsequenceState.choices]
    )

    def asked(self) -> dict:
        """Arguments of the query."""
        self.is_valid()
        state = self.cleaned_data.get("state", "")
        return {
            "year": self.cleaned_data.get("year"),
            "kind": self.cleaned_data.get("kind", ""),
            "state": "" if state == LATE else state,
            "late": state == LATE,
        }


class SettleForm(HouseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_L("结果"), choices=[(one.value, one.label) for one in SETTLED], widget=forms.RadioSelect
    )
    done_on = DayField(label=_L("日期"), initial=today)
    note = TextField(
        label=_L("落实情况"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_L("如谈话人、文号；不再适用的写明原因。"),
    )  # fmt: skip

    def __init__(self, data=None, *, consequence: Consequence, **kwargs) -> None:
        initial = {"version": consequence.version, "state": ConsequenceState.DONE}
        super().__init__(data, initial=initial, **kwargs)


class ExceptionForm(HouseForm):
    """Asks that a unit, or one of its people, be let in."""

    purpose = forms.ChoiceField(label=_L("用途"), choices=[("", _L("请选择")), *Purpose.choices])
    person = forms.ChoiceField(
        label=_L("对象"), required=False, help_text=_L("只为一人申请的，选择本人；为全单位申请的，不选。")
    )
    reason = TextField(label=_L("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data=None, *, people, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.people: dict[str, Person] = {str(person.pk): person for person in people}
        self.fields["person"].choices = [("", _("全单位")), *((key, one.name) for key, one in self.people.items())]

    def asked(self) -> dict:
        """Arguments of the action."""
        given = self.cleaned_data
        return {
            "purpose": given["purpose"],
            "person": self.people.get(given["person"]),
            "reason": given["reason"],
        }


class AnswerForm(HouseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    approve = forms.TypedChoiceField(
        label=_L("批复"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _L("批准")), ("no", _L("不批准"))],
    )  # fmt: skip
    answer = TextField(
        label=_L("批复意见"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_L("不批准的，须写明理由。"),
    )  # fmt: skip

    def __init__(self, data=None, *, override: EligibilityOverride, **kwargs) -> None:
        super().__init__(data, initial={"version": override.version}, **kwargs)
