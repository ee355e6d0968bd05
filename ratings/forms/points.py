"""Forms of points: a rule, an entry of a household, the list."""

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from portal.core.territory.models import Division
from ratings.enums import PointState
from ratings.forms.rows import ALL, RowForm
from ratings.queries.points import homes, usable
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm
from workforce.forms.training import YearFilter

MOST_OFFERED = 3000


class PointFilter(YearFilter):
    q = forms.CharField(label=_L("门牌或事项"), required=False, max_length=60)
    state = forms.ChoiceField(label=_L("状态"), required=False, choices=[ALL, *PointState.choices])


class Suggesting(forms.TextInput):
    """A line of text with the addresses of a community to choose from while typing."""

    def __init__(self, attrs=None) -> None:
        super().__init__({"list": "households", "autocomplete": "off", **(attrs or {})})
        self.offered: list[str] = []

    def render(self, name, value, attrs=None, renderer=None):
        options = format_html_join("", '<option value="{}"></option>', ((text,) for text in self.offered))
        box = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="households">{}</datalist>', box, options)


class PointForm(HouseForm):
    """Points of one household; the rule says how many."""

    premises = TextField(label=_L("住户门牌"), max_length=80, widget=Suggesting)
    rule = forms.ChoiceField(label=_L("积分事项"))
    on = DayField(label=_L("日期"), initial=today)
    evidence = TextField(label=_L("依据"), required=False, max_length=200, help_text=_L("如 活动签到表、照片编号。"))

    def __init__(self, data=None, *, division: Division, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.division = division
        offered = homes(division.pk, today()).values_list("label", flat=True)[:MOST_OFFERED]
        self.fields["premises"].widget.offered = list(offered)
        self.rules = {str(rule.pk): rule for rule in usable(division.pk, today())}
        choices = [(pk, f"{rule.behaviour}（{rule.points:+d}）") for pk, rule in self.rules.items()]
        self.fields["rule"].choices = [("", _("请选择")), *choices]

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("日期不能晚于今天。"))
        return day

    def clean_premises(self):
        label = self.cleaned_data["premises"]
        found = homes(self.division.pk, today()).filter(label=label).first()
        if found is None:
            raise forms.ValidationError(_("本社区没有登记这个门牌的住户。请从提示中选择，或先在走访台账中登记住户。"))
        return found

    def asked(self) -> dict:
        """Arguments of the action."""
        given = self.cleaned_data
        return {**given, "rule": self.rules[given["rule"]]}


class PointRuleForm(RowForm):
    keys = ("behaviour", "points", "redemption", "valid_from", "valid_to")
    behaviour = TextField(
        label=_L("行为或兑换物品"), max_length=100, help_text=_L("如 参加志愿服务一次；兑换洗衣液一瓶。")
    )
    points = forms.IntegerField(
        label=_L("积分"),
        min_value=-10_000,
        max_value=10_000,
        widget=forms.TextInput(attrs={"inputmode": "text", "class": "short", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _L("请填 -10000 到 10000 之间的整数，扣分和兑换填负数。")
        ),
        help_text=_L("加分填正数，扣分和兑换填负数。"),
    )
    redemption = forms.BooleanField(label=_L("这是兑换（用积分换物品或服务）"), required=False)
    valid_from = DayField(label=_L("启用日期"), initial=today)
    valid_to = DayField(label=_L("停用日期"), required=False, help_text=_L("最后一天；长期有效时不填。"))

    def clean(self):
        values = super().clean()
        points = self.cleaned_data.get("points")
        if points == 0:
            self.add_error("points", _("积分不能为 0。"))
        elif points is not None and points > 0 and self.cleaned_data.get("redemption"):
            self.add_error("points", _("兑换要用去积分，请填负数。"))
        return values
