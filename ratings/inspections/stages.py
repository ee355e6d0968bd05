"""Stages of the yearly rating that are past their deadline (domain §2.6): units with whom they wait for, and whole cycles."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from ratings import stages
from ratings.enums import Stage
from workforce.inspections.wording import counted

# A unit waits for its community, street or district; the finding belongs to the office that holds it.
_STANDING = f"""WITH standing AS (
    SELECT ('unit:' || u.id)::varchar(80) AS subject, CASE u.stage WHEN '{stages.SELF}' THEN u.division_id
            WHEN '{stages.STREET}' THEN left(u.division_id, 9) ELSE left(u.division_id, 6) END AS division_id,
        u.stage, d.label AS place, c.name AS cycle, c.id AS cycle_id, u.id AS unit_id,
        CASE u.stage WHEN '{stages.SELF}' THEN c.self_due WHEN '{stages.STREET}' THEN c.street_due
            ELSE c.district_due END AS due_on
    FROM ratings_unitrating u JOIN ratings_ratingcycle c ON c.id = u.cycle_id
    JOIN core_division d ON d.code = u.division_id
    WHERE c.stage = '{stages.SELF}' AND u.left_out_because = ''
      AND u.stage IN ('{stages.SELF}', '{stages.STREET}', '{stages.DISTRICT}')
    UNION ALL
    SELECT ('cycle:' || c.id)::varchar(80), c.division_id, CASE c.stage WHEN '{stages.SELF}' THEN '{stages.JOINT}'
            ELSE c.stage END, d.label, c.name, c.id, NULL,
        CASE c.stage WHEN '{stages.CALIBRATION}' THEN c.calibration_due WHEN '{stages.NOTICE}' THEN c.decision_due
            WHEN '{stages.DECISION}' THEN c.decision_due ELSE c.joint_due END
    FROM ratings_ratingcycle c JOIN core_division d ON d.code = c.division_id
    WHERE c.stage IN ('{stages.SELF}', '{stages.JOINT}', '{stages.CALIBRATION}', '{stages.NOTICE}', '{stages.DECISION}')
)"""


def _subjects(on: date) -> int:
    return counted(f"{_STANDING} SELECT count(*) FROM standing", {})


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""{_STANDING}
        SELECT subject, division_id, due_on, jsonb_build_object('stage', stage, 'place', place, 'cycle', cycle,
            'cycle_id', cycle_id, 'unit_id', unit_id, 'days', %(on)s::date - due_on, 'on', %(on)s::date) AS facts
        FROM standing WHERE due_on < %(on)s::date"""
    return sql, {"on": on}


def _headline(facts: dict) -> str:
    words = {"place": facts["place"], "stage": Stage(facts["stage"]).label, "days": facts["days"]}
    return _("%(place)s的%(stage)s已逾期 %(days)s 天。") % words


def _lines(facts: dict) -> list[Line]:
    return [
        Line(_("评定"), facts["cycle"]),
        Line(_("单位") if facts["unit_id"] else _("评定范围"), facts["place"]),
        Line(_("阶段"), str(Stage(facts["stage"]).label)),
        Line(_("逾期"), _("%(n)s 天") % {"n": facts["days"]}),
    ]


OVERDUE = Inspection(
    key="rating_stage_overdue",
    label=gettext_lazy("星级评定逾期"),
    sentence=gettext_lazy("年度星级评定的每个单位和每次评定是否在各阶段的期限内办完。"),
    topic="ratings",
    subjects=_subjects,
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("办完本阶段后自动消除；确需时间的，由组织评定的单位说明理由、延长期限。"),
)
INSPECTIONS = (OVERDUE,)
