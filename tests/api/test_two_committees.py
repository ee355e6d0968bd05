"""The table of domain §1.M by REST: numerators, denominators and shares of a day, counted from the records."""

import pytest

from portal.core.accounts.roles import Scope
from tests import chaoyang, factories

DAY = {"division": "211300", "on": chaoyang.COUNTED.isoformat()}


@pytest.fixture
def client(db, api):
    chaoyang.build()
    return api(factories.user("leader", ("city", chaoyang.CITY)), Scope.STATS_READ, Scope.ROSTER_READ)


def figure(client, key: str, **query) -> dict:
    response = client.get(f"/api/v1/indicators/{key}/", DAY | query)
    assert response.status_code == 200, response.content
    (row,) = response.json()["results"]
    return row


def test_cross_appointment_is_704_of_1641(client):
    row = figure(client, "cross_appointment")
    assert (row["numerator"], row["denominator"], row["value"]) == (704, 1641, "42.9")
    assert (row["code"], row["name"], row["on"], row["state"]) == ("2113", "朝阳市", "2021-03-27", "value")
    assert (row["status"], row["met"], row["origin"]) == ("no_target", None, "rows")


FIGURES = (
    ("committee_members", 1641, None, "1641"),
    ("party_members_seated", 1004, None, "1004"),
    ("committee_members_seated", 1341, None, "1341"),
    ("committee_party_only_share", 300, 1641, "18.3"),
    ("committee_only_share", 637, 1641, "38.8"),
    ("committee_women_share", 1360, 1641, "82.9"),
    ("committee_young_share", 802, 1641, "48.9"),
    ("committee_college_share", 1446, 1641, "88.1"),
    ("committee_mean_age", 61_371, 1641, "37.4"),
    ("secretaries", 202, None, "202"),
    ("secretaries_women", 169, None, "169"),
    ("secretaries_women_share", 169, 202, "83.7"),
    ("secretaries_college_share", 194, 202, "96.0"),
    ("secretaries_mean_age", 8104, 202, "40.1"),
    ("one_shoulder_rate", 202, 202, "100.0"),
)


def test_every_figure_of_the_table(client):
    rows = {key: figure(client, key) for key, *_numbers in FIGURES}
    found = tuple((key, row["numerator"], row["denominator"], row["value"]) for key, row in rows.items())
    assert found == FIGURES


def test_the_table_in_one_call(client):
    keys = ["cross_appointment", "committee_women_share", "committee_college_share"]
    response = client.get("/api/v1/indicators/values/", DAY | {"keys": ",".join(keys)})
    rows = response.json()["results"]
    assert [(row["indicator"], row["value"]) for row in rows] == list(zip(keys, ["42.9", "82.9", "88.1"], strict=True))


def _people_behind(client, address: str) -> int:
    people = set()
    while address:
        page = client.get(address).json()
        people |= {(row["id"], row["division"]["code"]) for row in page["results"]}
        address = page["next"]
    return len(people)


def test_rows_behind_are_as_many_as_the_number_says(client):
    rows = figure(client, "cross_appointment")["rows"]
    found = {part: _people_behind(client, rows[part] + "&page_size=500") for part in ("numerator", "denominator")}
    assert found == {"numerator": 704, "denominator": 1641}


def test_streets_add_up_to_the_city(client):
    response = client.get("/api/v1/indicators/cross_appointment/", DAY | {"level": "street"})
    rows = response.json()["results"]
    assert [row["code"] for row in rows] == list(chaoyang.STREETS)
    assert (sum(row["numerator"] for row in rows), sum(row["denominator"] for row in rows)) == (704, 1641)


def test_day_before_the_election_knows_nobody(client):
    row = figure(client, "cross_appointment", on="2020-12-03")
    assert (row["state"], row["value"], row["numerator"], row["denominator"]) == ("no_data", None, 0, 0)
