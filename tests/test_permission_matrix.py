"""Every page x every role x own, sibling and parent territory. A route without a row here fails the suite.

A row says who may use a page and where its territory comes from. What must happen follows: the page inside the own
territory, 404 outside as for a thing that does not exist, 403 without the permission, the log-in page for strangers.
REST has the same matrix in `tests/api/test_access.py`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from portal.core.accounts.models import ApiToken
from portal.core.findings.models import Finding, Supervision, Webhook
from portal.core.policy.models import PolicyRule
from portal.core.sheets.models import ColumnMapping, ImportBatch
from portal.core.territory.models import Division
from portal.pages.exports import EXPORTS as ALL_EXPORTS
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

OFFICES = {"city", "district", "street"}
READERS = OFFICES | {"community"}
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
    """Who may open a page; `of` makes its address arguments for a division, none for a page without territory."""

    roles: set[str]
    of: str = ""
    method: str = "get"


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
            kind="roster", division_id=code, filename="名册.xlsx", sha256="0" * 64, size=1, state="cancelled",
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
    "supervision": _supervision,
    "application": _application,
    "term": _term,
    "webhook": _webhook,
    "case": _case,
    "certificate": lambda code: [_certificate(code).pk],
    "paper": lambda code: ["certificate", _certificate(code).pk],
    "papers": lambda code: [*_person(code), "certificate"],
    "division": lambda code: [code],
    "person": _person,
    "appointment": _appointment,
    "finding": _finding,
    "batch": _batch,
    "mapping": _mapping,
    "rule": _rule,
    "kind": lambda code: ["population.max_age"],
}
PLACED = {
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
PUBLIC = {"login", "healthz", "readyz", "set_language"}
OWN = {"my_notices", "logout", "password_change", "password_change_done", "tokens", "token_new"}
PAGES = {
    "today": Page(EVERYBODY),
    "division": Page(READERS | {"auditor"}, "division"),
    "division_uncounted": Page(READERS | {"auditor"}, "division"),
    "division_population": Page(OFFICES, "division"),
    "place_search": Page(READERS | {"auditor"}),
    "search": Page(READERS | {"auditor"}),
    "findings": Page(READERS),
    "finding": Page(READERS, "finding"),
    "finding_act": Page(OFFICES, "finding", "post"),
    "findings_bulk": Page(OFFICES, method="post"),
    "findings_inspect": Page(OFFICES, method="post"),
    "supervisions": Page(READERS),
    "supervision_new": Page(OFFICES),
    "supervision": Page(READERS, "supervision"),
    "runs": Page(READERS | {"system_admin"}),
    "webhooks": Page({"system_admin"}),
    "webhook_new": Page({"system_admin"}),
    "webhook": Page({"system_admin"}, "webhook"),
    "webhook_test": Page({"system_admin"}, "webhook", "post"),
    "webhook_switch": Page({"system_admin"}, "webhook", "post"),
    "webhook_renew": Page({"system_admin"}, "webhook", "post"),
    "calendar": Page({"system_admin"}),
    "policies": Page(READERS | {"auditor"}),
    "policy_new": Page({"city", "district"}, "kind"),
    "policy_what_if": Page(READERS | {"auditor"}, "kind"),
    "grades": Page(OFFICES),
    "grade_proposal": Page(OFFICES, "person"),
    "grades_accept": Page({"street"}, method="post"),
    "payroll": Page(OFFICES),
    "assessments": Page(OFFICES),
    "scheme_new": Page({"district", "street"}),
    "scheme": Page(OFFICES, "scheme"),
    "scheme_edit": Page({"district", "street"}, "scheme"),
    "scheme_scores": Page({"district", "street"}, "scheme"),
    "scheme_cases": Page(OFFICES, "scheme"),
    "scheme_act": Page({"district", "street"}, "scheme_act"),
    "imports": Page(OFFICES),
    "import_new": Page(OFFICES),
    "roster_template": Page(OFFICES),
    "import": Page(OFFICES, "batch"),
    "import_rows": Page(OFFICES, "batch"),
    "import_errors": Page(OFFICES, "batch"),
    "import_apply": Page(OFFICES, "batch", "post"),
    "import_cancel": Page(OFFICES, "batch", "post"),
    "import_annotated": Page(OFFICES, "batch"),
    "import_mapping": Page(OFFICES, "batch"),
    "import_mappings": Page(OFFICES),
    "import_mapping_forget": Page(OFFICES, "mapping", "post"),
    "import_leaving": Page(OFFICES, "batch"),
    "import_transfers": Page(OFFICES, "batch", "post"),
    "import_undo": Page(OFFICES, "batch"),
    "roster": Page(READERS),
    "roster_grid_home": Page({"street"}),
    "roster_grid": Page({"street"}, "division"),
    "roster_grid_data": Page({"street"}, "division"),
    "roster_grid_check": Page({"street"}, "division", "post"),
    "roster_grid_apply": Page({"street"}, "division", "post"),
    "roster_grid_draft": Page({"street"}, "division"),
    "worker": Page(READERS, "person"),
    "worker_new": Page({"street"}),
    "worker_reveal": Page(OFFICES, "person", "post"),
    "worker_post_new": Page({"street"}, "person"),
    "worker_leave": Page({"street"}, "person"),
    "worker_move": Page({"street"}, "person"),
    "transfers": Page(OFFICES),
    "transfer": Page(OFFICES, "transfer"),
    "transfer_new": Page({"street"}),
    "transfer_agree": Page(OFFICES, "transfer"),
    "transfer_refuse": Page(OFFICES, "transfer"),
    "transfer_withdraw": Page(OFFICES, "transfer"),
    "appointment_edit": Page({"street"}, "appointment"),
    "appointment_end": Page({"street"}, "appointment"),
    "establishments": Page(READERS | {"auditor"}),
    "establishment": Page(READERS | {"auditor"}, "division"),
    "establishment_apply": Page({"street"}, "division"),
    "establishment_set": Page({"city", "district"}, "division"),
    "establishment_application": Page(READERS | {"auditor"}, "application"),
    "establishment_decide": Page({"city", "district"}, "application", "post"),
    "establishment_withdraw": Page({"street"}, "application", "post"),
    "establishment_exception": Page({"city", "district"}, "appointment"),
    "terms": Page(READERS | {"auditor"}, "division"),
    "term_new": Page({"street"}, "division"),
    "term_edit": Page({"street"}, "term"),
    "certificates": Page(READERS),
    "contracts": Page(READERS),
    "cases": Page(OFFICES),
    "case": Page(OFFICES, "case"),
    "case_clear": Page(OFFICES, "case", "post"),
    "paper_new": Page({"street"}, "papers"),
    "paper_edit": Page({"street"}, "paper"),
    "registration_new": Page({"street"}, "certificate"),
    "appointment_take_back": Page({"street"}, "appointment"),
    "record_new": Page({"street"}, "records"),
    "record_edit": Page({"street"}, "record"),
    "record_end": Page({"street"}, "record"),
    "record_take_back": Page({"street"}, "record"),
    "contract_renew": Page({"street"}, "contract"),
    "grids": Page(READERS, "division"),
    "grid_new": Page({"street"}, "division"),
    "grid_edit": Page({"street"}, "grid"),
    "grid_end": Page({"street"}, "grid"),
    "gridpost_new": Page({"street"}, "grid"),
    "training": Page(READERS),
    "training_rotation": Page(READERS),
    "training_new": Page(OFFICES),
    "training_class": Page(READERS, "class"),
    "training_edit": Page(OFFICES, "class"),
    "training_enrol": Page(OFFICES, "class"),
    "training_marks": Page(OFFICES, "class", "post"),
    "careers": Page(READERS),
    "careers_secretaries": Page(READERS),
    "directed_new": Page({"city", "district"}),
    "directed_edit": Page({"city", "district"}, "directed"),
    "awards": Page(READERS),
    "award": Page(READERS, "award"),
    "award_new": Page({"city", "district"}),
    "award_edit": Page({"city", "district"}, "award"),
    "nomination_new": Page({"city", "district"}, "award"),
    "nomination_move": Page({"city", "district"}, "nomination"),
    "accounts": Page(ADMINS),
    "account_new": Page({"system_admin"}),
    "audit": Page({"auditor"}),
    "audit_changes": Page({"auditor"}),
}

# Pages of a single account, grant, token or rule have rules of their own beside the permission: tested where they live.
ACCOUNTS = {
    "account": ADMINS,
    "account_change": {"system_admin"},
    "account_reset": {"system_admin"},
    "account_deactivate": {"system_admin"},
    "account_activate": {"system_admin"},
    "account_unlock": {"security_admin"},
    "account_end_sessions": {"security_admin"},
    "grant_new": {"security_admin"},
    "grant_withdraw": {"security_admin"},
}
TOKENS = {"token_rotate", "token_revoke"}
# Who may take out which list; the permission is that of the list, so one route has a row per list.
EXPORTS = {
    "roster": Page(READERS),
    "transfers": Page(OFFICES),
    "imports": Page(OFFICES),
    "certificates": Page(READERS),
    "contracts": Page(READERS),
    "establishment": Page(READERS | {"auditor"}),
    "terms": Page(READERS | {"auditor"}),
    "grids": Page(READERS),
    "grades": Page(OFFICES),
    "payroll": Page(OFFICES),
    "schemes": Page(OFFICES),
    "scores": Page(OFFICES, "scheme"),
    "classes": Page(READERS),
    "enrolments": Page(OFFICES, "class"),
    "cases": Page(OFFICES),
    "staffing": Page(READERS | {"auditor"}),
    "findings": Page(READERS),
    "supervisions": Page(READERS),
    "populations": Page(READERS | {"auditor"}),
    "audit-events": Page({"auditor"}),
    "audit-changes": Page({"auditor"}),
}
EXPORT_ROUTES = {"export", "export_clear"}
RULES = {
    "policy_end": Page({"city", "district"}, "rule"),
    "policy_withdraw": Page({"city", "district"}, "rule"),
}


def _names(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.name
        else:
            yield from _names(pattern.url_patterns, prefix + str(pattern.pattern))


def test_every_page_has_a_row():
    names = {name for route, name in _names(get_resolver().url_patterns) if not route.startswith("api/")}
    assert names == PUBLIC | OWN | set(PAGES) | set(ACCOUNTS) | set(RULES) | set(TOKENS) | EXPORT_ROUTES


def test_every_list_that_can_be_taken_out_has_a_row():
    assert set(ALL_EXPORTS) == set(EXPORTS)


def _taken_out(client: Client, key: str, role: str) -> dict:
    """What `role` gets of a list for the own, a sibling and a parent territory."""
    own, sibling, parent = TERRITORIES[role]
    codes = {"own": own, "sibling": sibling, "parent": parent}
    found = {}
    for where, code in codes.items():
        if code is None:
            continue
        of = EXPORTS[key].of
        inside = COMMUNITY_OF.get(code) if where != "parent" else IN_PARENT[code]
        query = {"pk": MAKERS[of](inside)[0]} if of and inside else {"place": code}
        response = client.get(reverse("export", args=[key, "csv"]), query)
        response.getvalue()
        found[where] = "reached" if reached(response) else response.status_code
    return found


@pytest.mark.parametrize("key", sorted(EXPORTS))
def test_export(world, login, key):
    found = {role: _taken_out(login(getattr(world.users, role)), key, role) for role in sorted(EVERYBODY)}
    expected = {
        role: {
            where: (("reached" if where == "own" else 404) if role in EXPORTS[key].roles else 403) for where in answers
        }
        for role, answers in found.items()
    }
    assert found == expected


@pytest.mark.parametrize("key", sorted(EXPORTS))
def test_export_sends_a_stranger_to_the_login(world, key):
    response = Client().get(reverse("export", args=[key, "csv"]))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")


def test_clear_numbers_are_for_those_who_may_export_the_roster(world, login):
    address = reverse("export_clear", args=["roster"])
    answers = {role: login(getattr(world.users, role)).get(address).status_code for role in EVERYBODY}
    assert {role for role, status in answers.items() if status == 200} == OFFICES
    assert {status for role, status in answers.items() if role not in OFFICES} == {403}
    assert login(world.users.street).get(address, {"place": w.NEIGHBOUR}).status_code == 404
    assert login(world.users.street).get(reverse("export_clear", args=["contracts"])).status_code == 404


def reached(response) -> bool:
    """The page answered for itself, if only to say what is missing from the form."""
    return response.status_code in {200, 302, 303, 400, 409, 422} and "/login/" not in response.get("Location", "")


def call(client: Client, name: str, page: Page, arguments: list):
    return getattr(client, page.method)(reverse(name, args=arguments))


def outcomes(client: Client, name: str, page: Page, role: str) -> dict:
    """What `role` gets from a page in the own, a sibling and a parent territory."""
    whole = page.of == "division"
    make = MAKERS.get(page.of, lambda code: [])
    own, sibling, parent = TERRITORIES[role]
    codes = {"own": own if whole else COMMUNITY_OF[own]}
    if page.of in PLACED:
        codes |= {"sibling": sibling if whole else COMMUNITY_OF.get(sibling)} if sibling else {}
        codes |= {"parent": parent if whole else IN_PARENT[parent]} if parent else {}
    answers = {where: call(client, name, page, make(code)) for where, code in codes.items()}
    return {where: "reached" if reached(a) else a.status_code for where, a in answers.items()}


@pytest.mark.parametrize("name", sorted(PAGES | RULES))
def test_page(world, login, name):
    page = (PAGES | RULES)[name]
    found = {role: outcomes(login(getattr(world.users, role)), name, page, role) for role in sorted(EVERYBODY)}
    expected = {
        role: {where: (("reached" if where == "own" else 404) if role in page.roles else 403) for where in answers}
        for role, answers in found.items()
    }
    assert found == expected


@pytest.mark.parametrize("name", sorted(ACCOUNTS))
def test_account_page(world, login, name):
    target = factories.user("target", ("community", w.SPRING), division=w.SPRING)
    key = target.grants.get().pk if name == "grant_withdraw" else target.pk
    answers = {role: login(getattr(world.users, role)).get(reverse(name, args=[key])) for role in EVERYBODY}
    assert {role for role, answer in answers.items() if answer.status_code != 403} == ACCOUNTS[name]
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 403, 404, 405}


@pytest.mark.parametrize("name", sorted(TOKENS))
def test_token_of_somebody_else_does_not_exist(world, login, name):
    token = ApiToken.objects.create(
        user=world.users.city, name="x", prefix="cwp_x", digest="0" * 64, scopes=["stats:read"],
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    assert login(world.users.street).post(reverse(name, args=[token.pk])).status_code == 404


@pytest.mark.parametrize("name", sorted((set(PAGES) | OWN | set(ACCOUNTS) | set(RULES)) - {"logout"}))
def test_stranger_is_sent_to_the_login(world, name):
    page = (PAGES | RULES).get(name, Page(set(), "account" if name in ACCOUNTS else ""))
    arguments = [1] if name in ACCOUNTS else MAKERS.get(page.of, lambda code: [])(w.SPRING)
    response = call(Client(), name, page, arguments)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")
