"""Objections to a published grade that nobody has answered by their day (domain §1.J)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import STAR_NOTICE
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.inspections.wording import counted

# An objection is found from the day after it was due until it is answered. The finding names neither its sender nor its
# receipt: findings are read by the community that is objected to.
_LOOKED = """
FROM ratings_objection o JOIN ratings_unitrating u ON u.id = o.unit_id JOIN ratings_ratingcycle c ON c.id = u.cycle_id
WHERE o.state = 'received' AND (o.received_at AT TIME ZONE 'Asia/Shanghai')::date <= %(on)s"""


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""WITH {RULES_CTE},
        waiting AS (
            SELECT o.id, o.due_on, (o.received_at AT TIME ZONE 'Asia/Shanghai')::date AS received_on,
                u.division_id, c.division_id AS rated_by, c.name
            {_LOOKED} AND o.due_on < %(on)s
        )
        SELECT w.id::varchar(80) AS subject, w.division_id, w.due_on, jsonb_build_object(
            'received_on', w.received_on, 'due_on', w.due_on, 'cycle', w.name,
            'days', r.value->'answer_days', 'document', r.document, 'article', r.article, 'on', %(on)s::date) AS facts
        FROM waiting w {nearest_rule(STAR_NOTICE, "w.rated_by", "r")}"""
    return sql, {"on": on}


def _headline(facts: dict) -> str:
    return _("%(received_on)s 收到的异议应于 %(due_on)s 前答复，至今没有答复。") % facts


def _lines(facts: dict) -> list[Line]:
    days = facts["days"] or STAR_NOTICE.default["answer_days"]
    source = f"{facts['document'] or _('系统默认')} {facts['article'] or ''}".strip()
    return [
        Line(_("评定"), facts["cycle"]),
        Line(_("收到日期"), facts["received_on"]),
        Line(_("答复期限"), facts["due_on"]),
        Line(_("规则"), _("%(days)s 个工作日内答复") % {"days": days}, source),
    ]


OVERDUE = Inspection(
    key="objection_overdue",
    label=gettext_lazy("星级异议逾期未答复"),
    sentence=gettext_lazy("公示期间收到的异议是否在规定的工作日内答复。"),
    topic="ratings",
    subjects=lambda on: counted(f"SELECT count(*) {_LOOKED}", {"on": on}),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("在“星级结果 › 异议”中答复后自动消除。"),
)
INSPECTIONS = (OVERDUE,)
