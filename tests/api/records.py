"""One record of every kind about a person or their community, made where there is none: what the REST tests ask for."""

from collections.abc import Callable, Iterable

from portal.core.findings.models import Finding
from portal.core.findings.runs import run
from portal.core.findings.supervision import issue_supervision
from portal.core.indicators.models import Publication
from portal.core.reports.models import Report
from portal.core.sheets.models import ImportBatch
from portal.registry import INSPECTIONS
from proposals.models import Commitment, Handling, LedgerTask, Proposal
from ratings.models import StarGrade
from tests import factories, rosters
from tests import world as w
from tests.makers import MAKERS as PAGE_MAKERS
from tests.proposals import answered, cases, promised
from tests.ratings import rated
from workforce.models import Award, DirectedRecruitment, Establishment, Grid, Nomination, Person, PostApplication, Term


def _registration(person: Person, code: str):
    held = person.certificates.get()
    return held.registrations.first() or factories.registration(held)


def _enrolment(person: Person, code: str):
    found = person.enrolments.first()
    return found or factories.enrolment(factories.training_class(code, factories.STARTED), person, code)


def _nomination(person: Person, code: str):
    """Somebody put forward for an honour of their own community."""
    found = person.nominations.filter(award__division=code).first()
    award = {"division_id": code, "name": "先进个人", "level": "district", "year": 2026}
    return found or Nomination.objects.create(award=Award.objects.create(**award), person=person, division_id=code)


def _grid(person: Person, code: str):
    found = Grid.objects.filter(division=code).first()
    return found or factories.grid_post(person, factories.grid(code)).grid


def _import(person: Person, code: str):
    """An import that was given up, into the community of the person."""
    found = ImportBatch.objects.filter(division=code).first()
    by = {"uploaded_by": factories.user(f"importer {code}")} if found is None else {}
    file = {"kind": "roster", "filename": "名册.xlsx", "sha256": "0" * 64, "size": 1, "state": "cancelled"}
    return found or ImportBatch.objects.create(division_id=code, **file, **by)


def _proposal(person: Person, code: str):
    """A proposal of the district, in the hands of its office."""
    found = Proposal.objects.filter(division=code[:6]).first()
    return found or cases.handling(cases.proposal("9001", session=cases.session(code[:6]))).proposal


def _commitment(person: Person, code: str):
    """A promise of the office's district, 60 per cent kept."""
    return Commitment.objects.filter(division=code[:6]).first() or promised.row(
        cases.handling(
            cases.proposal("9002", session=cases.session(code[:6])), cases.unit("区民政局", code[:6]), stage="answered",
            result="B",
        )
    )  # fmt: skip


def _placed(name: str, model) -> Callable:
    """What the tests of pages make for a place, once."""
    return lambda person, code: (
        model.objects.filter(division=code).first() or model.objects.get(pk=PAGE_MAKERS[name](code)[0])
    )


MAKERS: dict[str, Callable] = {
    "proposals/sessions": lambda person, code: cases.session(code[:6]),
    "proposals/units": lambda person, code: cases.unit("区民政局", code[:6]),
    "commitments": _commitment,
    "ledger/tasks": _placed("task", LedgerTask),
    "reports": _placed("report", Report),
    "publications": _placed("publication", Publication),
    "proposals": _proposal,
    "registrations": _registration,
    "training/classes": lambda person, code: _enrolment(person, code).training_class,
    "training/enrolments": _enrolment,
    "directed-posts": _placed("directed", DirectedRecruitment),
    "awards": lambda person, code: _nomination(person, code).award,
    "nominations": _nomination,
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
    "ratings/cycles": lambda person, code: rated.scored(code).unit.cycle,
    "ratings/results": lambda person, code: StarGrade.objects.filter(division=code).first() or rated.star(code),
    "ratings/scores": lambda person, code: rated.scored(code),
    "review-cases": lambda person, code: person.cases.first() or factories.review_case(person, code),
}


def key_of(prefix: str, person: Person, code: str) -> str:
    """The key of the record of a resource about a person of the community `code`."""
    return str(MAKERS[prefix](person, code).pk)


def make_all(person: Person, code: str) -> None:
    for make in MAKERS.values():
        make(person, code)


def everything(world, paths: Iterable[str]) -> dict[str, str]:
    """One record for every path of the OpenAPI document that names one: path -> key. Every list then has rows."""
    run(INSPECTIONS["staffing"], on=world.today, trigger="manual")
    spring = Finding.objects.get(kind="staffing", division=w.SPRING)
    notice = issue_supervision(findings=[spring], text="x", working_days=5, by=world.users.district)
    person, out = world.people["赵春"], answered.published()
    keys = {f"/api/v1/{prefix}/{{id}}/": key_of(prefix, person, w.SPRING) for prefix in MAKERS} | {
        "/api/v1/divisions/{code}/": w.SPRING,
        "/api/v1/workers/{id}/": str(person.pk),
        "/api/v1/appointments/{id}/": str(person.appointments.first().pk),
        "/api/v1/certificates/{id}/": str(person.certificates.get().pk),
        "/api/v1/contracts/{id}/": str(person.contracts.get().pk),
        "/api/v1/supervisions/{id}/": str(notice.pk),
        "/api/v1/transfers/{id}/": str(factories.transfer(person, w.SPRING, w.AUTUMN).pk),
        "/api/v1/findings/{id}/": str(Finding.objects.first().pk),
        "/api/v1/published-replies/{id}/": str(out.pk),
    }
    faulty = rosters.judged(world.users.street, world.divisions[w.STREET], [rosters.line(1, tier="科员")])
    keys |= {path: str(faulty.pk) for path in paths if path.startswith("/api/v1/imports/{id}/")}
    # What is done to a record hangs below it.
    below = {path: keys[path.rpartition("{id}/")[0] + "{id}/"] for path in paths if "{id}/" in path}
    return keys | below | {"/api/v1/proposals/{id}/reply/document/": str(out.reply.handling.proposal_id)}


def address_of(path: str, keys: dict[str, str]) -> str:
    """The address of a path of the document, with the records of `everything` in it."""
    part = Handling.objects.filter(proposal=keys[path]).first().pk if "{handling}" in path else ""
    named = {"{id}": keys.get(path, ""), "{code}": keys.get(path, ""), "{key}": "workers", "{handling}": str(part)}
    for name, key in named.items():
        path = path.replace(name, key)
    return path
