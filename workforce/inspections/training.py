"""The yearly rotation (domain §1.F): which streets and districts have not yet trained the share that the rule asks for."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.lib.codes import Level
from portal.core.policy.kinds import ROTATION
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.inspections.wording import counted
from workforce.queries.training import in_post_ctes

_PLACES = f"""
sums AS MATERIALIZED (
    SELECT left(i.division_id, n.length) AS code, count(*) AS in_post, count(t.person_id) AS reached
    FROM in_post i LEFT JOIN trainees t ON t.person_id = i.person_id CROSS JOIN (VALUES (6), (9)) AS n(length)
    GROUP BY 1
),
judged AS (
    SELECT s.code, s.in_post, s.reached, (r.value->>'percent')::int AS percent, r.value AS rule, r.document, r.article
    FROM sums s JOIN core_division d ON d.code = s.code AND d.level IN ({Level.DISTRICT}, {Level.STREET}) AND NOT d.formal
    {nearest_rule(ROTATION, "s.code", "r")}
    WHERE r.id IS NOT NULL
)"""


def _sql(on: date, select: str) -> tuple[str, dict]:
    sql = f"WITH {RULES_CTE}, {in_post_ctes(everywhere=True)}, {_PLACES} {select}"
    return sql, {"on": on, "day": on, "first": date(on.year, 1, 1), "due": date(on.year, 12, 31)}


def _problems(on: date) -> tuple[str, dict]:
    return _sql(
        on,
        """SELECT code::varchar(80) AS subject, code AS division_id, %(due)s::date AS due_on, jsonb_build_object(
            'year', extract(year FROM %(on)s::date)::int, 'in_post', in_post, 'reached', reached,
            'missing', in_post - reached, 'needed', ceil(percent * in_post / 100.0)::int - reached,
            'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE reached * 100 < percent * in_post""",
    )


def _headline(facts: dict) -> str:
    return _("%(year)s 年在岗 %(in_post)s 人中已参训 %(reached)s 人，达到规定还需培训 %(needed)s 人。") % facts


def _lines(facts: dict) -> list[Line]:
    heads = gettext_lazy("%(n)s 人")
    words = (("in_post", _("在岗")), ("reached", _("已参训")), ("missing", _("未参训")), ("needed", _("还需培训")))
    lines = [Line(label, heads % {"n": f"{facts[key]:,}"}) for key, label in words]
    source = f"{facts['document'] or ''} {facts['article'] or ''}".strip()
    return [*lines, Line(_("规则"), ROTATION.in_words(facts["rule"]), source)]


ROTATION_SHORT = Inspection(
    key="training_rotation",
    label=gettext_lazy("全员轮训未完成"),
    sentence=gettext_lazy("各区、各街镇当年参加过培训的在岗人员是否达到轮训比例，年底前完成。"),
    topic="training",
    subjects=lambda on: counted(*_sql(on, "SELECT count(*) FROM judged")),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("安排未参训人员参加培训并登记到课后自动消除；名单见“培训 › 轮训覆盖”。"),
)
INSPECTIONS = (ROTATION_SHORT,)
