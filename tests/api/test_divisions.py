"""`divisions/`: the tree within the caller's territory."""

import pytest

from portal.core.territory.models import Division
from tests import world as w
from tests.api.conftest import refused

URL = "/api/v1/divisions/"


def codes(client, **query) -> list[str]:
    response = client.get(URL, query)
    assert response.status_code == 200, response.content
    return [row["code"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"level": "district"}, ["960101", "960102"]),
        ({"level": "city"}, ["9601"]),
        ({"under": "960102"}, ["960102", "960102001", w.SAME_NAME, w.SNOW]),
        ({"under": "960102000000"}, ["960102", "960102001", w.SAME_NAME, w.SNOW]),
        ({"under": "960101", "level": "street"}, ["960101001", "960101002"]),
        ({"search": "同名"}, [w.UNKNOWN, w.SAME_NAME]),
        ({"search": "cfsq"}, [w.SPRING]),
        ({"search": "960102"}, ["960102", "960102001", w.SAME_NAME, w.SNOW]),
        ({"search": "960102", "under": "960101"}, []),
        ({"search": "没有"}, []),
    ],
)
def test_filters_choose_divisions(world, api, query, expected):
    assert codes(api(world.users.city), **query) == expected


@pytest.mark.parametrize("code", ["960101", "960101000", "960101000000"])
def test_one_division_by_padded_or_plain_code(world, api, code):
    response = api(world.users.city).get(f"{URL}{code}/")
    assert response.json() == {
        "code": "960101",
        "name": "东区",
        "official_name": "东区",
        "level": "district",
        "kind": "district",
        "parent": "9601",
        "formal": False,
        "urban": True,
        "valid_from": None,
        "valid_to": None,
        "successor": None,
    }


def test_withdrawn_division_is_read_by_code_and_listed_on_its_days(world, api):
    Division.objects.filter(code=w.SNOW).update(valid_to="2026-01-01", successor_id=w.SAME_NAME)
    client = api(world.users.city)
    found = client.get(f"{URL}{w.SNOW}/").json()
    assert (found["valid_to"], found["successor"]) == ("2026-01-01", w.SAME_NAME)
    assert codes(client, under="960102001") == ["960102001", w.SAME_NAME]
    assert codes(client, under="960102001", on="2025-12-31") == ["960102001", w.SAME_NAME, w.SNOW]


def test_levels_above_the_territory_are_missing(world, api):
    client = api(world.users.street)
    for code in ("96", "9601", "960101"):
        refused(client.get(f"{URL}{code}/"), 404, "not-found")
    assert codes(client) == [w.STREET, w.SPRING, w.SUMMER, w.VILLAGE]
