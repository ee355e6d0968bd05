"""What the address asks of the list of proposals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proposals.enums import Body, ProposalState
from proposals.queries import cases as reads

ALL = ("", _("全部"))
_MOST = 300


class CaseFilter(forms.Form):
    """Search and filter; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_("编号、案由、内容或提案者"), required=False, max_length=60)
    session = forms.TypedChoiceField(label=_("会议"), required=False, coerce=int, empty_value=None)
    body = forms.ChoiceField(label=_("类别"), required=False, choices=[ALL, *Body.choices])
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[ALL, *ProposalState.choices])
    lead = forms.TypedChoiceField(label=_("承办单位"), required=False, coerce=int, empty_value=None)
    proposer_type = forms.ChoiceField(
        label=_("提案者类别"), required=False, choices=lambda: [ALL, *reads.type_choices()]
    )
    key = forms.BooleanField(label=_("只看重点的"), required=False)

    def __init__(self, data=None, *, user, code: str = "", **kwargs) -> None:
        super().__init__(data, **kwargs)
        meetings, units = reads.sessions(user, code)[:_MOST], reads.units(user, code)[:_MOST]
        self.fields["session"].choices = [ALL, *((one.pk, one.label) for one in meetings)]
        self.fields["lead"].choices = [ALL, *((one.pk, one.short) for one in units)]

    def asked(self) -> dict:
        """Arguments of `queries.cases.listed`."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
