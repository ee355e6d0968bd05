"""Checks of the staffing standard (domain §1.B1): communities, streets and districts that have fewer heads than it calls for."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import STAFFING as STAFFING_RULE
from portal.core.territory.models import Basis
from workforce.enums import StaffingStatus
from workforce.inspections.wording import counted, heads, number_lines, rule_line
from workforce.queries.staffing import StaffingQuery


def _query(on: date, status: str = "") -> StaffingQuery:
    return StaffingQuery(territories=("",), on=on, status=status)


def _subjects(on: date) -> int:
    return counted(*_query(on).sql("SELECT count(*) FROM shown WHERE status IN ('met', 'short')"))


def _problems(on: date) -> tuple[str, dict]:
    return _query(on, StaffingStatus.SHORT).sql(
        """SELECT code::varchar(80) AS subject, code AS division_id, NULL::date AS due_on, jsonb_build_object(
            'level', level, 'workers', workers, 'population', population, 'basis', basis,
            'population_on', population_on, 'heads', heads, 'per', per,
            'required', ceil(population * heads::numeric / per), 'gap', ceil(population * heads::numeric / per) - workers,
            'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM shown"""
    )


def _headline(facts: dict) -> str:
    return _(
        "应配 %(required)s 人，在岗 %(workers)s 人，缺 %(gap)s 人（%(basis)s %(population)s 人，每 %(per)s 人配 %(heads)s 人）。"
    ) % {**facts, "basis": Basis(facts["basis"]).label}


def _lines(facts: dict) -> list[Line]:
    names = (("required", _("应配")), ("workers", _("在岗")), ("gap", _("缺")), ("population", _("人口")))
    return [
        *number_lines(facts, heads, *names),
        Line(_("口径"), str(Basis(facts["basis"]).label)),
        Line(_("人口时点"), facts["population_on"]),
        rule_line(STAFFING_RULE, facts),
    ]


STAFFING = Inspection(
    key="staffing",
    label=gettext_lazy("社区工作者缺员"),
    sentence=gettext_lazy("每个社区、街镇、区和市的在岗人数是否达到按城镇常住人口计算的配备标准。"),
    topic="staffing",
    subjects=_subjects,
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("补足在岗人数后，下一次检查会自动消除本预警。"),
)
INSPECTIONS = (STAFFING,)
