"""The country as a place: its dashboard, its figures and the way up to it, for who holds the whole of it."""

import re

import pytest

from portal.pages.dashboard import PANELS
from tests import factories
from tests import world as w
from tests.pages.test_indicators import page, rows_of, text_of

COUNTRY = "000000"


def links(response) -> set[str]:
    """Addresses of pages inside the main part of a page."""
    main = response.content.decode().partition("<main")[2] or response.content.decode()
    return {url.replace("&amp;", "&") for url in re.findall(r'href="(/[^"#]*)', main) if not url.startswith("/static/")}


def follow(client, response) -> None:
    for url in sorted(links(response)):
        assert client.get(url).status_code in (200, 302), url


@pytest.fixture
def client(world, login):
    factories.staffing_rule()
    return login(factories.user("nation", ("city", "")))


def test_first_page_tells_how_the_country_stands(world, client):
    said = text_of(client.get("/"))
    assert "全国" in said and "在岗 7 人；没有人口数据，算不出应配人数。" in said
    assert "/divisions/000000/" in client.get("/").content.decode()


def test_page_of_the_country_is_that_of_any_place(world, client):
    response = page(client, "division", COUNTRY)
    said = text_of(response)
    assert "在岗 7 人；没有人口数据，算不出应配人数。" in said
    assert "为全部省级区划登记同一口径的人口，即可算出应配人数。" in said
    assert "示例市" in said and "邻省" in said
    assert "/divisions/96/" in links(response)
    follow(client, response)


@pytest.mark.parametrize("panel", [panel.key for panel in PANELS])
def test_every_part_of_its_dashboard_comes(world, client, panel):
    response = client.get(f"/divisions/{COUNTRY}/panels/{panel}/")
    assert response.status_code == 200
    follow(client, response)
    if panel == "tiles":
        assert {"示例市", "邻省"} <= set(re.findall(r"示例市|邻省", text_of(response)))


def test_dashboard_of_the_country_as_a_workbook(world, client):
    response = client.get("/exports/dashboard.xlsx", {"place": COUNTRY})
    assert response.status_code == 200 and response["Content-Type"].endswith("sheet")


def test_catalogue_and_figure_of_the_country(world, client):
    found = {row[0]: row[1] for row in rows_of(page(client, "indicators"))}
    assert found["社区工作者"] == "7 人"
    ranking = page(client, "indicator", "certified_share")
    assert [row[1] for row in rows_of(ranking)][-2:] == ["示例市96", "邻省97"]
    assert "全国持证率 57.1%（持证人数 4 人，社区工作者 7 人）。" in text_of(ranking)
    assert "发布" not in text_of(ranking)


def test_rows_behind_a_number_of_the_country(world, client):
    response = client.get("/indicators/workers/rows/", {"place": COUNTRY})
    assert "名单共 7 项，与数字一致。" in text_of(response)


def test_way_up_leads_to_the_country(world, client):
    body = client.get("/indicators/", {"place": w.FAR[:2]}).content.decode()
    assert 'href="/indicators/?place=000000"' in body
    body = client.get("/divisions/97/").content.decode()
    assert 'href="/divisions/000000/"' in body


@pytest.mark.parametrize("url", ["/divisions/000000/", "/divisions/000000/panels/tiles/", "/indicators/?place=000000"])
def test_country_is_nobody_elses(world, login, url):
    assert login(world.users.city).get(url).status_code == 404


@pytest.mark.parametrize("name", ["grids", "terms", "forecast", "division_population"])
def test_pages_about_records_know_no_country(world, client, name):
    assert page(client, name, COUNTRY).status_code == 404
