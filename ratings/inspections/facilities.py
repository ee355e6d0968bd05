"""Service facilities (domain §1.H6, §1.H7): floor space per hundred households, and the part of it that is for residents."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.indicators.counting import Scope
from portal.core.policy.kinds import FACILITY, PUBLIC_SPACE
from portal.core.policy.queries import RULES_CTE, nearest_rule
from ratings.inspections.wording import UNITS, judged, rule_line, square_metres, times
from workforce.counters.engines import homes_cte
from workforce.inspections.wording import homes

_WHOLE = {"low": "", "high": ":"}
_SPACE = """
space AS (
    SELECT division_id AS code, count(*) AS facilities, sum(area) AS area, sum(public_area) AS public_area,
        sum(area) FILTER (WHERE public_area IS NOT NULL) AS split, count(*) FILTER (WHERE public_area IS NULL) AS untold
    FROM ratings_facility WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s) GROUP BY 1
)"""

# Area ----------------------------------------------------------------------------------------------------------------

_AREA = f"""WITH {RULES_CTE}, {UNITS}, {homes_cte(Scope.RANGE)}, {_SPACE},
judged AS (
    SELECT u.code, h.households, h.households_on, coalesce(s.facilities, 0) AS facilities, coalesce(s.area, 0) AS area,
        (r.value->>'square_metres')::int AS least, (r.value->>'due')::date AS due_on, r.value AS rule, r.document, r.article
    FROM units u JOIN homes h ON h.division_id = u.code AND h.households > 0
    LEFT JOIN space s ON s.code = u.code
    {nearest_rule(FACILITY, "u.code", "r")}
    WHERE u.urban AND r.id IS NOT NULL
)"""


def _area_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_AREA}
        SELECT code::varchar(80) AS subject, code AS division_id, due_on, jsonb_build_object(
            'households', households, 'households_on', households_on, 'facilities', facilities, 'area', area,
            'per_hundred', round(area * 100 / households, 2), 'missing', ceil(least * households / 100.0 - area),
            'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE area * 100 < least * households::numeric"""
    return sql, {"on": on, **_WHOLE}


def _area_headline(facts: dict) -> str:
    words = {**facts, "per_hundred": square_metres(facts["per_hundred"]), "missing": square_metres(facts["missing"])}
    return _("%(households)s 户，每百户服务设施 %(per_hundred)s，达到规定还差 %(missing)s。") % words


def _area_lines(facts: dict) -> list[Line]:
    return [
        Line(_("户数"), homes(facts["households"]), facts["households_on"]),
        Line(_("服务设施"), times(facts["facilities"])),
        Line(_("建筑面积"), square_metres(facts["area"])),
        Line(_("每百户面积"), square_metres(facts["per_hundred"])),
        Line(_("还差"), square_metres(facts["missing"])),
        rule_line(FACILITY, facts),
    ]


FACILITY_AREA = Inspection(
    key="facility_area",
    label=gettext_lazy("服务设施面积不足"),
    sentence=gettext_lazy("有户数的社区，每百户的服务设施建筑面积是否达到规定；没有登记设施的按 0 计算。"),
    topic="service",
    subjects=lambda on: judged(_AREA, on, **_WHOLE),
    problems=_area_problems,
    headline=_area_headline,
    lines=_area_lines,
    remedy=gettext_lazy("登记现有的全部服务设施，或新建、调剂设施；户数有误的请更正台账。"),
)

# Public space --------------------------------------------------------------------------------------------------------

_PUBLIC = f"""WITH {RULES_CTE}, {UNITS}, {_SPACE},
judged AS (
    SELECT s.code, s.facilities, s.split AS area, s.public_area, s.untold,
        (r.value->>'percent')::int AS percent, r.value AS rule, r.document, r.article
    FROM space s JOIN units u ON u.code = s.code
    {nearest_rule(PUBLIC_SPACE, "s.code", "r")}
    WHERE r.id IS NOT NULL AND s.split > 0
)"""


def _public_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_PUBLIC}
        SELECT code::varchar(80) AS subject, code AS division_id, NULL::date AS due_on, jsonb_build_object(
            'facilities', facilities, 'area', area, 'public_area', public_area, 'untold', untold,
            'share', round(public_area * 100 / area, 1),
            'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE public_area * 100 < percent * area"""
    return sql, {"on": on}


def _public_headline(facts: dict) -> str:
    words = {**facts, "area": square_metres(facts["area"]), "public_area": square_metres(facts["public_area"])}
    return _("服务设施 %(area)s，用于居民活动 %(public_area)s，占 %(share)s%%。") % words


def _public_lines(facts: dict) -> list[Line]:
    lines = [
        Line(_("服务设施"), times(facts["facilities"])),
        Line(_("填了居民活动面积的设施的建筑面积"), square_metres(facts["area"])),
        Line(_("居民活动面积"), square_metres(facts["public_area"])),
        Line(_("占比"), f"{facts['share']}%"),
    ]
    if facts["untold"]:
        lines.append(Line(_("未填居民活动面积的设施"), times(facts["untold"]), _("不计入占比")))
    return [*lines, rule_line(PUBLIC_SPACE, facts)]


PUBLIC_SHARE = Inspection(
    key="public_space",
    label=gettext_lazy("居民活动面积占比不足"),
    sentence=gettext_lazy(
        "登记了服务设施的村、社区，用于居民活动的面积占比是否达到规定；未填居民活动面积的设施不计入。"
    ),
    topic="service",
    subjects=lambda on: judged(_PUBLIC, on),
    problems=_public_problems,
    headline=_public_headline,
    lines=_public_lines,
    remedy=gettext_lazy("补填各设施的居民活动面积，或把办公用房调整为居民活动用房。"),
)
INSPECTIONS = (FACILITY_AREA, PUBLIC_SHARE)
