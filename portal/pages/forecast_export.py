"""The forecast as a workbook: months, divisions below, targets and assumptions; and the people behind its numbers."""

from collections.abc import Iterator
from decimal import ROUND_CEILING
from typing import Any

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, NotExportable
from portal.core.sheets.writing import Sheet
from portal.core.web import formats
from portal.pages.forecast_data import ForecastData, crowded
from portal.pages.forecast_list import PeopleAsked
from portal.pages.forecast_tables import reached_words
from portal.pages.forecast_words import assumption_rows, forecast_sentence, month_word, to_cents
from workforce.enums import PartyKind
from workforce.queries.forecast import Forecast
from workforce.queries.forecast_parts import Month
from workforce.quota import share

# The kinds of party in the order of their columns; the last are those that nobody entered.
PARTIES = (PartyKind.STREET, PartyKind.OFFICE, PartyKind.CENTRE, PartyKind.OTHER, "")


def _number(key: str, header: str | Promise) -> Column:
    return Column(key, header, kind=Kind.NUMBER, width=16)


MONTHS = (
    Column("month", gettext_lazy("月份")),
    Column("last", gettext_lazy("截至"), kind=Kind.DATE),
    _number("aged", gettext_lazy("到龄退休（人）")),
    _number("aged_certified", gettext_lazy("到龄退休中持证（人）")),
    _number("contracts", gettext_lazy("合同到期（份）")),
    _number("street", gettext_lazy("合同到期：街镇（份）")),
    _number("office", gettext_lazy("合同到期：社区工作者事务所（份）")),
    _number("centre", gettext_lazy("合同到期：党群服务中心（份）")),
    _number("other", gettext_lazy("合同到期：其他主体（份）")),
    _number("unknown", gettext_lazy("合同到期：未登记主体类型（份）")),
    _number("heads", gettext_lazy("月末预计在岗（人）")),
    _number("population", gettext_lazy("人口（人）")),
    _number("required", gettext_lazy("应配（人）")),
    _number("gap", gettext_lazy("缺口（人，负数为多出）")),
    _number("certified", gettext_lazy("预计持证（人）")),
    _number("share", gettext_lazy("预计持证率（%）")),
)
BELOW = (
    Column("code", gettext_lazy("区划代码"), width=14),
    Column("name", gettext_lazy("区划"), width=24),
    _number("heads", gettext_lazy("现在岗（人）")),
    _number("aged", gettext_lazy("到龄退休（人）")),
    _number("leavers", gettext_lazy("其他离职（人）")),
    _number("left", gettext_lazy("不新招时剩（人）")),
    _number("required", gettext_lazy("届时应配（人）")),
    _number("needed", gettext_lazy("需新招（人）")),
    _number("surplus", gettext_lazy("多出（人）")),
    Column("target", gettext_lazy("目标日期"), kind=Kind.DATE),
)
TARGETS = (
    _number("percent", gettext_lazy("持证率目标（%）")),
    Column("due", gettext_lazy("期限"), kind=Kind.DATE),
    Column("reached", gettext_lazy("按所设速度"), width=16),
    _number("pace", gettext_lazy("按期达到需每月新增（人）")),
    Column("source", gettext_lazy("依据"), width=40),
)
ASSUMPTIONS = (
    Column("label", gettext_lazy("假设"), width=14),
    Column("value", gettext_lazy("取值"), width=48),
    Column("hint", gettext_lazy("来源"), width=80),
)


def _data(asked: Asked) -> ForecastData:
    """The forecast asked for; NotExportable where there is none."""
    place = asked.chosen(Perm.VIEW_STAFFING)
    data = ForecastData(asked.user, place, asked.on, asked.params)
    if data.large:
        sentence = _("这里的在岗人数超过 %(most)s 人，请选择较小的地方，再导出预测。")
        raise NotExportable(sentence % {"most": formats.number(data.most)})
    if data.own is None or not data.own.urban:
        raise NotExportable(_("这里没有可预测的内容，不能导出。"))
    if data.forecast is None:
        raise NotExportable(_("假设填写有误，请先改正，再导出预测。"))
    return data


def find(asked: Asked) -> Found:
    """The months of the forecast, as the page shows them; further sheets hold what else is on it."""
    made = _data(asked).forecast
    more = [
        Sheet(_("各区划需新招"), BELOW, _below(made)),
        Sheet(_("持证率目标"), TARGETS, _targets(made)),
        Sheet(_("所用假设"), ASSUMPTIONS, _assumptions(made)),
    ]
    rows = [_month(month) for month in made.months]
    return Found(len(rows), rows, about=made.own.name, more=more)


def _month(month: Month) -> list[Any]:
    point = month.point
    certified = point.whole_certified
    parties = [month.contracts[kind] for kind in PARTIES]
    return [
        month_word(month.last),
        month.last,
        month.aged,
        month.aged_certified,
        month.contracts.total(),
        *parties,
        point.whole_heads,
        month.population,
        month.required,
        month.gap,
        certified,
        None if certified is None else share(certified, point.whole_heads),
    ]


def _below(made: Forecast) -> Iterator[list[Any]]:
    for one in made.below:
        hiring = one.hiring
        figures = [one.heads, one.aged, one.leavers_by_then, hiring.remaining, hiring.required]
        yield [one.figure.code, one.figure.name, *figures, hiring.needed, hiring.surplus, made.assumed.target]


def _targets(made: Forecast) -> Iterator[list[Any]]:
    for one in made.targets:
        pace = to_cents(one.pace, ROUND_CEILING)
        yield [one.percent, one.due, reached_words(made, one), pace, one.rule.source]


def _assumptions(made: Forecast) -> Iterator[list[Any]]:
    yield [_("结论"), _plain(made), ""]
    for row in assumption_rows(made, {}):
        yield [row["label"], row["value"] or str(formats.NO_DATA), row.get("hint", "")]


def _plain(made: Forecast) -> str:
    """The sentence without its markup."""
    return strip_tags(forecast_sentence(made))


def find_people(asked: Asked) -> Found:
    """The people of the list in the address."""
    place = asked.chosen(Perm.VIEW_ROSTER)
    if crowded(place.code):
        raise NotExportable(_("这里的在岗人数太多，请选择较小的地方，再导出名单。"))
    chosen = PeopleAsked(asked.params, place.code, asked.on)
    lines, count = chosen.people(limit=None)
    rows = ([line.code, line.place, line.name, chosen.day_of(line), line.note] for line in lines)
    return Found(count, rows, about=place.label, filters=chosen.title)


FORECAST = Export(
    key="forecast",
    label=gettext_lazy("预测"),
    perm=Perm.VIEW_STAFFING,
    page="forecast",
    page_needs=("place",),
    columns=MONTHS,
    find=find,
)
FORECAST_PEOPLE = Export(
    key="forecast-people",
    label=gettext_lazy("预测名单"),
    perm=Perm.VIEW_ROSTER,
    page="forecast_people",
    page_needs=("place",),
    columns=(
        Column("code", gettext_lazy("社区代码"), width=14),
        Column("community", gettext_lazy("社区"), width=18),
        Column("name", gettext_lazy("姓名")),
        Column("day", gettext_lazy("日期或月份"), width=14),
        Column("note", gettext_lazy("用工主体"), width=24),
    ),
    find=find_people,
    personal=True,
)
