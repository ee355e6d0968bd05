"""Pages of results: the list by place with its export, the history of a unit, removal and correction by two people."""

from datetime import date

import pytest
from django.urls import reverse

from portal.core.lib.clock import today
from ratings.models import StarDraft, StarGrade
from ratings.queries.results import duties
from tests import world as w
from tests.pages.reading import text_of
from tests.ratings import rated


@pytest.fixture
def graded(world):
    for code, grade, change in (
        (w.SPRING, 5, "up"), (w.SUMMER, 4, "same"), (w.AUTUMN, 4, "down"), (w.SNOW, 0, "new"), (w.VILLAGE, 3, "same"),
    ):  # fmt: skip
        rated.star(code, grade, change=change, previous=None if change == "new" else 4)
    return world


def test_results_of_a_year_by_place(graded, login):
    response = login(graded.users.city).get(reverse("stars"))
    page, words = response.content.decode(), text_of(response)
    assert "2025 年度评定 5 个村、社区：五星 1 个，四星 2 个，三星 1 个，无星 1 个。" in words
    assert "升星 1 个，摘星 1 个，保持 2 个，首次评定 1 个。" in words
    assert f'href="/stars/?place={w.DISTRICT}&amp;year=2025"' in page and "东区" in page and "西区" in page
    assert page.index("春风社区") < page.index("夏雨社区") < page.index("秋叶社区")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"grade": "five"}, {"春风社区"}),
        ({"change": "down"}, {"秋叶社区"}),
        ({"kind": "village"}, {"冬岭村"}),
        ({"q": "夏雨"}, {"夏雨社区"}),
        ({"place": w.STREET}, {"春风社区", "夏雨社区", "冬岭村"}),
        ({"year": "1999", "grade": "x", "page": "y"}, {"春风社区", "夏雨社区", "秋叶社区", "冬雪社区", "冬岭村"}),
        ({"cause": "removal"}, set()),
    ],
)
def test_list_is_narrowed(graded, login, query, shown):
    page = login(graded.users.city).get(reverse("stars"), query, headers={"hx-request": "true"}).content.decode()
    names = {"春风社区", "夏雨社区", "秋叶社区", "冬雪社区", "冬岭村"}
    assert {name for name in names if name in page} == shown


def test_list_ends_at_the_wall_and_says_where_there_is_nothing(graded, login):
    page = text_of(login(graded.users.street).get(reverse("stars")))
    assert "评定 3 个村、社区" in page and "秋叶社区" not in page
    assert login(graded.users.street).get(reverse("stars"), {"place": w.NEIGHBOUR}).status_code == 404
    assert "还没有星级结果" in login(graded.users.outsider).get(reverse("stars")).content.decode()
    assert login(graded.users.auditor).get(reverse("stars")).status_code == 403


def test_list_as_a_sheet(graded, login):
    response = login(graded.users.city).get(reverse("export", args=["stars", "csv"]), {"grade": "four"})
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(f'"{w.SUMMER}","夏雨社区",2025,"社区","四星","四星","保持",85.00')


def test_queries_of_the_list_do_not_grow(graded, login, django_assert_num_queries, django_assert_max_num_queries):
    client = login(graded.users.city)
    client.get(reverse("stars"))
    with django_assert_max_num_queries(20) as first:
        client.get(reverse("stars"))
    rated.star(w.UNKNOWN, 3), rated.star(w.SAME_NAME, 3)
    with django_assert_num_queries(len(first)):
        client.get(reverse("stars"))


def test_history_shows_every_version_with_its_reason(world, login):
    rated.star(w.SPRING, 4, 2024)
    rated.star(w.SPRING, 5, previous=4, change="up", current=False)
    rated.star(
        w.SPRING, 3, previous=4, change="down", number=2, cause="removal", event="发生安全事故",
        event_on=date(2026, 5, 2), decision_number="示例〔2026〕9号", effective_from=date(2026, 6, 1),
    )  # fmt: skip
    client = login(world.users.community)
    page = client.get(reverse("star_unit", args=[w.SPRING])).content.decode()
    for words in ("三星", "五星", "第 2 版", "已被代替", "发生安全事故", "示例〔2026〕9号", "摘星", "年度内摘星"):
        assert words in page
    assert "按三星（2025 年度结果）" in page
    past = client.get(reverse("star_unit", args=[w.SPRING]), {"on": "2026-05-31"}).content.decode()
    assert "按五星（2025 年度结果）" in past
    assert client.get(reverse("star_unit", args=[w.SUMMER])).status_code == 404
    assert reverse("star_remove", args=[w.SPRING]) not in page


def test_unit_without_a_result_says_so(world, login):
    client = login(world.users.district)
    assert "还没有星级结果" in client.get(reverse("star_unit", args=[w.SPRING])).content.decode()
    assert "没有自己的星级" in client.get(reverse("star_unit", args=[w.STREET])).content.decode()
    assert client.get(reverse("star_remove", args=[w.SPRING])).status_code == 404


def test_removal_from_form_to_decision_by_another(world, login):
    rated.star(w.SPRING, 5, previous=4, change="up")
    first, second = login(world.users.district), login(world.users.city)
    url = reverse("star_remove", args=[w.SPRING])
    page = first.get(url).content.decode()
    assert 'value="4"' in page and 'value="0"' in page and 'value="5"' not in page and 'value="2"' not in page
    given = {"grade": "3", "event": "发生安全事故", "event_on": today().isoformat()}
    assert first.post(url, {**given, "grade": "2"}).status_code == 422
    assert first.post(url, given).status_code == 302
    draft = StarDraft.objects.get()
    address = reverse("star_draft", args=[draft.pk])
    decided = {"version": "1", "number": "示例〔2026〕9号", "decided_on": today().isoformat()}
    assert first.post(address, decided).status_code == 422
    assert StarGrade.objects.count() == 1
    assert "等待另一位同事决定" in first.get(reverse("star_unit", args=[w.SPRING])).content.decode()
    assert duties(world.users.district) == []
    assert [(str(one.label), one.who, one.url) for one in duties(world.users.city)] == [
        ("年度内摘星待决定", "春风社区", address)
    ]
    assert second.post(address, decided).status_code == 302
    made = StarGrade.objects.get(current=True)
    assert (made.grade, made.number, made.prepared_by, made.decided_by) == (
        3, 2, world.users.district, world.users.city
    )  # fmt: skip
    assert "已决定" in second.get(address).content.decode()
    assert second.post(address, decided).status_code == 422


def test_correction_may_be_turned_down_or_taken_back(world, login):
    result = rated.star(w.SPRING, 5)
    first, second = login(world.users.district), login(world.users.city)
    url = reverse("star_correct", args=[w.SPRING])
    assert first.post(url, {"grade": "4", "event": "加分重复"}).status_code == 302
    draft = StarDraft.objects.get()
    assert second.post(reverse("star_draft_withdraw", args=[draft.pk]), {"version": "1"}).status_code == 422
    assert second.post(reverse("star_draft_refuse", args=[draft.pk]), {"version": "1", "answer": ""}).status_code == 422
    refusal = {"version": "2", "answer": "证据不足"}
    draft.refresh_from_db()
    refusal["version"] = str(draft.version)
    assert second.post(reverse("star_draft_refuse", args=[draft.pk]), refusal).status_code == 302
    assert first.post(url, {"grade": "4", "event": "加分重复"}).status_code == 302
    other = StarDraft.objects.get(state="prepared")
    assert first.post(reverse("star_draft_withdraw", args=[other.pk]), {"version": "1"}).status_code == 302
    assert sorted(StarDraft.objects.values_list("state", flat=True)) == ["refused", "withdrawn"]
    assert StarGrade.objects.get() == result


def test_community_page_tells_the_stars_of_the_last_years(world, login):
    rated.star(w.SPRING, 4, 2024)
    rated.star(w.SPRING, 5, previous=4, change="up")
    page = login(world.users.street).get(reverse("division", args=[w.SPRING])).content.decode()
    assert "查看历史" in page and "升星" in page and reverse("star_unit", args=[w.SPRING]) in page
    assert "五星" not in login(world.users.auditor).get(reverse("division", args=[w.SPRING])).content.decode()
