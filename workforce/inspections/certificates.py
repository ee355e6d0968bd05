"""Checks of certificates: the deadline after entry, registration, the share of the certified, the hiring condition.

Only heads of the staffing ratio are looked at (domain §1.A1, §1.D2). Nobody is ever judged here: an overdue certificate
opens a review case in which people decide (domain §2.11).
"""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import CERTIFICATE_DEADLINE, HIRING_CONDITION, REGISTRATION, SHARE_TARGET
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.counters.clocks import TERMS
from workforce.counters.headcount import heads_ctes
from workforce.enums import CertificateLevel
from workforce.queries.certificates import DEADLINES, REGISTRATIONS, SHARES, anywhere

_HEADS = f"WITH {RULES_CTE}, {heads_ctes(everywhere=True)}"


def _count(sql: str, on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on})
        return cursor.fetchone()[0]


def _people(number: int) -> str:
    return _("%(n)s 人") % {"n": f"{number:,}"}


def _days(number: int) -> str:
    return _("%(n)s 天") % {"n": number}


def _source(facts: dict) -> str:
    return f"{facts.get('document') or _('系统默认')} {facts.get('article') or ''}".strip()


# Deadline after entry ------------------------------------------------------------------------------------------------


def _deadline_subjects(on: date) -> int:
    sql = f"""SELECT count(*) FROM heads h JOIN terms t ON t.code = h.division_id
        WHERE {anywhere(CERTIFICATE_DEADLINE)} AND h.reason IS NULL"""
    return _count(f"{_HEADS}, {TERMS} {sql}", on)


def _deadline_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_HEADS}, {DEADLINES}
        SELECT person_id::varchar(80) AS subject, division_id, due_on, jsonb_build_object(
            'person', person_id, 'hired_on', hired_on, 'counted_from', counted_from, 'starts_on', starts_on,
            'unstopped', unstopped, 'stopped_days', stopped_days, 'stopped', stopped, 'by_rule', by_rule,
            'extended_to', extended_to, 'extension', CASE WHEN extended_to IS NOT NULL THEN (
                SELECT s.document FROM workforce_reviewstep s
                WHERE s.case_id = extended_by AND s.stage = 'document' AND s.document <> ''
                ORDER BY s.id DESC LIMIT 1) END, 'due_on', due_on, 'stage', stage,
            'sittings', sittings, 'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM deadlines WHERE {anywhere(CERTIFICATE_DEADLINE)} AND stage IS NOT NULL"""
    return sql, {"on": on}


def _deadline_headline(facts: dict) -> str:
    words = {"due": facts["due_on"], "sittings": facts["sittings"], "stage": facts["stage"]}
    if str(facts["stage"]) == "0":
        return _("应于 %(due)s 前取得证书，已逾期。由单位立案研究，不自动辞退。") % words
    return _("应于 %(due)s 前取得证书，不足 %(stage)s 个月；之前还有 %(sittings)s 次考试来得及出成绩。") % words


def _deadline_lines(facts: dict) -> list[Line]:
    lines = [Line(_("入职日期"), facts["hired_on"])]
    if facts["counted_from"] != facts["hired_on"]:
        lines.append(Line(_("连续服务起算"), facts["counted_from"], _("中断不长，再入职前的服务一并计算")))
    if facts["starts_on"] != facts["counted_from"]:
        lines.append(Line(_("期限起算"), facts["starts_on"], _("规定施行以前入职的，从施行之日起算")))
    if facts["stopped_days"]:
        hint = _("不计暂停时应为 %(day)s") % {"day": facts["unstopped"]}
        lines.append(Line(_("暂停计算"), _days(facts["stopped_days"]), hint))
    if facts.get("extended_to"):
        hint = _("个案决定，文书：%(number)s；不延长时应为 %(day)s")
        words = {"number": facts["extension"], "day": facts["by_rule"]}
        lines.append(Line(_("延长期限至"), facts["extended_to"], hint % words))
    lines.append(Line(_("最迟取得日期"), facts["due_on"], _("目前暂停计算，逐日顺延") if facts["stopped"] else ""))
    lines.append(Line(_("还来得及的考试"), _("%(n)s 次") % {"n": facts["sittings"]}))
    lines.append(Line(_("规则"), CERTIFICATE_DEADLINE.in_words(facts["rule"]), _source(facts)))
    return lines


# Registration --------------------------------------------------------------------------------------------------------


def _registration_subjects(on: date) -> int:
    sql = """SELECT count(DISTINCT h.person_id) FROM heads h JOIN workforce_certificate f ON f.person_id = h.person_id
        WHERE h.reason IS NULL AND f.level <> 'local' AND f.obtained_on <= %(on)s"""
    return _count(f"{_HEADS} {sql}", on)


def _registration_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_HEADS}, {REGISTRATIONS}
        SELECT person_id::varchar(80) AS subject, division_id, due_on, jsonb_build_object(
            'person', person_id, 'level', level, 'obtained_on', obtained_on, 'registered_on', registered_on,
            'opens_on', opens_on, 'due_on', due_on, 'stage', stage, 'hours', hours, 'hours_needed', hours_needed,
            'short', hours < hours_needed, 'missing', greatest(hours_needed - hours, 0),
            'rule', rule, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM registrations WHERE stage IS NOT NULL"""
    return sql, {"on": on}


def _registration_headline(facts: dict) -> str:
    words = {"level": CertificateLevel(facts["level"]).label, "due": facts["due_on"]}
    if facts["stage"] == "first_due":
        return _("%(level)s证书应于 %(due)s 前办理首次登记。") % words
    if facts["stage"] == "first_overdue":
        return _("%(level)s证书应于 %(due)s 前办理首次登记，尚未登记。") % words
    if facts["stage"] == "lapsed":
        return _("%(level)s登记已于 %(due)s 到期，尚未再登记。证书仍然有效。") % words
    if facts["short"]:
        words["missing"] = facts["missing"]
        return _("%(level)s登记将于 %(due)s 到期，可以再登记，继续教育还差 %(missing)s 学时。") % words
    return _("%(level)s登记将于 %(due)s 到期，可以再登记，继续教育学时已够。") % words


def _registration_lines(facts: dict) -> list[Line]:
    lines = [
        Line(_("证书"), str(CertificateLevel(facts["level"]).label)),
        Line(_("证书取得日期"), facts["obtained_on"]),
        Line(_("最近登记"), facts["registered_on"] or _("还没有登记")),
        Line(_("可以办理"), _("%(first)s 至 %(last)s") % {"first": facts["opens_on"], "last": facts["due_on"]}),
    ]
    if facts["registered_on"]:
        words = {"hours": f"{facts['hours']:g}", "needed": facts["hours_needed"]}
        lines.append(Line(_("继续教育"), _("已有 %(hours)s 学时，需要 %(needed)s 学时") % words))
    lines.append(Line(_("规则"), REGISTRATION.in_words(facts["rule"]), _source(facts)))
    return lines


# Share of the certified ----------------------------------------------------------------------------------------------


def _share_subjects(on: date) -> int:
    return _count(f"{_HEADS}, {SHARES} SELECT count(*) FROM shares WHERE {anywhere(SHARE_TARGET)}", on)


def _share_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_HEADS}, {SHARES}
        SELECT code::varchar(80) AS subject, code AS division_id, due_on, jsonb_build_object(
            'level', level, 'heads', heads, 'certified', certified, 'percent', percent, 'due', due_on,
            'needed', (percent * heads + 99) / 100 - certified, 'document', document, 'article', article,
            'on', %(on)s::date) AS facts
        FROM shares WHERE {anywhere(SHARE_TARGET)} AND certified * 100 < percent * heads"""
    return sql, {"on": on}


def _share_headline(facts: dict) -> str:
    return (
        _("在岗 %(heads)s 人中持证 %(certified)s 人；到 %(due)s 应达 %(percent)s%%，还需 %(needed)s 人取得证书。")
        % facts
    )


def _share_lines(facts: dict) -> list[Line]:
    return [
        Line(_("在岗（计入配备）"), _people(facts["heads"])),
        Line(_("其中持证"), _people(facts["certified"])),
        Line(_("还需取得证书"), _people(facts["needed"]), _("按人数进位计算，一人多证只计一人")),
        Line(_("规则"), SHARE_TARGET.in_words(facts), _source(facts)),
    ]


# Hiring condition ----------------------------------------------------------------------------------------------------

_HIRED = f"""
terms AS MATERIALIZED (
    SELECT d.code, hiring.document, hiring.article, p.valid_from AS since
    FROM (SELECT DISTINCT division_id AS code FROM heads WHERE reason IS NULL) d
    {nearest_rule(HIRING_CONDITION, "d.code", "hiring")}
    JOIN core_policyrule p ON p.id = hiring.id AND (hiring.value->>'required')::boolean
),
hired AS MATERIALIZED (
    SELECT h.person_id, h.division_id, h.certified, t.*, s.hired_on
    FROM heads h JOIN terms t ON t.code = h.division_id
    CROSS JOIN LATERAL (
        SELECT max(hired_on) AS hired_on FROM (
            SELECT hired_on FROM workforce_person w WHERE w.id = h.person_id
            UNION ALL
            SELECT hired_on FROM workforce_exit x WHERE x.person_id = h.person_id AND NOT x.taken_back
        ) service WHERE hired_on <= %(on)s
    ) s
    WHERE h.reason IS NULL AND s.hired_on >= t.since
)"""


def _hiring_subjects(on: date) -> int:
    return _count(f"{_HEADS}, {_HIRED} SELECT count(*) FROM hired WHERE {anywhere(HIRING_CONDITION)}", on)


def _hiring_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_HEADS}, {_HIRED}
        SELECT person_id::varchar(80) AS subject, division_id, NULL::date AS due_on, jsonb_build_object(
            'person', person_id, 'hired_on', hired_on, 'since', since, 'document', document, 'article', article,
            'on', %(on)s::date) AS facts
        FROM hired WHERE {anywhere(HIRING_CONDITION)} AND NOT certified"""
    return sql, {"on": on}


def _hiring_headline(facts: dict) -> str:
    return _("%(hired_on)s 入职时和至今都没有证书，而 %(since)s 起招录以持证为条件。") % facts


def _hiring_lines(facts: dict) -> list[Line]:
    return [
        Line(_("入职日期"), facts["hired_on"]),
        Line(_("招录条件施行"), facts["since"]),
        Line(_("规则"), HIRING_CONDITION.in_words({"required": True}), _source(facts)),
    ]


INSPECTIONS = (
    Inspection(
        key="certificate_deadline",
        label=gettext_lazy("入职后取证期限"),
        sentence=gettext_lazy(
            "每名在岗社区工作者是否在入职后规定的月数内取得认可的证书；临近和逾期的列出。"
            "逾期只立案研究，由人决定，从不自动辞退。"
        ),
        topic="certificates",
        subjects=_deadline_subjects,
        problems=_deadline_problems,
        headline=_deadline_headline,
        lines=_deadline_lines,
        remedy=gettext_lazy(
            "登记已取得的证书，或登记应暂停计算的休假，或在个案中决定延长期限，下一次检查会自动消除本预警。"
        ),
    ),
    Inspection(
        key="registration",
        label=gettext_lazy("证书登记"),
        sentence=gettext_lazy("全国证书是否按期首次登记、到期前再登记，继续教育学时是否够；登记过期不等于证书失效。"),
        topic="certificates",
        subjects=_registration_subjects,
        problems=_registration_problems,
        headline=_registration_headline,
        lines=_registration_lines,
        remedy=gettext_lazy("办理登记后在人员页登记，下一次检查会自动消除本预警。"),
    ),
    Inspection(
        key="certificate_share",
        label=gettext_lazy("持证率目标"),
        sentence=gettext_lazy("每个市、区、街镇持证人数占在岗社区工作者的比例是否达到当期目标，按人数比较。"),
        topic="certificates",
        subjects=_share_subjects,
        problems=_share_problems,
        headline=_share_headline,
        lines=_share_lines,
        remedy=gettext_lazy("持证人数达到目标后，下一次检查会自动消除本预警。"),
    ),
    Inspection(
        key="hiring_condition",
        label=gettext_lazy("持证招录条件"),
        sentence=gettext_lazy("招录条件施行后入职的社区工作者是否持有认可的证书。"),
        topic="certificates",
        subjects=_hiring_subjects,
        problems=_hiring_problems,
        headline=_hiring_headline,
        lines=_hiring_lines,
        remedy=gettext_lazy("取得并登记证书后，下一次检查会自动消除本预警。"),
    ),
)
