"""Cursors: absolute addresses, both directions, and stable while rows come and go."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.accounts.roles import Scope
from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.core.territory.models import Division
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from tests.api.conftest import READS, refused

LISTS = {
    "staffing": ({"level": "community"}, "code"),
    "divisions": ({}, "code"),
    "workers": ({}, "id"),
    "appointments": ({}, "id"),
    "findings": ({}, "id"),
    "policies": ({}, "kind"),
}


def walk(client, address: str, direction: str = "next") -> list[dict]:
    """Every page from `address` on, following the addresses of the answers."""
    pages = []
    while address:
        response = client.get(address)
        assert response.status_code == 200, response.content
        pages.append(response.json())
        address = pages[-1][direction]
    return pages


@pytest.fixture
def city(world, api):
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    return api(world.users.city, *READS)


@pytest.mark.parametrize("prefix", LISTS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_forth_and_back_hold_every_row_once(city, prefix, size):
    query, key = LISTS[prefix]
    whole = [row[key] for row in city.get(f"/api/v1/{prefix}/", query).json()["results"]]
    assert len(whole) == len(set(whole)) > 3
    pages = walk(city, f"/api/v1/{prefix}/?" + "&".join(f"{k}={v}" for k, v in [*query.items(), ("page_size", size)]))
    assert [row[key] for page in pages for row in page["results"]] == whole
    assert all(len(page["results"]) == size for page in pages[:-1])
    assert pages[0]["previous"] is None
    assert pages[-1]["next"] is None
    back = walk(city, pages[-1]["previous"], "previous")
    assert [page["results"] for page in back] == [page["results"] for page in pages[-2::-1]]


def test_addresses_are_absolute_and_keep_the_filters(city):
    page = city.get("/api/v1/staffing/?level=community&page_size=2&fields=code").json()
    assert page["next"].startswith("http://testserver/api/v1/staffing/?level=community&page_size=2&fields=code&cursor=")


def test_page_size_is_one_hundred_unless_asked(world, api):
    Division.objects.bulk_create(
        Division(
            code=f"960101001{number}",
            name=f"社区{number}",
            label=f"社区{number}",
            initials="sq",
            level=5,
            kind="residents",
            urban=True,
            parent_id=w.STREET,
        )
        for number in range(300, 900)
    )
    client = api(world.users.city)
    url = "/api/v1/staffing/?level=community"
    assert [len(client.get(url + size).json()["results"]) for size in ("", "&page_size=500")] == [100, 500]


def test_rows_that_come_and_go_are_neither_skipped_nor_repeated(world, api):
    client = api(world.users.city, Scope.STATS_READ)
    first = client.get("/api/v1/staffing/?level=community&page_size=3").json()
    seen = [row["code"] for row in first["results"]]
    assert seen == [w.SPRING, w.SUMMER, w.VILLAGE]
    for code in ("960101001000", "960101002000"):  # one behind the reader, one ahead
        Division.objects.create(
            code=code, name="新", label="新", initials="x", level=5, kind="residents", urban=True, parent_id=code[:9]
        )
    Division.objects.filter(code=w.SUMMER).update(valid_to=world.today)
    rest = [row["code"] for page in walk(client, first["next"]) for row in page["results"]]
    assert rest == ["960101002000", w.AUTUMN, w.UNKNOWN, w.SAME_NAME, w.SNOW]


def test_row_that_a_cursor_points_at_may_go(world, api):
    client = api(world.users.city, Scope.FINDINGS_READ)
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    ids = list(Finding.objects.order_by("id").values_list("id", flat=True))
    following = client.get("/api/v1/findings/?page_size=2").json()["next"]
    Finding.objects.filter(id=ids[1]).delete()
    page = client.get(following).json()
    assert [row["id"] for row in page["results"]] == ids[2:4]
    assert [row["id"] for row in client.get(page["previous"]).json()["results"]] == [ids[0]]


def test_page_beyond_the_end_leads_back(world, api):
    client = api(world.users.city, Scope.FINDINGS_READ)
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    ids = list(Finding.objects.order_by("id").values_list("id", flat=True))
    following = client.get(f"/api/v1/findings/?page_size={len(ids) - 1}").json()["next"]
    Finding.objects.filter(id=ids[-1]).delete()
    page = client.get(following).json()
    assert (page["results"], page["next"]) == ([], None)
    assert [row["id"] for row in client.get(page["previous"]).json()["results"]] == ids[:-1]


def test_cursor_of_another_list_or_filter_is_refused(city):
    cursor = city.get("/api/v1/staffing/?level=community&page_size=2").json()["next"].rpartition("cursor=")[2]
    assert city.get(f"/api/v1/staffing/?level=community&page_size=7&fields=code&cursor={cursor}").status_code == 200
    for address in ("staffing/?level=street", "staffing/?level=community&on=2026-01-01", "divisions/?level=community"):
        refused(city.get(f"/api/v1/{address}&cursor={cursor}"), 404, "unknown-cursor")


def test_changed_cursor_is_refused(city):
    cursor = city.get("/api/v1/staffing/?page_size=1").json()["next"].rpartition("cursor=")[2]
    for broken in (
        cursor[1:],
        "W" + cursor,
        cursor[:-1] + ("A" if cursor[-1] != "A" else "B"),
        "A" * 8 + "%3A" + "A" * 43,
    ):
        refused(city.get(f"/api/v1/staffing/?page_size=1&cursor={broken}"), 404, "unknown-cursor")
    for broken in (cursor[:-1], cursor + "A", cursor * 2, "abc", "%00", "A" * 999):
        refused(city.get(f"/api/v1/staffing/?page_size=1&cursor={broken}"), 400, "invalid-parameter")


def test_foreign_cursor_does_not_widen_the_territory(world, api):
    following = api(world.users.city).get("/api/v1/divisions/?page_size=3").json()["next"]
    seen = api(world.users.street).get(following).json()["results"]
    assert {row["code"][:9] for row in seen} == {w.STREET}


def test_lists_cost_the_same_number_of_queries_for_one_row_and_for_all(city):
    city.get("/api/v1/")  # the time of the last use is written once a minute
    for prefix in LISTS:
        counts = []
        for size in (1, 500):
            with CaptureQueriesContext(connection) as queries:
                assert city.get(f"/api/v1/{prefix}/?page_size={size}").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 8, prefix


def test_sheet_of_a_page_links_to_its_neighbours(city):
    headers = {"accept": "text/csv"}
    first = city.get("/api/v1/divisions/?page_size=2&fields=code", headers=headers)
    assert first.getvalue().decode("utf-8-sig").split() == ['"code"', '"96"', '"9601"']
    following = first["Link"].removeprefix("<").partition(">")[0]
    assert first["Link"] == f'<{following}>; rel="next"'
    second = city.get(following, headers=headers)
    assert second.getvalue().decode("utf-8-sig").split() == ['"code"', '"960101"', '"960101001"']
    assert [part.rpartition("; ")[2] for part in second["Link"].split(", ")] == ['rel="next"', 'rel="prev"']


def test_sheet_without_paging_holds_every_row(world, api, monkeypatch):
    monkeypatch.setattr("portal.core.web.renderers.CHUNK", 2)
    for number in range(5):
        factories.worker(f"乙{number}", w.SNOW)
    response = api(world.users.city).get("/api/v1/workers/?fields=id", headers={"accept": "text/csv"})
    assert len(response.getvalue().split()) == 1 + len(api(world.users.city).get("/api/v1/workers/").json()["results"])


def test_sheet_of_too_many_rows_is_refused(world, api, monkeypatch):
    monkeypatch.setattr("portal.core.web.renderers.MAX_ROWS", 3)
    client = api(world.users.city)
    refused(client.get("/api/v1/divisions/", headers={"accept": "text/csv"}), 400, "too-many-rows")
    assert client.get("/api/v1/divisions/?page_size=3", headers={"accept": "text/csv"}).status_code == 200
