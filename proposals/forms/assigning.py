"""The form of handing a proposal over: one lead with co-handlers, or separate handlers."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from proposals import stages
from proposals.forms.tracked import SeenForm
from proposals.models import Handling, HandlingUnit, Proposal
from workforce.forms.fields import DayField

CHOOSE = _("请选择")
WAYS = ((stages.LEAD, _("主办，需要时另有会办")), (stages.SEPARATE, _("分办，各单位分别答复")))


class AssignForm(SeenForm):
    """Offers what is still open: beside a present lead only co-handlers, beside separate handlers only more of them."""

    way = forms.ChoiceField(label=_("办理方式"), choices=WAYS, widget=forms.RadioSelect, initial=stages.LEAD)
    lead = forms.ModelChoiceField(
        HandlingUnit.objects.none(),
        label=_("主办单位"),
        required=False,
        empty_label=CHOOSE,
        help_text=_("分办的不选。"),
    )
    units = forms.ModelMultipleChoiceField(
        HandlingUnit.objects.none(), label=_("会办单位或分办单位"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("主办的勾选会办单位；分办的勾选全部分办单位。"),
    )  # fmt: skip
    assigned_on = DayField(label=_("交办日期"), help_text=_("各项期限从这一天起算。"))

    def __init__(self, data=None, files=None, *, row: Proposal, parts: list[Handling], **options) -> None:
        super().__init__(data, files, row=row, **options)
        roles, taken = {part.role for part in parts}, [part.unit_id for part in parts]
        units = HandlingUnit.objects.filter(division_id=row.division_id).order_by("name")
        units = units.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today())).exclude(pk__in=taken)
        self.fields["lead"].queryset = self.fields["units"].queryset = units
        self.fields["lead"].label_from_instance = self.fields["units"].label_from_instance = _name
        if roles & {stages.LEAD, stages.SEPARATE}:
            self.fixed_way = stages.SEPARATE if stages.SEPARATE in roles else stages.LEAD
            del self.fields["way"], self.fields["lead"]
            separate = self.fixed_way == stages.SEPARATE
            self.fields["units"].label = _g("增加的分办单位") if separate else _g("增加的会办单位")
            self.fields["units"].required, self.fields["units"].help_text = True, ""
        else:
            self.fixed_way = ""

    def initial_of(self, row: Proposal) -> dict:
        return {"assigned_on": today()}

    def clean(self):
        given = super().clean()
        if not self.fixed_way and given.get("way") == stages.LEAD and not given.get("lead"):
            self.add_error("lead", _g("请选择主办单位。"))
        if given.get("way") == stages.SEPARATE and len(given.get("units") or ()) < 2:
            self.add_error("units", _g("分办至少要有两个单位；只有一个单位的，请选主办。"))
        return given

    def asked(self) -> dict:
        given = dict(self.cleaned_data)
        way, units = given.pop("way", self.fixed_way), list(given.pop("units"))
        lead = given.pop("lead", None)
        if way == stages.SEPARATE:
            return given | {"separate": units}
        return given | {"lead": lead, "co": units}


def _name(unit: HandlingUnit) -> str:
    return unit.name


class WithdrawForm(SeenForm):
    """The proposer takes the whole proposal back."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
