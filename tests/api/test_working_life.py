"""contracts/, training/classes/, training/enrolments/: what other systems read of working life."""

from datetime import date, timedelta

import pytest

from portal.core.accounts.roles import Scope
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from workforce.actions.records import withdraw


def rows(client, path: str, **query) -> list[dict]:
    response = client.get(f"/api/v1/{path}/", query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_contracts_of_a_day_with_renewals(world, api):
    person = world.people["孙夏"]
    held = person.contracts.get()
    held.valid_to = date(2026, 1, 1)
    held.save()
    factories.contract(person, valid_from=date(2026, 1, 1), party_kind="street", number="H1")
    client = api(world.users.street, Scope.ROSTER_READ)
    (now,) = [row for row in rows(client, "contracts", division=w.SUMMER) if row["worker"]["name"] == "孙夏"]
    assert now | {"id": 0, "worker": 0} == {
        "id": 0, "worker": 0, "kind": "labour", "number": "H1", "party": "一号街道办事处", "party_kind": "street",
        "valid_from": "2026-01-01", "valid_to": None, "probation_until": None, "renewals": 1,
    }  # fmt: skip
    then = rows(client, "contracts", division=w.SUMMER, on="2025-06-01")
    assert {row["renewals"] for row in then} == {0}
    assert rows(client, "contracts", kind="service") == []


def test_contract_taken_back_is_not_given_out(world, api):
    held = world.people["孙夏"].contracts.get()
    withdraw(held)
    client = api(world.users.street, Scope.ROSTER_READ)
    refused(client.get(f"/api/v1/contracts/{held.pk}/"), 404, "not-found")


@pytest.fixture
def held(world):
    made = factories.training_class(w.STREET, date(2026, 3, 1), level="street")
    factories.enrolment(made, world.people["孙夏"], w.SUMMER)
    factories.enrolment(made, world.people["李雨"], w.SUMMER, None)
    factories.enrolment(made, world.people["周秋"], w.AUTUMN)
    return made


def test_classes_count_people_of_the_territory(world, api, held):
    (street,) = rows(api(world.users.street, Scope.ROSTER_READ), "training/classes")
    assert (street["enrolled"], street["attended"], street["hours"]) == (2, 1, "8.0")
    (district,) = rows(api(world.users.district, Scope.ROSTER_READ), "training/classes", division=w.STREET, year=2026)
    assert (district["enrolled"], district["attended"]) == (3, 2)
    for query in ({"year": 2025}, {"level": "city"}, {"kind": "skills"}, {"division": w.NEIGHBOUR}):
        assert rows(api(world.users.district, Scope.ROSTER_READ), "training/classes", **query) == []


def test_enrolments_are_person_times_of_the_territory(world, api, held):
    client = api(world.users.street, Scope.ROSTER_READ)
    found = rows(client, "training/enrolments", training_class=held.pk, year=2026)
    assert [(row["worker"]["name"], row["attended"], row["result"]) for row in found] == [
        ("孙夏", True, ""), ("李雨", None, ""),
    ]  # fmt: skip
    assert rows(client, "training/enrolments", division=w.SPRING) == []
    assert rows(client, "training/enrolments", year=2025) == []


@pytest.mark.parametrize("path", ["contracts", "training/classes", "training/enrolments"])
def test_lists_cost_the_same_for_one_row_and_three(world, api, held, path, django_assert_max_num_queries):
    for number in range(2):
        person = factories.worker(f"添{number}", w.SUMMER)
        factories.enrolment(factories.training_class(w.STREET, world.today + timedelta(days=number)), person, w.SUMMER)
    client = api(world.users.street, Scope.ROSTER_READ)
    rows(client, path)
    with django_assert_max_num_queries(9):
        assert len(rows(client, path)) >= 3
