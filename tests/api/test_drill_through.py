"""From a figure to its rows by the addresses that the figure gives: every number leads to as many rows as it says."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.accounts.roles import Scope
from portal.core.indicators import days
from portal.core.indicators.parts import listed_parts
from portal.core.territory.models import Population
from portal.core.territory.totals import refresh_totals
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
        assert set(row["rows"]) == {"workers", "certified", "population"}
        for name, address in row["rows"].items():
            key = {"population": "staffing_ratio"}.get(name, name)
            assert address.startswith(f"http://testserver{URL}{key}/rows/?division={row['code']}&on={row['on']}&")
            behind = followed(city, address)
            assert (added(behind) if name == "population" else len(behind)) == (row[name] or 0)


def test_rows_of_staffing_are_columns_of_its_sheet(city):
    head = city.get("/api/v1/staffing/", headers={"accept": "text/csv"}).getvalue().decode("utf-8-sig").splitlines()[0]
    assert head.split(",")[-3:] == ['"rows.workers"', '"rows.certified"', '"rows.population"']
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
    listed = {name if part.counter else "population" for name, part in listed_parts(INDICATORS[key]).items()}
    given = {name: address for name, address in row["rows"].items() if address}
    assert set(given) == (listed if row["state"] != "not_applicable" else set())
    assert {"numerator", "denominator", "rest", "population", "workers", "exits_12m"} == set(row["rows"])
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


# Populations -----------------------------------------------------------------------------------------------------------

RESIDENT = [key for key, one in INDICATORS.items() if one.per_resident]


def added(rows: list[dict]) -> float:
    return sum(float(row["amount"]) for row in rows)


@pytest.fixture
def populated(world):
    """Records of the ledger below a district without its own, an older one, and another basis beside them."""
    past = world.today - timedelta(days=400)
    Population.objects.filter(division__in=[w.DISTRICT, w.STREET, w.NEIGHBOUR]).delete()
    for code, basis, on, value in (
        (w.SPRING, "ledger", past, 2500), (w.SPRING, "registered", world.today, 2900),
        (w.NEIGHBOUR, "ledger", past, 9000), (w.AUTUMN, "ledger", past, 4000), (w.UNKNOWN, "ledger", past, 4500),
    ):  # fmt: skip
        Population.objects.update_or_create(
            division_id=code, basis=basis, on=on, defaults={"value": value, "source": f"{code}登记"}
        )
    refresh_totals()
    recount()
    return past


@pytest.mark.parametrize("key", RESIDENT)
@pytest.mark.parametrize("code", [w.SPRING, w.STREET, w.DISTRICT, w.CITY, w.VILLAGE])
def test_population_leads_to_the_records_that_it_adds_up(city, populated, key, code):
    (row,) = results(city, f"{URL}{key}/", division=code)
    address = row["rows"]["population"]
    assert (address is None) == (row["state"] == "not_applicable")
    behind = results(city, f"{URL}{key}/rows/", division=code, part="population", page_size=500)
    assert added(behind) == (row["population"] or 0)
    if not address:
        return
    assert followed(city, address) == behind
    assert {one["population"]["basis"] for one in behind} <= {row["basis"]}
    assert {one["population"]["own"] for one in behind} <= {row["population_origin"] == "own"}
    assert min((one["population"]["on"] for one in behind), default=None) == row["population_date"]


def test_record_of_a_population_says_where_from_and_leads_to_its_place(world, city, populated):
    found = results(city, f"{URL}staffing_ratio/rows/", division=w.DISTRICT, part="population")
    assert [one["division"]["code"] for one in found] == [w.SPRING, w.SUMMER, w.NEIGHBOUR]
    record = Population.objects.get(division=w.NEIGHBOUR)
    assert found[-1] == {
        "kind": "population",
        "id": str(record.pk),
        "name": "二号街道",
        "division": {"code": w.NEIGHBOUR, "name": "二号街道"},
        "amount": "9000.00",
        "url": f"http://testserver/api/v1/divisions/{w.NEIGHBOUR}/",
        "population": {
            "basis": "ledger", "on": populated.isoformat(), "source": f"{w.NEIGHBOUR}登记", "own": False,
        },
    }  # fmt: skip
    assert city.get(found[-1]["url"]).status_code == 200
    (own,) = results(city, f"{URL}staffing_required/rows/", division=w.NEIGHBOUR)
    assert (own["population"]["own"], own["amount"]) == (True, "9000.00")
    then = results(city, f"{URL}staffing_ratio/rows/", division=w.SPRING, part="population", on=populated.isoformat())
    assert [(one["amount"], one["population"]["on"]) for one in then] == [("2500.00", populated.isoformat())]


def test_records_of_a_population_are_paged_bounded_and_written_as_a_sheet(world, api, city, populated, crowd):
    address = f"{URL}staffing_ratio/rows/?division={w.DISTRICT}&part=population"
    whole, page = results(city, address), city.get(f"{address}&page_size=2").json()
    last = city.get(page["next"]).json()
    assert page["results"] + last["results"] == whole and len(whole) == 3
    assert city.get(last["previous"]).json()["results"] == whole[:2]
    sheet = city.get(address, headers={"accept": "text/csv"}).getvalue().decode("utf-8-sig")
    assert [line.split(",")[-4:] for line in sheet.splitlines()][0] == [
        f'"population.{name}"' for name in ("basis", "on", "source", "own")
    ]
    assert len(sheet.splitlines()) == 4
    refused(api(world.users.city, Scope.STATS_READ).get(address), 403, "missing-scope")
    refused(api(world.users.street, *Scope).get(address), 404, "not-found")
    street = results(api(world.users.street, *Scope), f"{URL}staffing_ratio/rows/", part="population")
    assert {one["division"]["code"] for one in street} == {w.SPRING, w.SUMMER}


def test_records_of_a_population_cost_the_same_for_few_and_many(world, city, populated):
    address = f"{URL}staffing_ratio/rows/?part=population&division="
    city.get(address + w.SPRING)
    counts = []
    for code in (w.SPRING, w.DISTRICT):
        with CaptureQueriesContext(connection) as captured:
            assert city.get(address + code).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


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
