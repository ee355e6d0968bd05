"""Measures for heads of no-star units that are past their day (domain §1.E4); gone as soon as they are settled."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import STAR_MEASURES
from ratings.enums import ConsequenceKind
from ratings.inspections.wording import days, judged, rule_line

_MEASURES = """WITH judged AS (
    SELECT c.id, c.division_id AS code, c.kind, c.person_id, c.due_on, c.facts, r.year, r.decided_on, r.decision_number
    FROM ratings_consequence c JOIN ratings_stargrade r ON r.id = c.result_id
    WHERE c.kind IN ('talk', 'admonition', 'removal') AND c.state = 'open' AND c.due_on IS NOT NULL
)"""


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""{_MEASURES}
        SELECT id::varchar(80) AS subject, code AS division_id, due_on, jsonb_build_object(
            'consequence', id, 'person', person_id, 'measure', kind, 'year', year, 'years', facts->'years',
            'due', due_on, 'late', %(on)s::date - due_on, 'decision', decision_number, 'decided_on', decided_on,
            'rule', facts->'rule', 'document', facts->>'document', 'article', facts->>'article',
            'on', %(on)s::date) AS facts
        FROM judged WHERE due_on < %(on)s"""
    return sql, {"on": on}


def _words(facts: dict) -> dict:
    return {**facts, "measure": ConsequenceKind(facts["measure"]).label}


def _headline(facts: dict) -> str:
    return _("%(year)s 年度无星单位的“一肩挑”负责人应在 %(due)s 前%(measure)s，还没有落实。") % _words(facts)


def _lines(facts: dict) -> list[Line]:
    return [
        Line(_("处理"), str(_words(facts)["measure"])),
        Line(_("连续无星"), _("%(years)s 年") % facts),
        Line(_("认定"), facts["decided_on"], facts["decision"]),
        Line(_("期限"), facts["due"]),
        Line(_("已逾期"), days(facts["late"])),
        rule_line(STAR_MEASURES, facts),
    ]


MEASURES_OVERDUE = Inspection(
    key="star_measures_overdue",
    label=gettext_lazy("无星单位负责人的处理逾期未落实"),
    sentence=gettext_lazy("无星单位“一肩挑”负责人的谈话提醒、诫勉、免去党内职务，是否在期限内落实。"),
    topic="ratings",
    subjects=lambda on: judged(_MEASURES, on),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("在“星级后果”登记落实日期和情况；不再适用的，登记原因。"),
)
INSPECTIONS = (MEASURES_OVERDUE,)
