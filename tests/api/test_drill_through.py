"""From a figure to its rows by the addresses that the figure gives: every number leads to as many rows as it says."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.core.accounts.roles import Scope
from portal.core.indicators import days
from portal.core.indicators.parts import listed_parts
from portal.registry import INDICATORS
from portal.rest import indicator_rows
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from workforce.actions.tallies import recount
from workforce.enums import ExitReason
from workforce.models import Exit

URL = "/api/v1/indicators/"


@pytest.fixture
def city(world, api):
    return api(world.users.city, *Scope)


def results(client, address: str, **query) -> list[dict]:
    response = client.get(address, query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def followed(client, address: str) -> list[dict]:
    """The rows at an address that a figure gave."""
    return results(client, f"{address}&page_size=500")


def part_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["part"][0]


# Staffing --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["province", "district", "street", "community"])
def test_heads_and_certified_of_staffing_lead_to_their_people(world, city, level):
    found = results(city, "/api/v1/staffing/", level=level)
    assert found
    for row in found:
        assert set(row["rows"]) == {"workers", "certified"}
        for name, address in row["rows"].items():
            assert address.startswith(f"http://testserver{URL}{name}/rows/?division={row['code']}&on={row['on']}&")
            assert len(followed(city, address)) == row[name]


def test_rows_of_staffing_are_columns_of_its_sheet(city):
    head = city.get("/api/v1/staffing/", headers={"accept": "text/csv"}).getvalue().decode("utf-8-sig").splitlines()[0]
    assert head.split(",")[-2:] == ['"rows.workers"', '"rows.certified"']
    (row,) = results(city, "/api/v1/staffing/", division=w.SPRING, fields="code,rows")
    assert set(row) == {"code", "rows"}


def test_staffing_of_a_past_day_leads_to_the_rows_of_that_day(world, city):
    (row,) = results(city, "/api/v1/staffing/", division=w.SPRING, on="2024-06-01")
    assert "on=2024-06-01" in row["rows"]["workers"]
    assert len(followed(city, row["rows"]["workers"])) == row["workers"]


# Figures ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def left(world):
    """One who has left within the year."""
    gone = factories.person("何去")
    factories.appointment(gone, w.SPRING, valid_from=date(2020, 1, 1), valid_to=world.today)
    Exit.objects.create(person=gone, division_id=w.SPRING, left_on=world.today, reason=ExitReason.RESIGNATION)
    recount()


@pytest.mark.parametrize("key", INDICATORS)
def test_every_listed_part_of_a_figure_has_an_address_that_answers(city, key):
    (row,) = results(city, f"{URL}{key}/", division=w.DISTRICT)
    listed = {name for name, part in listed_parts(INDICATORS[key]).items() if part.counter}
    given = {name: address for name, address in row["rows"].items() if address}
    assert set(given) == (listed if row["state"] != "not_applicable" else set())
    assert {"numerator", "denominator", "rest", "workers", "exits_12m"} == set(row["rows"])
    for name, address in given.items():
        assert part_of(address) == name
        followed(city, address)


def test_share_leads_to_those_whom_it_leaves_out(city):
    (row,) = results(city, f"{URL}certified_share/", division=w.DISTRICT)
    rest = followed(city, row["rows"]["rest"])
    assert len(rest) == row["denominator"] - row["numerator"] == 2
    assert {one["name"] for one in rest} == {"钱风", "李雨"}


def test_gap_leads_to_those_in_post(city):
    (row,) = results(city, f"{URL}staffing_gap/", division=w.SPRING)
    assert {one["name"] for one in followed(city, row["rows"]["workers"])} == {"赵春", "钱风"}
    assert (row["rows"]["numerator"], row["rows"]["denominator"]) == (None, None)


def test_turnover_leads_to_both_halves_of_its_denominator(city, left):
    (row,) = results(city, f"{URL}turnover_rate/", division=w.SPRING)
    halves = [followed(city, row["rows"][name]) for name in ("workers", "exits_12m")]
    assert sum(map(len, halves)) == row["denominator"] == 3
    assert [one["name"] for one in halves[1]] == ["何去"]


# Long lists ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(monkeypatch):
    """The province is too many people; a list may have three rows there."""
    monkeypatch.setattr(days, "PEOPLE_AT_MOST", 3)
    monkeypatch.setattr(indicator_rows, "LISTED_ROWS", 3)


def test_short_list_of_a_big_place_is_given_and_a_long_one_refused(city, crowd):
    assert len(results(city, f"{URL}certified/rows/", division=w.CITY)) == 3
    assert len(results(city, f"{URL}certified_share/rows/", division=w.CITY)) == 3
    body = refused(city.get(f"{URL}workers/rows/", {"division": w.CITY}), 422, "too-many-rows-to-count")
    assert [error["parameter"] for error in body["errors"]] == ["division"]
    assert "下级" in body["detail"]
    rest = results(city, f"{URL}certified_share/rows/", division=w.CITY, part="rest")
    assert {row["name"] for row in rest} == {"钱风", "李雨", "吴同"}
    assert len(results(city, f"{URL}workers/rows/", division=w.SPRING)) == 2


def test_number_is_that_of_the_own_territory(world, api, crowd):
    """Without a division all territories count, and nothing beyond them."""
    both = factories.user("both", ("street", w.STREET), ("street", "960102001"))
    assert len(results(api(both, *Scope), f"{URL}certified/rows/")) == 2
    refused(api(both, *Scope).get(f"{URL}workers/rows/"), 422, "too-many-rows-to-count")
    country = api(factories.user("country", ("city", "")), *Scope)
    refused(country.get(f"{URL}certified/rows/"), 422, "too-many-rows-to-count")
    assert len(results(country, f"{URL}uncertified_share/rows/", division="97")) == 0


def test_day_that_cannot_be_counted_names_what_may_be_asked_otherwise(city, crowd):
    for address in (f"{URL}workers/", f"{URL}certified/rows/", "/api/v1/staffing/"):
        body = refused(city.get(address, {"division": w.CITY, "on": "2025-02-14"}), 422, "too-many-rows-to-count")
        assert [error["parameter"] for error in body["errors"]] == ["on", "division"]


def test_count_that_is_not_in_force_tells_no_number_and_a_share_without_data_tells_which_is_missing(city):
    found = {
        key: next(row for row in results(city, f"{URL}{key}/", division=code) if row["code"] == code)
        for key, code in (("certificate_overdue", w.DISTRICT), ("certified_share", w.SNOW))
    }
    assert [(row["state"], row["numerator"], row["denominator"]) for row in found.values()] == [
        ("not_in_force", None, None),
        ("no_data", 0, 0),
    ]
