"""Forms of service facilities."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from ratings.enums import FacilityFunction, FacilityKind
from ratings.forms.rows import ALL, CHOOSE, AreaField, RowForm
from workforce.forms.fields import DayField, TextField


class FacilityFilter(forms.Form):
    kind = forms.ChoiceField(label=_L("类别"), required=False, choices=[ALL, *FacilityKind.choices])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {"kind": self.cleaned_data.get("kind", "")}


class FacilityForm(RowForm):
    keys = ("name", "kind", "area", "public_area", "functions", "rated", "valid_from", "valid_to")
    name = TextField(label=_L("设施名称"), max_length=60)
    kind = forms.ChoiceField(label=_L("类别"), choices=[CHOOSE, *FacilityKind.choices])
    area = AreaField(label=_L("建筑面积（平方米）"), least=Decimal("0.01"))
    public_area = AreaField(
        label=_L("其中居民活动面积（平方米）"),
        least=Decimal(0),
        required=False,
        help_text=_L("不清楚时不填，不按零计算。"),
    )
    functions = forms.MultipleChoiceField(
        label=_L("功能"), required=False, choices=FacilityFunction.choices, widget=forms.CheckboxSelectMultiple
    )
    rated = TextField(label=_L("评定等级"), required=False, max_length=40, help_text=_L("经省、市评定的，填等级。"))
    valid_from = DayField(label=_L("启用日期"), initial=today)
    valid_to = DayField(label=_L("停用日期"), required=False, help_text=_L("最后一天；仍在使用时不填。"))

    def clean(self):
        values = super().clean()
        area, public = self.cleaned_data.get("area"), self.cleaned_data.get("public_area")
        if area is not None and public is not None and public > area:
            self.add_error("public_area", _("居民活动面积不能大于建筑面积。"))
        return values
