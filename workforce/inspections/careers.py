"""Directed posts (domain §1.G): every district, every year, for each of the two groups; none or nothing entered is a breach.

This year's are due on 31 December; last year's stay overdue until they are entered.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.lib.codes import Level
from portal.core.policy.kinds import DIRECTED_POSTS
from workforce.enums import RecruitmentGroup
from workforce.inspections.wording import counted

# Each year is judged by the rule of its own last day, the present one by today's.
_JUDGED = f"""
WITH years AS (
    SELECT y.year, least(%(on)s::date, make_date(y.year, 12, 31)) AS day
    FROM (VALUES (extract(year FROM %(on)s::date)::int), (extract(year FROM %(on)s::date)::int - 1)) AS y(year)
),
duties AS (
    SELECT d.code, y.year, g.name AS "group", (r.value->>(g.name || '_least'))::int AS least, r.value AS rule,
        r.document, r.article
    FROM core_division d CROSS JOIN years y CROSS JOIN (VALUES ('heads'), ('workers')) AS g(name)
    JOIN LATERAL (
        SELECT value, document, article FROM core_policyrule
        WHERE kind = '{DIRECTED_POSTS.key}' AND valid_from <= y.day AND (valid_to IS NULL OR valid_to > y.day)
          AND starts_with(d.code, coalesce(division_id, ''))
        ORDER BY length(coalesce(division_id, '')) DESC LIMIT 1
    ) r ON true
    WHERE d.level = {Level.DISTRICT} AND NOT d.formal AND d.urban
      AND (d.valid_from IS NULL OR d.valid_from <= y.day) AND (d.valid_to IS NULL OR d.valid_to > y.day)
),
judged AS (
    SELECT t.*, p.posts FROM duties t
    LEFT JOIN (
        SELECT division_id, year, "group", sum(posts)::int AS posts FROM workforce_directedrecruitment GROUP BY 1, 2, 3
    ) p ON p.division_id = t.code AND p.year = t.year AND p."group" = t."group"
)"""


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""{_JUDGED}
        SELECT (code || ':' || year || ':' || "group")::varchar(80) AS subject, code AS division_id,
            make_date(year, 12, 31) AS due_on, jsonb_build_object(
                'year', year, 'group', "group", 'posts', posts, 'least', least, 'rule', rule,
                'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE coalesce(posts, 0) < least"""
    return sql, {"on": on}


def _headline(facts: dict) -> str:
    words = {**facts, "group": RecruitmentGroup(facts["group"]).label}
    if facts["posts"] is None:
        return _("%(year)s 年没有登记面向%(group)s的定向招录岗位，应不少于 %(least)s 个。") % words
    return _("%(year)s 年面向%(group)s的定向招录岗位 %(posts)s 个，应不少于 %(least)s 个。") % words


def _lines(facts: dict) -> list[Line]:
    posts = _("未登记") if facts["posts"] is None else _("%(n)s 个") % {"n": facts["posts"]}
    source = f"{facts['document'] or ''} {facts['article'] or ''}".strip()
    return [
        Line(_("年度"), str(facts["year"])),
        Line(_("面向对象"), str(RecruitmentGroup(facts["group"]).label)),
        Line(_("岗位数"), posts),
        Line(_("规则"), DIRECTED_POSTS.in_words(facts["rule"]), source),
    ]


DIRECTED = Inspection(
    key="directed_posts",
    label=gettext_lazy("未按规定设定向招录岗位"),
    sentence=gettext_lazy("每个区每年是否分别为“一肩挑”负责人和其他社区工作者设定向招录岗位；上一年度未设的为逾期。"),
    topic="careers",
    subjects=lambda on: counted(f"{_JUDGED} SELECT count(*) FROM judged", {"on": on}),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("在“发展 › 定向招录”登记该年度的岗位后自动消除。"),
)
INSPECTIONS = (DIRECTED,)
