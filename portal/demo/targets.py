"""Targets of the demonstration's city that no published document sets: invented, and saying so."""

from datetime import date

from portal.core.policy.kinds import (
    ACCESS,
    ALL_POST,
    FACILITY,
    GRID_PRESENCE,
    IMPLEMENTATION,
    NEEDS,
    ORGANISATIONS,
    PILOTS,
    PUBLIC_SPACE,
    RESULT_CLASSES,
    SHARE_TARGET,
    STAR_MEASURES,
    TWO_HALLS,
)
from portal.core.policy.presets import Preset
from ratings.enums import ORGANISATIONS as SIX


def share_targets(city: str, day: date) -> list[Preset]:
    """A share of the certified to reach by the end of next year, and all of them two years later."""
    first, last = day.year + 1, day.year + 3
    document = "演示数据：社区工作者持证提升计划（虚构）"

    def target(since: int, until: int | None, percent: int, due: int, article: str) -> Preset:
        ends = date(until, 1, 1) if until else None
        value = {"percent": percent, "due": f"{due}-12-31"}
        return Preset(SHARE_TARGET.key, city, date(since, 1, 1), value, document, article, ends)

    return [
        target(first - 3, first + 1, 90, first, "两年内持证率达到90%"),
        target(first + 1, None, 100, last, "四年内持证率达到100%"),
    ]


def service_rules(city: str, district: str, day: date) -> list[Preset]:
    """Service norms of one district, and the years of the measures that the city's document leaves open."""
    document, since = "演示数据：服务规范（虚构）", date(day.year, 1, 1)
    due = f"{day.year + 1}-12-31"
    values = (
        (NEEDS, {"needs": 12, "projects": 6}, "每年12个需求、6个项目"),
        (FACILITY, {"square_metres": 40, "due": due}, "每百户40平方米"),
        (PUBLIC_SPACE, {"percent": 70}, "七成用于居民活动"),
        (GRID_PRESENCE, {"staff_percent": 50, "time_percent": 30}, "每天半数下沉网格"),
        (ORGANISATIONS, {"kinds": [str(kind) for kind in SIX]}, "六类组织和阵地"),
        (ALL_POST, {"percent": 100, "due": due}, "全岗通全覆盖"),
        (TWO_HALLS, {"percent": 100, "due": due}, "两厅全覆盖"),
        (PILOTS, {"least": 1, "most": 2}, "每个街道1至2个试点"),
        (ACCESS, {"days_ahead": 30, "decision_days": 15}, "提前30个工作日申请，15个工作日内决定"),
    )
    rules = [Preset(kind.key, district, since, value, document, article, None) for kind, value, article in values]
    measures = {"talk": 30, "admonition_years": 2, "removal_years": 3}
    return [
        *rules,
        Preset(STAR_MEASURES.key, city, since, measures, "演示数据：星级结果运用（虚构）", "逐年加重", None),
    ]


def proposal_rules(city: str, day: date) -> list[Preset]:
    """When the report on promises falls due, and what the classes of answers mean; the other periods are the defaults."""
    document, since = "演示数据：提案办理办法（虚构）", date(day.year - 3, 1, 1)
    return [
        Preset(IMPLEMENTATION.key, city, since, {"months": 6}, document, "办复后六个月内报告落实情况", None),
        Preset(RESULT_CLASSES.key, city, since, {"scheme": "three"}, document, "办理结果分A、B、C三类", None),
    ]
