"""Single acts on a unit: for each its form, what it will do in words, and what is then said."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from ratings import stages
from ratings.actions import calibration, incidents, units
from ratings.forms import units as forms
from ratings.forms.cycles import VersionForm
from ratings.models import UnitRating

_VISIT = ("visited_on", "findings", "asked", "satisfied")


def _plain(form) -> dict:
    return dict(form.cleaned_data)


def _visit(form) -> dict:
    given = form.cleaned_data
    return {"version": given["version"], "fields": {name: given[name] for name in _VISIT}}


@dataclass(frozen=True)
class Act:
    """One act: who may, its form, `sentence` for what will happen, `said` for what has happened."""

    action: Callable
    form: type
    perms: tuple[Perm, ...]
    label: str | Promise
    said: str | Promise
    sentence: str | Promise = ""
    arguments: Callable = _plain

    def form_of(self, request: HttpRequest, unit: UnitRating):
        """The form with what it has to know of the unit."""
        options: dict = {}
        if self.form is forms.IncidentForm:
            return forms.IncidentForm(request.POST or None, unit=unit)
        if self.form is forms.SendBackForm:
            options["stages"] = [step.to for step in stages.backs_of(unit.stage)]
        initial = {"version": unit.version}
        if self.form is forms.MoveForm:
            initial |= {"after": request.GET.get("after", unit.grade)}
        return self.form(request.POST or None, initial=initial, **options)


_MANAGE = (Perm.MANAGE_RATINGS,)
ACTS: dict[str, Act] = {
    "send-back": Act(
        units.send_back, forms.SendBackForm, (Perm.RATE_STREET, Perm.RATE_DISTRICT, Perm.MANAGE_RATINGS), _L("退回"),
        _L("已退回。"), _L("退回后由上一阶段重新提交，已打的分保留。"),
    ),
    "leave-out": Act(
        units.leave_out, forms.LeaveOutForm, _MANAGE, _L("列为不参评"), _L("已列为不参评。"), _L("本年度不评定星级，理由记录在案。"),
    ),
    "take-in": Act(units.take_in, VersionForm, _MANAGE, _L("恢复参评"), _L("已恢复参评。"), _L("继续参加本年度评定。")),
    "incident": Act(
        incidents.add_incident, forms.IncidentForm, (Perm.RATE_STREET, Perm.RATE_DISTRICT, Perm.MANAGE_RATINGS),
        _L("登记加减分或否决事项"), _L("已登记，由另一位同事确认后生效。"), _L("登记后须由另一位同事确认才计入。"),
    ),
    "visit": Act(
        calibration.add_visit, forms.VisitForm, (Perm.RATE_DISTRICT,), _L("登记抽样走访"), _L("已登记走访。"),
        _L("区级复核时的实地走访和居民满意度调查。"), _visit,
    ),
    "move": Act(
        calibration.move_grade, forms.MoveForm, _MANAGE, _L("调整星级"), _L("星级已调整。"), _L("调整和理由记录在案。参加评定的人不能再作认定。"),
    ),
}  # fmt: skip
