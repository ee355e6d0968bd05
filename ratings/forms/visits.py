"""Forms of visits: the list, the walk from door to door, one visit with its note."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from portal.core.territory.models import Division
from ratings.enums import PremisesKind, RequestKind, VisitOutcome
from ratings.forms.premises import ALL, GridField
from ratings.queries.people import in_post
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm
from workforce.models import Person


def months() -> list[tuple[str, str]]:
    """This month and the 23 before it."""
    index = today().year * 12 + today().month - 1
    found = (divmod(number, 12) for number in range(index, index - 24, -1))
    return [(f"{year}-{month + 1:02}", f"{year}-{month + 1:02}") for year, month in found]


class VisitFilter(forms.Form):
    """Which visits the list shows; anything odd in the address is left out and the rest still holds."""

    SHOWS = (("taken_back", _L("已撤回")),)

    q = forms.CharField(label=_L("门牌、店名、记录或走访人"), required=False, max_length=60)
    month = forms.ChoiceField(label=_L("月份"), required=False, choices=lambda: [("", _("本走访周期")), *months()])
    kind = forms.ChoiceField(label=_L("类别"), required=False, choices=[ALL, *PremisesKind.choices])
    outcome = forms.ChoiceField(label=_L("结果"), required=False, choices=[ALL, *VisitOutcome.choices])
    show = forms.ChoiceField(label=_L("状态"), required=False, choices=[("", _L("有效")), *SHOWS])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class DueFilter(forms.Form):
    """Narrows the list of doors still to be visited."""

    q = forms.CharField(label=_L("楼门或店名"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_L("类别"), required=False, choices=[ALL, *PremisesKind.choices])

    def __init__(self, data=None, *, division: Division, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["grid"] = GridField(division=division)
        self.fields["grid"].choices[0] = ("", _("全部"))

    def asked(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class WorkerField(forms.ChoiceField):
    """Somebody in post in a community on a day; the cleaned value is the person or None."""

    def __init__(self, *, division: Division, on: date, **kwargs) -> None:
        self.people = {str(one.pk): one for one in in_post(division.pk, on)}
        choices = [("", _("不记名")), *((key, one.name) for key, one in self.people.items())]
        super().__init__(required=False, choices=choices, **kwargs)

    def clean(self, value) -> Person | None:
        return self.people.get(super().clean(value))


class WalkForm(HouseForm):
    """Who walks and on which day; the buttons of the list say at which doors with what outcome."""

    visited_on = DayField(label=_L("走访日期"), initial=today)

    def __init__(self, data=None, *, division: Division, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["worker"] = WorkerField(division=division, on=today(), label=_("走访人"))


class VisitForm(HouseForm):
    """One visit; what the resident brings forward becomes a request at once."""

    outcome = forms.ChoiceField(label=_L("结果"), choices=VisitOutcome.choices, widget=forms.RadioSelect)
    visited_on = DayField(label=_L("走访日期"), initial=today)
    note = TextField(label=_L("记录"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    title = TextField(
        label=_L("居民诉求"),
        required=False,
        max_length=100,
        help_text=_L("有诉求时填一句话，保存后自动受理并计算办理期限。"),
    )
    kind = forms.ChoiceField(label=_L("办理方式"), required=False, choices=RequestKind.choices)
    text = TextField(label=_L("诉求内容"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data=None, *, division: Division, **kwargs) -> None:
        kwargs.setdefault("initial", {"outcome": VisitOutcome.MET})
        super().__init__(data, **kwargs)
        self.fields["worker"] = WorkerField(division=division, on=today(), label=_("走访人"))
        self.order_fields(["outcome", "visited_on", "worker"])

    def clean(self):
        values = super().clean()
        if self.cleaned_data.get("text") and not self.cleaned_data.get("title"):
            self.add_error("title", _("请用一句话写明诉求是什么事项。"))
        return values

    def asked(self) -> dict:
        """Arguments of the action."""
        given = self.cleaned_data
        raised = {"kind": given["kind"] or RequestKind.APPEAL, "title": given["title"], "text": given["text"]}
        facts = {key: given[key] for key in ("outcome", "visited_on", "worker", "note")}
        return {**facts, "request": raised if given["title"] else None}
