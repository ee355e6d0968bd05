"""Forms of the acts on findings: one for a finding, one for many ticked in the list."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings import actions
from portal.core.findings.actions import NOTE_LENGTH, Pair

ACTS = {
    "acknowledge": gettext_lazy("签收"),
    "plan": gettext_lazy("列入计划"),
    "excuse": gettext_lazy("暂不处理"),
    "reopen": gettext_lazy("撤回"),
}
LONGEST_KEY = 18
MOST_ROWS = 500


class ActForm(forms.Form):
    """What to do with a finding, with a note and, for a plan or an excuse, a day."""

    act = forms.ChoiceField(choices=list(ACTS.items()), widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        label=gettext_lazy("处理说明"),
        help_text=gettext_lazy("准备怎么办、由谁办；暂不处理的，必须写明理由。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    day = forms.DateField(
        required=False,
        label=gettext_lazy("日期"),
        help_text=gettext_lazy("列入计划的，填计划完成日期；暂不处理的，填暂缓到哪天；签收不用填。"),
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict:
        given = super().clean()
        act = given["act"] = given.get("act") or "acknowledge"
        if act in ("plan", "excuse") and "day" in given and given["day"] is None:
            self.add_error("day", _("请填写日期。"))
        if act == "excuse" and "note" in given and not given["note"].strip():
            self.add_error("note", _("请写明暂不处理的理由。"))
        return given

    def carry_out(self, pairs: list[Pair], by) -> int:
        """Does it to the findings meant; returns how many were changed. Raises ValidationError."""
        given = self.cleaned_data
        note, day = given["note"], given["day"]
        match given["act"]:
            case "plan":
                return actions.plan_many(pairs=pairs, planned_for=day, note=note, by=by)
            case "excuse":
                return actions.excuse_many(pairs=pairs, excused_until=day, reason=note, by=by)
            case "reopen":
                return actions.reopen_many(pairs=pairs, note=note, by=by)
        return actions.acknowledge_many(pairs=pairs, note=note, by=by)

    def take_errors(self, error: ValidationError) -> None:
        """What an action refuses, beside the field it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            place = {"planned_for": "day", "excused_until": "day"}.get(name, name)
            self.add_error(place if place in self.fields else None, errors)


class BulkForm(ActForm):
    """The same for the findings ticked in the list, or for all that the page shows."""

    whole_page = forms.BooleanField(required=False)

    def pairs(self) -> list[Pair]:
        """The findings meant, as `id.version` of each; what is none is left out."""
        given = self.data.getlist("shown" if self.cleaned_data.get("whole_page") else "ticked")[:MOST_ROWS]
        parts = [text.partition(".") for text in given]
        return [(int(key), int(version)) for key, _dot, version in parts if _number(key) and _number(version)]


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY
