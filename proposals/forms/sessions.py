"""Forms of sessions, units that handle proposals, and who works for them."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from proposals.enums import Body
from proposals.models import HandlingUnit, Session
from proposals.numerals import number_of
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm

_MOST = 400


class OfficeField(forms.ModelChoiceField):
    """A place whose proposals the user manages; the only one is chosen already."""

    def __init__(self, *, user, **kwargs) -> None:
        mine = Division.objects.for_user(user, Perm.MANAGE_PROPOSALS).filter(formal=False, level__lte=Level.DISTRICT)
        super().__init__(queryset=mine.order_by("code"), label=_L("地区"), empty_label=_("请选择"), **kwargs)
        found = list(self.queryset[:2])
        if len(found) == 1:
            self.widget, self.initial = forms.HiddenInput(), found[0]

    def label_from_instance(self, one: Division) -> str:
        return one.label


class NumeralField(TextField):
    """A small number in digits or Chinese characters."""

    def __init__(self, **kwargs) -> None:
        widget = forms.TextInput(attrs={"class": "short", "autocomplete": "off"})
        super().__init__(max_length=6, widget=widget, **kwargs)

    def clean(self, value) -> int:
        number = number_of(super().clean(value))
        if number is None or not 1 <= number <= 99:
            raise forms.ValidationError(_("请填 1 到 99 之间的数，如 14 或十四。"))
        return number


class SessionForm(HouseForm):
    keys = ("body", "place_name", "term", "meeting", "opened_on", "closed_on", "reply_by", "party_reply_by")
    body = forms.ChoiceField(label=_L("类别"), choices=Body.choices, widget=forms.RadioSelect, initial=Body.CPPCC)
    place_name = TextField(label=_L("机构名称"), max_length=40, help_text=_L("公文中的叫法，如市政协、区人大。"))
    term = NumeralField(label=_L("届"), help_text=_L("可填 14 或十四，公文中印成“十四届”。"))
    meeting = NumeralField(label=_L("次"))
    opened_on = DayField(label=_L("开幕日期"))
    closed_on = DayField(label=_L("闭幕日期"))
    reply_by = DayField(
        label=_L("统一答复期限"), required=False, help_text=_L("规定了统一的最后一天时填写；留空按政策中的期限计算。")
    )
    party_reply_by = DayField(label=_L("党派、团体提案答复期限"), required=False)

    def __init__(self, data=None, *, user, held: Session | None = None, **kwargs) -> None:
        if held is not None:
            kwargs["initial"] = {key: getattr(held, key) for key in self.keys}
        super().__init__(data, **kwargs)
        if held is None:
            self.fields["division"] = OfficeField(user=user)
            self.order_fields(["division", *self.keys])


class UnitForm(HouseForm):
    keys = ("name", "short", "heading", "word", "contact", "phone", "postcode")
    name = TextField(label=_L("单位名称"), max_length=60, help_text=_L("落款用的全称。"))
    short = TextField(label=_L("简称"), max_length=20)
    heading = TextField(
        label=_L("发文机关标志"), max_length=60, help_text=_L("印在公文顶端的名称，通常与单位名称相同。")
    )
    word = TextField(
        label=_L("机关代字"), max_length=12, required=False, help_text=_L("发文字号的代字，如某民函；不编号的留空。")
    )
    contact = TextField(label=_L("联系科室"), max_length=40, required=False)
    phone = TextField(
        label=_L("联系电话"), max_length=30, required=False, help_text=_L("印在公文上，请填办公电话，不填个人手机。")
    )
    postcode = TextField(label=_L("邮编"), max_length=6, required=False)

    def __init__(self, data=None, *, user, held: HandlingUnit | None = None, **kwargs) -> None:
        if held is not None:
            kwargs["initial"] = {key: getattr(held, key) for key in self.keys}
        super().__init__(data, **kwargs)
        if held is None:
            self.fields["division"] = OfficeField(user=user)
            self.order_fields(["division", *self.keys])

    def clean_postcode(self) -> str:
        code = self.cleaned_data["postcode"]
        if code and not (code.isascii() and code.isdigit() and len(code) == 6):
            raise forms.ValidationError(_("邮编应为 6 位数字。"))
        return code


class SeatForm(HouseForm):
    username = TextField(label=_L("用户名"), max_length=150, help_text=_L("已有账号、具有办理提案角色的人员。"))
