"""What one row of service records or stars behind a number shows; no row names a person (see `indicator_row_kinds`)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.counting import RowKind
from portal.core.indicators.rows import Row
from portal.core.web import formats
from portal.pages.indicator_row_cells import Cell, RowLook, place_cell, places_of, records_look
from ratings.models import (
    Deliberation,
    Facility,
    Need,
    Premises,
    Project,
    ServiceRequest,
    Shift,
    StarGrade,
)

OUT = ("grid", "visit")


def _at(name: str) -> Callable[[Any], tuple[str, Any]]:
    return lambda one: (name, one.division_id)


def _premises(one: Premises) -> list[Cell]:
    return [Cell(one.label), Cell(one.get_kind_display()), Cell(formats.day(one.valid_from))]


def _request(one: ServiceRequest) -> list[Cell]:
    due = _("期限 %(day)s") % {"day": formats.day(one.due_on)}
    answered = formats.day(one.answered_on) if one.answered_on else ""
    return [
        Cell(one.title, under=one.get_kind_display()),
        Cell(formats.day(one.received_on), under=due),
        Cell(one.get_state_display(), under=answered),
    ]


def _need(one: Need) -> list[Cell]:
    return [Cell(one.title), Cell(one.get_channel_display()), Cell(formats.day(one.found_on))]


def _project(one: Project) -> list[Cell]:
    approved = _("立项 %(day)s") % {"day": formats.day(one.approved_on)} if one.approved_on else ""
    return [Cell(one.name), Cell(one.get_state_display()), Cell(formats.day(one.proposed_on), under=approved)]


def _facility(one: Facility) -> list[Cell]:
    public = formats.NO_DATA if one.public_area is None else _square_metres(one.public_area)
    return [Cell(one.name, under=one.get_kind_display()), Cell(_square_metres(one.area)), Cell(str(public))]


def _square_metres(area) -> str:
    return _("%(area)s 平方米") % {"area": f"{area:,}"}


def _deliberation(one: Deliberation) -> list[Cell]:
    due = _("落实期限 %(day)s") % {"day": formats.day(one.follow_up_due)} if one.follow_up_due else ""
    return [
        Cell(one.topic, under=one.get_level_display()),
        Cell(formats.day(one.held_on) if one.held_on else ""),
        Cell(one.get_state_display(), under=due),
    ]


def _star(one: StarGrade) -> list[Cell]:
    year = _("%(year)s 年度") % {"year": one.year}
    return [Cell(one.get_grade_display()), Cell(year, under=one.get_cause_display()), Cell(one.get_change_display())]


def _shift(one: Shift) -> list[Cell]:
    return [Cell(formats.day(one.on)), Cell(one.get_work_display()), Cell(_hours(one.hours))]


def _hours(hours) -> str:
    return _("%(hours)s 小时") % {"hours": f"{hours:g}" if isinstance(hours, float) else f"{hours:f}"}


def _days(by_person: bool) -> Callable[[Any, Sequence[Row], date], list[list[Cell]]]:
    """Days at work: of one worker, or of all of a community; the row is that of the first shift."""

    def listed(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
        mine = Shift.objects.for_user(user, Perm.VIEW_SERVICE)
        first = {str(one.pk): one for one in mine.filter(pk__in=[int(row.id) for row in rows])}
        together: dict[tuple, list[Shift]] = {}
        wanted = {"division__in": {row.code for row in rows}, "on__in": {one.on for one in first.values()}}
        for one in mine.filter(hours__gt=0, **wanted).order_by("id"):
            together.setdefault(_key(one, by_person), []).append(one)
        places = places_of(user, {row.code for row in rows})
        tell = _one_worker if by_person else _all_workers
        found = []
        for row in rows:
            one = first.get(row.id)
            cells = tell(together.get(_key(one, by_person), [])) if one else [Cell(""), Cell("")]
            day = Cell(formats.day(one.on), page="shifts", argument=row.code) if one else Cell(_("不在您的查看范围"))
            found.append([day, place_cell(places, row.code), *cells])
        return found

    return listed


def _key(one: Shift, by_person: bool) -> tuple:
    return (one.division_id, one.on, one.person_id if by_person else None)


def _one_worker(shifts: Sequence[Shift]) -> list[Cell]:
    works = _("、").join(str(one.get_work_display()) for one in shifts)
    return [Cell(works), Cell(_hours(sum(one.hours for one in shifts)))]


def _all_workers(shifts: Sequence[Shift]) -> list[Cell]:
    roster = {one.person_id for one in shifts}
    out = {one.person_id for one in shifts if one.work in OUT}
    return [Cell(formats.number(len(roster))), Cell(formats.number(len(out)))]


_COMMUNITY = gettext_lazy("社区")
SERVICE_LOOKS: dict[RowKind, RowLook] = {
    RowKind.PREMISES: records_look(
        Premises,
        (gettext_lazy("门牌或店名"), _COMMUNITY, gettext_lazy("类别"), gettext_lazy("迁入或开业日期")),
        _premises,
        lambda one: ("premises_one", one.pk),
    ),
    RowKind.REQUEST: records_look(
        ServiceRequest,
        (gettext_lazy("事项"), _COMMUNITY, gettext_lazy("受理日期"), gettext_lazy("现在的状态")),
        _request,
        lambda one: ("request", one.pk),
    ),
    RowKind.NEED: records_look(
        Need,
        (gettext_lazy("需求"), _COMMUNITY, gettext_lazy("来源"), gettext_lazy("发现日期")),
        _need,
        _at("needs"),
    ),
    RowKind.PROJECT: records_look(
        Project,
        (gettext_lazy("项目名称"), _COMMUNITY, gettext_lazy("现在的状态"), gettext_lazy("申报日期")),
        _project,
        _at("projects"),
    ),
    RowKind.FACILITY: records_look(
        Facility,
        (gettext_lazy("设施名称"), _COMMUNITY, gettext_lazy("建筑面积"), gettext_lazy("居民活动面积")),
        _facility,
        _at("facilities"),
    ),
    RowKind.SHIFT: records_look(
        Shift,
        (gettext_lazy("日期"), _COMMUNITY, gettext_lazy("工作"), gettext_lazy("时间")),
        _shift,
        _at("shifts"),
    ),
    RowKind.WORKDAY: RowLook(
        (gettext_lazy("日期"), _COMMUNITY, gettext_lazy("当天的工作"), gettext_lazy("时间")),
        _days(by_person=True),
        Perm.VIEW_SERVICE,
    ),
    RowKind.ROTA_DAY: RowLook(
        (gettext_lazy("日期"), _COMMUNITY, gettext_lazy("排班人数"), gettext_lazy("下沉网格人数")),
        _days(by_person=False),
        Perm.VIEW_SERVICE,
    ),
    RowKind.DELIBERATION: records_look(
        Deliberation,
        (gettext_lazy("议题"), _COMMUNITY, gettext_lazy("议事日期"), gettext_lazy("现在的状态")),
        _deliberation,
        _at("deliberations"),
    ),
    RowKind.STAR: records_look(
        StarGrade,
        (gettext_lazy("星级"), _COMMUNITY, gettext_lazy("年度"), gettext_lazy("升降")),
        _star,
        _at("star_unit"),
        Perm.VIEW_RATINGS,
    ),
}
