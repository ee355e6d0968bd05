"""Visits to every household and shop (domain §1.H1): communities that have not been everywhere in the period of the rule.

A period that ends soon is judged from `NOTICE_DAYS` before its last day, the one before as long as the next one lasts.
Whoever moved in or opened during a period is due in the next one.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import VISITS
from portal.core.policy.queries import RULES_CTE, nearest_rule
from ratings.inspections.wording import judged, rule_line, rule_on
from workforce.inspections.wording import homes

NOTICE_DAYS = 30

# Periods count from January: of six months they are the halves of the year.
_JUDGED = f"""WITH {RULES_CTE},
places AS (SELECT DISTINCT division_id AS code FROM ratings_premises WHERE valid_from <= %(on)s),
periods AS MATERIALIZED (
    SELECT p.code, t.first, (u.next - 1) AS last
    FROM places p JOIN core_division d ON d.code = p.code AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
    {nearest_rule(VISITS, "p.code", "r")}
    CROSS JOIN (VALUES (0), (1)) AS back(n)
    CROSS JOIN LATERAL (SELECT (r.value->>'months')::int AS months,
        extract(year FROM %(on)s::date)::int * 12 + extract(month FROM %(on)s::date)::int - 1 AS month) m
    CROSS JOIN LATERAL (SELECT m.month - m.month %% m.months - back.n * m.months AS number) k
    CROSS JOIN LATERAL (SELECT make_date(k.number / 12, k.number %% 12 + 1, 1) AS first) t
    CROSS JOIN LATERAL (SELECT (t.first + make_interval(months => m.months))::date AS next) u
    WHERE r.id IS NOT NULL AND (back.n = 1 OR u.next - 1 - %(on)s::date <= {NOTICE_DAYS})
),
counts AS (
    SELECT p.code, p.first, p.last,
        count(*) FILTER (WHERE m.kind = 'household') AS households,
        count(*) FILTER (WHERE m.kind = 'household' AND v.seen) AS households_visited,
        count(*) FILTER (WHERE m.kind = 'shop') AS shops,
        count(*) FILTER (WHERE m.kind = 'shop' AND v.seen) AS shops_visited
    FROM periods p
    JOIN ratings_premises m ON m.division_id = p.code AND m.valid_from < p.first
        AND (m.valid_to IS NULL OR m.valid_to > least(p.last, %(on)s))
    CROSS JOIN LATERAL (SELECT EXISTS (
        SELECT 1 FROM ratings_visit v WHERE v.premises_id = m.id AND v.visited_on BETWEEN p.first AND least(p.last, %(on)s)
          AND v.outcome = 'met' AND NOT v.taken_back) AS seen) v
    GROUP BY 1, 2, 3
),
judged AS (
    SELECT c.*, (r.value->>'percent')::int AS percent, r.value AS rule, r.document, r.article
    FROM counts c {rule_on(VISITS, "c.code", "least(c.last, %(on)s::date)", "r")}
)"""


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""{_JUDGED}
        SELECT (code || ':' || first)::varchar(80) AS subject, code AS division_id, last AS due_on, jsonb_build_object(
            'first', first, 'last', last, 'households', households, 'households_visited', households_visited,
            'shops', shops, 'shops_visited', shops_visited,
            'missing', households - households_visited + shops - shops_visited,
            'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE households_visited * 100 < percent * households OR shops_visited * 100 < percent * shops"""
    return sql, {"on": on}


def _headline(facts: dict) -> str:
    return (
        _(
            "%(first)s 至 %(last)s：住户 %(households)s 户已走访 %(households_visited)s 户，"
            "商户 %(shops)s 户已走访 %(shops_visited)s 户。"
        )
        % facts
    )


def _lines(facts: dict) -> list[Line]:
    words = (
        ("households", _("应走访住户")),
        ("households_visited", _("已走访住户")),
        ("shops", _("应走访商户")),
        ("shops_visited", _("已走访商户")),
        ("missing", _("尚未走访")),
    )
    return [
        Line(_("走访周期"), _("%(first)s 至 %(last)s") % facts),
        *(Line(label, homes(facts[key])) for key, label in words),
        rule_line(VISITS, facts),
    ]


VISIT_COVERAGE = Inspection(
    key="visit_coverage",
    label=gettext_lazy("走访未全覆盖"),
    sentence=gettext_lazy(
        "登记了住户和商户的社区，在规定周期内是否都走访到并见到本人；周期结束前 30 天起提醒，期中迁入的下一周期走访。"
    ),
    topic="service",
    subjects=lambda on: judged(_JUDGED, on),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("走访剩余的住户和商户，或补记已经进行的走访；已迁出、歇业的登记截止日期后不再计算。"),
)
INSPECTIONS = (VISIT_COVERAGE,)
