"""Periodic checks over the roster. They only look: `reconcile` opens, refreshes and resolves the findings."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.reconcile import Inspection
from portal.core.territory.models import Basis
from workforce.enums import StaffingStatus
from workforce.queries.staffing import StaffingQuery


def _query(on: date, status: str = "") -> StaffingQuery:
    return StaffingQuery(territories=("",), on=on, status=status)


def _subjects(on: date) -> int:
    sql, parameters = _query(on).sql("SELECT count(*) FROM shown WHERE status IN ('met', 'short')")
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def _problems(on: date) -> tuple[str, dict]:
    return _query(on, StaffingStatus.SHORT).sql(
        """SELECT code::varchar(80) AS subject, code AS division_id, jsonb_build_object(
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


STAFFING = Inspection(
    key="staffing",
    label=gettext_lazy("社区工作者缺员"),
    subjects=_subjects,
    problems=_problems,
    headline=_headline,
    remedy=gettext_lazy("补足在岗人数后，下一次检查会自动消除本预警。"),
)
