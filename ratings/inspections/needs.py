"""Needs and micro-governance projects (domain §1.H5): communities below what the rule asks of a year.

This year's are due on 31 December; last year's stay overdue through this one. A need counts once, whatever the number
of projects that serve it.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import NEEDS
from ratings.inspections.wording import UNITS, judged, rule_line, rule_on, times

# Each year is judged by the rule of its own last day, the present one by today's.
_JUDGED = f"""WITH {UNITS},
years AS (
    SELECT y.year, make_date(y.year, 1, 1) AS first, least(%(on)s::date, make_date(y.year, 12, 31)) AS day
    FROM (VALUES (extract(year FROM %(on)s::date)::int), (extract(year FROM %(on)s::date)::int - 1)) AS y(year)
),
found AS (
    SELECT n.division_id AS code, y.year, count(*) AS needs,
        count(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM ratings_projectneed l JOIN ratings_project p ON p.id = l.project_id
            WHERE l.need_id = n.id AND p.state IN ('approved', 'finished') AND p.approved_on <= y.day
        )) AS converted
    FROM ratings_need n JOIN years y ON n.found_on BETWEEN y.first AND y.day
    WHERE NOT n.taken_back GROUP BY 1, 2
),
judged AS (
    SELECT u.code, y.year, coalesce(f.needs, 0) AS needs, coalesce(f.converted, 0) AS converted,
        (r.value->>'needs')::int AS needs_least, (r.value->>'projects')::int AS projects_least,
        r.value AS rule, r.document, r.article
    FROM units u CROSS JOIN years y
    {rule_on(NEEDS, "u.code", "y.day", "r")}
    LEFT JOIN found f ON f.code = u.code AND f.year = y.year
    WHERE u.urban
)"""


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""{_JUDGED}
        SELECT (code || ':' || year)::varchar(80) AS subject, code AS division_id, make_date(year, 12, 31) AS due_on,
            jsonb_build_object('year', year, 'needs', needs, 'converted', converted,
                'needs_missing', greatest(needs_least - needs, 0),
                'converted_missing', greatest(projects_least - converted, 0),
                'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE needs < needs_least OR converted < projects_least"""
    return sql, {"on": on}


def _headline(facts: dict) -> str:
    return (
        _(
            "%(year)s 年发现居民需求 %(needs)s 个，还差 %(needs_missing)s 个；"
            "其中转化为项目 %(converted)s 个，还差 %(converted_missing)s 个。"
        )
        % facts
    )


def _lines(facts: dict) -> list[Line]:
    words = (
        ("needs", _("发现居民需求")),
        ("needs_missing", _("需求还差")),
        ("converted", _("转化为项目的需求")),
        ("converted_missing", _("转化还差")),
    )
    return [*(Line(label, times(facts[key])) for key, label in words), rule_line(NEEDS, facts)]


NEEDS_PROJECTS = Inspection(
    key="needs_projects",
    label=gettext_lazy("居民需求或项目转化不足"),
    sentence=gettext_lazy("每个社区当年发现的居民需求、转化为微治理项目的需求是否达到规定个数，12 月 31 日前完成。"),
    topic="service",
    subjects=lambda on: judged(_JUDGED, on),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("登记新发现的需求，把需求对应到已立项的项目；一个项目可以对应几个需求，按需求计数。"),
)
INSPECTIONS = (NEEDS_PROJECTS,)
