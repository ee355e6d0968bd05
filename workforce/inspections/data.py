"""Faults of the populations that figures stand on: none recorded, or too old (domain §1.B1, §2.8)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.lib.codes import Level
from portal.core.policy.kinds import POPULATION_AGE
from portal.core.territory.models import Basis
from workforce.inspections.wording import IN_USE, counted, heads, number_lines
from workforce.queries.staffing import StaffingQuery


def _communities(on: date, select: str) -> tuple[str, dict]:
    return StaffingQuery(territories=("",), on=on, level=Level.COMMUNITY).sql(select)


def _judged(on: date) -> int:
    return counted(
        *_communities(on, f"SELECT count(*) FROM shown WHERE status IN ('met', 'short', 'no_data') AND {IN_USE}")
    )


def _without(on: date) -> tuple[str, dict]:
    return _communities(
        on,
        f"""SELECT code::varchar(80) AS subject, code AS division_id, NULL::date AS due_on, jsonb_build_object(
            'workers', workers, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM shown WHERE status = 'no_data' AND {IN_USE}""",
    )


def _without_headline(facts: dict) -> str:
    return _("没有登记人口，算不出应配人数；在岗 %(workers)s 人。") % facts


def _without_lines(facts: dict) -> list[Line]:
    source = f"{facts['document'] or ''} {facts['article'] or ''}".strip()
    return [*number_lines(facts, heads, ("workers", _("在岗"))), Line(_("等待判断的规则"), source)]


POPULATION_MISSING = Inspection(
    key="population_missing",
    label=gettext_lazy("社区没有人口数据"),
    sentence=gettext_lazy("执行配备标准的社区是否都登记了人口；没有人口就算不出应配人数。"),
    topic="data",
    subjects=_judged,
    problems=_without,
    headline=_without_headline,
    lines=_without_lines,
    remedy=gettext_lazy("在社区页面登记人口和来源。"),
)


def _everywhere(on: date, select: str) -> tuple[str, dict]:
    return StaffingQuery(territories=("",), on=on).sql(select)


def _known(on: date) -> int:
    return counted(*_everywhere(on, "SELECT count(*) FROM shown WHERE population_own"))


def _stale(on: date) -> tuple[str, dict]:
    """Divisions with a record of their own that has become too old; sums are mended where their parts are recorded."""
    return _everywhere(
        on,
        """SELECT code::varchar(80) AS subject, code AS division_id, NULL::date AS due_on, jsonb_build_object(
            'level', level, 'population', population, 'basis', basis, 'population_on', population_on,
            'source', population_source, 'months', population_months, 'document', NULL, 'article', NULL,
            'on', %(on)s::date) AS facts
        FROM shown WHERE population_own AND population_on + make_interval(months => population_months) < %(on)s::date""",
    )


def _stale_headline(facts: dict) -> str:
    words = {**facts, "basis": Basis(facts["basis"]).label}
    return _("%(basis)s %(population)s 人的时点是 %(population_on)s，已超过 %(months)s 个月。") % words


def _stale_lines(facts: dict) -> list[Line]:
    return [
        *number_lines(facts, heads, ("population", _("人口"))),
        Line(_("口径"), str(Basis(facts["basis"]).label)),
        Line(_("人口时点"), facts["population_on"]),
        Line(_("来源"), facts["source"]),
        Line(_("规则"), POPULATION_AGE.in_words(facts)),
    ]


POPULATION_STALE = Inspection(
    key="population_stale",
    label=gettext_lazy("人口数据过旧"),
    sentence=gettext_lazy("配备人数所依据的人口，时点是否在规定的月数以内。"),
    topic="data",
    subjects=_known,
    problems=_stale,
    headline=_stale_headline,
    lines=_stale_lines,
    remedy=gettext_lazy("登记时点较近的人口和来源。"),
)
INSPECTIONS = (POPULATION_MISSING, POPULATION_STALE)
