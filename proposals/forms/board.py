"""What the address asks of the board, and the form of a reminder."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proposals.enums import DueKind, Stage
from proposals.forms.tracked import ALL, SeenForm, long_text
from proposals.models import HandlingUnit
from proposals.queries.board import LIGHTS
from proposals.queries.deadlines import RIGHTS

LIGHT_LABELS = {"red": _("已逾期"), "amber": _("五个工作日内到期"), "green": _("期限未到"), "paused": _("中止计时")}
_MOST = 300


class BoardFilter(forms.Form):
    """Filter of the board; anything odd in the address is left out and the rest still holds."""

    light = forms.ChoiceField(
        label=_("期限"), required=False, choices=[ALL, *((key, LIGHT_LABELS[key]) for key in LIGHTS)]
    )
    kind = forms.ChoiceField(
        label=_("事项"), required=False, choices=[ALL, *(one for one in DueKind.choices if one[0] not in RIGHTS)]
    )
    stage = forms.ChoiceField(label=_("阶段"), required=False, choices=[ALL, *Stage.choices])
    unit = forms.TypedChoiceField(label=_("承办单位"), required=False, coerce=int, empty_value=None)
    mine = forms.BooleanField(label=_("只看本单位"), required=False)

    def __init__(self, data=None, *, units: list[HandlingUnit], **options) -> None:
        super().__init__(data, **options)
        self.fields["unit"].choices = [ALL, *((one.pk, one.short) for one in units[:_MOST])]

    def asked(self) -> dict:
        """Arguments of `queries.board.narrowed`."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReminderForm(SeenForm):
    """What the office writes to the unit."""

    words = long_text(_("催办内容"), 300)
