"""`staffing/`: the figures of the contract, row by row."""

import csv
import io
from datetime import date, timedelta

import pytest

from portal.core.accounts.roles import Scope
from portal.core.policy.actions import set_rule
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from workforce.actions.tallies import recount

URL = "/api/v1/staffing/"


def rows(client, **query) -> list[dict]:
    response = client.get(URL, query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def codes(client, **query) -> list[str]:
    return [row["code"] for row in rows(client, **query)]


def test_row_holds_every_figure_of_the_contract(world, api):
    client = api(world.users.city, Scope.STATS_READ)
    assert rows(client, division="960101001001") == [
        {
            "code": "960101001001",
            "name": "春风社区",
            "level": "community",
            "kind": "residents",
            "on": world.today.isoformat(),
            "status": "short",
            "workers": 2,
            "required": 6,
            "gap": 4,
            "compliant": False,
            "ratio_per_10k": "6.66",
            "population": 3000,
            "population_origin": "own",
            "population_source": "示例台账",
            "basis": "ledger",
            "population_date": (world.today - timedelta(days=30)).isoformat(),
            "rule": {"value": {"heads": 18, "per": 10000}, "source": "示例文件〔2022〕1号 第一条"},
            "certified": 1,
            "certified_share": "50.00",
            "warnings": ["basis"],
            "rows": {
                name: f"http://testserver/api/v1/indicators/{key}/rows/"
                f"?division=960101001001&on={world.today.isoformat()}&part={part}"
                for name, key, part in (
                    ("workers", "workers", "numerator"),
                    ("certified", "certified", "numerator"),
                    ("population", "staffing_ratio", "population"),
                )
            },
        }
    ]


def test_ratio_is_cut_off_and_never_rounded_into_compliance(world, api):
    factories.population("960101", 27_228, world.today, basis="urban_permanent")
    for number in range(44):
        factories.worker(f"甲{number}", w.SPRING)
    recount()
    district = rows(api(world.users.city), division="960101", level="district")[0]
    assert district["workers"] == 49  # 49 of 27,228 are 17.996 per 10,000
    assert (district["required"], district["gap"], district["compliant"]) == (50, 1, False)
    assert district["ratio_per_10k"] == "17.99"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["960101", "960102"]),
        ({"division": "96"}, ["960101", "960102"]),
        ({"division": "960000000000"}, ["960101", "960102"]),
        ({"division": "9601"}, ["960101", "960102"]),
        ({"division": "960101000"}, ["960101001", "960101002"]),
        ({"division": w.SPRING}, [w.SPRING]),
        ({"level": "province"}, ["96"]),
        ({"level": "city"}, []),
        ({"division": "960101", "level": "community"}, [w.SPRING, w.SUMMER, w.VILLAGE, w.AUTUMN, w.UNKNOWN]),
        ({"division": "960101", "level": "district"}, ["960101"]),
        ({"level": "community", "search": "同名"}, [w.UNKNOWN, w.SAME_NAME]),
        ({"level": "community", "search": "cf"}, [w.SPRING]),
        ({"level": "community", "search": "960102"}, [w.SAME_NAME, w.SNOW]),
        ({"level": "community", "status": "met"}, [w.SUMMER, w.SAME_NAME]),
        ({"level": "community", "status": "no_data"}, [w.UNKNOWN]),
    ],
)
def test_filters_choose_divisions(world, api, query, expected):
    assert codes(api(world.users.city), **query) == expected


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("city", ["960101", "960102"]),
        ("district", ["960101001", "960101002"]),
        ("street", [w.SPRING, w.SUMMER, w.VILLAGE]),
        ("community", [w.SPRING]),
        ("auditor", ["960101", "960102"]),
        ("outsider", ["9701"]),
    ],
)
def test_without_division_the_callers_territory_is_meant(world, api, user, expected):
    assert codes(api(getattr(world.users, user), Scope.STATS_READ)) == expected


def test_two_territories_are_both_shown(world, api):
    user = factories.user("both", ("street", w.NEIGHBOUR), ("district", "960102"))
    assert codes(api(user)) == [w.AUTUMN, w.UNKNOWN, "960102001"]


def test_whole_country_is_one_row_of_a_level_above(world, api):
    city = api(world.users.city)
    country = api(factories.user("country", ("city", "")))
    (row,) = country.get(URL, {"level": "country"}).json()["results"]
    assert (row["code"], row["name"], row["level"], row["workers"]) == ("000000", "全国", "country", 7)
    assert codes(country, division="000000") == ["96", "97"]
    assert city.get(URL, {"level": "country"}).json()["results"] == []
    assert city.get(URL, {"division": "000000"}).status_code == 404


def test_whole_country_starts_with_provinces(world, api):
    assert codes(api(factories.user("country", ("city", "")))) == ["96", "97"]


def test_no_population_is_no_data_and_never_zero(world, api):
    row = rows(api(world.users.city), division=w.UNKNOWN)[0]
    unknown = ("required", "gap", "compliant", "ratio_per_10k", "population", "population_origin", "basis")
    assert {name: row[name] for name in unknown} == dict.fromkeys(unknown)
    assert (row["status"], row["population_date"], row["certified_share"]) == ("no_data", None, None)


def test_rule_that_nobody_set_is_not_in_force(world, api):
    row = rows(api(world.users.outsider), division="97", level="province")[0]
    assert (row["status"], row["rule"], row["required"], row["compliant"]) == ("not_in_force", None, None, None)
    assert row["workers"] == 1


def test_village_has_no_rule(world, api):
    row = rows(api(world.users.city), division=w.VILLAGE)[0]
    assert (row["status"], row["rule"], row["compliant"]) == ("not_applicable", None, None)


def test_figures_follow_the_day_asked_for(world, api):
    coming = date(world.today.year + 1, 1, 1)
    document = "示例文件〔2027〕2号"
    set_rule(
        kind="staffing.per_population",
        division=world.divisions["960101"],
        valid_from=coming,
        value={"heads": 20, "per": 10_000},
        document=document,
        by=world.users.district,
    )
    client = api(world.users.city)
    before, after = (rows(client, division="960101", level="district", on=day)[0] for day in (world.today, coming))
    assert (before["required"], before["rule"]["value"]["heads"]) == (54, 18)
    assert (after["required"], after["rule"]) == (60, {"value": {"heads": 20, "per": 10_000}, "source": document})
    assert rows(client, division=w.SPRING, on="2023-12-31")[0]["workers"] == 0


def test_fields_narrow_the_rows(world, api):
    assert rows(api(world.users.city), fields="gap,code") == [
        {"code": "960101", "gap": 49},
        {"code": "960102", "gap": 2},
    ]


def test_csv_holds_the_same_figures(world, api):
    client = api(world.users.city)
    response = client.get(URL, {"fields": "code,name,gap,ratio_per_10k,rule"}, headers={"accept": "text/csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    content = response.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["code", "name", "gap", "ratio_per_10k", "rule.value.heads", "rule.value.per", "rule.source"],
        ["960101", "东区", "49", "1.66", "18", "10000", "示例文件〔2022〕1号 第一条"],
        ["960102", "西区", "2", "7.69", "18", "10000", "示例文件〔2022〕1号 第一条"],
    ]


@pytest.mark.parametrize(
    "query", [{}, {"level": "community"}, {"division": "96", "level": "district"}, {"on": "2024-06-01"}]
)
def test_query_count_does_not_grow(world, api, query, django_assert_max_num_queries):
    client = api(world.users.city)
    client.get(URL, query)
    with django_assert_max_num_queries(8):
        client.get(URL, query)


@pytest.mark.parametrize("division", ["970101", "97", "960199", "999999", "11"])
def test_foreign_division_answers_like_a_missing_one(world, api, division):
    client = api(world.users.city)
    foreign, missing = (refused(client.get(URL, {"division": code}), 404, "not-found") for code in (division, "950000"))
    assert foreign | {"request_id": ""} == missing | {"request_id": ""}
