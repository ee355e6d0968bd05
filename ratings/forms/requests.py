"""Forms of requests: the list, the request itself, and each act on it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from portal.core.territory.models import Division
from ratings.enums import RequestChannel, RequestKind, RequestState, Verdict
from ratings.forms.premises import ALL
from ratings.forms.visits import WorkerField
from ratings.models import Premises, ServiceRequest
from ratings.queries.requests import SORTS
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm

CHOOSE = ("", _L("请选择"))


def years() -> list[tuple[str, str]]:
    return [
        ALL,
        *((str(year), _("%(year)s 年") % {"year": year}) for year in range(today().year, today().year - 6, -1)),
    ]


class RequestFilter(forms.Form):
    """Which requests the list shows; anything odd in the address is left out and the rest still holds."""

    SHOWS = (("waiting", _L("未办结")), ("late", _L("逾期")), *RequestState.choices, ("all", _L("全部")))

    q = forms.CharField(label=_L("事项、内容或门牌"), required=False, max_length=60)
    show = forms.ChoiceField(label=_L("状态"), required=False, choices=SHOWS)
    kind = forms.ChoiceField(label=_L("类别"), required=False, choices=[ALL, *RequestKind.choices])
    verdict = forms.ChoiceField(label=_L("居民评价"), required=False, choices=[ALL, *Verdict.choices])
    year = forms.ChoiceField(label=_L("受理年度"), required=False, choices=years)
    sort = forms.ChoiceField(
        required=False, choices=[(f"{sign}{key}", key) for key in SORTS for sign in ("", "-")], widget=forms.HiddenInput
    )

    def asked(self) -> dict:
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return {**found, "show": found["show"] or "waiting", "year": int(found["year"]) if found["year"] else None}


class PremisesField(forms.CharField):
    """A household or shop of a community by its label, optional; suggestions stand in a list beside it."""

    def __init__(self, *, division: Division, **kwargs) -> None:
        self.within = Premises.objects.filter(division=division).in_force(today())
        hint = _L("填已登记的门牌或店名，可不填。")
        super().__init__(label=_L("住户或商户"), required=False, max_length=80, help_text=hint, **kwargs)

    def clean(self, value) -> Premises | None:
        text = super().clean(value).strip()
        if not text:
            return None
        found = list(self.within.filter(label=text)[:2]) or list(self.within.filter(label__icontains=text)[:2])
        if not found:
            raise forms.ValidationError(_("本社区没有登记这个门牌或店名。请核对，或留空。"))
        if len(found) > 1:
            raise forms.ValidationError(_("不止一户符合，请填完整的门牌或店名。"))
        return found[0]


class RequestForm(HouseForm):
    keys = ("kind", "channel", "title", "text", "premises", "received_on", "first_asked", "told_once", "joint")
    kind = forms.ChoiceField(label=_L("类别"), choices=RequestKind.choices)
    channel = forms.ChoiceField(label=_L("来源"), choices=[CHOOSE, *RequestChannel.choices])
    title = TextField(label=_L("事项"), max_length=100, help_text=_L("一句话写明是什么事。"))
    text = TextField(label=_L("内容"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    received_on = DayField(label=_L("受理日期"), initial=today)
    told_once = forms.BooleanField(label=_L("已一次告知所需材料和流程"), required=False)
    joint = TextField(label=_L("协办单位"), required=False, max_length=100)

    def __init__(self, data=None, *, division: Division, held: ServiceRequest | None = None, **kwargs) -> None:
        if held is not None:
            kwargs["initial"] = {key: getattr(held, key) for key in self.keys} | {"version": held.version}
            kwargs["initial"] |= {"first_asked": str(held.first_asked_id or ""), "premises": held.premises or ""}
        super().__init__(data, **kwargs)
        self.fields["premises"] = PremisesField(division=division)
        on = held.received_on if held is not None else today()
        self.fields["first_asked"] = WorkerField(division=division, on=on, label=_("首问负责人"))
        self.order_fields(self.keys)
        if held is not None:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def asked(self) -> dict:
        """Arguments of the action."""
        given = {key: self.cleaned_data[key] for key in self.keys}
        return given | ({"version": self.cleaned_data["version"]} if "version" in self.fields else {})


class ActForm(HouseForm):
    """An act on a request; `version` is the one its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)


class PassForm(ActForm):
    passed_to = TextField(label=_L("转给哪个单位"), max_length=100)
    passed_on = DayField(label=_L("转办日期"), initial=today)


class AnswerForm(ActForm):
    answer = TextField(label=_L("办理结果"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    answered_on = DayField(label=_L("答复日期"), initial=today)


class VerdictForm(ActForm):
    verdict = forms.ChoiceField(label=_L("居民评价"), choices=Verdict.choices, widget=forms.RadioSelect)
    verdict_on = DayField(label=_L("评价日期"), initial=today)
