"""Forms of careers: directed posts, honours, nominations."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from workforce.actions.careers import NEXT
from workforce.enums import AwardLevel, NominationStage, RecruitmentGroup, RecruitmentKind
from workforce.forms.fields import DayField, TextField
from workforce.forms.grids import CountField
from workforce.forms.judged import HouseForm
from workforce.forms.training import YearFilter, years
from workforce.models import Award, DirectedRecruitment, Nomination

CHOOSE = [("", _L("请选择"))]
__all__ = ["AwardForm", "DirectedForm", "NominationForm", "StageForm", "YearFilter"]


class RowForm(HouseForm):
    """A row with a version of its own; without a row, the form of a new one in a place of the reader."""

    keys: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()

    def __init__(self, data=None, *, by, row=None, initial=None, **kwargs) -> None:
        if row is not None:
            initial = {**{key: getattr(row, key) for key in self.keys}, "version": row.version}
        super().__init__(data, initial=initial, **kwargs)
        self.row = row
        if row is None:
            self.fields["division"] = forms.ChoiceField(label=_("地区"), choices=self._places(by))
            self.order_fields(["division"])
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def _places(self, by) -> list[tuple[str, str]]:
        mine = Division.objects.for_user(by, Perm.CHANGE_CAREERS).in_force(today())
        return list(
            mine.filter(level__in=self.levels, urban=True, formal=False).order_by("code").values_list("code", "label")
        )

    def asked(self) -> dict:
        """Arguments of the action."""
        given = {key: self.cleaned_data[key] for key in self.keys}
        if self.row is not None:
            return {**given, "version": self.cleaned_data["version"]}
        return {**given, "division": Division.objects.get(pk=self.cleaned_data["division"])}


class DirectedForm(RowForm):
    levels = (Level.DISTRICT,)
    keys = ("year", "kind", "group", "posts", "applicants", "hired", "document")
    fixed = ("year", "kind", "group")
    year = forms.TypedChoiceField(label=_L("年度"), coerce=int, choices=years)
    kind = forms.ChoiceField(label=_L("岗位性质"), choices=[*CHOOSE, *RecruitmentKind.choices])
    group = forms.ChoiceField(label=_L("面向对象"), choices=[*CHOOSE, *RecruitmentGroup.choices])
    posts = CountField(label=_L("岗位数"), most=10_000, help_text=_L("没有设岗的填 0。"))
    applicants = CountField(label=_L("报名人数"), required=False)
    hired = CountField(label=_L("录用人数"), required=False, most=10_000)
    document = TextField(label=_L("公告或文件"), required=False, max_length=200)

    def __init__(self, data=None, *, row: DirectedRecruitment | None = None, **kwargs) -> None:
        super().__init__(data, row=row, **kwargs)
        if row is not None:
            for key in self.fixed:
                del self.fields[key]

    def asked(self) -> dict:
        keys = [key for key in self.keys if key in self.fields]
        given = {key: self.cleaned_data[key] for key in keys}
        if self.row is not None:
            return {**given, "version": self.cleaned_data["version"]}
        return {**given, "division": Division.objects.get(pk=self.cleaned_data["division"])}


class AwardForm(RowForm):
    levels = (Level.PROVINCE, Level.CITY, Level.DISTRICT)
    keys = ("name", "level", "year", "quota")
    name = TextField(label=_L("荣誉名称"), max_length=100)
    level = forms.ChoiceField(label=_L("层级"), choices=[*CHOOSE, *AwardLevel.choices])
    year = forms.TypedChoiceField(label=_L("年度"), coerce=int, choices=years)
    quota = CountField(
        label=_L("上报名额"), required=False, most=10_000, help_text=_L("本地区可以上报的人数；不限的不填。")
    )

    def __init__(self, data=None, *, row: Award | None = None, **kwargs) -> None:
        super().__init__(data, row=row, **kwargs)


class NominationForm(HouseForm):
    """Somebody found by name who is put forward."""

    person = forms.ChoiceField(label=_L("人选"), widget=forms.RadioSelect)
    reason = TextField(label=_L("主要事迹"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    on = DayField(label=_L("推荐日期"), initial=today)

    def __init__(self, data=None, *, people, places, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["person"].choices = [
            (key, f"{one.name}（{places[one.pk]}）" if one.pk in places else one.name)
            for key, one in self.people.items()
        ]


class StageForm(HouseForm):
    """The next stage of a nomination."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    stage = forms.ChoiceField(label=_L("进度"))
    decided_on = DayField(label=_L("日期"), initial=today)
    reason = TextField(label=_L("说明"), required=False, max_length=500)

    def __init__(self, data=None, *, nomination: Nomination, **kwargs) -> None:
        super().__init__(data, initial={"version": nomination.version}, **kwargs)
        choices = [(stage, NominationStage(stage).label) for stage in NEXT[nomination.stage]]
        self.fields["stage"].choices = choices
