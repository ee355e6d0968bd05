"""Checks of contracts (domain §1.A6): none in writing, a service agreement only, one that is about to end.

Looked at is who is employed: full-time and managed in a community. Full-time members of the two committees who were
elected hold an office and need no contract. Nothing here ends or suspends anything.
"""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import CONTRACT_NOTICE
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.queries.employed import EMPLOYED

_NOTICE = CONTRACT_NOTICE.default["days"]

_RUNNING = "k.valid_from <= %(on)s AND (k.valid_to IS NULL OR k.valid_to > %(on)s)"


def _employed(on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {EMPLOYED} SELECT count(*) FROM employed", {"on": on})
        return cursor.fetchone()[0]


def _source(facts: dict) -> str:
    return f"{facts.get('document') or _('系统默认')} {facts.get('article') or ''}".strip()


# None in writing -----------------------------------------------------------------------------------------------------


def _missing_problems(on: date) -> tuple[str, dict]:
    sql = f"""WITH {EMPLOYED},
        held AS (
            SELECT k.person_id, bool_or({_RUNNING}) AS running, max(k.valid_to) FILTER (WHERE k.valid_to <= %(on)s) AS ended
            FROM workforce_contract k WHERE k.valid_to IS DISTINCT FROM k.valid_from AND k.valid_from <= %(on)s
            GROUP BY k.person_id
        )
        SELECT e.person_id::varchar(80) AS subject, e.division_id, NULL::date AS due_on, jsonb_build_object(
            'person', e.person_id, 'since', e.since, 'ended_on', h.ended - 1, 'on', %(on)s::date) AS facts
        FROM employed e LEFT JOIN held h ON h.person_id = e.person_id
        WHERE NOT e.elected AND NOT coalesce(h.running, false)"""
    return sql, {"on": on}


def _missing_headline(facts: dict) -> str:
    if facts["ended_on"]:
        return _("在岗但合同已于 %(day)s 到期，没有续签。") % {"day": facts["ended_on"]}
    return _("%(day)s 起在岗，没有登记书面合同。") % {"day": facts["since"]}


def _missing_lines(facts: dict) -> list[Line]:
    lines = [Line(_("任职起始"), facts["since"])]
    if facts["ended_on"]:
        lines.append(Line(_("上一份合同截止"), facts["ended_on"]))
    lines.append(Line(_("规则"), _("专职并纳入管理的人员应有书面合同；选举产生的“两委”专职成员除外")))
    return lines


MISSING = Inspection(
    key="contract_missing",
    label=gettext_lazy("没有书面合同"),
    sentence=gettext_lazy("专职并纳入管理的在岗人员是否都有生效的书面合同；选举产生的“两委”专职成员除外。"),
    topic="contracts",
    subjects=_employed,
    problems=_missing_problems,
    headline=_missing_headline,
    lines=_missing_lines,
    remedy=gettext_lazy("在人员页登记生效的合同后自动消除。"),
)

# A service agreement only --------------------------------------------------------------------------------------------


def _service_problems(on: date) -> tuple[str, dict]:
    sql = f"""WITH {EMPLOYED}
        SELECT e.person_id::varchar(80) AS subject, e.division_id, NULL::date AS due_on, jsonb_build_object(
            'person', e.person_id, 'since', k.valid_from, 'party', k.party, 'on', %(on)s::date) AS facts
        FROM employed e JOIN workforce_contract k ON k.person_id = e.person_id
        WHERE NOT e.elected AND k.kind = 'service' AND {_RUNNING}"""
    return sql, {"on": on}


def _service_headline(facts: dict) -> str:
    return _("%(day)s 起只有服务协议，尚未改签劳动合同。") % {"day": facts["since"]}


def _service_lines(facts: dict) -> list[Line]:
    return [
        Line(_("协议起始"), facts["since"]),
        Line(_("用工主体"), facts["party"] or _("无数据")),
        Line(_("规则"), _("服务协议应规范为书面劳动合同")),
    ]


SERVICE = Inspection(
    key="contract_service",
    label=gettext_lazy("用工未规范（服务协议）"),
    sentence=gettext_lazy("专职并纳入管理的在岗人员中，谁只有服务协议而没有劳动合同。"),
    topic="contracts",
    subjects=_employed,
    problems=_service_problems,
    headline=_service_headline,
    lines=_service_lines,
    remedy=gettext_lazy("改签劳动合同并登记后自动消除。"),
)

# About to end --------------------------------------------------------------------------------------------------------


def _running(on: date) -> int:
    sql = f"""WITH {EMPLOYED} SELECT count(*) FROM employed e JOIN workforce_contract k ON k.person_id = e.person_id
        WHERE {_RUNNING}"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on})
        return cursor.fetchone()[0]


def _ending_problems(on: date) -> tuple[str, dict]:
    sql = f"""WITH {RULES_CTE}, {EMPLOYED},
        soon AS MATERIALIZED (
            SELECT e.person_id, e.division_id, k.kind, k.party, k.valid_from, k.valid_to,
                k.valid_to - 1 - %(on)s::date AS days_left
            FROM employed e JOIN workforce_contract k ON k.person_id = e.person_id
            WHERE {_RUNNING} AND k.valid_to <= %(on)s::date + %(furthest)s
              AND NOT EXISTS (
                SELECT 1 FROM workforce_contract n
                WHERE n.person_id = k.person_id AND n.valid_from >= k.valid_to AND n.valid_to IS DISTINCT FROM n.valid_from)
        )
        SELECT s.person_id::varchar(80) AS subject, s.division_id, s.valid_to - 1 AS due_on, jsonb_build_object(
            'person', s.person_id, 'kind', s.kind, 'party', s.party, 'since', s.valid_from, 'due_on', s.valid_to - 1,
            'days', s.days_left, 'stage', t.stage, 'document', n.document, 'article', n.article, 'on', %(on)s::date
        ) AS facts
        FROM soon s
        {nearest_rule(CONTRACT_NOTICE, "s.division_id", "n")}
        CROSS JOIN LATERAL (
            SELECT min(day::int) AS stage FROM jsonb_array_elements_text(coalesce(n.value->'days', %(days)s::jsonb)) day
            WHERE day::int >= s.days_left
        ) t
        WHERE t.stage IS NOT NULL"""
    return sql, {"on": on, "days": str(_NOTICE), "furthest": _furthest()}


def _furthest() -> int:
    """How many days ahead any rule may look."""
    return next(field.maximum for field in CONTRACT_NOTICE.fields if field.name == "days") + 1


def _ending_headline(facts: dict) -> str:
    return _("合同于 %(day)s 到期，还有 %(days)s 天，没有登记续签。") % {"day": facts["due_on"], "days": facts["days"]}


def _ending_lines(facts: dict) -> list[Line]:
    return [
        Line(_("合同起始"), facts["since"]),
        Line(_("合同截止"), facts["due_on"]),
        Line(_("用工主体"), facts["party"] or _("无数据")),
        Line(_("提醒"), _("到期前 %(days)s 天") % {"days": facts["stage"]}, _source(facts)),
    ]


ENDING = Inspection(
    key="contract_ending",
    label=gettext_lazy("合同即将到期"),
    sentence=gettext_lazy("在岗人员的合同是否在规定的提醒天数内到期而没有续签。"),
    topic="contracts",
    subjects=_running,
    problems=_ending_problems,
    headline=_ending_headline,
    lines=_ending_lines,
    remedy=gettext_lazy("登记续签的合同，或登记到期后的离任、离职后自动消除。"),
)
INSPECTIONS = (MISSING, SERVICE, ENDING)
