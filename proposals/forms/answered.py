"""Forms of what follows a signed reply: sending, what proposers say of it, its publication."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from proposals.enums import Body, ContactMode, Disclosure, ResultClass, Satisfaction
from proposals.models import HandlingUnit
from proposals.queries.feedback import NO_CLASS
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm

ALL = ("", _L("全部"))
CHOOSE = ("", _L("请选择"))
MOST_WORDS = 1000
SAID_LABELS = {
    "asked": _L("发出的"),
    "returned": _L("收回的"),
    "satisfied": _L("满意的"),
    "basic": _L("基本满意的"),
    "dissatisfied": _L("不满意的"),
    "content": _L("满意和基本满意的"),
}
_MOST_UNITS = 300
_KEY = re.compile(r"[0-9]{1,18}")


class SendForm(HouseForm):
    """The signed letter goes out."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    sent_on = DayField(label=_L("寄发日期"), initial=today)
    mode = forms.ChoiceField(label=_L("寄送方式"), choices=[CHOOSE, *ContactMode.choices])


class AnswersForm(HouseForm):
    """What the official form 征询意见表 asks, in its order."""

    contact_mode = forms.ChoiceField(
        label=_L("办理过程中与您的联系方式"), required=False, choices=[("", _L("没有联系过")), *ContactMode.choices]
    )
    attitude = forms.ChoiceField(label=_L("对办理态度"), widget=forms.RadioSelect, choices=Satisfaction.choices)
    result = forms.ChoiceField(label=_L("对办理结果"), widget=forms.RadioSelect, choices=Satisfaction.choices)
    words = forms.CharField(
        label=_L("意见和建议"), required=False, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_L("对办理结果不满意的，请写明理由；承办单位据此重新办理。请不要写入电话、住址等个人信息。"),
        error_messages={"max_length": _L("请控制在 1000 字以内。")},
    )  # fmt: skip

    def clean_words(self) -> str:
        return "".join(sign for sign in self.cleaned_data["words"] if sign.isprintable() or sign in "\n\t").strip()

    def asked(self) -> dict[str, str]:
        """Arguments of the actions."""
        return {name: self.cleaned_data[name] for name in ("contact_mode", "attitude", "result", "words")}


class FeedbackForm(AnswersForm):
    """The same by link. `homepage` is a trap: people do not see it, programs fill it in."""

    homepage = forms.CharField(
        label=_L("此栏请留空"), required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def clean(self):
        values = super().clean()
        if self.cleaned_data.get("result") == Satisfaction.DISSATISFIED and not self.cleaned_data.get("words"):
            self.add_error("words", _("请写明不满意的理由，承办单位据此重新办理。"))
        return values

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise ValidationError(_("此栏请留空后再提交。"))
        return ""


class PaperForm(AnswersForm):
    """A form that came back on paper, typed in."""

    on = DayField(label=_L("收回日期"), initial=today)
    field_order = ("on", "contact_mode", "attitude", "result", "words")

    def asked(self) -> dict:
        return {**super().asked(), "on": self.cleaned_data["on"]}


class ReviewForm(HouseForm):
    """The checker's decision; `further` is one piece of text a line."""

    disclosure = forms.ChoiceField(label=_L("公开属性"), widget=forms.RadioSelect, choices=Disclosure.choices)
    reason = TextField(
        label=_L("理由"), required=False, max_length=300,
        help_text=_L("不主动公开，或者与答复上的公开属性不同的，必须写明。"),
    )  # fmt: skip
    keep_names = forms.BooleanField(label=_L("提案者同意公开姓名"), required=False)
    further = forms.CharField(
        label=_L("还要隐去的文字"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_L("一行一处，例如个人姓名、病情、涉密内容。先点“预览”核对。"),
    )  # fmt: skip
    looked = forms.BooleanField(
        label=_L("已逐段核对公开文本，没有联系方式、个人信息和不宜公开的内容"),
        error_messages={"required": _L("请逐段核对公开文本后勾选。")},
    )

    def clean_further(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.cleaned_data["further"].splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def asked(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("disclosure", "reason", "keep_names", "further")}


class ReleaseForm(HouseForm):
    """The second person's confirmation of what they saw."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class TakeBackForm(HouseForm):
    reason = TextField(label=_L("撤下理由"), max_length=300, help_text=_L("公众打开原地址时会看到。"))


class HideForm(HouseForm):
    words = forms.CharField(
        label=_L("要隐去的文字"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_L("一行一处，按公开页面上的写法。"),
    )  # fmt: skip
    reason = TextField(label=_L("理由"), max_length=300)

    def clean_words(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.cleaned_data["words"].splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))


class PublicFilter(forms.Form):
    """Search among published replies; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_L("标题、正文或编号"), required=False, max_length=60)
    under = forms.ChoiceField(label=_L("地区"), required=False)
    year = forms.TypedChoiceField(label=_L("年度"), required=False, coerce=int, empty_value=None)
    body = forms.ChoiceField(label=_L("类别"), required=False, choices=[ALL, *Body.choices])
    result = forms.ChoiceField(label=_L("办理结果"), required=False, choices=[ALL, *ResultClass.choices])

    def __init__(self, data=None, *, places, years, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["under"].choices = [ALL, *((place.code, place.label) for place in places)]
        self.fields["year"].choices = [ALL, *((year, str(year)) for year in years)]

    def asked(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RatesFilter(forms.Form):
    """Which answers the rates are of, and which of the forms are listed; anything odd in the address is left out."""

    year = forms.TypedChoiceField(label=_L("交办年度"), required=False, coerce=int, empty_value=None)
    session = forms.TypedChoiceField(label=_L("会议"), required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label=_L("承办单位"), required=False, coerce=int, empty_value=None)
    result = forms.ChoiceField(
        label=_L("办理结果"), required=False, choices=[ALL, *ResultClass.choices, (NO_CLASS, _L("没有结果类别"))]
    )
    said = forms.ChoiceField(
        label=_L("列出征询意见表"), required=False, choices=[("", _L("不列出")), *SAID_LABELS.items()]
    )

    def __init__(self, data=None, *, years, sessions, units, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["year"].choices = [ALL, *((year, str(year)) for year in years)]
        self.fields["session"].choices = [ALL, *((one.pk, one.label) for one in sessions)]
        named = ((one.pk, f"{one.short} · {one.division.label}") for one in self._units(units))
        self.fields["unit"].choices = [ALL, *named]

    def _units(self, units: QuerySet[HandlingUnit]) -> list[HandlingUnit]:
        """The first units, and the one that the address asks for."""
        found, asked = list(units[:_MOST_UNITS]), self.data.get("unit", "")
        if _KEY.fullmatch(asked) and int(asked) not in {one.pk for one in found}:
            found += units.filter(pk=asked)
        return found

    def asked(self) -> dict:
        """Arguments of `queries.feedback.lines`."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name != "said"}

    @property
    def listed(self) -> str:
        """Which forms are listed; empty for none."""
        self.is_valid()
        return self.cleaned_data.get("said", "")
