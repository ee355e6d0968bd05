"""Counters over what workers did in the month up to the day: in the grids, on visits, in parts (domain §1.H2 to H4).

Hours are kept in tenths.
"""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from ratings.counters.words import this_month

_THIS_MONTH = this_month('s."on"')
_OUT = "s.work IN ('grid', 'visit')"


def shifts(scope: Scope) -> str:
    """code, id (of the shift), work and tenths of an hour."""
    return f"""
    SELECT s.division_id AS code, s.id, s.work, (s.hours * 10)::int AS tenths
    FROM ratings_shift s JOIN units u ON u.code = s.division_id
    WHERE s.hours > 0 AND {_THIS_MONTH} AND {scope.of("s.division_id")}"""


def presence(scope: Scope) -> str:
    """code, id (of the first shift) and whether in the grids: one row per worker and day at work; visits are in the grids."""
    return f"""
    SELECT s.division_id AS code, min(s.id) AS id, bool_or({_OUT}) AS out
    FROM ratings_shift s JOIN units u ON u.code = s.division_id
    WHERE s.hours > 0 AND {_THIS_MONTH} AND {scope.of("s.division_id")}
    GROUP BY s.division_id, s.person_id, s."on\""""


def days(scope: Scope) -> str:
    """code, id (of the first shift) and whether enough were in the grids: one row per community and day with a rule."""
    return f"""
    SELECT s.division_id AS code, min(s.id) AS id,
        count(DISTINCT s.person_id) FILTER (WHERE {_OUT}) >= ceil(n.presence / 100 * count(DISTINCT s.person_id)) AS met
    FROM ratings_shift s JOIN units u ON u.code = s.division_id JOIN norms n USING (scope)
    WHERE n.presence IS NOT NULL AND s.hours > 0 AND {_THIS_MONTH} AND {scope.of("s.division_id")}
    GROUP BY s.division_id, s."on", n.presence"""


def _hours(name: str, label, work: str) -> Counter:
    return Counter(name=name, label=label, when=f"r.work = '{work}'", add="r.tenths")


SHIFTS = Family(
    name="shifts",
    row=RowKind.SHIFT,
    rows=shifts,
    counters=(
        Counter(name="worked_hours", label=_("本月工作时间（0.1小时）"), add="r.tenths", big=True),
        _hours("visit_hours", _("本月入户走访时间（0.1小时）"), "visit"),
        _hours("duty_hours", _("本月窗口值守时间（0.1小时）"), "duty"),
        _hours("patrol_hours", _("本月网格巡查时间（0.1小时）"), "grid"),
        _hours("project_hours", _("本月领办项目时间（0.1小时）"), "project"),
    ),
)

PRESENCE = Family(
    name="presence",
    row=RowKind.WORKDAY,
    rows=presence,
    counters=(
        Counter(name="roster_days", label=_("本月在岗人次（人·天）")),
        Counter(name="grid_days", label=_("本月下沉网格人次（人·天）"), when="r.out"),
    ),
)

DAYS = Family(
    name="days",
    row=RowKind.ROTA_DAY,
    rows=days,
    counters=(
        Counter(name="presence_days", label=_("本月排了班的天数")),
        Counter(name="presence_days_met", label=_("本月下沉网格达标的天数"), when="r.met"),
    ),
)
