"""Checks of grades, pay and assessment (domain §1.C, §1.E, §2.5): set-based, the rules as in `queries/pay_sql`."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import (
    CERTIFICATE_ALLOWANCE,
    CERTIFICATE_STEPS,
    EDUCATION_CREDIT,
    GRADE_AMOUNTS,
    LADDER,
    PAY_BOUNDS,
    POST_AMOUNTS,
    YEARS_NOT_COUNTED,
)
from workforce.enums import SchemeState, Tier
from workforce.queries.pay_sql import MAINS, PROPOSED, RANGES, SERVICE, given, places
from workforce.queries.pay_totals_sql import TOTALS

_GRADES = f"WITH {MAINS}, {places(ladder=LADDER)}, {RANGES}"
_LADDER = f"""WITH {MAINS},
{places(ladder=LADDER, schooling=EDUCATION_CREDIT, steps=CERTIFICATE_STEPS, not_counted=YEARS_NOT_COUNTED)},
{RANGES}, {SERVICE}, {PROPOSED}"""
_PAY = f"""WITH {MAINS},
{places(bounds=PAY_BOUNDS, grades=GRADE_AMOUNTS, posts=POST_AMOUNTS, allowance=CERTIFICATE_ALLOWANCE)}, {TOTALS}"""


def _count(sql: str, on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, given(on))
        return cursor.fetchone()[0]


def _source(facts: dict) -> str:
    return f"{facts.get('document') or _('系统默认')} {facts.get('article') or ''}".strip()


def _tier(facts: dict) -> str:
    return str(Tier(facts["tier"]).label)


def _level(grade: int) -> str:
    return _("%(grade)s 级") % {"grade": grade}


def _yuan(amount: int) -> str:
    return _("%(amount)s 元") % {"amount": f"{amount:,}"}


# Grade within the range of its tier ---------------------------------------------------------------------------------


def _graded(on: date) -> int:
    return _count(f"WITH {MAINS} SELECT count(*) FROM graded WHERE grade IS NOT NULL", on)


def _range_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_GRADES}
        SELECT g.person_id::varchar(80) AS subject, g.division_id, NULL::date AS due_on, jsonb_build_object(
            'person', g.person_id, 'tier', g.tier, 'grade', g.grade, 'low', r.low, 'high', r.high,
            'document', p.ladder_document, 'article', p.ladder_article, 'on', %(on)s::date) AS facts
        FROM graded g
        JOIN places p ON p.division_id = g.division_id
        JOIN ranges r ON r.scope = p.scope AND r.tier = g.tier
        WHERE g.grade < r.low OR g.grade > r.high"""
    return sql, given(on)


def _range_headline(facts: dict) -> str:
    words = {**facts, "tier": _tier(facts)}
    return _("岗位等级 %(grade)s 级，不在%(tier)s的 %(low)s–%(high)s 级之内。") % words


def _range_lines(facts: dict) -> list[Line]:
    span = _("%(low)s–%(high)s 级") % facts
    return [
        Line(_("岗位层级"), _tier(facts)),
        Line(_("岗位等级"), _level(facts["grade"])),
        Line(_("该层级的等级范围"), span, _source(facts)),
    ]


GRADE_RANGE = Inspection(
    key="grade_range",
    label=gettext_lazy("岗位等级超出范围"),
    sentence=gettext_lazy("每名社区工作者的岗位等级是否在其岗位层级（正职、副职、工作人员）的等级范围之内。"),
    topic="pay",
    subjects=_graded,
    problems=_range_problems,
    headline=_range_headline,
    lines=_range_lines,
    remedy=gettext_lazy("更正岗位等级或岗位层级后，下一次检查会自动消除本预警。"),
)

# Grade due ------------------------------------------------------------------------------------------------------------


def _due_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_LADDER}
        SELECT person_id::varchar(80) AS subject, division_id, due AS due_on, jsonb_build_object(
            'person', person_id, 'tier', tier, 'present', present, 'grade', grade, 'years', years, 'per', per,
            'due_on', due, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM proposed WHERE grade > present"""
    return sql, given(on)


def _due_headline(facts: dict) -> str:
    return _("现为 %(present)s 级，按规则自 %(due_on)s 起应为 %(grade)s 级，尚未办理晋级。") % facts


def _due_lines(facts: dict) -> list[Line]:
    return [
        Line(_("现等级"), _level(facts["present"])),
        Line(_("核定等级"), _level(facts["grade"])),
        Line(_("满足条件之日"), facts["due_on"]),
        Line(_("计入的连续工作年限"), _("%(years)s 年") % facts),
        Line(_("晋级年限"), _("每 %(per)s 年一级") % facts, _source(facts)),
    ]


GRADE_DUE = Inspection(
    key="grade_due",
    label=gettext_lazy("应晋级未晋级"),
    sentence=gettext_lazy("按连续工作年限、学历和证书核定的等级高于现等级的，是否已经办理晋级。"),
    topic="pay",
    subjects=_graded,
    problems=_due_problems,
    headline=_due_headline,
    lines=_due_lines,
    remedy=gettext_lazy("在“等级”页办理晋级，或更正入职日期、学历、证书后，下一次检查会自动消除本预警。"),
)

# Pay within its bounds ------------------------------------------------------------------------------------------------


def _paid(on: date) -> int:
    return _count(f"{_PAY} SELECT count(*) FROM totals", on)


def _pay_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_PAY}
        SELECT person_id::varchar(80) AS subject, division_id, NULL::date AS due_on, jsonb_build_object(
            'person', person_id, 'tier', tier, 'total', total, 'verdict', verdict, 'start', start, 'cap', cap,
            'exceptional_cap', exceptional, 'approved', approved, 'document', document, 'article', article,
            'on', %(on)s::date) AS facts
        FROM totals WHERE verdict IS NOT NULL"""
    return sql, given(on)


def _pay_headline(facts: dict) -> str:
    words = {key: facts[key] and f"{facts[key]:,}" for key in ("total", "start", "cap", "exceptional_cap")}
    sentences = {
        "below": _("月应发 %(total)s 元，低于起点 %(start)s 元。"),
        "above_cap": _("月应发 %(total)s 元，超过上限 %(cap)s 元，没有有效的批准记录。"),
        "above_exceptional": _("月应发 %(total)s 元，超过经批准的最高限 %(exceptional_cap)s 元。"),
    }
    return sentences[facts["verdict"]] % words


def _pay_lines(facts: dict) -> list[Line]:
    bounds = ((_("起点"), "start"), (_("上限"), "cap"), (_("经批准最高"), "exceptional_cap"), (_("已批准"), "approved"))
    lines = [Line(_("岗位层级"), _tier(facts)), Line(_("月应发"), _yuan(facts["total"]))]
    lines += [Line(label, _yuan(facts[key])) for label, key in bounds if facts[key] is not None]
    return [*lines, Line(_("规则"), str(PAY_BOUNDS.label), _source(facts))]


PAY_OUTSIDE = Inspection(
    key="pay_bounds",
    label=gettext_lazy("薪酬超出上下限"),
    sentence=gettext_lazy("月应发工资是否在起点与上限之间；超过上限的，正职是否有有效的批准记录。金额未提供的不检查。"),
    topic="pay",
    subjects=_paid,
    problems=_pay_problems,
    headline=_pay_headline,
    lines=_pay_lines,
    remedy=gettext_lazy("更正等级或金额标准，或登记批准记录后，下一次检查会自动消除本预警。"),
)

# Assessment of a past year still open ---------------------------------------------------------------------------------


def _schemes(on: date) -> int:
    return _count("SELECT count(*) FROM workforce_assessmentscheme WHERE year < extract(year FROM %(on)s::date)", on)


def _scheme_problems(on: date) -> tuple[str, dict]:
    sql = """
        SELECT s.id::varchar(80) AS subject, s.division_id, make_date(s.year, 12, 31) AS due_on, jsonb_build_object(
            'scheme', s.id, 'year', s.year, 'name', s.name, 'state', s.state, 'people', n.people, 'unscored', n.unscored,
            'document', NULL, 'article', NULL, 'on', %(on)s::date) AS facts
        FROM workforce_assessmentscheme s
        CROSS JOIN LATERAL (
            SELECT count(*) AS people, count(*) FILTER (WHERE a.total IS NULL) AS unscored
            FROM workforce_assessment a WHERE a.scheme_id = s.id
        ) n
        WHERE s.state <> 'closed' AND s.year < extract(year FROM %(on)s::date)"""
    return sql, given(on)


def _scheme_headline(facts: dict) -> str:
    if facts["state"] == SchemeState.DRAFT:
        return _("%(year)s 年度考核方案“%(name)s”还没有启用。") % facts
    return _("%(year)s 年度考核“%(name)s”还没有归档：共 %(people)s 人，%(unscored)s 人未完成打分。") % facts


def _scheme_lines(facts: dict) -> list[Line]:
    people = _("%(n)s 人")
    return [
        Line(_("年度"), str(facts["year"])),
        Line(_("方案名称"), facts["name"]),
        Line(_("状态"), str(SchemeState(facts["state"]).label)),
        Line(_("参加考核"), people % {"n": facts["people"]}),
        Line(_("未完成打分"), people % {"n": facts["unscored"]}),
    ]


ASSESSMENT_OPEN = Inspection(
    key="assessment_open",
    label=gettext_lazy("年度考核未完成"),
    sentence=gettext_lazy("上一年度及更早的考核方案是否已经全部打分并归档。"),
    topic="pay",
    subjects=_schemes,
    problems=_scheme_problems,
    headline=_scheme_headline,
    lines=_scheme_lines,
    remedy=gettext_lazy("完成打分并归档后，下一次检查会自动消除本预警。"),
)
INSPECTIONS = (GRADE_RANGE, GRADE_DUE, PAY_OUTSIDE, ASSESSMENT_OPEN)
