"""Forms of results: what the list shows; taking stars away; correcting; deciding."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from ratings.enums import Change, ResultCause, Star, UnitKind
from ratings.models import StarGrade
from ratings.queries.results import STARS
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm

ALL = ("", _L("全部"))
GRADES = [(name, Star(grade).label) for name, grade in STARS.items()]


class ResultFilter(forms.Form):
    """Year, search and filters of the list of results; anything odd in the address is left out, the rest still holds."""

    year = forms.TypedChoiceField(label=_L("年度"), required=False, coerce=int, empty_value=None)
    q = forms.CharField(label=_L("名称或拼音首字母"), required=False, max_length=60)
    grade = forms.ChoiceField(label=_L("星级"), required=False, choices=[ALL, *GRADES])
    change = forms.ChoiceField(label=_L("升降"), required=False, choices=[ALL, *Change.choices])
    kind = forms.ChoiceField(label=_L("类别"), required=False, choices=[ALL, *UnitKind.choices])
    cause = forms.ChoiceField(label=_L("由来"), required=False, choices=[ALL, *ResultCause.choices])

    def __init__(self, data=None, *, years: list[int], **kwargs) -> None:
        given = data.copy() if data is not None else {}
        if years:
            given.setdefault("year", str(years[0]))
        super().__init__(given, **kwargs)
        self.years = years
        self.fields["year"].choices = [(year, str(year)) for year in years]

    def asked(self) -> dict:
        self.is_valid()
        values = {key: self.cleaned_data.get(key, "") for key in self.fields}
        return values | {"year": values["year"] or (self.years[0] if self.years else today().year - 1)}


class _ChangeForm(HouseForm):
    """Another grade for a result, with the reason."""

    grade = forms.TypedChoiceField(label=_L("改为"), coerce=int)
    event = TextField(
        label=_L("事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_L("写明事实和依据；会列入这个单位的星级历史。"),
    )  # fmt: skip

    def __init__(self, data=None, *, result: StarGrade, **kwargs) -> None:
        super().__init__(data, **kwargs)
        choices = [(value, label) for value, label in Star.choices if self.offers(value, result.grade)]
        self.fields["grade"].choices = [("", _("请选择")), *choices]

    @staticmethod
    def offers(grade: int, now: int) -> bool:
        return grade != now


class RemovalForm(_ChangeForm):
    event_on = DayField(label=_L("事由发生日期"), initial=today)

    @staticmethod
    def offers(grade: int, now: int) -> bool:
        return grade < now


class CorrectionForm(_ChangeForm):
    pass


class DecideForm(HouseForm):
    """What a decision on a prepared removal or correction states."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    number = TextField(label=_L("文号"), max_length=60)
    decided_on = DayField(label=_L("决定日期"), initial=today)


class RefuseForm(HouseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = TextField(label=_L("不予通过的理由"), max_length=300)


class WithdrawForm(HouseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
