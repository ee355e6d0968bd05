"""Forms of bonus shares: settling those ticked in the list, and the amount of one."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from ratings.actions.bonuses import MOST_AMOUNT, Pair
from ratings.enums import ConsequenceState
from ratings.models import Consequence
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm

LONGEST_KEY = 18
MOST_ROWS = 500


class SettleManyForm(forms.Form):
    """The same end for the bonus shares ticked in the list, or for all that the page shows."""

    note = TextField(
        label=_L("落实情况"), max_length=300, help_text=_L("如发放批次、文号；不再适用的写明原因。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    done_on = DayField(label=_L("日期"), initial=today)
    whole_page = forms.BooleanField(required=False)
    state = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (ConsequenceState.DONE, ConsequenceState.DROPPED)]
    )

    def pairs(self) -> list[Pair]:
        """The shares meant, as `id.version` of each; what is none is left out."""
        given = self.data.getlist("shown" if self.cleaned_data.get("whole_page") else "ticked")[:MOST_ROWS]
        parts = [text.partition(".") for text in given]
        return [(int(key), int(version)) for key, _dot, version in parts if _number(key) and _number(version)]


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


class AmountForm(HouseForm):
    """The amount of a bonus share as the place has set it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    amount = forms.IntegerField(
        label=_L("金额（元）"), required=False, min_value=0, max_value=MOST_AMOUNT,
        help_text=_L("本地核定的金额；不填为没有金额。系统不按系数推算。"),
    )  # fmt: skip
    reason = TextField(label=_L("更正原因"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data=None, *, consequence: Consequence, **kwargs) -> None:
        super().__init__(data, initial={"version": consequence.version, "amount": consequence.amount}, **kwargs)
        if consequence.amount is None:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("原登记 %(amount)s 元；原因留在审计记录中。") % {
                "amount": f"{consequence.amount:,}"
            }
