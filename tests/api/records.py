"""One record of every kind about a person or their community, made where there is none: what the REST tests ask for."""

from collections.abc import Callable

from portal.core.sheets.models import ImportBatch
from tests import factories
from workforce.models import Establishment, Grid, Person, PostApplication, Term


def _registration(person: Person, code: str):
    held = person.certificates.get()
    return held.registrations.first() or factories.registration(held)


def _enrolment(person: Person, code: str):
    found = person.enrolments.first()
    return found or factories.enrolment(factories.training_class(code, factories.STARTED), person, code)


def _grid(person: Person, code: str):
    found = Grid.objects.filter(division=code).first()
    return found or factories.grid_post(person, factories.grid(code)).grid


def _import(person: Person, code: str):
    """An import that was given up, into the community of the person."""
    found = ImportBatch.objects.filter(division=code).first()
    by = {"uploaded_by": factories.user(f"importer {code}")} if found is None else {}
    file = {"kind": "roster", "filename": "名册.xlsx", "sha256": "0" * 64, "size": 1, "state": "cancelled"}
    return found or ImportBatch.objects.create(division_id=code, **file, **by)


MAKERS: dict[str, Callable] = {
    "registrations": _registration,
    "training/classes": lambda person, code: _enrolment(person, code).training_class,
    "training/enrolments": _enrolment,
    "establishments": lambda person, code: (
        Establishment.objects.filter(division=code).first() or factories.establishment(code)
    ),
    "post-applications": lambda person, code: (
        PostApplication.objects.filter(division=code).first() or factories.application(code)
    ),
    "terms": lambda person, code: Term.objects.filter(division=code).first() or factories.term(code),
    "grids": _grid,
    "grades": lambda person, code: person.grades.first() or factories.grade(person),
    "assessments": lambda person, code: person.assessments.first() or factories.assessment(person, code),
    "imports": _import,
    "review-cases": lambda person, code: person.cases.first() or factories.review_case(person, code),
}


def key_of(prefix: str, person: Person, code: str) -> str:
    """The key of the record of a resource about a person of the community `code`."""
    return str(MAKERS[prefix](person, code).pk)


def make_all(person: Person, code: str) -> None:
    for make in MAKERS.values():
        make(person, code)
