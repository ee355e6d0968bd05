"""certificates/ and registrations/: what people in post hold on a day."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.accounts.roles import Scope
from tests import factories
from tests import world as w

D = date


@pytest.fixture
def held(world):
    made = world.people["孙夏"].certificates.get()
    factories.registration(made, D(2024, 6, 1))
    factories.registration(made, D(2027, 5, 1))
    return made


def rows(client, path, **query) -> list[dict]:
    response = client.get(f"/api/v1/{path}/", query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_certificates_carry_the_registration_of_the_day(world, api, held):
    client = api(world.users.street, *Scope)
    names = {row["worker"]["name"]: row for row in rows(client, "certificates", on="2026-11-22")}
    assert set(names) == {"赵春", "孙夏"}
    assert names["孙夏"] == {
        "id": held.pk,
        "worker": {"id": str(held.person_id), "name": "孙夏"},
        "level": "assistant",
        "number": held.number,
        "obtained_on": "2024-01-01",
        "issued_on": None,
        "registered_on": "2024-06-01",
        "registration_expires_on": "2027-06-01",
    }
    assert names["赵春"]["registered_on"] is None
    later = {row["worker"]["name"]: row for row in rows(client, "certificates", on="2027-05-01")}
    assert later["孙夏"]["registered_on"] == "2027-05-01"


def test_certificates_by_level_division_and_day(world, api, held):
    client = api(world.users.city, *Scope)

    def names(**query):
        return {row["worker"]["name"] for row in rows(client, "certificates", **query)}

    assert names() == {"赵春", "孙夏", "周秋"}
    assert names(level="assistant") == {"孙夏", "周秋"}
    assert names(division=w.SUMMER) == {"孙夏"}
    assert names(on="2023-12-31") == set()


def test_registrations_of_a_day_include_lapsed_ones(world, api, held):
    client = api(world.users.street, *Scope)
    found = rows(client, "registrations", on="2027-06-30")
    assert [(row["registered_on"], row["valid_to"]) for row in found] == [
        ("2024-06-01", "2027-06-02"),
        ("2027-05-01", "2030-05-02"),
    ]
    assert found[0]["certificate"] == {"id": held.pk, "level": "assistant"}
    assert len(rows(client, "registrations", on="2027-04-30")) == 1
    assert rows(client, "registrations", division=w.SPRING) == []


def test_registrations_of_a_leaver_are_read_one_by_one_only(world, api, held):
    world.people["孙夏"].appointments.update(valid_to=D(2026, 1, 1))
    client = api(world.users.street, *Scope)
    assert rows(client, "registrations") == []
    pk = held.registrations.first().pk
    assert client.get(f"/api/v1/registrations/{pk}/").json()["registered_on"] == "2024-06-01"
    assert api(world.users.neighbour, *Scope).get(f"/api/v1/registrations/{pk}/").status_code == 404


@pytest.mark.parametrize("path", ["certificates", "registrations"])
def test_lists_cost_the_same_for_one_row_and_for_many(world, api, path):
    client = api(world.users.city, *Scope)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            rows(client, path)
        return len(found)

    factories.registration(world.people["赵春"].certificates.get())
    queries()
    one = queries()
    for number in range(3):
        factories.registration(factories.certificate(factories.worker(f"补{number}", w.SPRING)))
    assert queries() == one
