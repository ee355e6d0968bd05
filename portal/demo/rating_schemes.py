"""The demonstration's schemes of star ratings: one for communities, one for villages; items and weights are invented."""

from collections.abc import Mapping
from typing import Any

from portal.core.territory.models import Division
from portal.registry import INDICATORS
from ratings.actions.schemes import (
    approve_rating_scheme,
    draft_rating_scheme,
    put_scheme_item,
    use_rating_scheme,
)
from ratings.enums import ItemKind, UnitKind
from ratings.models import RatingScheme
from ratings.queries.schemes import bound_of

DOCUMENT = "演示数据：星级评定细则（虚构）"
BANDS = [{"grade": 5, "least": "88"}, {"grade": 4, "least": "75"}, {"grade": 3, "least": "55"}]
NAMES = {UnitKind.COMMUNITY: "社区星级评定方案", UnitKind.VILLAGE: "村星级评定方案"}

# Group, label, points, indicator, steps as (bound, per cent), best first; what has no indicator is scored by hand.
TEAM = (
    ("队伍建设", "持证率", 10, "certified_share", ((60, 100), (45, 80), (30, 60), (15, 30))),
    ("队伍建设", "人员配备", 8, "staffing_gap", ((0, 100), (1, 60), (2, 30))),
    ("队伍建设", "员额空缺", 4, "vacancy_rate", ((0, 100), (10, 60), (25, 30))),
    ("队伍建设", "全员轮训", 6, "training_rotation", ((100, 100), (80, 80), (60, 50))),
)
SERVICE = (
    ("服务居民", "住户走访覆盖", 12, "visit_coverage_households", ((100, 100), (90, 80), (75, 60), (50, 30))),
    ("服务居民", "商户走访覆盖", 5, "visit_coverage_shops", ((100, 100), (90, 80), (75, 60), (50, 30))),
    ("服务居民", "居民需求征集", 8, "needs_found", ((12, 100), (9, 75), (6, 50))),
    ("服务居民", "需求转化项目", 7, "needs_converted", ((6, 100), (4, 70), (2, 40))),
    ("服务居民", "诉求按期办结", 8, "requests_on_time", ((95, 100), (90, 80), (80, 60))),
    ("服务居民", "诉求办理满意", 8, "requests_satisfied", ((95, 100), (90, 80), (80, 60))),
)
BY_HAND = (
    ("治理成效", "党建引领", 12, "", ()),
    ("治理成效", "民主协商", 12, "", ()),
)
# Villages have no figures of community workers: what these give there is judged by people.
VILLAGE = (
    ("服务群众", "议定事项落实", 10, "deliberation_done", ((90, 100), (75, 80), (50, 50))),
    ("村级治理", "村务公开", 9, "", ()),
    ("村级治理", "环境整治", 9, "", ()),
)
EVENTS = (
    {"kind": ItemKind.BONUS, "label": "市级以上表彰", "points": 2, "cap": 4},
    {"kind": ItemKind.PENALTY, "label": "被通报批评", "points": 2, "cap": 6},
    {"kind": ItemKind.VETO, "label": "发生重大安全责任事故"},
    {"kind": ItemKind.VETO, "label": "弄虚作假骗取荣誉或资金"},
)
ITEMS = {UnitKind.COMMUNITY: (*TEAM, *SERVICE, *BY_HAND), UnitKind.VILLAGE: (*VILLAGE, *SERVICE, *BY_HAND)}


def make_default_schemes(division: Division, year: int, by, approver) -> dict[str, RatingScheme]:
    """Schemes in use for the communities and the villages of `division` in a year, by kind; those there are stay.

    `by` drafts them and `approver`, another person, approves them.
    """
    there = RatingScheme.objects.filter(division=division, year=year, state="in_use")
    found = {one.unit_kind: one for one in there}
    for kind in ITEMS:
        if kind not in found:
            found[kind] = _make(division, year, kind, by, approver)
    return found


def _make(division: Division, year: int, kind: str, by, approver) -> RatingScheme:
    head = {"year": year, "unit_kind": kind, "name": NAMES[kind], "document": DOCUMENT, "bands": BANDS}
    scheme = draft_rating_scheme(division=division, fields=head, by=by)
    for fields in (*map(_scored, ITEMS[kind]), *EVENTS):
        put_scheme_item(scheme=scheme, version=scheme.version, fields=fields, indicators=INDICATORS, by=by)
    approve_rating_scheme(scheme=scheme, version=scheme.version, indicators=INDICATORS, by=approver)
    return use_rating_scheme(scheme=scheme, version=scheme.version, by=by)


def _scored(item: tuple) -> Mapping[str, Any]:
    group, label, points, indicator, steps = item
    bound = bound_of(INDICATORS.get(indicator))
    return {
        "group": group,
        "label": label,
        "points": points,
        "kind": ItemKind.SCORE,
        "indicator": indicator,
        "steps": [{bound: str(limit), "percent": str(percent)} for limit, percent in steps],
        "evidence": not indicator,
        "standard": "" if indicator else "由街镇和区对照佐证材料评分。",
    }
