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
from portal.core.findings.models import Finding
from portal.core.policy.models import PolicyRule
from portal.core.sheets.models import ImportBatch
from tests import factories
from tests import world as w
from workforce.models import Appointment

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


MAKERS = {
    "division": lambda code: [code],
    "table": lambda code: [code, "csv"],
    "person": _person,
    "appointment": _appointment,
    "finding": _finding,
    "batch": _batch,
    "rule": _rule,
    "kind": lambda code: ["population.max_age"],
    "form": lambda code: ["csv"],
}
PLACED = {"division", "table", "person", "appointment", "finding", "batch", "rule"}
PUBLIC = {"login", "healthz", "readyz", "set_language"}
OWN = {"logout", "password_change", "password_change_done", "tokens", "token_new"}
PAGES = {
    "today": Page(EVERYBODY),
    "division": Page(READERS | {"auditor"}, "division"),
    "division_uncounted": Page(READERS | {"auditor"}, "division"),
    "division_export": Page(READERS | {"auditor"}, "table"),
    "division_population": Page(OFFICES, "division"),
    "place_search": Page(READERS | {"auditor"}),
    "search": Page(READERS | {"auditor"}),
    "findings": Page(READERS),
    "finding": Page(READERS, "finding"),
    "finding_acknowledge": Page(OFFICES, "finding", "post"),
    "findings_acknowledge": Page(OFFICES, method="post"),
    "findings_inspect": Page(OFFICES, method="post"),
    "policies": Page(READERS | {"auditor"}),
    "policy_new": Page({"city", "district"}, "kind"),
    "imports": Page({"street"}),
    "import_new": Page({"street"}),
    "roster_template": Page({"street"}),
    "import": Page({"street"}, "batch"),
    "import_rows": Page({"street"}, "batch"),
    "import_errors": Page({"street"}, "batch"),
    "import_apply": Page({"street"}, "batch", "post"),
    "import_cancel": Page({"street"}, "batch", "post"),
    "roster": Page(READERS),
    "roster_export": Page(READERS, "form"),
    "worker": Page(READERS, "person"),
    "worker_new": Page({"street"}),
    "worker_reveal": Page(OFFICES, "person", "post"),
    "worker_post_new": Page({"street"}, "person"),
    "worker_leave": Page({"street"}, "person"),
    "appointment_edit": Page({"street"}, "appointment"),
    "appointment_end": Page({"street"}, "appointment"),
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
    assert names == PUBLIC | OWN | set(PAGES) | set(ACCOUNTS) | set(RULES) | set(TOKENS)


def reached(response) -> bool:
    """The page answered for itself, if only to say what is missing from the form."""
    return response.status_code in {200, 302, 303, 400, 409, 422} and "/login/" not in response.get("Location", "")


def call(client: Client, name: str, page: Page, arguments: list):
    return getattr(client, page.method)(reverse(name, args=arguments))


def outcomes(client: Client, name: str, page: Page, role: str) -> dict:
    """What `role` gets from a page in the own, a sibling and a parent territory."""
    whole = page.of in {"division", "table"}
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
