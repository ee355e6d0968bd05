"""`ratings/cycles/`, `ratings/results/`, `ratings/scores/`: rows, counts that add up, the wall, formats, queries."""

import pytest

from portal.core.accounts.roles import Scope
from tests import world as w
from tests.api.conftest import refused
from tests.ratings import rated

RESULTS, CYCLES, SCORES = (f"/api/v1/ratings/{name}/" for name in ("results", "cycles", "scores"))


@pytest.fixture
def graded(world):
    """Results of 2025 in two districts and a foreign city, and one of the year before."""
    for code, grade, change in (
        (w.SPRING, 5, "up"), (w.SUMMER, 4, "same"), (w.AUTUMN, 4, "down"), (w.SNOW, 0, "new"), (w.FAR, 3, "same"),
    ):  # fmt: skip
        rated.star(code, grade, change=change, previous=None if change == "new" else 4)
    rated.star(w.SPRING, 3, 2024)
    return world


def _codes(body) -> list[tuple[str, int]]:
    return [(row["division"]["code"], row["grade"]) for row in body["results"]]


def test_results_and_counts_that_add_up(graded, api):
    body = api(graded.users.city, Scope.RATINGS_READ).get(RESULTS, {"year": "2025", "division": "960000"}).json()
    assert _codes(body) == [(w.SPRING, 5), (w.SUMMER, 4), (w.AUTUMN, 4), (w.SNOW, 0)]
    counts = body["counts"]
    assert counts == {"rated": 4, "five": 1, "four": 2, "three": 0, "none": 1, "up": 1, "down": 1, "same": 1, "new": 1}
    assert sum(counts[name] for name in ("five", "four", "three", "none")) == counts["rated"] == len(body["results"])
    first = body["results"][0]
    assert first.pop("id") > 0
    assert first == {
        "division": {"code": w.SPRING, "name": "春风社区"}, "unit_kind": "community", "year": 2025, "grade": 5,
        "previous": 4, "change": "up", "score": "85.00", "cause": "cycle", "event": "", "event_on": None,
        "decision_number": "示例〔2025〕1号", "decided_on": "2026-03-01", "effective_from": "2026-03-01", "version": 1,
    }  # fmt: skip


def test_results_of_the_latest_year_unless_asked(graded, api):
    client = api(graded.users.street, Scope.RATINGS_READ)
    assert {row["year"] for row in client.get(RESULTS).json()["results"]} == {2025}
    assert _codes(client.get(RESULTS, {"year": "2024"}).json()) == [(w.SPRING, 3)]
    assert client.get(RESULTS, {"year": "2010"}).json()["counts"]["rated"] == 0


def test_a_changed_result_counts_once_as_it_stands(graded, api):
    rated.star(w.AUTUMN, 4, 2023, current=False)
    rated.star(w.AUTUMN, 3, 2023, number=2, cause="removal", event="事故")
    body = api(graded.users.city, Scope.RATINGS_READ).get(RESULTS, {"year": "2023"}).json()
    assert (_codes(body), body["counts"]["rated"], body["counts"]["three"]) == ([(w.AUTUMN, 3)], 1, 1)
    assert (body["results"][0]["version"], body["results"][0]["cause"]) == (2, "removal")


def test_grade_narrows_the_rows_and_leaves_the_counts(graded, api):
    client = api(graded.users.city, Scope.RATINGS_READ)
    body = client.get(RESULTS, {"grade": "0"}).json()
    assert (_codes(body), body["counts"]["rated"]) == ([(w.SNOW, 0)], 4)
    refused(client.get(RESULTS, {"grade": "2"}), 400, "invalid-parameter")


@pytest.mark.parametrize(("user", "codes"), [("street", [w.SPRING, w.SUMMER]), ("neighbour", [w.AUTUMN])])
def test_results_end_at_the_wall(graded, api, user, codes):
    client = api(getattr(graded.users, user), Scope.RATINGS_READ)
    body = client.get(RESULTS).json()
    assert ([code for code, _grade in _codes(body)], body["counts"]["rated"]) == (codes, len(codes))
    refused(client.get(RESULTS, {"division": w.CITY}), 404, "not-found")


def test_pages_follow_each_other_with_the_same_counts(graded, api):
    client, found = api(graded.users.city, Scope.RATINGS_READ), []
    address = f"{RESULTS}?page_size=3"
    while address:
        body = client.get(address).json()
        assert body["counts"]["rated"] == 4
        found += _codes(body)
        address = body["next"]
    assert [code for code, _grade in found] == [w.SPRING, w.SUMMER, w.AUTUMN, w.SNOW]


def test_sheet_holds_all_rows(graded, api):
    response = api(graded.users.city, Scope.RATINGS_READ).get(RESULTS, headers={"accept": "text/csv"})
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert (response.status_code, len(lines)) == (200, 5)
    assert (
        lines[0]
        .replace('"', "")
        .startswith("id,division.code,division.name,unit_kind,year,grade,previous,change,score")
    )


@pytest.mark.parametrize("path", [RESULTS, CYCLES, SCORES])
def test_unknown_parameter_scope_and_copy(graded, api, path):
    rated.scored()
    client = api(graded.users.city, Scope.RATINGS_READ)
    refused(client.get(path, {"grades": "5"}), 400, "invalid-parameter")
    refused(api(graded.users.city, Scope.STATS_READ).get(path), 403, "missing-scope")
    first = client.get(path)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_cycles_show_units_of_the_territory_and_no_address_before_the_notice(world, api):
    running = rated.cycle(stage="calibration")
    for code in (w.SPRING, w.SUMMER, w.AUTUMN):
        rated.unit(running, code)
    rated.unit(running, w.VILLAGE, None, left_out_because="x")
    noticed = rated.cycle(year=2024)
    rated.unit(noticed, w.AUTUMN)
    street = api(world.users.street, Scope.RATINGS_READ).get(CYCLES).json()["results"]
    assert [(row["year"], row["units"], row["public_url"]) for row in street] == [(2025, 2, None)]
    client = api(world.users.district, Scope.RATINGS_READ)
    both = {row["year"]: row for row in client.get(CYCLES).json()["results"]}
    assert {year: row["units"] for year, row in both.items()} == {2025: 3, 2024: 1}
    assert both[2024]["public_url"] == f"http://testserver/public/ratings/{noticed.public_key}/"
    assert [row["year"] for row in client.get(CYCLES, {"stage": "notice"}).json()["results"]] == [2024]
    assert [row["units"] for row in client.get(CYCLES, {"division": w.STREET}).json()["results"]] == [2]
    assert client.get(f"{CYCLES}{noticed.pk}/").json() == both[2024]
    refused(api(world.users.outsider, Scope.RATINGS_READ).get(f"{CYCLES}{noticed.pk}/"), 404, "not-found")


def test_scores_with_the_frozen_figure(world, api):
    spring, autumn = rated.scored(w.SPRING), rated.scored(w.AUTUMN)
    cycle = spring.unit.cycle_id
    client = api(world.users.district, Scope.RATINGS_READ)
    rows = client.get(SCORES, {"cycle": cycle}).json()["results"]
    assert [row["id"] for row in rows] == [spring.pk, autumn.pk]
    assert rows[0] == {
        "id": spring.pk, "cycle": cycle, "division": {"code": w.SPRING, "name": "春风社区"},
        "item": {"order": 1, "label": "入户走访", "kind": "score", "points": "10.00",
                 "indicator": "visit_coverage_households"},
        "points": "8.00", "auto_points": "8.00", "self_points": None, "street_points": None, "district_points": None,
        "figure": rated.FIGURE,
    }  # fmt: skip
    assert [row["id"] for row in client.get(SCORES, {"division": w.NEIGHBOUR}).json()["results"]] == [autumn.pk]
    refused(client.get(SCORES, {"cycle": "999999"}), 404, "not-found")
    refused(api(world.users.outsider, Scope.RATINGS_READ).get(SCORES, {"cycle": cycle}), 404, "not-found")


@pytest.mark.parametrize("path", [RESULTS, CYCLES, SCORES])
def test_queries_do_not_grow_with_the_rows(world, api, path, django_assert_num_queries, django_assert_max_num_queries):
    client = api(world.users.city, Scope.RATINGS_READ)
    rated.scored(w.SPRING), rated.star(w.SPRING)
    client.get(path)
    with django_assert_max_num_queries(8) as one:
        client.get(path)
    for code in (w.SUMMER, w.AUTUMN, w.SNOW):
        rated.scored(code), rated.star(code)
    with django_assert_num_queries(len(one)):
        client.get(path)
