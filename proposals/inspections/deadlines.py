"""Which last days of the handling of proposals have passed undone (domain §2.2, §2.10)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from proposals.enums import DueKind
from proposals.inspections.wording import CASE_FACTS, case_words, day_after
from proposals.queries.overdue import OVERDUE
from workforce.inspections.wording import counted

_OPEN = "SELECT count(*) FROM proposals_deadline WHERE met_on IS NULL AND NOT dropped"


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""SELECT d.id::varchar(80) AS subject, d.division_id, d.due_on, jsonb_build_object(
            'deadline', d.id, {CASE_FACTS}, 'kind', d.kind, 'round', d.round, 'starts_on', d.starts_on,
            'unrolled', d.unrolled_on, 'due', d.due_on, 'provisional', d.provisional, 'rule', d.rule,
            'on', %(on)s::date) AS facts
        FROM proposals_deadline d
        JOIN proposals_handling h ON h.id = d.handling_id
        JOIN proposals_handlingunit u ON u.id = h.unit_id
        JOIN proposals_proposal p ON p.id = h.proposal_id
        JOIN proposals_session s ON s.id = p.session_id
        WHERE d.id IN ({OVERDUE})"""
    return sql, {"on": on}


def _headline(facts: dict) -> str:
    words = {**case_words(facts), "kind": DueKind(facts["kind"]).label}
    if facts["kind"] == DueKind.FEEDBACK:
        return _("%(case)s：征询意见应在 %(due)s 前反馈，期限已过，还没有登记反馈，也没有按未反馈办结。") % words
    return _("%(unit)s承办的%(case)s：%(kind)s应在 %(due)s 前完成，已逾期。") % words


def _lines(facts: dict) -> list[Line]:
    rolled = facts["unrolled"] != facts["due"]
    lines = [
        Line(_("期限"), str(DueKind(facts["kind"]).label), _("第 %(round)s 轮") % facts if facts["round"] != 1 else ""),
        Line(_("承办单位"), facts["unit"]),
        Line(_("起算日期"), facts["starts_on"]),
        Line(_("截止日期"), facts["due"], _("顺延前为 %(unrolled)s") % facts if rolled else ""),
        Line(_("逾期起始"), day_after(facts["due"])),
    ]
    return [*lines, Line(_("规则"), facts["rule"])] if facts["rule"] else lines


PROPOSAL_DEADLINES = Inspection(
    key="proposal_deadlines",
    label=gettext_lazy("提案办理逾期"),
    sentence=gettext_lazy(
        "会办意见、答复、重新答复、征询意见、公开审查和落实答复是否在各自的期限内完成；中止计时的不算。"
    ),
    topic="proposals",
    subjects=lambda on: counted(_OPEN, {"on": on}),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("完成并登记这一步；确需更多时间的，由承办单位申请延期，同意后按新的期限计算。"),
)
INSPECTIONS = (PROPOSAL_DEADLINES,)
