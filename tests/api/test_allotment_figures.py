"""Allotted heads by REST: as of a day, not in force where nobody set a rule, and the communities behind a number."""

from datetime import timedelta

import pytest

from portal.core.accounts.roles import Scope
from tests import world as w
from tests.workforce.test_allotment_queries import FOUR_PLUS_N, rule
from workforce.actions.tallies import recount

pytestmark = pytest.mark.django_db
URL = "/api/v1/indicators/"


@pytest.fixture
def city(world, api):
    rule("staffing.allotment", FOUR_PLUS_N, division=w.STREET, since=world.today - timedelta(days=10))
    recount()
    return api(world.users.city, Scope.STATS_READ, Scope.ROSTER_READ)


def found(client, path: str, **query) -> list[dict]:
    response = client.get(URL + path, query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_a_day_before_the_rule_has_other_heads_than_today(world, city):
    days = {"today": world.today, "before": world.today - timedelta(days=11)}
    figures = {name: found(city, "allotted/", division=w.STREET, on=str(day))[0] for name, day in days.items()}
    assert {name: (row["value"], row["origin"]) for name, row in figures.items()} == {
        "today": ("12", "today"),
        "before": ("8", "rows"),
    }


def test_an_engine_that_nobody_set_is_not_in_force_and_missing_data_is_no_zero(city):
    (brackets,) = found(city, "allotted_by_brackets/", division=w.CITY)
    (unknown,) = found(city, "allotment_missing/", division=w.UNKNOWN)
    assert (brackets["value"], brackets["state"]) == (None, "not_in_force")
    assert (unknown["value"], unknown["state"]) == (None, "no_data")


def test_rows_behind_are_communities_with_what_each_adds(city):
    rows = found(city, "allotment_missing/rows/", division=w.CITY)
    assert [(row["kind"], row["id"], row["amount"]) for row in rows] == [
        ("allotment", w.SPRING, "5.00"),
        ("allotment", w.SUMMER, "3.00"),
        ("allotment", w.AUTUMN, "2.00"),
        ("allotment", w.SNOW, "2.00"),
    ]
    assert rows[0]["url"].endswith(f"/api/v1/divisions/{w.SPRING}/")
    rest = found(city, "allotment_met_share/rows/", division=w.CITY, part="rest")
    (share,) = found(city, "allotment_met_share/", division=w.CITY)
    assert len(rest) == share["denominator"] - share["numerator"] == 4
