"""The form of a term: an election of one of the two committees."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from workforce.enums import Body, PartyForm
from workforce.forms.fields import DayField
from workforce.forms.grids import CountField
from workforce.forms.judged import HouseForm
from workforce.models import Term

KEYS = ("number", "form", "elected_on", "valid_from", "valid_to", "seats")
_BODIES = [(body.value, body.label) for body in (Body.PARTY, Body.COMMITTEE)]


class TermForm(HouseForm):
    """A new term. Without an end the rule on terms gives it; the form then shows which day that is."""

    body = forms.ChoiceField(label=_L("机构"), choices=[("", _L("请选择")), *_BODIES])
    number = CountField(label=_L("届次"), required=False, least=1, most=200, help_text=_L("如 11。不清楚可不填。"))
    form = forms.ChoiceField(
        label=_L("党组织形式"),
        required=False,
        choices=[("", _L("（居民委员会不填）")), *PartyForm.choices],
        help_text=_L("党组织换届必填：成员人数按组织形式判断。"),
    )
    elected_on = DayField(label=_L("选举日期"), help_text=_L("选举产生的那一天。"), initial=today)
    valid_from = DayField(label=_L("任期起始"), required=False, help_text=_L("不填则为选举日期。"))
    valid_to = DayField(
        label=_L("届满日期"), required=False, help_text=_L("到这一天应已换届。不填则按任期规则由选举日期推算。")
    )
    seats = CountField(label=_L("职数"), required=False, least=1, most=50, help_text=_L("应选几人。"))

    def asked(self) -> dict:
        """Arguments of the action."""
        given = self.cleaned_data
        return {**given, "valid_from": given["valid_from"] or given["elected_on"]}


class TermChangeForm(TermForm):
    """Corrects a term; which committee it is of stays."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)

    def __init__(self, data=None, *, term: Term) -> None:
        self.term = term
        super().__init__(data, initial={"version": term.version, **{key: getattr(term, key) for key in KEYS}})
        del self.fields["body"]
        self.fields["valid_to"].help_text = _("到这一天应已换届。")
