"""Forms of a whole cycle: opening, deadlines, opinions, notice, decision, filing."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from ratings.enums import OpinionStand, Stage, Star, UnitKind
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm

REASON = _L("理由")


def version_field() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)


def reason_field(label: str | Promise = REASON, most: int = 300) -> TextField:
    return TextField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 3}))


class OpenForm(HouseForm):
    """A new cycle; units and deadlines follow from the place and its policy."""

    year = forms.IntegerField(
        label=_L("年度"),
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    name = TextField(label=_L("名称"), max_length=100)
    reference_on = DayField(label=_L("取数时点"), help_text=_L("自动取数的指标按这一天的数据计分。"))

    def __init__(self, data=None, *, place, **kwargs) -> None:
        year = today().year
        name = _("%(place)s %(year)s 年度村（社区）星级评定") % {"place": place.label, "year": year}
        super().__init__(data, initial={"year": year, "name": name, "reference_on": today()}, **kwargs)


class VersionForm(HouseForm):
    """Nothing but the version that the reader has seen."""

    version = version_field()


class ReasonForm(VersionForm):
    reason = reason_field()


class NoticeForm(VersionForm):
    notice_from = DayField(label=_L("公示开始日期"))


class DecideForm(VersionForm):
    number = TextField(label=_L("认定文号"), max_length=60)
    decided_on = DayField(label=_L("认定日期"))


class FileForm(VersionForm):
    number = TextField(label=_L("备案号"), max_length=60)
    filed_on = DayField(label=_L("备案日期"))


class ExtendForm(VersionForm):
    stage = forms.ChoiceField(label=_L("阶段"))
    until = DayField(label=_L("延长到"), help_text=_L("这一天仍可办理；之后各阶段的期限不早于这一天。"))
    reason = reason_field()

    def __init__(self, *args, open_stages, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [(stage, Stage(stage).label) for stage in open_stages]


class OpinionForm(HouseForm):
    """What a department says of the whole cycle, or of one unit named by its code."""

    department = TextField(label=_L("部门"), max_length=60)
    unit = TextField(
        label=_L("单位"),
        max_length=60,
        required=False,
        help_text=_L("填社区（村）的名称或代码；对全部单位的意见不填。"),
    )
    stand = forms.ChoiceField(label=_L("意见"), choices=OpinionStand.choices, widget=forms.RadioSelect)
    words = TextField(label=_L("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    given_on = DayField(label=_L("日期"))

    def __init__(self, data=None, *, rated, **kwargs) -> None:
        super().__init__(data, initial={"given_on": today(), "stand": "agrees"}, **kwargs)
        self.rated = rated

    def clean_unit(self):
        text = self.cleaned_data["unit"]
        if not text:
            return None
        known = self.rated.filter(division_id=text) if text.isdigit() else self.rated.filter(division__label=text)
        found = list(known[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("不止一个单位叫这个名称，请改填代码。") if found else _("本次评定中没有这个单位。请核对名称或代码。")
            )
        return found[0]

    def fields_given(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("department", "stand", "words", "given_on")}


class CalibrationFilter(forms.Form):
    """Which units the session looks at."""

    kind = forms.ChoiceField(label=_L("类别"), required=False, choices=[("", _L("全部")), *UnitKind.choices])
    grade = forms.ChoiceField(label=_L("星级"), required=False, choices=[("", _L("全部")), *Star.choices])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
