"""Counters over training in the calendar year: person-times 人次 and persons 人数, by level (domain §1.F).

A person is counted once, at the unit of the latest class attended, so that parts add up to the whole.
"""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters.words import this_year
from workforce.enums import TrainingLevel

_ATTENDED = f"""workforce_enrolment e JOIN workforce_trainingclass c ON c.id = e.training_class_id
    AND e.attended AND {this_year("c.starts_on")}"""


def enrolments(scope: Scope) -> str:
    """code, id (of the enrolment) and level of the class: one row per person and class attended."""
    return f"SELECT e.division_id AS code, e.id, c.level FROM {_ATTENDED} WHERE {scope.of('e.division_id')}"


def people(scope: Scope) -> str:
    """code, id (of the person) and the levels of the classes attended."""
    mine = "true"
    if scope is not Scope.EVERYWHERE:
        mine = f"e.person_id IN (SELECT o.person_id FROM workforce_enrolment o WHERE {scope.of('o.division_id')})"
    return f"""
    SELECT (array_agg(e.division_id ORDER BY c.starts_on DESC, e.id DESC))[1] AS code, e.person_id AS id,
        bool_or(c.level = 'city') AS city, bool_or(c.level = 'district') AS district, bool_or(c.level = 'street') AS street
    FROM {_ATTENDED} WHERE {mine} GROUP BY e.person_id"""


def _levels(name: str, label: str | Promise, when: str) -> tuple[Counter, ...]:
    return (
        Counter(name=name, label=label),
        *(
            Counter(name=f"{name}_{level}", label=format_lazy("{}·{}", label, level.label), when=when.format(level))
            for level in TrainingLevel
        ),
    )


ENROLMENTS = Family(
    name="enrolments",
    row=RowKind.ENROLMENT,
    rows=enrolments,
    counters=_levels("training_times", _("本年培训人次"), "r.level = '{0}'"),
)

TRAINEES = Family(
    name="trainees",
    row=RowKind.PERSON,
    rows=people,
    counters=_levels("trained", _("本年培训人数"), "r.{0}"),
)
