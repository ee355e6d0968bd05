"""Forms of objections: the public's own, and the answer of the office."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from ratings.enums import ObjectionState, Star
from ratings.queries.results import STARS
from workforce.forms.fields import PRIVATE, TextField
from workforce.forms.judged import HouseForm

MOST_WORDS = 2000
MOST_PERSONAL = 100


class PublicFilter(forms.Form):
    """Search among published grades; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_L("村、社区名称"), required=False, max_length=60)
    under = forms.ChoiceField(label=_L("地区"), required=False)
    grade = forms.ChoiceField(
        label=_L("星级"),
        required=False,
        choices=[("", _L("全部")), *((name, Star(grade).label) for name, grade in STARS.items())],
    )

    def __init__(self, data=None, *, places, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["under"].choices = [("", _("全部")), *((place.code, place.label) for place in places)]
        if not places:
            del self.fields["under"]

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class ObjectionForm(HouseForm):
    """An objection by anybody. `homepage` is a trap: people do not see it, programs fill it in."""

    words = forms.CharField(
        label=_L("异议内容"), min_length=10, max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_L("写明对哪一项有异议、事实和理由，至少 10 个字，不超过 2000 字。"),
        error_messages={
            "min_length": _L("请写得具体一些，至少 10 个字。"),
            "max_length": _L("请控制在 2000 字以内。"),
        },
    )  # fmt: skip
    sender = TextField(
        label=_L("姓名"), required=False, max_length=MOST_PERSONAL, widget=forms.TextInput(attrs=PRIVATE),
        help_text=_L("可以不填。只用于核实情况，加密保存，不会公开。"),
    )  # fmt: skip
    contact = TextField(
        label=_L("联系方式"), required=False, max_length=MOST_PERSONAL, widget=forms.TextInput(attrs=PRIVATE),
        help_text=_L("可以不填。不填的，请凭回执编号自行查询答复。"),
    )  # fmt: skip
    homepage = forms.CharField(
        label=_L("此栏请留空"), required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_words(self) -> str:
        return "".join(sign for sign in self.cleaned_data["words"] if sign.isprintable() or sign in "\n\t")

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise ValidationError(_("此栏请留空后再提交。"))
        return ""

    def asked(self) -> dict[str, str]:
        """Arguments of the action."""
        return {name: self.cleaned_data[name] for name in ("words", "sender", "contact")}


class ObjectionFilter(forms.Form):
    q = forms.CharField(label=_L("单位名称或回执编号"), required=False, max_length=60)
    state = forms.ChoiceField(label=_L("状态"), required=False, choices=[("", _L("全部")), *ObjectionState.choices])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class AnswerForm(HouseForm):
    """Upheld with another grade, or dismissed; the words go to whoever holds the receipt."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_L("结论"),
        widget=forms.RadioSelect,
        choices=[
            (ObjectionState.UPHELD, _L("异议成立，改变星级")),
            (ObjectionState.DISMISSED, _L("异议不成立，星级不变")),
        ],
    )
    grade = forms.TypedChoiceField(
        label=_L("改为"), required=False, coerce=int, empty_value=None,
        choices=[("", _L("星级不变")), *Star.choices], help_text=_L("只在异议成立时选择。"),
    )  # fmt: skip
    answer = forms.CharField(
        label=_L("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_L("提出异议的人凭回执编号可以看到；请不要写入他人的个人信息。"),
    )  # fmt: skip

    def clean(self):
        values = super().clean()
        if self.cleaned_data.get("state") == ObjectionState.DISMISSED and self.cleaned_data.get("grade") is not None:
            self.add_error("grade", _("异议不成立的，星级不变，请不要选择星级。"))
        return values
