"""Who came and who left (domain §1.E3): the twelve months up to the day, and the calendar year."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Topic
from workforce.counters.exits import GROUPS
from workforce.indicators.figure import persons, share

_persons = partial(persons, topic=Topic.TURNOVER)

TURNOVER = (
    _persons(
        key="joined_12m",
        label=_("近12个月入职"),
        numerator="joined_12m",
        formula=_("入职日期在截至统计日的12个月内、现仍在岗的社区工作者人数。"),
    ),
    _persons(
        key="exits_12m",
        label=_("近12个月离职"),
        numerator="exits_12m",
        formula=_("离职日期在截至统计日的12个月内、离开专职并纳入管理岗位的人数。"),
    ),
    *(
        _persons(
            key=f"exits_12m_{key}",
            label=label,
            numerator=f"exits_12m_{key}",
            formula=_("近12个月离职人员中，按离职原因归类。"),
        )
        for key, label, _reasons in GROUPS
    ),
    share(
        key="turnover_rate",
        label=_("离职率"),
        topic=Topic.TURNOVER,
        numerator="exits_12m",
        denominator="workers+exits_12m",
        formula=_("近12个月离职人数 ÷ （在岗人数 + 近12个月离职人数）。"),
        better=Better.LOWER,
    ),
    _persons(
        key="joined_year",
        label=_("本年入职"),
        numerator="joined_year",
        formula=_("入职日期在本年内、现仍在岗的社区工作者人数。"),
    ),
    _persons(
        key="exits_year",
        label=_("本年离职"),
        numerator="exits_year",
        formula=_("离职日期在本年内、离开专职并纳入管理岗位的人数。"),
    ),
)
