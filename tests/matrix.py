"""What the permission matrices stand on: roles, their own, sibling and parent territories, and a thing of every kind in one."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from portal.core.findings.models import Finding, Supervision, Webhook
from portal.core.indicators.models import Publication
from portal.core.indicators.publishing import publish
from portal.core.lib.vault import write_sealed
from portal.core.policy.models import PolicyRule
from portal.core.reports.models import Report
from portal.core.sheets.models import ColumnMapping, ImportBatch
from portal.core.territory.models import Division
from portal.registry import INDICATORS
from ratings.actions.evidence import path_of
from ratings.models import (
    AccessApplication,
    DepartmentOpinion,
    Evidence,
    Facility,
    Feature,
    Incident,
    ItemRefusal,
    ListItem,
    PointRule,
    Premises,
    RatingCycle,
    RatingScheme,
    SchemeItem,
)
from tests import factories
from tests import world as w
from tests.ratings import rated, scheme_builders
from tests.ratings.starred import exception, followed
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

OFFICES = {"city", "district", "street"}
READERS = OFFICES | {"community"}
# Who keeps the service records of communities.
KEEPERS = {"street", "community"}
ADMINS = {"system_admin", "security_admin"}
EVERYBODY = READERS | ADMINS | {"auditor"}

# Of every role: the own, a sibling and a parent territory; the country's roles have neither sibling nor parent.
TERRITORIES = {
    "city": (w.CITY, "97", None),
    "district": (w.DISTRICT, "960102", w.CITY),
    "street": (w.STREET, w.NEIGHBOUR, w.DISTRICT),
    "community": (w.SPRING, w.SUMMER, w.STREET),
    "auditor": (w.CITY, "97", None),
    "system_admin": (w.CITY, None, None),
    "security_admin": (w.CITY, None, None),
}
# A community in each territory and nowhere deeper shared: what lies in a parent lies in another child of it.
COMMUNITY_OF = {
    w.CITY: w.SNOW,
    "97": w.FAR,
    w.DISTRICT: w.AUTUMN,
    "960102": w.SNOW,
    w.STREET: w.SUMMER,
    w.NEIGHBOUR: w.AUTUMN,
    w.SPRING: w.SPRING,
    w.SUMMER: w.SUMMER,
}
IN_PARENT = {w.CITY: w.SNOW, w.DISTRICT: w.AUTUMN, w.STREET: w.SUMMER}


@dataclass(frozen=True)
class Page:
    """Who may open a page; `of` makes its address arguments for a division, none for a page without territory.

    `query`: what an export needs beside the place.
    """

    roles: set[str]
    of: str = ""
    method: str = "get"
    query: dict = field(default_factory=dict)


def _person(code):
    return [factories.worker("矩阵", code).pk]


def _appointment(code):
    return [Appointment.objects.get(person=factories.worker("矩阵", code)).pk]


def _finding(code):
    return [
        Finding.objects.create(
            kind="staffing",
            subject=f"matrix {code} {Finding.objects.count()}",
            division_id=code,
            facts={
                "level": 5, "workers": 0, "population": 1000, "basis": "ledger", "population_on": "2026-01-01",
                "heads": 18, "per": 10000, "required": 2, "gap": 2, "document": "x", "article": "", "on": "2026-01-01",
            },
            opened_on="2026-01-01",
            seen_on="2026-01-01",
        ).pk
    ]  # fmt: skip


def _batch(code):
    return [
        ImportBatch.objects.create(
            kind="needs" if code == w.SPRING else "roster", division_id=code, filename="名册.xlsx", sha256="0" * 64, size=1, state="cancelled",
            uploaded_by=factories.user(f"importer{ImportBatch.objects.count()}"),
        ).pk
    ]  # fmt: skip


def _mapping(code):
    header = f"表头{ColumnMapping.objects.count()}"
    return [ColumnMapping.objects.create(kind="roster", division_id=code, header=header, key="name").pk]


def _rule(code):
    return [
        PolicyRule.objects.create(
            kind="population.max_age",
            division_id=code,
            valid_from=date(2020, 1, 1) + timedelta(days=PolicyRule.objects.count()),
            valid_to=date(2020, 1, 2) + timedelta(days=PolicyRule.objects.count()),
            value={"months": 6},
            document="x",
        ).pk
    ]


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


def _report(code):
    """A draft about a place; its content is as small as one can be."""
    content = {
        "format": 1, "kind": "monthly_report", "label": "月上报", "title": "矩阵", "period": "2026年10月",
        "on": "2026-10-31", "place": {"code": code, "name": "矩阵", "level": "社区"},
        "days": {"previous": "2026-09-30", "year": "2025-10-31"}, "indicators": {}, "sections": [],
    }  # fmt: skip
    period = f"{1990 + Report.objects.count() % 100}-10"
    day = date(int(period[:4]), 10, 31)
    return [
        Report.objects.create(
            kind="monthly_report", division_id=code, cadence="month", period=period, starts_on=day.replace(day=1),
            ends_on=day, due_on=day, content=content, digest="0" * 64, figures_at=timezone.now(), made_by="test",
        ).pk
    ]  # fmt: skip


def _webhook(code):
    return [
        Webhook.objects.create(
            name="x", url="https://127.0.0.1/", secret=Webhook.new_secret(), territory_id=code, created_by="test"
        ).pk
    ]


def _term(code):
    day = date(1990, 1, 1) + timedelta(days=Term.objects.count())
    return [factories.term(code, elected_on=day, valid_from=day, valid_to=day + timedelta(days=1)).pk]


def _application(code):
    return [
        PostApplication.objects.create(
            division_id=code, worker_class="staff", posts=2, starts_on="2026-01-01", reason="x"
        ).pk
    ]


def _supervision(code):
    return [
        Supervision.objects.create(
            issuer_id=code, year=2026, serial=Supervision.objects.count() + 1, division_id=code, text="x",
            issued_on="2026-11-23", working_days=5, due_on="2026-11-30", issued_by="test",
        ).pk
    ]  # fmt: skip


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


def _scheme(code):
    return [
        AssessmentScheme.objects.create(
            division_id=code, year=2020 + AssessmentScheme.objects.count() % 80, name="x", indicators=[], bands=[]
        ).pk
    ]


def _rating_scheme(code):
    """A scheme in use, which everybody who reads schemes may see."""
    return [scheme_builders.scheme(code, year=2001 + RatingScheme.objects.count() % 90).pk]


def _publication(code):
    """A published number of workers; `on` tells one from the next."""
    day = date(2026, 1, 1) - timedelta(days=Publication.objects.count())
    division = Division.objects.get(pk=code)
    return [publish(indicator=INDICATORS["in_post"], division=division, on=day, title="x", by=None).pk]


def _premises(code):
    return [factories.premises(code, f"矩阵{Premises.objects.count()}").pk]


def _visit(code):
    return [factories.visit(Premises.objects.get(pk=_premises(code)[0])).pk]


def _request(code):
    return [factories.service_request(code).pk]


def _consequence(code):
    return [followed(code).pk]


def _exception(code):
    return [exception(code).pk]


def _need(code):
    return [factories.need(code).pk]


def _project(code):
    return [factories.project(code).pk]


def _facility(code):
    return [factories.facility(code, f"矩阵{Facility.objects.count()}").pk]


def _feature(code):
    return [factories.feature(code, since=date(2024, 1, 1) + timedelta(days=Feature.objects.count())).pk]


def _matter(code):
    return [factories.deliberation(code).pk]


def _point_rule(code):
    return [factories.point_rule(code, f"矩阵{PointRule.objects.count()}").pk]


def _list_item(code):
    return [factories.list_item(code, f"矩阵{ListItem.objects.count()}").pk]


def _access(code):
    return [factories.access_application(code, factories.user(f"officer{AccessApplication.objects.count()}")).pk]


def _refusal(code):
    return [factories.refusal(code, factories.user(f"refuser{ItemRefusal.objects.count()}")).pk]


def _cycle(code):
    """A rating of one unit that is scored at its own stage."""
    year = 2100 - RatingCycle.objects.count()
    return [rated.cycle(code, year=year, stage="self").pk]


def _rated_unit(code, stage="self", cycle_stage="self"):
    year = 2100 - RatingCycle.objects.count()
    cycle = rated.cycle(code, year=year, stage=cycle_stage)
    return rated.unit(cycle, code, stage=stage)


def _evidence(code):
    unit = _rated_unit(code)
    item = unit.scheme.items.first() or SchemeItem.objects.create(scheme=unit.scheme, order=1, label="x", points=100)
    by = factories.user(f"filer{Evidence.objects.count()}")
    row = Evidence.objects.create(
        unit=unit, item=item, filename="x.pdf", content_type="pdf", size=1, sha256="0" * 64, added_by=by
    )
    write_sealed(path_of(row.pk), [b"x"], f"ratings.evidence:{row.pk}")
    return [row.pk]


def _incident(code):
    unit = _rated_unit(code)
    item = SchemeItem.objects.create(scheme=unit.scheme, order=90, label="x", kind="veto")
    by = factories.user(f"reporter{Incident.objects.count()}")
    return [
        Incident.objects.create(unit=unit, item=item, happened_on="2026-01-01", text="x", entered_by=by).pk,
        "confirm",
    ]


def _opinion(code):
    cycle = RatingCycle.objects.get(pk=_cycle(code)[0])
    by = factories.user(f"sayer{DepartmentOpinion.objects.count()}")
    given = {"department": "x", "stand": "agrees", "given_on": "2026-01-01", "entered_by": by}
    return [DepartmentOpinion.objects.create(cycle=cycle, **given).pk]


MAKERS = {
    "cycle": _cycle,
    "cycle_act": lambda code: [*_cycle(code), "extend"],
    "rated_unit": lambda code: [_rated_unit(code).pk],
    "rated_unit_act": lambda code: [_rated_unit(code).pk, "send-back"],
    "evidence": _evidence,
    "incident": _incident,
    "opinion": _opinion,
    "starred": lambda code: [rated.starred(code).division_id],
    "star_draft": lambda code: [rated.drafted(code).pk],
    "objection": lambda code: [rated.objection(rated.held(code)).pk],
    "community": lambda code: [code],
    "need": _need,
    "project": _project,
    "project_step": lambda code: [*_project(code), "approve"],
    "facility": _facility,
    "feature": _feature,
    "feature_kind": lambda code: [code, "mediation"],
    "matter": _matter,
    "matter_step": lambda code: [*_matter(code), "hold"],
    "point_rule": _point_rule,
    "list_item": _list_item,
    "access": _access,
    "access_step": lambda code: [*_access(code), "review"],
    "refusal": _refusal,
    "unit": lambda code: [code],
    "consequence": _consequence,
    "exception": _exception,
    "premises": _premises,
    "visit": _visit,
    "request": _request,
    "request_act": lambda code: [*_request(code), "withdraw"],
    "shifts_day": lambda code: [code, "2026-01-05"],
    "rating_scheme": _rating_scheme,
    "rating_scheme_act": lambda code: [*_rating_scheme(code), "use"],
    "rating_item": lambda code: [RatingScheme.objects.get(pk=_rating_scheme(code)[0]).items.first().pk],
    "figure": lambda code: ["in_post"],
    "publication": _publication,
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
    "supervision": _supervision,
    "application": _application,
    "term": _term,
    "report": _report,
    "report_file": lambda code: [*_report(code), "docx"],
    "report_step": lambda code: [*_report(code), "refresh"],
    "webhook": _webhook,
    "case": _case,
    "certificate": lambda code: [_certificate(code).pk],
    "paper": lambda code: ["certificate", _certificate(code).pk],
    "papers": lambda code: [*_person(code), "certificate"],
    "division": lambda code: [code],
    "panel": lambda code: [code, "trend"],
    "person": _person,
    "appointment": _appointment,
    "finding": _finding,
    "batch": _batch,
    "mapping": _mapping,
    "rule": _rule,
    "kind": lambda code: ["population.max_age"],
}
PLACED = {
    "cycle",
    "cycle_act",
    "rated_unit",
    "rated_unit_act",
    "evidence",
    "incident",
    "opinion",
    "starred",
    "star_draft",
    "objection",
    "community",
    "need",
    "project",
    "project_step",
    "facility",
    "feature",
    "feature_kind",
    "matter",
    "matter_step",
    "point_rule",
    "list_item",
    "access",
    "access_step",
    "refusal",
    "unit",
    "consequence",
    "exception",
    "premises",
    "visit",
    "request",
    "request_act",
    "shifts_day",
    "rating_scheme",
    "rating_scheme_act",
    "rating_item",
    "publication",
    "panel",
    "scheme",
    "scheme_act",
    "record",
    "records",
    "contract",
    "transfer",
    "grid",
    "class",
    "directed",
    "award",
    "nomination",
    "supervision",
    "report",
    "report_file",
    "report_step",
    "application",
    "term",
    "case",
    "certificate",
    "paper",
    "papers",
    "division",
    "person",
    "appointment",
    "finding",
    "batch",
    "mapping",
    "rule",
}


def reached(response) -> bool:
    """The page answered for itself, if only to say what is missing from the form."""
    return response.status_code in {200, 302, 303, 400, 409, 422} and "/login/" not in response.get("Location", "")
