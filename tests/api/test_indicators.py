"""`indicators/`: catalogue, figures of divisions, small cells, rows and rights."""

import csv
import io
from datetime import date, timedelta

import pytest

from portal.core.accounts.roles import PERMISSIONS, Perm, Role, Scope
from portal.core.audit.models import AuditEvent
from portal.core.indicators import days
from portal.registry import INDICATORS
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from tests.workforce.casework import set_deadline
from workforce.actions.tallies import recount
from workforce.models import Snapshot

URL = "/api/v1/indicators/"
NO_ROWS = dict.fromkeys(("numerator", "denominator", "rest", "population", "exits_12m", "workers"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows(client, path: str, **query) -> list[dict]:
    response = client.get(URL + path, query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def figure(client, key: str, **query) -> dict:
    (row,) = rows(client, f"{key}/", **query)
    return row


@pytest.fixture
def city(world, api):
    return api(world.users.city, Scope.STATS_READ, Scope.ROSTER_READ)


# Catalogue -----------------------------------------------------------------------------------------------------------


def test_catalogue_holds_every_figure_in_its_order(city):
    found = rows(city, "", page_size=500)
    assert [row["key"] for row in found] == list(INDICATORS)
    assert all(row["label"] and row["formula"] and row["unit_label"] for row in found)


def test_catalogue_says_what_a_figure_is_made_of(city):
    found = next(row for row in rows(city, "", search="certified_share") if row["key"] == "certified_share")
    assert (found["numerator"], found["denominator"], found["target"]) == (
        "持证人数",
        "社区工作者",
        "certificate.share_target",
    )
    assert (found["unit"], found["decimals"], found["better"], found["topic"]) == (
        "percent",
        1,
        "higher",
        "certificates",
    )
    assert found["url"] == f"http://testserver{URL}certified_share/"
    (ratio,) = rows(city, "", search="staffing_ratio_ledger")
    assert ratio["denominator"] == "社区台账人口"
    (required,) = rows(city, "", search="staffing_required")
    assert (required["numerator"], required["denominator"]) == (None, None)


def test_catalogue_is_narrowed_by_topic_and_paged(city):
    assert {row["topic"] for row in rows(city, "", topic="grids")} == {"grids"}
    page = city.get(URL, {"page_size": 2}).json()
    following = city.get(page["next"]).json()
    keys = [row["key"] for row in page["results"] + following["results"]]
    assert keys == list(INDICATORS)[:4]
    assert city.get(following["previous"]).json()["results"] == page["results"]


def test_catalogue_speaks_the_language_asked_for(city):
    english = city.get(URL, {"search": "cross_appointment"}, headers={"accept-language": "en"}).json()["results"][0]
    assert english["label"] != "交叉任职率" or english["unit_label"] == "%"


def test_figures_with_a_permission_of_their_own_are_hidden(world, api):
    community = api(world.users.community, Scope.STATS_READ)
    assert not {row["key"] for row in rows(community, "", page_size=500)} & {"mean_pay", "mean_grade"}
    refused(community.get(f"{URL}mean_pay/"), 404, "not-found")
    assert figure(api(world.users.street, Scope.STATS_READ), "mean_pay")["unit"] == "yuan"


# Figures of divisions ------------------------------------------------------------------------------------------------


def test_row_holds_everything_of_the_contract(world, city):
    row = figure(city, "staffing_ratio", division=w.SPRING)
    day, base = world.today.isoformat(), f"http://testserver{URL}staffing_ratio/rows/?division={w.SPRING}"
    assert row == {
        "indicator": "staffing_ratio",
        "label": str(INDICATORS["staffing_ratio"].label),
        "code": w.SPRING,
        "name": "春风社区",
        "level": "community",
        "kind": "residents",
        "on": day,
        "state": "value",
        "value": "6.66",
        "unit": "per_10k",
        "numerator": 2,
        "denominator": 3000,
        "population": 3000,
        "population_origin": "own",
        "population_source": "示例台账",
        "basis": "ledger",
        "population_date": (world.today - timedelta(days=30)).isoformat(),
        "rule": {"value": {"heads": 18, "per": 10_000}, "source": "示例文件〔2022〕1号 第一条"},
        "target": "18",
        "due": None,
        "met": False,
        "status": "missed",
        "origin": "today",
        "counted_at": None,
        "rows": NO_ROWS
        | {"numerator": f"{base}&on={day}&part=numerator", "population": f"{base}&on={day}&part=population"},
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["96"]),
        ({"division": "96"}, ["96"]),
        ({"division": "960000000000"}, ["96"]),
        ({"division": "9601"}, ["96"]),
        ({"division": "960101"}, ["960101"]),
        ({"division": w.SPRING}, [w.SPRING]),
        ({"level": "district"}, ["960101", "960102"]),
        ({"level": "street", "division": "960101"}, [w.STREET, w.NEIGHBOUR]),
        ({"level": "district", "division": "960101"}, ["960101"]),
        ({"level": "city"}, []),
        ({"level": "community", "search": "同名"}, [w.UNKNOWN, w.SAME_NAME]),
    ],
)
def test_division_and_level_choose_the_rows(city, query, expected):
    assert [row["code"] for row in rows(city, "workers/", **query)] == expected


def test_without_division_every_territory_is_a_row(world, api):
    both = factories.user("both", ("street", w.NEIGHBOUR), ("district", "960102"))
    assert [row["code"] for row in rows(api(both), "workers/")] == [w.NEIGHBOUR, "960102"]
    country = factories.user("country", ("city", ""))
    assert [row["code"] for row in rows(api(country), "workers/")] == ["96", "97"]


def test_absence_is_a_word_and_never_zero(world, city, api):
    unknown = figure(city, "staffing_ratio", division=w.UNKNOWN)
    assert (unknown["state"], unknown["value"], unknown["met"], unknown["status"]) == ("no_data", None, None, "no_data")
    village = figure(city, "workers", division=w.VILLAGE)
    assert (village["state"], village["numerator"], village["rows"]["numerator"]) == ("not_applicable", None, None)
    elsewhere = figure(api(world.users.outsider), "staffing_ratio", division="97")
    assert (elsewhere["state"], elsewhere["status"], elsewhere["rule"]) == ("value", "not_in_force", None)
    assert figure(api(world.users.outsider), "staffing_required", division="97")["state"] == "not_in_force"


def test_target_of_the_rule_in_force_decides(world, city):
    factories.rule("certificate.share_target", {"percent": 45, "due": "2026-12-31"}, division="960101")
    row = figure(city, "certified_share", division="960101")
    assert (row["target"], row["due"]) == ("45", "2026-12-31")
    assert row["met"] is (row["numerator"] * 100 >= row["denominator"] * 45)
    assert row["status"] == ("met" if row["met"] else "missed")


def test_several_figures_at_once_are_one_list(city):
    query = {"keys": "workers,certified", "division": "960101", "level": "community"}
    found = rows(city, "values/", **query)
    codes = [w.SPRING, w.SUMMER, w.VILLAGE, w.AUTUMN, w.UNKNOWN]
    assert [(row["code"], row["indicator"]) for row in found] == [
        (c, k) for c in codes for k in ("workers", "certified")
    ]
    alone = rows(city, "workers/", division="960101", level="community")
    assert [row for row in found if row["indicator"] == "workers"] == alone


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_several_figures_neither_skip_nor_repeat(city, size):
    query = {"keys": "workers,certified,in_post", "division": "96", "level": "community"}
    whole = rows(city, "values/", **query)
    page = city.get(f"{URL}values/", query | {"page_size": size}).json()
    forth = [page]
    while page["next"]:
        page = city.get(page["next"]).json()
        forth.append(page)
    assert [row for one in forth for row in one["results"]] == whole
    back = [page["results"]]
    while page["previous"]:
        page = city.get(page["previous"]).json()
        back.append(page["results"])
    assert [row for one in reversed(back) for row in one] == whole


def test_all_figures_are_meant_without_keys(world, api):
    community = api(world.users.community, Scope.STATS_READ)
    found = rows(community, "values/", page_size=500)
    assert [row["indicator"] for row in found] == [key for key, one in INDICATORS.items() if one.perm is None]
    assert {row["indicator"] for row in rows(community, "values/", topic="grids")} == {
        key for key, one in INDICATORS.items() if one.topic == "grids"
    }


@pytest.mark.parametrize(
    "query", [{"keys": "nonsense"}, {"keys": "workers,"}, {"keys": ",".join(list(INDICATORS)[:21])}, {"on": "x"}]
)
def test_bad_parameter_is_named(city, query):
    body = refused(city.get(f"{URL}values/", query), 400, "invalid-parameter")
    assert body["errors"][0]["parameter"] == next(iter(query))


@pytest.mark.parametrize("path", ["nonsense/", "nonsense/series/", "nonsense/rows/"])
def test_unknown_figure_is_missing(city, path):
    refused(city.get(URL + path), 404, "not-found")


def test_every_figure_may_be_asked_alone_of_a_past_day(world, city):
    """Even what counts no records, such as the heads required for a population."""
    past = world.today - timedelta(days=3)
    for key in [row["key"] for row in rows(city, "", page_size=500)]:
        assert figure(city, key, division=w.CITY, on=past.isoformat())["on"] == past.isoformat(), key


@pytest.mark.parametrize("day", ["0001-01-01", "1900-02-28", "9999-12-31"])
def test_any_day_of_the_calendar_may_be_asked(city, day):
    found = rows(city, "values/", division="960101", on=day, page_size=500)
    assert {row["on"] for row in found} == {day}


@pytest.mark.parametrize("accept", ["text/csv", XLSX])
def test_sheet_holds_the_rows_of_the_list(city, accept):
    response = city.get(f"{URL}workers/", {"level": "community"}, headers={"accept": accept})
    assert response.status_code == 200
    if accept == "text/csv":
        lines = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
        assert [line["code"] for line in lines] == [row["code"] for row in rows(city, "workers/", level="community")]
        assert lines[0]["value"] == "2" and "rule.source" in lines[0]


def test_queries_do_not_grow_with_the_rows(city, django_assert_max_num_queries):
    for query in ({"level": "community"}, {"level": "district"}, {"division": w.SPRING, "on": "2024-06-01"}):
        with django_assert_max_num_queries(8):
            city.get(f"{URL}values/", {"keys": "workers,certified_share"} | query)


# Days that are too big to count ------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(monkeypatch):
    """Everything beyond three people is too much."""
    monkeypatch.setattr(days, "PEOPLE_AT_MOST", 3)


@pytest.fixture
def ends(world):
    """Two month ends kept for the province."""
    Snapshot.objects.all().delete()
    for day, number in ((date(2025, 1, 31), 7), (date(2025, 3, 31), 9)):
        Snapshot.objects.bulk_create(Snapshot(division_id=code, on=day, workers=number) for code in ("96", "960101"))


def test_big_day_that_was_kept_is_given_as_kept(city, ends, crowd):
    row = figure(city, "workers", division="96", on="2025-01-31")
    assert (row["value"], row["origin"]) == ("7", "snapshot")
    assert row["counted_at"] is not None
    below = rows(city, "workers/", division="96", level="district", on="2025-01-31")
    assert [(row["code"], row["value"]) for row in below] == [("960101", "7"), ("960102", "0")]


def test_big_day_that_was_not_kept_is_refused_with_the_nearest_kept(city, ends, crowd):
    body = refused(city.get(f"{URL}workers/", {"division": "96", "on": "2025-02-14"}), 422, "too-many-rows-to-count")
    assert "2025-01-31" in body["detail"] and "2025-03-31" in body["detail"]
    assert body["errors"][0]["parameter"] == "on"
    refused(city.get("/api/v1/staffing/", {"division": "96", "on": "2025-02-14"}), 422, "too-many-rows-to-count")


def test_small_place_is_counted_on_any_day(city, ends, crowd):
    assert figure(city, "workers", division=w.SUMMER, on="2025-02-14")["origin"] == "rows"


def test_today_is_never_too_big(city, crowd):
    assert figure(city, "workers", division="96")["origin"] == "today"


def test_page_says_why_a_day_cannot_be_had(world, login, ends, crowd):
    answer = login(world.users.city).get("/divisions/96/", {"on": "2025-02-14"})
    assert answer.status_code == 422
    assert "2025-01-31" in answer.content.decode()


# Small cells -----------------------------------------------------------------------------------------------------------


def test_small_cells_are_withheld_with_their_companions(world, city):
    for number in range(9):
        factories.worker(f"丙{number}", w.SUMMER)
    for number in range(20):
        factories.worker(f"丁{number}", w.AUTUMN)
        factories.worker(f"戊{number}", w.SAME_NAME)
    recount()
    plain = {row["code"]: row["numerator"] for row in rows(city, "workers/", level="community")}
    assert (plain[w.SPRING], plain[w.SUMMER], plain[w.AUTUMN]) == (2, 11, 21)
    found = {row["code"]: row for row in rows(city, "workers/", level="community", suppress=5)}
    spring, summer, autumn = (found[code] for code in (w.SPRING, w.SUMMER, w.AUTUMN))
    for row in (spring, summer):  # the street publishes 13, so the second goes with the first
        assert (row["state"], row["status"], row["value"], row["numerator"]) == ("suppressed", "suppressed", None, None)
        assert row["rows"] == NO_ROWS
    assert (autumn["state"], autumn["numerator"]) == ("value", 21)
    street = figure(city, "workers", division=w.STREET, suppress=5)
    assert (street["state"], street["numerator"]) == ("value", 13)


def test_what_is_withheld_does_not_depend_on_the_page(world, city):
    whole = rows(city, "workers/", level="community", suppress=3)
    page, paged = city.get(f"{URL}workers/", {"level": "community", "suppress": 3, "page_size": 1}).json(), []
    while True:
        paged += page["results"]
        if not page["next"]:
            break
        page = city.get(page["next"]).json()
    assert paged == whole
    assert {row["state"] for row in whole} > {"suppressed"}


def test_sums_and_parts_never_give_away_a_small_number(world, city):
    """Every list of the day together: no sum with exactly one unknown part, and nothing small is to be seen."""
    found = {}
    for level in ("province", "district", "street", "community"):
        query = {"keys": "workers,certified_share", "level": level, "suppress": 4, "page_size": 500}
        found |= {(row["indicator"], row["code"]): row for row in rows(city, "values/", **query)}
    for (key, code), row in found.items():
        family = [code, *(c for k, c in found if k == key and c != code and _above(c) == code)]
        if len(family) > 1:
            assert sum(found[key, one]["state"] == "suppressed" for one in family) != 1
        if row["state"] == "value":
            small = {row["numerator"], row["denominator"], (row["denominator"] or 0) - row["numerator"]}
            assert not small & {1, 2, 3}


def _above(code: str) -> str:
    return "96" if len(code) == 6 else code[: {9: 6, 12: 9}.get(len(code), 0)]


def test_numbers_of_places_are_nobodys_secret(world, city):
    row = figure(city, "grids", division=w.SPRING, suppress=20)
    assert row["state"] != "suppressed"


@pytest.mark.parametrize("number", ["1", "21", "x"])
def test_limit_of_small_cells_is_bounded(city, number):
    refused(city.get(f"{URL}workers/", {"suppress": number}), 400, "invalid-parameter")


# Rows behind a number --------------------------------------------------------------------------------------------------


def test_rows_name_the_people_and_lead_to_them(world, city):
    found = rows(city, "workers/rows/", division=w.SPRING)
    person = world.people["赵春"]
    assert {row["name"] for row in found} == {"赵春", "钱风"}
    row = next(row for row in found if row["name"] == "赵春")
    assert row == {
        "kind": "person",
        "id": str(person.pk),
        "name": "赵春",
        "division": {"code": w.SPRING, "name": "春风社区"},
        "amount": "1.00",
        "url": f"http://testserver/api/v1/workers/{person.pk}/",
        "population": None,
    }
    assert city.get(row["url"]).status_code == 200


@pytest.mark.parametrize("key", [key for key, one in INDICATORS.items() if one.part("numerator")])
def test_rows_behind_every_number_are_as_many_as_it_says(world, api, key):
    factories.grid_post(world.people["钱风"], factories.grid(w.SPRING))
    factories.term(w.SPRING)
    factories.establishment(w.SPRING)
    set_deadline()
    recount()
    client = api(world.users.city, *Scope)
    row = figure(client, key, division="960101")
    found = rows(client, f"{key}/rows/", division="960101", page_size=500)
    summed = INDICATORS[key].book.counters[INDICATORS[key].numerator].add
    behind = sum(float(one["amount"]) for one in found) if summed else len(found)
    assert behind == (row["numerator"] or 0)
    assert row["numerator"] is not None or row["state"] != "value"
    for one in found:
        assert one["name"] and (one["url"] is None or client.get(one["url"]).status_code == 200)


def test_rows_stay_within_the_territory(world, api):
    street = api(world.users.street, *Scope)
    assert {row["division"]["code"][:9] for row in rows(street, "in_post/rows/")} == {w.STREET}
    refused(street.get(f"{URL}in_post/rows/", {"division": w.NEIGHBOUR}), 404, "not-found")


def test_rows_are_paged_forth_and_back(city):
    whole = rows(city, "in_post/rows/", division="96")
    page = city.get(f"{URL}in_post/rows/", {"division": "96", "page_size": 4}).json()
    found = page["results"]
    while page["next"]:
        page = city.get(page["next"]).json()
        found += page["results"]
    assert found == whole and len(whole) > 8
    assert city.get(page["previous"]).json()["results"] == whole[len(whole) - len(page["results"]) - 4 :][:4]


def test_part_that_has_no_rows_is_missing(city):
    refused(city.get(f"{URL}staffing_ratio/rows/", {"part": "denominator"}), 404, "not-found")
    refused(city.get(f"{URL}certified_share/rows/", {"part": "population"}), 404, "not-found")
    assert len(rows(city, "staffing_gap/rows/", division=w.SPRING, part="workers")) == 2


def test_rows_need_the_roster_and_sheets_its_export(world, api):
    refused(api(world.users.city, Scope.STATS_READ).get(f"{URL}workers/rows/"), 403, "missing-scope")
    refused(api(world.users.auditor, *Scope).get(f"{URL}workers/rows/"), 403, "missing-permission")
    sheet = {"accept": "text/csv"}
    refused(api(world.users.community, *Scope).get(f"{URL}workers/rows/", headers=sheet), 403, "missing-permission")
    answer = api(world.users.street, *Scope).get(f"{URL}workers/rows/", headers=sheet)
    assert "赵春" in answer.getvalue().decode()
    assert answer["Cache-Control"] == "no-store"
    event = AuditEvent.objects.latest("id")
    assert (event.act, event.detail["indicator"]) == ("export_roster", "workers")


def test_reasons_of_leaving_need_more_than_the_roster(world, api):
    community = api(world.users.community, *Scope)
    assert rows(community, "exits_12m/rows/") == []
    refused(community.get(f"{URL}exits_12m_dismissed/rows/"), 404, "not-found")


# Rights ---------------------------------------------------------------------------------------------------------------

PATHS = ("", "workers/", "values/?keys=workers", "workers/series/", "workers/rows/")


@pytest.mark.parametrize("path", PATHS)
def test_every_address_needs_its_scope_and_permission(world, api, path):
    scope, perm = (Scope.ROSTER_READ, Perm.VIEW_ROSTER) if "rows" in path else (Scope.STATS_READ, Perm.VIEW_STAFFING)
    others = [one for one in Scope if one != scope]
    refused(api(world.users.city, *others).get(URL + path), 403, "missing-scope")
    for role in Role.values:
        user = factories.user(f"only {role}", (role, w.STREET))
        answer = api(user, *Scope).get(URL + path)
        if perm in PERMISSIONS[role]:
            assert answer.status_code == 200, (role, answer.content)
        else:
            refused(answer, 403, "missing-permission")


@pytest.mark.parametrize("path", PATHS[1:])
@pytest.mark.parametrize("division", ["970101", "97", "999999", w.NEIGHBOUR, "96"])
def test_foreign_division_answers_like_a_missing_one(world, api, path, division):
    client = api(world.users.street, *Scope)
    joined = "&" if "?" in path else "?"
    foreign, missing = (
        refused(client.get(f"{URL}{path}{joined}division={code}"), 404, "not-found") for code in (division, "950000")
    )
    assert foreign | {"request_id": ""} == missing | {"request_id": ""}


def test_figure_with_a_permission_elsewhere_stays_closed_here(world, api):
    """Pay is for who may see it in the same place as figures at all."""
    mixed = factories.user("mixed", ("community", w.SPRING), ("street", w.NEIGHBOUR))
    client = api(mixed, *Scope)
    assert [row["code"] for row in rows(client, "mean_pay/")] == [w.NEIGHBOUR]
    refused(client.get(f"{URL}mean_pay/", {"division": w.SPRING}), 404, "not-found")
    assert [row["code"] for row in rows(client, "workers/")] == [w.SPRING, w.NEIGHBOUR]
