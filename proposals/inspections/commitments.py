"""Which promises of replies are past their day, or have not been reported on for too long (domain §2.2, follow-up)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import COMMITMENTS
from portal.core.policy.queries import RULES_CTE, nearest_rule
from proposals.inspections.wording import CASE_FACTS, case_words, day_after, ruled
from workforce.inspections.wording import counted

SHOWN = 60

# Progress is told anew so many months after the last time; before any, after the reply or the start of the ledger's year.
_OPEN = f"""WITH {RULES_CTE},
steps AS (SELECT commitment_id, max("on") AS on_day FROM proposals_commitmentstep WHERE "on" <= %(on)s GROUP BY 1),
judged AS (
    SELECT c.id, c.division_id, c.handling_id, c.unit_id, c.year, c.text, c.due_on, t.on_day AS told_on,
        (greatest(t.on_day, h.replied_on, make_date(c.year, 1, 1))
            + make_interval(months => coalesce((r.value->>'months')::int, {COMMITMENTS.default["months"]})))::date
            AS tell_by,
        r.value AS rule, r.document, r.article
    FROM proposals_commitment c
    JOIN proposals_handling h ON h.id = c.handling_id
    LEFT JOIN steps t ON t.commitment_id = c.id
    {nearest_rule(COMMITMENTS, "c.division_id", "r")}
    WHERE c.state = 'open'
)"""


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""{_OPEN}
        SELECT j.id::varchar(80) AS subject, j.division_id, least(j.due_on, j.tell_by) AS due_on, jsonb_build_object(
            'commitment', j.id, {CASE_FACTS}, 'year', j.year, 'text', left(j.text, {SHOWN}), 'due', j.due_on,
            'overdue', j.due_on < %(on)s, 'told_on', j.told_on, 'tell_by', j.tell_by, 'stale', j.tell_by < %(on)s,
            'rule', j.rule, 'document', j.document, 'article', j.article, 'on', %(on)s::date) AS facts
        FROM judged j
        JOIN proposals_handlingunit u ON u.id = j.unit_id
        JOIN proposals_handling h ON h.id = j.handling_id
        JOIN proposals_proposal p ON p.id = h.proposal_id
        JOIN proposals_session s ON s.id = p.session_id
        WHERE j.due_on < %(on)s OR j.tell_by < %(on)s"""
    return sql, {"on": on}


def _headline(facts: dict) -> str:
    words = case_words(facts)
    if facts["overdue"]:
        return _("%(unit)s在%(case)s答复中承诺的“%(text)s”应在 %(due)s 前落实，已逾期。") % words
    return _("%(unit)s在%(case)s答复中承诺的“%(text)s”应在 %(tell_by)s 前更新进展，还没有更新。") % words


def _lines(facts: dict) -> list[Line]:
    lines = [
        Line(_("责任单位"), facts["unit"]),
        Line(_("完成期限"), facts["due"]),
        Line(_("最近一次进展"), facts["told_on"] or _("还没有登记")),
        Line(_("应更新进展"), facts["tell_by"]),
    ]
    if facts["overdue"]:
        lines.append(Line(_("逾期起始"), day_after(facts["due"])))
    return [*lines, ruled(COMMITMENTS, facts)]


COMMITMENTS_LATE = Inspection(
    key="commitments",
    label=gettext_lazy("承诺事项逾期或久未更新"),
    sentence=gettext_lazy("答复中的承诺是否按期落实，未落实的是否按规定的间隔更新进展。"),
    topic="proposals",
    subjects=lambda on: counted(f"{_OPEN} SELECT count(*) FROM judged", {"on": on}),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("登记进展和佐证；已落实的申请确认，本年度落实不了的转入下年度并说明原因。"),
)
INSPECTIONS = (COMMITMENTS_LATE,)
