"""The acts of a whole cycle: for each its form, what it will do in words, and what is then said."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from ratings import stages
from ratings.actions import cycles as acts
from ratings.forms import cycles as forms
from ratings.models import RatingCycle
from workforce.views.answers import may_change_now


@dataclass(frozen=True)
class Act:
    """One act: `sentence` says what will happen, `said` what has happened."""

    action: Callable
    form: type
    label: str | Promise
    sentence: str | Promise
    said: str | Promise
    perm: Perm = Perm.MANAGE_RATINGS
    primary: bool = True


ACTS: dict[str, Act] = {
    "begin_joint": Act(
        acts.begin_joint, forms.VersionForm, _L("进入部门联审"),
        _L("结束打分，各单位的得分不再更改。由区里逐个登记各部门的意见，期满后进入综合评定。"), _L("已进入部门联审。"),
    ),
    "begin_calibration": Act(
        acts.begin_calibration, forms.VersionForm, _L("进入综合评定"),
        _L("结束部门联审。每个单位先按分数定星级，被一票否决的为无星；会上可以逐个调整，调整须写明理由。"), _L("已进入综合评定。"),
    ),
    "announce": Act(
        acts.announce, forms.NoticeForm, _L("公示"),
        _L("结束综合评定，星级对外公示。公示期按工作日历计算，期间任何人可以提出异议。由您公示的，不能再由您认定。"), _L("已公示。"),
    ),
    "close_notice": Act(
        acts.close_notice, forms.VersionForm, _L("结束公示"), _L("公示期满、异议全部答复后，进入认定。"), _L("公示已结束。"),
    ),
    "decide": Act(
        acts.decide, forms.DecideForm, _L("认定"),
        _L("按公示的星级作出认定，写入每个单位的星级记录，并产生相应的奖惩事项。认定后只能另行更正。"), _L("已认定。"),
        Perm.DECIDE_RATINGS,
    ),
    "return_to_calibration": Act(
        acts.return_to_calibration, forms.ReasonForm, _L("退回综合评定"), _L("不予认定，退回重新评定；评定后须重新公示。"),
        _L("已退回综合评定。"), Perm.DECIDE_RATINGS, False,
    ),
    "file_cycle": Act(
        acts.file_cycle, forms.FileForm, _L("备案"), _L("登记向上级备案的编号和日期，本年度评定随之完成。"), _L("已备案。"),
    ),
    "extend": Act(
        acts.extend_deadline, forms.ExtendForm, _L("延长期限"), _L("延长一个阶段的期限，理由记录在案。"), _L("期限已延长。"),
        primary=False,
    ),
}  # fmt: skip


def offered(request: HttpRequest, cycle: RatingCycle) -> list[str]:
    """Acts that the cycle waits for and the reader may take today, the way on first."""
    if not may_change_now(request):
        return []
    keys = [step.key for step in stages.cycle_steps(cycle.stage)]
    if acts.open_stages(cycle):
        keys.append("extend")
    return [key for key in keys if request.user.can(ACTS[key].perm, cycle.division_id)]


def links(request: HttpRequest, cycle: RatingCycle) -> list[dict]:
    """The same as buttons of the page header, the next step as the main one once its time has come."""
    scoring = cycle.stage == stages.SELF
    ready = not (scoring and acts.rated(cycle).exclude(stage=stages.JOINT).exists())
    found = []
    for key in offered(request, cycle):
        url = keep.page_url(request, "rating_act", cycle.pk, key)
        found.append({"label": ACTS[key].label, "url": url, "primary": ACTS[key].primary and ready})
    manages = may_change_now(request) and request.user.can(Perm.MANAGE_RATINGS, cycle.division_id)
    if scoring and manages:
        label = _("重新自动取数") if cycle.scored_at else _("自动取数")
        found.append(
            {"label": label, "icon": "arrow-repeat", "url": keep.page_url(request, "rating_figures", cycle.pk)}
        )
    return found


def form_of(key: str, data, cycle: RatingCycle):
    """The form of an act, aware of the version that its reader sees."""
    options = {"open_stages": acts.open_stages(cycle)} if key == "extend" else {}
    return ACTS[key].form(data, initial={"version": cycle.version}, **options)
