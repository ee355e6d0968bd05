"""What communities have to have (domain §1.H11, §1.H12, §1.I): the organisations, all-post service, two halls, pilots."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.lib.codes import Level
from portal.core.policy.kinds import ALL_POST, ORGANISATIONS, PILOTS, TWO_HALLS, Kind
from portal.core.policy.queries import RULES_CTE, nearest_rule
from ratings.enums import FeatureKind
from ratings.inspections.wording import UNITS, judged, rule_line, times

_HELD = """
held AS (
    SELECT division_id AS code, kind FROM ratings_feature
    WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
)"""

# Organisations -------------------------------------------------------------------------------------------------------

_SIX = f"""WITH {RULES_CTE}, {UNITS}, {_HELD},
judged AS (
    SELECT u.code, k.asked, k.missing, r.value AS rule, r.document, r.article
    FROM units u {nearest_rule(ORGANISATIONS, "u.code", "r")}
    CROSS JOIN LATERAL (
        SELECT count(*) AS asked, jsonb_agg(a.kind ORDER BY a.place) FILTER (WHERE h.kind IS NULL) AS missing
        FROM jsonb_array_elements_text(r.value->'kinds') WITH ORDINALITY AS a(kind, place)
        LEFT JOIN held h ON h.code = u.code AND h.kind = a.kind
    ) k
    WHERE r.id IS NOT NULL
)"""


def _organisation_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_SIX}
        SELECT code::varchar(80) AS subject, code AS division_id, NULL::date AS due_on, jsonb_build_object(
            'asked', asked, 'missing', missing, 'rule', rule, 'document', document, 'article', article,
            'on', %(on)s::date) AS facts
        FROM judged WHERE missing IS NOT NULL"""
    return sql, {"on": on}


def _missing_words(facts: dict) -> str:
    return _("、").join(str(FeatureKind(kind).label) for kind in facts["missing"])


def _organisation_headline(facts: dict) -> str:
    words = {"asked": facts["asked"], "count": len(facts["missing"]), "names": _missing_words(facts)}
    return _("应有的 %(asked)s 项组织和阵地中缺 %(count)s 项：%(names)s。") % words


def _organisation_lines(facts: dict) -> list[Line]:
    return [
        Line(_("应有"), times(facts["asked"])),
        Line(_("缺少"), _missing_words(facts)),
        rule_line(ORGANISATIONS, facts),
    ]


SIX_ORGANISATIONS = Inspection(
    key="organisations",
    label=gettext_lazy("组织和阵地不齐"),
    sentence=gettext_lazy("每个村、社区是否登记了规定的全部组织和阵地。"),
    topic="service",
    subjects=lambda on: judged(_SIX, on),
    problems=_organisation_problems,
    headline=_organisation_headline,
    lines=_organisation_lines,
    remedy=gettext_lazy("组建后在服务记录中登记设立日期；已有而未登记的补登。"),
)

# Coverage of a street or district ------------------------------------------------------------------------------------


def _coverage(kind: Kind, *features: FeatureKind) -> str:
    """CTE `judged`: communities of every street and district, and those that have all the features."""
    wanted = ", ".join(f"'{feature.value}'" for feature in features)
    return f"""WITH {RULES_CTE}, {UNITS}, {_HELD},
    having_all AS (
        SELECT code FROM held WHERE kind IN ({wanted}) GROUP BY 1 HAVING count(DISTINCT kind) = {len(features)}
    ),
    sums AS (
        SELECT left(u.code, n.length) AS code, count(*) AS units, count(a.code) AS covered
        FROM units u LEFT JOIN having_all a ON a.code = u.code CROSS JOIN (VALUES (6), (9)) AS n(length)
        WHERE u.urban GROUP BY 1
    ),
    judged AS (
        SELECT s.*, (r.value->>'percent')::int AS percent, (r.value->>'due')::date AS due_on, r.value AS rule,
            r.document, r.article
        FROM sums s JOIN core_division d ON d.code = s.code AND d.level IN ({Level.DISTRICT}, {Level.STREET})
        {nearest_rule(kind, "s.code", "r")}
        WHERE r.id IS NOT NULL
    )"""


def _coverage_problems(ctes: str, on: date) -> tuple[str, dict]:
    sql = f"""{ctes}
        SELECT code::varchar(80) AS subject, code AS division_id, due_on, jsonb_build_object(
            'units', units, 'covered', covered, 'needed', ceil(percent * units / 100.0)::int - covered,
            'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE covered * 100 < percent * units"""
    return sql, {"on": on}


def _coverage_lines(kind: Kind, facts: dict) -> list[Line]:
    words = (("units", _("社区")), ("covered", _("已达到")), ("needed", _("还差")))
    return [*(Line(label, times(facts[key])) for key, label in words), rule_line(kind, facts)]


_ALL_POST = _coverage(ALL_POST, FeatureKind.ALL_POST)
_TWO_HALLS = _coverage(TWO_HALLS, FeatureKind.ONLINE_HALL, FeatureKind.PARLOUR)

ALL_POST_SHORT = Inspection(
    key="all_post",
    label=gettext_lazy("全岗通服务未全覆盖"),
    sentence=gettext_lazy("各区、各街镇实行全岗通服务的社区占比是否达到规定。"),
    topic="service",
    subjects=lambda on: judged(_ALL_POST, on),
    problems=lambda on: _coverage_problems(_ALL_POST, on),
    headline=lambda facts: _("%(units)s 个社区中 %(covered)s 个实行全岗通服务，达到规定还差 %(needed)s 个。") % facts,
    lines=lambda facts: _coverage_lines(ALL_POST, facts),
    remedy=gettext_lazy("在社区实行全岗通服务后，到服务记录登记起始日期。"),
)
TWO_HALLS_SHORT = Inspection(
    key="two_halls",
    label=gettext_lazy("“两厅”未全覆盖"),
    sentence=gettext_lazy("各区、各街镇同时建成网上议事厅和社区会客厅的社区占比是否达到规定。"),
    topic="service",
    subjects=lambda on: judged(_TWO_HALLS, on),
    problems=lambda on: _coverage_problems(_TWO_HALLS, on),
    headline=lambda facts: _("%(units)s 个社区中 %(covered)s 个“两厅”都已建成，达到规定还差 %(needed)s 个。") % facts,
    lines=lambda facts: _coverage_lines(TWO_HALLS, facts),
    remedy=gettext_lazy("两厅都建成后，到服务记录分别登记启用日期。"),
)

# Pilots --------------------------------------------------------------------------------------------------------------

_PILOTS = f"""WITH {RULES_CTE}, {UNITS}, {_HELD},
judged AS (
    SELECT s.code, s.units, s.pilots, (r.value->>'least')::int AS least, (r.value->>'most')::int AS most,
        r.value AS rule, r.document, r.article
    FROM (
        SELECT left(u.code, 9)::varchar(12) AS code, count(*) AS units, count(h.code) AS pilots
        FROM units u LEFT JOIN held h ON h.code = u.code AND h.kind = '{FeatureKind.PILOT}' WHERE u.urban GROUP BY 1
    ) s JOIN core_division d ON d.code = s.code
    {nearest_rule(PILOTS, "s.code", "r")}
    WHERE r.id IS NOT NULL
)"""


def _pilot_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_PILOTS}
        SELECT code::varchar(80) AS subject, code AS division_id, NULL::date AS due_on, jsonb_build_object(
            'units', units, 'pilots', pilots, 'least', least, 'most', most, 'rule', rule, 'document', document,
            'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE pilots NOT BETWEEN least AND most"""
    return sql, {"on": on}


def _pilot_lines(facts: dict) -> list[Line]:
    return [
        Line(_("社区"), times(facts["units"])),
        Line(_("试点社区"), times(facts["pilots"])),
        rule_line(PILOTS, facts),
    ]


PILOTS_PER_STREET = Inspection(
    key="pilots_per_street",
    label=gettext_lazy("试点社区个数不符"),
    sentence=gettext_lazy("每个街道登记的试点社区个数是否在规定的范围内。"),
    topic="service",
    subjects=lambda on: judged(_PILOTS, on),
    problems=_pilot_problems,
    headline=lambda facts: _("现有试点社区 %(pilots)s 个，应为 %(least)s 至 %(most)s 个。") % facts,
    lines=_pilot_lines,
    remedy=gettext_lazy("确定试点社区并登记起始日期，或给不再试点的登记截止日期。"),
)
INSPECTIONS = (SIX_ORGANISATIONS, ALL_POST_SHORT, TWO_HALLS_SHORT, PILOTS_PER_STREET)
