"""What waits past its day: residents' requests, results of deliberations, decisions on access (domain §1.H10, §1.I)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import ACCESS, REQUESTS
from portal.core.policy.queries import RULES_CTE, nearest_rule
from ratings.enums import AccessState
from ratings.inspections.wording import days, judged, rule_line, times
from workforce.inspections.wording import source_of

# Requests ------------------------------------------------------------------------------------------------------------

# Each request has its own day, set when it was taken in; the rule is told beside it.
_REQUESTS = f"""WITH {RULES_CTE},
judged AS (
    SELECT q.division_id AS code, count(*) AS waiting, count(*) FILTER (WHERE q.due_on < %(on)s) AS overdue,
        count(*) FILTER (WHERE q.due_on < %(on)s AND q.state = 'passed') AS passed,
        min(q.due_on) FILTER (WHERE q.due_on < %(on)s) AS oldest
    FROM ratings_servicerequest q WHERE q.state IN ('open', 'passed') AND q.received_on <= %(on)s GROUP BY 1
)"""


def _request_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_REQUESTS}
        SELECT j.code::varchar(80) AS subject, j.code AS division_id, oldest AS due_on, jsonb_build_object(
            'waiting', waiting, 'overdue', overdue, 'passed', passed, 'oldest', oldest, 'rule', r.value,
            'document', r.document, 'article', r.article, 'on', %(on)s::date) AS facts
        FROM judged j {nearest_rule(REQUESTS, "j.code", "r")} WHERE overdue > 0"""
    return sql, {"on": on}


def _request_lines(facts: dict) -> list[Line]:
    rule = {**facts, "rule": facts["rule"] or REQUESTS.default}
    return [
        Line(_("未办结"), times(facts["waiting"])),
        Line(_("其中已逾期"), times(facts["overdue"])),
        Line(_("逾期中已上报转办"), times(facts["passed"])),
        Line(_("最早的期限"), facts["oldest"]),
        Line(_("规则"), rule_line(REQUESTS, rule).value, source_of(facts) or _("系统默认")),
    ]


REQUESTS_OVERDUE = Inspection(
    key="requests_overdue",
    label=gettext_lazy("居民诉求逾期未办"),
    sentence=gettext_lazy("居民诉求、窗口办事和代办是否在各自的期限内答复；上报转办的同样计算。"),
    topic="service",
    subjects=lambda on: judged(_REQUESTS, on),
    problems=_request_problems,
    headline=lambda facts: _("%(overdue)s 件居民诉求已过期限未答复，最早应在 %(oldest)s 办结。") % facts,
    lines=_request_lines,
    remedy=gettext_lazy("答复居民并登记办理结果；办不了的上报转办并跟踪。"),
)

# Deliberation --------------------------------------------------------------------------------------------------------

_MATTERS = """WITH judged AS (
    SELECT division_id AS code, count(*) AS waiting,
        count(*) FILTER (WHERE state = 'planned' AND day < %(on)s) AS not_held,
        count(*) FILTER (WHERE state = 'held' AND day < %(on)s) AS not_done,
        min(day) FILTER (WHERE day < %(on)s) AS oldest
    FROM ratings_deliberation
    CROSS JOIN LATERAL (SELECT CASE state WHEN 'planned' THEN planned_on ELSE follow_up_due END AS day) d
    WHERE state IN ('planned', 'held') GROUP BY 1
)"""


def _matter_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_MATTERS}
        SELECT code::varchar(80) AS subject, code AS division_id, oldest AS due_on, jsonb_build_object(
            'waiting', waiting, 'not_held', not_held, 'not_done', not_done, 'oldest', oldest,
            'document', '', 'article', '', 'on', %(on)s::date) AS facts
        FROM judged WHERE not_held + not_done > 0"""
    return sql, {"on": on}


def _matter_lines(facts: dict) -> list[Line]:
    return [
        Line(_("未了的议题"), times(facts["waiting"])),
        Line(_("过了计划日期未议"), times(facts["not_held"])),
        Line(_("过了期限未落实"), times(facts["not_done"])),
        Line(_("最早的期限"), facts["oldest"], _("期限由社区自己确定")),
    ]


DELIBERATION_OVERDUE = Inspection(
    key="deliberation_overdue",
    label=gettext_lazy("议定事项逾期未落实"),
    sentence=gettext_lazy("议题是否按计划日期议事，议定的结果是否在自己定的期限内落实。"),
    topic="service",
    subjects=lambda on: judged(_MATTERS, on),
    problems=_matter_problems,
    headline=lambda facts: _("%(not_held)s 个议题过了计划日期未议，%(not_done)s 个议定结果过了期限未落实。") % facts,
    lines=_matter_lines,
    remedy=gettext_lazy("登记议事结果或落实情况；不再议的登记为未议成。"),
)

# Access --------------------------------------------------------------------------------------------------------------

_ACCESS = f"""WITH {RULES_CTE},
judged AS (
    SELECT a.id, a.division_id AS code, a.state, a.applied_on, a.due_on, r.value AS rule, r.document, r.article
    FROM ratings_accessapplication a {nearest_rule(ACCESS, "a.division_id", "r")}
    WHERE a.state IN ('applied', 'reviewed') AND a.applied_on <= %(on)s
)"""


def _access_problems(on: date) -> tuple[str, dict]:
    sql = f"""{_ACCESS}
        SELECT id::varchar(80) AS subject, code AS division_id, due_on, jsonb_build_object(
            'application', id, 'state', state, 'applied_on', applied_on, 'due', due_on,
            'late', %(on)s::date - due_on, 'rule', rule, 'document', document, 'article', article,
            'on', %(on)s::date) AS facts
        FROM judged WHERE due_on < %(on)s"""
    return sql, {"on": on}


def _access_headline(facts: dict) -> str:
    words = {**facts, "state": AccessState(facts["state"]).label}
    return _("%(applied_on)s 提出的准入申请应在 %(due)s 前作出决定，现在是“%(state)s”。") % words


def _access_lines(facts: dict) -> list[Line]:
    lines = [
        Line(_("申请日期"), facts["applied_on"]),
        Line(_("审批期限"), facts["due"]),
        Line(_("已逾期"), days(facts["late"])),
    ]
    return [*lines, rule_line(ACCESS, facts)] if facts["rule"] else lines


ACCESS_OVERDUE = Inspection(
    key="access_overdue",
    label=gettext_lazy("事项准入逾期未决定"),
    sentence=gettext_lazy("部门提出的事项准入申请，是否在期限内审核并作出决定。"),
    topic="service",
    subjects=lambda on: judged(_ACCESS, on),
    problems=_access_problems,
    headline=_access_headline,
    lines=_access_lines,
    remedy=gettext_lazy("审核或审批该申请；未经批准的事项不得进入社区。"),
)
INSPECTIONS = (REQUESTS_OVERDUE, DELIBERATION_OVERDUE, ACCESS_OVERDUE)
