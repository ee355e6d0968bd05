"""Service records of every day as files: places, households and shops, visits, requests, the rota."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from ratings.forms.premises import PremisesFilter
from ratings.forms.requests import RequestFilter
from ratings.forms.visits import VisitFilter
from ratings.queries import premises as premises_reads
from ratings.queries import requests as request_reads
from ratings.queries import shifts as shift_reads
from ratings.queries import visits as visit_reads
from ratings.queries.coverage import asked_period
from ratings.queries.service import place_lines

_PLACE = (Column("code", _L("社区代码"), width=14), Column("community", _L("社区"), width=18))


def _one(number) -> Any:
    return None if number is None else round(number, 1)


def find_places(asked: Asked) -> Found:
    """The table of the places under the place."""
    lines = place_lines(asked.chosen(Perm.VIEW_SERVICE), asked.on)
    return Found(len(lines), (_place(line) for line in lines), about=asked.chosen(Perm.VIEW_SERVICE).label)


def _place(line) -> list[Any]:
    households, shops = line.coverage.households, line.coverage.shops
    judged = {True: _("达标"), False: _("不足"), None: _("未生效") if line.coverage.percent is None else _("无数据")}
    visits = [households.due, households.visited, _one(households.share), shops.due, shops.visited, _one(shops.share)]
    counts = line.requests
    return [
        line.code, line.name, *visits, judged[line.coverage.met], counts.waiting, counts.late, counts.answered,
        counts.on_time, counts.satisfied,
    ]  # fmt: skip


def find_premises(asked: Asked) -> Found:
    """Households and shops as the list shows them."""
    place, form = asked.chosen(Perm.VIEW_SERVICE), PremisesFilter(asked.params)
    _rule, period = asked_period(place.code, asked.on)
    found = premises_reads.listed(asked.user, place.code, asked.on, period, **form.asked())
    rows = (_premises(one) for one in premises_reads.with_last_met(found).iterator(chunk_size=2000))
    return Found(found.count(), rows, about=place.label, filters=filter_words(form))


def _premises(one) -> list[Any]:
    about = [one.division_id, one.division.label, one.get_kind_display(), one.label, one.grid.name if one.grid else ""]
    return [*about, one.valid_from, last_day(one.valid_to), one.met_on]


def span_of(division: Division, on: date, month: str) -> tuple[date, date]:
    """First and last day that the list of visits covers: a month, else the period of visits up to the day."""
    if month:
        return shift_reads.month_of(shift_reads.asked_month(month, on))
    return asked_period(division.code, on)[1].first, on


def find_visits(asked: Asked) -> Found:
    """Visits as the list shows them."""
    place, form = asked.chosen(Perm.VIEW_SERVICE), VisitFilter(asked.params)
    given = form.asked()
    first, last = span_of(place, asked.on, given.pop("month"))
    found = visit_reads.listed(asked.user, place.code, first=first, last=last, **given)
    rows = (_visit(one) for one in found.iterator(chunk_size=2000))
    return Found(found.count(), rows, about=place.label, filters=filter_words(form))


def _visit(one) -> list[Any]:
    where = [one.division_id, one.division.label, one.visited_on, one.premises.get_kind_display(), one.premises.label]
    worker = one.worker.name if one.worker else ""
    return [*where, one.get_outcome_display(), worker, one.note, _("已撤回") if one.taken_back else ""]


def find_requests(asked: Asked) -> Found:
    """Requests as the list shows them."""
    place, form = asked.chosen(Perm.VIEW_SERVICE), RequestFilter(asked.params)
    found = request_reads.listed(asked.user, place.code, asked.on, **form.asked())
    return Found(found.count(), _requests(found), about=place.label, filters=filter_words(form))


def _requests(found) -> Iterator[list[Any]]:
    words = {True: _("是"), False: _("否")}
    for one in found.iterator(chunk_size=2000):
        yield [
            one.division_id, one.division.label, one.get_kind_display(), one.get_channel_display(), one.title, one.text,
            one.premises.label if one.premises else "", one.received_on, one.due_on,
            one.first_asked.name if one.first_asked else "", words[one.told_once], one.joint, one.get_state_display(),
            one.passed_to, one.passed_on, one.answered_on, one.answer, one.get_verdict_display(), one.verdict_on,
        ]  # fmt: skip


def find_shifts(asked: Asked) -> Found:
    """The rota of the week, or of the month where the address names one, and what everybody's hours come to."""
    place = asked.chosen(Perm.VIEW_SERVICE)
    first, last = _span_of_shifts(asked)
    found = shift_reads.rows_of(asked.user, place.code, first, last)
    rows = (
        [one.division_id, one.division.label, one.on, one.person.name, one.get_work_display(), one.hours]
        for one in found.iterator(chunk_size=2000)
    )
    months = shift_reads.months_of(asked.user, place.code, first, last)
    sheet = Sheet(str(_L("工作时间")), MONTH_COLUMNS, (_month(one) for one in months))
    about = _("%(place)s %(first)s 至 %(last)s ") % {"place": place.label, "first": first, "last": last}
    return Found(found.count(), rows, about=about, more=[sheet])


def _span_of_shifts(asked: Asked):
    if month := asked.params.get("month"):
        return shift_reads.month_of(shift_reads.asked_month(month, asked.on))
    days = shift_reads.week_of(shift_reads.asked_day(asked.params.get("week", ""), asked.on))
    return days[0], days[-1]


def _month(one) -> list[Any]:
    name = one.person.name if one.person else _("合计")
    split = one.split
    return [name, one.total, _one(one.visiting), *(_one(split[key]) for key in ("duty", "grids", "project"))]


MONTH_COLUMNS = (
    Column("name", _L("姓名")),
    Column("hours", _L("小时"), kind=Kind.NUMBER),
    Column("visiting", _L("走访时间占比（%）"), kind=Kind.NUMBER, width=16),
    Column("duty", _L("窗口值守（%）"), kind=Kind.NUMBER, width=14),
    Column("grids", _L("下沉网格（%）"), kind=Kind.NUMBER, width=14),
    Column("project", _L("领办项目（%）"), kind=Kind.NUMBER, width=14),
)
PLACES = Export(
    key="service-places",
    label=_L("走访与诉求"),
    perm=Perm.VIEW_SERVICE,
    page="service_place",
    page_needs=("place",),
    columns=(
        Column("code", _L("区划代码"), width=14),
        Column("name", _L("区划"), width=20),
        Column("households", _L("应走访住户（户）"), kind=Kind.NUMBER, width=14),
        Column("households_visited", _L("已走访住户（户）"), kind=Kind.NUMBER, width=14),
        Column("households_share", _L("住户覆盖率（%）"), kind=Kind.NUMBER, width=14),
        Column("shops", _L("应走访商户（户）"), kind=Kind.NUMBER, width=14),
        Column("shops_visited", _L("已走访商户（户）"), kind=Kind.NUMBER, width=14),
        Column("shops_share", _L("商户覆盖率（%）"), kind=Kind.NUMBER, width=14),
        Column("met", _L("判定")),
        Column("open", _L("未办结（件）"), kind=Kind.NUMBER),
        Column("late", _L("逾期（件）"), kind=Kind.NUMBER),
        Column("answered", _L("本年答复（件）"), kind=Kind.NUMBER, width=14),
        Column("on_time", _L("其中按期（件）"), kind=Kind.NUMBER, width=14),
        Column("satisfied", _L("其中满意（件）"), kind=Kind.NUMBER, width=14),
    ),
    find=find_places,
)
PREMISES = Export(
    key="premises",
    label=_L("住户和商户"),
    perm=Perm.VIEW_SERVICE,
    page="premises",
    page_needs=("place",),
    columns=(
        *_PLACE,
        Column("kind", _L("类别")),
        Column("label", _L("门牌或店名"), width=28),
        Column("grid", _L("网格")),
        Column("valid_from", _L("迁入或开业日期"), kind=Kind.DATE, width=14),
        Column("valid_to", _L("迁出或歇业日期"), kind=Kind.DATE, width=14),
        Column("met_on", _L("最近见到"), kind=Kind.DATE),
    ),
    find=find_premises,
)
VISITS = Export(
    key="visits",
    label=_L("走访记录"),
    perm=Perm.VIEW_SERVICE,
    page="visits",
    page_needs=("place",),
    columns=(
        *_PLACE,
        Column("visited_on", _L("走访日期"), kind=Kind.DATE),
        Column("kind", _L("类别")),
        Column("label", _L("门牌或店名"), width=28),
        Column("outcome", _L("结果")),
        Column("worker", _L("走访人")),
        Column("note", _L("记录"), width=40),
        Column("state", _L("状态")),
    ),
    find=find_visits,
    personal=True,
)
REQUESTS = Export(
    key="requests",
    label=_L("诉求和办事"),
    perm=Perm.VIEW_SERVICE,
    page="requests",
    page_needs=("place",),
    columns=(
        *_PLACE,
        Column("kind", _L("类别")),
        Column("channel", _L("来源")),
        Column("title", _L("事项"), width=30),
        Column("text", _L("内容"), width=40),
        Column("label", _L("住户或商户"), width=20),
        Column("received_on", _L("受理日期"), kind=Kind.DATE),
        Column("due_on", _L("办理期限"), kind=Kind.DATE),
        Column("first_asked", _L("首问负责人")),
        Column("told_once", _L("已一次告知")),
        Column("joint", _L("协办单位"), width=20),
        Column("state", _L("状态")),
        Column("passed_to", _L("转办单位"), width=20),
        Column("passed_on", _L("转办日期"), kind=Kind.DATE),
        Column("answered_on", _L("答复日期"), kind=Kind.DATE),
        Column("answer", _L("办理结果"), width=40),
        Column("verdict", _L("居民评价")),
        Column("verdict_on", _L("评价日期"), kind=Kind.DATE),
    ),
    find=find_requests,
    personal=True,
)
SHIFTS = Export(
    key="shifts",
    label=_L("排班表"),
    perm=Perm.VIEW_SERVICE,
    page="shifts",
    page_needs=("place",),
    columns=(
        *_PLACE,
        Column("on", _L("日期"), kind=Kind.DATE),
        Column("name", _L("姓名")),
        Column("work", _L("工作")),
        Column("hours", _L("小时"), kind=Kind.NUMBER),
    ),
    find=find_shifts,
    personal=True,
)
EXPORTS = (PLACES, PREMISES, VISITS, REQUESTS, SHIFTS)
