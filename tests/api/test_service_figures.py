"""`indicators/`: figures of service records: conditional answers, rows within the territory and without personal data."""

import pytest

from portal.core.accounts.roles import Scope
from portal.core.lib.clock import today
from ratings.actions.tallies import refresh_tallies
from tests import factories
from tests import world as w
from tests.ratings.counters.chance import Chance
from workforce.actions.tallies import recount

URL = "/api/v1/indicators/"


@pytest.fixture
def visited(world):
    """Two households due in spring, one of them visited today."""
    first = factories.premises(w.SPRING, "1号")
    factories.premises(w.SPRING, "2号")
    factories.visit(first)
    refresh_tallies([w.SPRING])
    return first


def test_answers_of_the_interface_follow_a_visit(visited, world, api):
    client = api(world.users.city, *Scope)
    address, asked = f"{URL}visit_coverage_households/", {"division": w.SPRING}
    first = client.get(address, asked)
    assert first.json()["results"][0]["value"] == "50.0"
    assert client.get(address, asked, headers={"if-none-match": first["ETag"]}).status_code == 304
    factories.visit(visited.__class__.objects.get(label="2号"))
    refresh_tallies([w.SPRING])
    again = client.get(address, asked, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.json()["results"][0]["value"]) == (200, "100.0")


def test_rows_behind_coverage_are_premises_without_personal_data(visited, world, api):
    client = api(world.users.city, *Scope)
    found = client.get(f"{URL}visit_coverage_households/rows/", {"division": w.SPRING, "part": "denominator"}).json()
    assert [(row["kind"], row["name"], row["division"]["code"]) for row in found["results"]] == [
        ("premises", "1号", w.SPRING),
        ("premises", "2号", w.SPRING),
    ]


def test_rows_of_a_sibling_street_are_not_there(visited, world, api):
    client = api(world.users.neighbour, *Scope)
    assert client.get(f"{URL}households/rows/", {"division": w.SPRING}).status_code == 404
    assert client.get(f"{URL}households/rows/").json()["results"] == []


@pytest.mark.parametrize("role", ["city", "community"])
def test_rows_of_every_kind_have_names_and_pages(world, api, login, role):
    Chance(3, today()).fill(3)
    recount()
    client, pages = api(world.users.city, *Scope), login(getattr(world.users, role))
    for key in (
        "requests", "needs_found", "projects_approved", "facilities", "grid_presence_share", "grid_presence_days_share",
        "visit_time_share", "deliberations", "stars", "organisations_complete", "public_space_share", "households",
    ):  # fmt: skip
        found = client.get(f"{URL}{key}/rows/", {"division": w.SPRING}).json()["results"]
        assert all(row["name"] for row in found), key
        response = pages.get(f"/indicators/{key}/rows/", {"place": w.SPRING})
        assert response.status_code == 200, key
