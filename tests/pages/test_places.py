import pytest
from django.urls import reverse

from tests import world as w
from tests.pages.reading import text_of

HTMX = {"HX-Request": "true"}


def switch(client, **query):
    return client.get(reverse("place_search"), query, headers=HTMX)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("社区", ["春风社区", "夏雨社区"]),
        ("cfsq", ["春风社区"]),
        ("960101001", ["一号街道", "冬岭村", "春风社区", "夏雨社区"]),
        ("秋叶", []),
        ("96", ["一号街道", "冬岭村", "春风社区", "夏雨社区"]),
        ("a\x00b", []),
    ],
)
def test_switch_finds_places_of_the_territory_by_name_code_and_initials(world, login, q, found):
    results = switch(login(world.users.street), q=q).context["results"]
    assert [result["name"] for result in results] == found


def test_switch_stays_on_the_page_and_keeps_the_day(world, login):
    results = switch(login(world.users.city), q="东区", **{"from": "findings", "on": "2026-01-01"}).context["results"]
    assert results[0]["url"] == "/findings/?place=960101&on=2026-01-01"
    results = switch(login(world.users.city), q="东区", **{"from": "no such page"}).context["results"]
    assert results[0]["url"] == "/divisions/960101/"


def test_switch_tells_namesakes_apart(world, login):
    results = switch(login(world.users.city), q="同名").context["results"]
    assert [result["within"] for result in results] == ["示例市 › 东区 › 二号街道", "示例市 › 西区 › 三号街道"]


def test_switch_without_text_shows_what_lies_around(world, login):
    results = switch(login(world.users.district), place=w.STREET).context["results"]
    assert [result["name"] for result in results] == ["东区", "春风社区", "夏雨社区", "冬岭村"]


def test_switch_without_scripts_leads_to_the_search(world, login):
    response = login(world.users.city).get(reverse("place_search"), {"q": "东区"})
    assert (response.status_code, response["Location"]) == (302, "/search/?q=%E4%B8%9C%E5%8C%BA")


def test_search_finds_places_and_people_of_the_territory_only(world, login):
    text = text_of(login(world.users.district).get(reverse("search"), {"q": "周"}))
    assert "周秋 秋叶社区 工作人员" in text
    assert "没有找到“周”" in text_of(login(world.users.street).get(reverse("search"), {"q": "周"}))
    assert "没有找到“秋叶”" in text_of(login(world.users.street).get(reverse("search"), {"q": "秋叶"}))


def test_search_shows_no_personal_data(world, login):
    html = login(world.users.district).get(reverse("search"), {"q": "周秋"}).content.decode()
    assert world.people["周秋"].id_number[:6] not in html
    assert world.people["周秋"].phone not in html


def test_people_need_the_roster_permission(world, login):
    response = login(world.users.auditor).get(reverse("search"), {"q": "周"})
    assert response.context["people"] == []
    assert "区划名称、拼音首字母或代码" in text_of(response)


def test_exact_code_leads_straight_to_the_page(world, login):
    client = login(world.users.city)
    assert client.get(reverse("search"), {"q": w.SPRING})["Location"] == f"/divisions/{w.SPRING}/"


@pytest.mark.parametrize("q", ["同名", "春"])
def test_queries_do_not_grow_with_what_is_found(world, login, q, django_assert_num_queries):
    client = login(world.users.city)
    client.get(reverse("search"), {"q": q})
    with django_assert_num_queries(8):
        assert client.get(reverse("search"), {"q": q}).status_code == 200
