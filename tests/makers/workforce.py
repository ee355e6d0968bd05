"""A thing of every kind about workers, in a place."""

from datetime import date, timedelta

from portal.core.territory.models import Division
from tests import factories
from tests import world as w
from workforce.models import (
    Appointment,
    AssessmentScheme,
    Award,
    Contract,
    DirectedRecruitment,
    Enrolment,
    Grid,
    Nomination,
    PostApplication,
    ReviewCase,
    Term,
    TrainingClass,
)


def _person(code):
    return [factories.worker("矩阵", code).pk]


def _appointment(code):
    return [Appointment.objects.get(person=factories.worker("矩阵", code)).pk]


def _certificate(code):
    return factories.certificate(factories.worker("矩阵", code))


def _case(code):
    person = factories.worker("矩阵", code)
    day = date(2026, 1, 1)
    return [
        ReviewCase.objects.create(
            kind="certificate_deadline", person=person, division_id=code, due_on=day, route="employer", state_since=day,
            opened_on=day,
        ).pk
    ]  # fmt: skip


def _term(code):
    day = date(1990, 1, 1) + timedelta(days=Term.objects.count())
    return [factories.term(code, elected_on=day, valid_from=day, valid_to=day + timedelta(days=1)).pk]


def _application(code):
    return [
        PostApplication.objects.create(
            division_id=code, worker_class="staff", posts=2, starts_on="2026-01-01", reason="x"
        ).pk
    ]


def _transfer(code):
    """Somebody of the community whom a place far from everybody else's asks for."""
    far = w.FAR if code != w.FAR else "970101001002"
    place = {"name": "远社区", "label": "远社区", "level": 5, "kind": "residents", "urban": True, "parent_id": far[:9]}
    Division.objects.get_or_create(code=far, defaults=place)
    person = factories.worker("矩阵", code)
    return [factories.transfer(person, code, far).pk]


def _contract(code):
    """A contract with an end, which alone can be renewed."""
    Contract.objects.filter(person=(person := factories.worker("矩阵", code))).update(valid_to=date(2030, 1, 1))
    return [person.contracts.get().pk]


def _grid(code):
    name = f"第{Grid.objects.count() + 1}网格"
    return [Grid.objects.create(division_id=code, name=name, valid_from=date(2024, 1, 1)).pk]


def _class(code):
    day = date(2026, 1, 1)
    held = TrainingClass.objects.create(
        division_id=code,
        level="street",
        kind="lecture",
        title="矩阵",
        organiser="x",
        starts_on=day,
        ends_on=day,
        hours=1,
    )
    Enrolment.objects.create(training_class=held, person=factories.worker("矩阵", code), division_id=code)
    return [held.pk]


def _directed(code):
    row = {
        "division_id": code,
        "year": 2000 + DirectedRecruitment.objects.count(),
        "kind": "institution",
        "group": "heads",
        "posts": 1,
    }
    return [DirectedRecruitment.objects.create(**row).pk]


def _award(code):
    return [Award.objects.create(division_id=code, name=f"矩阵{Award.objects.count()}", level="district", year=2026).pk]


def _nomination(code):
    person = factories.worker("矩阵", code)
    return [Nomination.objects.create(award_id=_award(code)[0], person=person, division_id=code).pk]


def _award_nominated(code):
    """An honour by the key of which the file of its nominations goes."""
    return [Nomination.objects.get(pk=_nomination(code)[0]).award_id]


def _scheme(code):
    return [
        AssessmentScheme.objects.create(
            division_id=code, year=2020 + AssessmentScheme.objects.count() % 80, name="x", indicators=[], bands=[]
        ).pk
    ]


MAKERS = {
    "scheme": _scheme,
    "scheme_act": lambda code: [*_scheme(code), "open"],
    "record": lambda code: ["contract", *_contract(code)],
    "records": lambda code: [*_person(code), "status"],
    "contract": _contract,
    "transfer": _transfer,
    "grid": _grid,
    "class": _class,
    "directed": _directed,
    "award": _award,
    "nomination": _nomination,
    "award_nominated": _award_nominated,
    "application": _application,
    "term": _term,
    "case": _case,
    "certificate": lambda code: [_certificate(code).pk],
    "paper": lambda code: ["certificate", _certificate(code).pk],
    "papers": lambda code: [*_person(code), "certificate"],
    "person": _person,
    "appointment": _appointment,
}
