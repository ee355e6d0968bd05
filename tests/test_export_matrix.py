"""Every list that can be taken out x every role x own, sibling and parent territory. A list without a row fails the suite."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.pages.exports import EXPORTS as ALL_EXPORTS
from tests import world as w
from tests.makers import MAKERS
from tests.matrix import (
    COMMUNITY_OF,
    EVERYBODY,
    FIGURE_READERS,
    HANDLERS,
    IN_PARENT,
    OFFICES,
    READERS,
    TERRITORIES,
    Page,
    reached,
)

# Who may take out which list; the permission is that of the list, so one route has a row per list.
EXPORTS = {
    "roster": Page(READERS),
    "transfers": Page(OFFICES),
    "imports": Page(OFFICES),
    "certificates": Page(READERS),
    "contracts": Page(READERS),
    "establishment": Page(FIGURE_READERS),
    "terms": Page(FIGURE_READERS),
    "grids": Page(READERS),
    "grades": Page(OFFICES),
    "payroll": Page(OFFICES),
    "schemes": Page(OFFICES),
    "ratings": Page(READERS),
    "rating-calibration": Page({"city", "district"}, "cycle"),
    "scores": Page(OFFICES, "scheme"),
    "rating-schemes": Page(READERS),
    "rating-trial": Page({"city", "district"}, "rating_scheme"),
    "classes": Page(READERS),
    "enrolments": Page(OFFICES, "class"),
    "cases": Page(OFFICES),
    "directed": Page(READERS),
    "awards": Page(READERS),
    "nominations": Page(OFFICES, "award_nominated"),
    "staffing": Page(FIGURE_READERS),
    "forecast": Page(FIGURE_READERS),
    "forecast-people": Page(READERS),
    "dashboard": Page(FIGURE_READERS),
    "indicators": Page(FIGURE_READERS),
    "indicator": Page(FIGURE_READERS, query={"key": "in_post"}),
    "indicators-compare": Page(FIGURE_READERS),
    "figure-people": Page(READERS, query={"key": "in_post"}),
    "figure-places": Page(FIGURE_READERS, query={"key": "one_shoulder_rate"}),
    "publications": Page(FIGURE_READERS),
    "publication-people": Page(READERS, "publication"),
    "publication-places": Page(FIGURE_READERS, "publication"),
    "service-places": Page(READERS),
    "premises": Page(READERS),
    "visits": Page(READERS),
    "requests": Page(READERS),
    "shifts": Page(READERS),
    "consequences": Page(READERS),
    "bonuses": Page(OFFICES),
    "stars": Page(READERS),
    "findings": Page(READERS),
    "supervisions": Page(READERS),
    "reports": Page(READERS | {"auditor"}),
    "letters": Page({"city", "district"}),
    "populations": Page(FIGURE_READERS),
    "needs": Page(READERS),
    "projects": Page(READERS),
    "facilities": Page(READERS),
    "features": Page(READERS),
    "deliberations": Page(READERS),
    "points": Page(READERS),
    "access": Page(READERS),
    "access-applications": Page(READERS),
    "access-refusals": Page(READERS),
    "promises": Page(HANDLERS),
    "proposals": Page(HANDLERS),
    "ledger": Page(READERS | {"auditor"}),
    "ledger-reports": Page(READERS | {"auditor"}),
    "audit-events": Page({"auditor"}),
    "audit-changes": Page({"auditor"}),
}


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
        query |= EXPORTS[key].query
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


def test_every_export_sends_a_stranger_to_the_login(world):
    answers = {key: Client().get(reverse("export", args=[key, "csv"])) for key in EXPORTS}
    found = {key: (answer.status_code, answer.get("Location", "").split("?")[0]) for key, answer in answers.items()}
    assert found == dict.fromkeys(EXPORTS, (302, "/login/"))


def test_clear_numbers_are_for_those_who_may_export_the_roster(world, login):
    address = reverse("export_clear", args=["roster"])
    answers = {role: login(getattr(world.users, role)).get(address).status_code for role in EVERYBODY}
    assert {role for role, status in answers.items() if status == 200} == OFFICES
    assert {status for role, status in answers.items() if role not in OFFICES} == {403}
    assert login(world.users.street).get(address, {"place": w.NEIGHBOUR}).status_code == 404
    assert login(world.users.street).get(reverse("export_clear", args=["contracts"])).status_code == 404
