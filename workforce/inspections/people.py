"""Checks of people: retirement age in sight, dates that contradict each other, grids without their team."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import ELIGIBILITY, GRID_TEAM
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.enums import GridRole
from workforce.inspections.wording import counted
from workforce.queries.employed import EMPLOYED
from workforce.queries.grids import ROLE_OF

NOTICE_MONTHS = 6  # how far ahead people are told that somebody reaches the age at which counting ends
WORKING_AGE = ELIGIBILITY.default["age_from"]


def _source(facts: dict) -> str:
    return f"{facts.get('document') or _('系统默认')} {facts.get('article') or ''}".strip()


# Retirement age ------------------------------------------------------------------------------------------------------


def _age_problems(on: date) -> tuple[str, dict]:
    """The due day is the end of the month: the very day would give the birthday away."""
    sql = f"""WITH {RULES_CTE}, {EMPLOYED},
        places AS MATERIALIZED (
            SELECT p.code, r.document, r.article,
                coalesce((r.value->>'male_until')::int, {ELIGIBILITY.default["male_until"]}) AS male_until,
                coalesce((r.value->>'female_until')::int, {ELIGIBILITY.default["female_until"]}) AS female_until
            FROM (SELECT DISTINCT division_id AS code FROM employed) p {nearest_rule(ELIGIBILITY, "p.code", "r")}
        ),
        reached AS (
            SELECT e.person_id, e.division_id, e.elected, w.sex, u.age, p.document, p.article,
                (w.birth_date + make_interval(years => u.age))::date AS day
            FROM employed e JOIN workforce_person w ON w.id = e.person_id JOIN places p ON p.code = e.division_id
            CROSS JOIN LATERAL (SELECT CASE w.sex WHEN 'male' THEN p.male_until ELSE p.female_until END AS age) u
            WHERE w.birth_date + make_interval(years => u.age) <= %(on)s::date + make_interval(months => {NOTICE_MONTHS})
        )
        SELECT person_id::varchar(80) AS subject, division_id,
            (date_trunc('month', day) + interval '1 month - 1 day')::date AS due_on, jsonb_build_object(
                'person', person_id, 'sex', sex, 'age', age, 'month', to_char(day, 'YYYY-MM'),
                'reached', day <= %(on)s, 'elected', elected, 'document', document, 'article', article,
                'on', %(on)s::date) AS facts
        FROM reached"""
    return sql, {"on": on}


def _age_headline(facts: dict) -> str:
    if facts["reached"]:
        return _("已于 %(month)s 满 %(age)s 周岁，仍在岗，不再计入配备人数。") % facts
    return _("将于 %(month)s 满 %(age)s 周岁，请提前安排接替。") % facts


def _age_lines(facts: dict) -> list[Line]:
    lines = [Line(_("到龄月份"), facts["month"]), Line(_("年龄上限"), _("%(age)s 周岁") % facts, _source(facts))]
    if facts["elected"]:
        lines.append(Line(_("选举职务"), _("任期和职务按选举程序办理，到龄本身不终止职务")))
    return lines


AGE = Inspection(
    key="retirement_age",
    label=gettext_lazy("到达年龄上限"),
    sentence=gettext_lazy("在岗的专职人员中，谁已到或六个月内将到计入配备人数的年龄上限。"),
    topic="contracts",
    subjects=lambda on: counted(f"WITH {EMPLOYED} SELECT count(*) FROM employed", {"on": on}),
    problems=_age_problems,
    headline=_age_headline,
    lines=_age_lines,
    remedy=gettext_lazy("办理退休或结束任职后自动消除。"),
)

# Contradictory dates -------------------------------------------------------------------------------------------------

CONTRADICTIONS = {
    "hired_young": gettext_lazy("入职时不满 %(age)s 周岁"),
    "post_before_hire": gettext_lazy("任职早于入职"),
    "post_after_leaving": gettext_lazy("离职后仍有任职"),
    "contract_before_hire": gettext_lazy("合同早于入职"),
    "contract_after_leaving": gettext_lazy("离职后合同仍未截止"),
    "certificate_young": gettext_lazy("取得证书时不满 %(age)s 周岁"),
    "registered_early": gettext_lazy("登记早于取得证书"),
}

# First day in service: that of the earliest service on record, unknown where one of them does not say. Records taken
# back say nothing.
_FAULTS = f"""
WITH hired AS MATERIALIZED (
    SELECT p.id, p.birth_date, p.left_on,
        CASE WHEN count(x.id) = count(x.hired_on) THEN least(p.hired_on, min(x.hired_on)) END AS first
    FROM workforce_person p LEFT JOIN workforce_exit x ON x.person_id = p.id AND NOT x.taken_back
    GROUP BY p.id
),
faults AS (
    SELECT id AS person_id, 'hired_young' AS fault FROM hired
    WHERE first < birth_date + make_interval(years => {WORKING_AGE})
    UNION ALL
    SELECT a.person_id, CASE WHEN a.valid_from < h.first THEN 'post_before_hire' ELSE 'post_after_leaving' END
    FROM workforce_appointment a JOIN hired h ON h.id = a.person_id
    WHERE a.valid_to IS DISTINCT FROM a.valid_from
      AND (a.valid_from < h.first OR (h.left_on IS NOT NULL AND (a.valid_to IS NULL OR a.valid_to > h.left_on + 1)))
    UNION ALL
    SELECT k.person_id, CASE WHEN k.valid_from < h.first THEN 'contract_before_hire' ELSE 'contract_after_leaving' END
    FROM workforce_contract k JOIN hired h ON h.id = k.person_id
    WHERE k.valid_to IS DISTINCT FROM k.valid_from
      AND (k.valid_from < h.first OR (h.left_on IS NOT NULL AND (k.valid_to IS NULL OR k.valid_to > h.left_on + 1)))
    UNION ALL
    SELECT c.person_id, 'certificate_young' FROM workforce_certificate c JOIN hired h ON h.id = c.person_id
    WHERE c.obtained_on < h.birth_date + make_interval(years => {WORKING_AGE})
    UNION ALL
    SELECT r.person_id, 'registered_early' FROM workforce_registration r
    JOIN workforce_certificate c ON c.id = r.certificate_id WHERE r.registered_on < c.obtained_on
)"""


def _date_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_FAULTS}
        SELECT f.person_id::varchar(80) AS subject, u.division_id, NULL::date AS due_on, jsonb_build_object(
            'person', f.person_id, 'faults', f.faults, 'on', %(on)s::date) AS facts
        FROM (SELECT person_id, array_agg(DISTINCT fault ORDER BY fault) AS faults FROM faults GROUP BY 1) f
        CROSS JOIN LATERAL (
            SELECT division_id FROM workforce_appointment a WHERE a.person_id = f.person_id
            UNION ALL SELECT division_id FROM workforce_gridpost g WHERE g.person_id = f.person_id
            LIMIT 1
        ) u"""
    return sql, {"on": on}


def faults_in_words(facts: dict) -> list[str]:
    return [str(CONTRADICTIONS[fault]) % {"age": WORKING_AGE} for fault in facts["faults"]]


DATES = Inspection(
    key="dates_contradictory",
    label=gettext_lazy("日期互相矛盾"),
    sentence=gettext_lazy("名册中人员的出生、入职、任职、合同、证书、登记和离职日期先后是否合理。"),
    topic="data",
    subjects=lambda on: counted("SELECT count(*) FROM workforce_person", {}),
    problems=_date_problems,
    headline=lambda facts: _("；").join(faults_in_words(facts)) + _("。"),
    lines=lambda facts: [Line(_("矛盾之处"), words) for words in faults_in_words(facts)],
    remedy=gettext_lazy("在人员页更正有误的日期，或撤回登记有误的记录后自动消除。"),
)

# Teams of grids ------------------------------------------------------------------------------------------------------

_GRIDS = f"""
grids AS MATERIALIZED (
    SELECT g.id, g.division_id FROM workforce_grid g
    WHERE g.valid_from <= %(on)s AND (g.valid_to IS NULL OR g.valid_to > %(on)s)
),
rules_here AS MATERIALIZED (
    SELECT p.code, r.value, r.document, r.article
    FROM (SELECT DISTINCT division_id AS code FROM grids) p {nearest_rule(GRID_TEAM, "p.code", "r")}
),
held AS (
    SELECT grid_id, count(*) FILTER (WHERE role = 'chief') AS chiefs, count(*) FILTER (WHERE role = 'full_time') AS full_time,
        count(*) FILTER (WHERE role = 'instructor') AS instructors
    FROM workforce_gridpost WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s) GROUP BY grid_id
),
judged AS (
    SELECT g.division_id, count(*) AS grids, max(r.document) AS document, max(r.article) AS article,
        min(r.value::text)::jsonb AS rule,
        {
    ", ".join(
        f'''count(*) FILTER (WHERE coalesce(h.{name}, 0)
            < coalesce((r.value->>'{name}')::int, {GRID_TEAM.default[name]})) AS {name}'''
        for name in ROLE_OF
    )
}
    FROM grids g JOIN rules_here r ON r.code = g.division_id LEFT JOIN held h ON h.grid_id = g.id
    GROUP BY g.division_id
)"""


def _grid_problems(on: date) -> tuple[str, dict]:
    sql = f"""WITH {RULES_CTE}, {_GRIDS}
        SELECT division_id::varchar(80) AS subject, division_id, NULL::date AS due_on, jsonb_build_object(
            'grids', grids, 'lacking', jsonb_build_object('chiefs', chiefs, 'full_time', full_time, 'instructors', instructors),
            'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM judged WHERE chiefs + full_time + instructors > 0"""
    return sql, {"on": on}


def _lacking(facts: dict) -> list[str]:
    return [
        _("%(n)s 个网格缺%(role)s") % {"n": facts["lacking"][name], "role": GridRole(role).label}
        for name, role in ROLE_OF.items()
        if facts["lacking"][name]
    ]


def _grid_lines(facts: dict) -> list[Line]:
    rule = facts["rule"] or GRID_TEAM.default
    lines = [Line(_("网格"), str(facts["grids"])), *(Line(_("缺员"), words) for words in _lacking(facts))]
    return [*lines, Line(_("规则"), GRID_TEAM.in_words(rule), _source(facts))]


GRIDS = Inspection(
    key="grid_team",
    label=gettext_lazy("网格力量不足"),
    sentence=gettext_lazy("每个网格是否按规定配有网格长、专职网格员和网格指导员，按社区汇总。"),
    topic="staffing",
    subjects=lambda on: counted(f"WITH {RULES_CTE}, {_GRIDS} SELECT count(*) FROM judged", {"on": on}),
    problems=_grid_problems,
    headline=lambda facts: _("，").join(_lacking(facts)) + _("。"),
    lines=_grid_lines,
    remedy=gettext_lazy("在社区的“网格”页登记成员后自动消除。"),
)
INSPECTIONS = (AGE, DATES, GRIDS)
