"""`indicators/{key}/series/`: month ends as they were counted then, and today."""

from datetime import date, timedelta

import pytest

from portal.core.accounts.roles import Scope
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from workforce.models import Snapshot

URL = "/api/v1/indicators/certified_share/series/"
ENDS = (date(2024, 12, 31), date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 6, 30))


@pytest.fixture
def client(world, api):
    Snapshot.objects.all().delete()
    Snapshot.objects.bulk_create(
        Snapshot(division_id=code, on=day, workers=10, certified=number)
        for code in (w.STREET, w.NEIGHBOUR)
        for number, day in enumerate(ENDS)
    )
    return api(world.users.district, Scope.STATS_READ)


def rows(client, **query) -> list[dict]:
    response = client.get(URL, {"division": w.STREET, "from": "2024-12-01"} | query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_series_is_what_was_kept_and_today(world, client):
    found = rows(client)
    assert [row["on"] for row in found] == [*(day.isoformat() for day in ENDS), world.today.isoformat()]
    assert [row["value"] for row in found[:-1]] == ["0.0", "10.0", "20.0", "30.0", "40.0"]
    assert {row["origin"] for row in found[:-1]} == {"snapshot"}
    assert all(row["counted_at"].endswith("+08:00") for row in found[:-1])
    assert (found[-1]["origin"], found[-1]["counted_at"], found[-1]["value"]) == ("today", None, "50.0")


@pytest.mark.parametrize(
    ("step", "expected"),
    [("month", ENDS), ("quarter", (ENDS[0], ENDS[3], ENDS[4])), ("year", (ENDS[0],))],
)
def test_step_picks_the_ends(world, client, step, expected):
    assert [row["on"] for row in rows(client, step=step)] == [
        *(day.isoformat() for day in expected),
        world.today.isoformat(),
    ]


def test_from_and_to_bound_the_days(client):
    found = rows(client, **{"from": "2025-01-31", "to": "2025-03-30"})
    assert [row["on"] for row in found] == ["2025-01-31", "2025-02-28"]
    assert rows(client, **{"from": "2025-04-01", "to": "2025-04-01"}) == []


@pytest.mark.parametrize("days", [{"from": "2025-03-30", "to": "2025-01-31"}, {"from": "2099-01-01"}])
def test_from_after_to_is_a_fault_of_both(client, days):
    body = refused(client.get(URL, {"division": w.STREET} | days), 400, "invalid-parameter")
    assert [error["parameter"] for error in body["errors"]] == ["from", "to"]
    assert refused(client.post(URL, days), 405, "method-not-allowed")["status"] == 405


def test_two_years_are_given_by_default(world, client):
    found = client.get(URL, {"division": w.STREET}).json()["results"]
    assert all(date.fromisoformat(row["on"]) > world.today - timedelta(days=732) for row in found)


def test_kept_figures_are_judged_by_the_rule_of_their_day(client):
    factories.rule("certificate.share_target", {"percent": 30, "due": "2026-12-31"}, "96", since=date(2025, 2, 1))
    found = rows(client, to="2025-12-31")
    assert [row["status"] for row in found] == ["not_in_force", "not_in_force", "missed", "met", "met"]


def test_every_territory_has_its_series(world, api, client):
    both = factories.user("both", ("street", w.NEIGHBOUR), ("street", w.STREET))
    found = api(both).get(URL, {"from": "2025-06-01"}).json()["results"]
    today = world.today.isoformat()
    assert [(row["code"], row["on"]) for row in found] == [
        (code, day) for code in (w.STREET, w.NEIGHBOUR) for day in ("2025-06-30", today)
    ]


def test_series_is_paged_forth_and_back(client):
    page = client.get(URL, {"division": w.STREET, "from": "2024-12-01", "page_size": 4}).json()
    following = client.get(page["next"]).json()
    assert page["results"] + following["results"] == rows(client)
    assert client.get(following["previous"]).json()["results"] == page["results"]


def test_neighbours_series_is_missing(api, world, client):
    refused(api(world.users.street).get(URL, {"division": w.NEIGHBOUR}), 404, "not-found")
    refused(client.get(URL, {"step": "week"}), 400, "invalid-parameter")


def test_series_takes_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        rows(client)
