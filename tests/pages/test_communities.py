from datetime import timedelta

import pytest
from django.urls import reverse

from portal.core.findings.reconcile import reconcile
from portal.core.territory.models import Population
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.tallies import recount
from workforce.inspections import STAFFING


def page(client, code: str, **query):
    return client.get(reverse("division", args=[code]), query)


def entry(day, **changes) -> dict:
    return {"basis": "ledger", "on": day.isoformat(), "value": "2,000", "households": "", "source": "新台账", **changes}


def test_people_stand_by_body_with_what_counts_and_what_does_not(world, login):
    response = page(login(world.users.community), w.SPRING)
    people = [cells for cells in rows_of(response) if len(cells) in (1, 6)]
    assert people == [
        ["社区党组织"],
        ["赵春", "社区党组织书记", "正职", "2024-01-01 起", "持证", "计入"],
        ["居民委员会"],
        ["赵春", "居委会主任", "正职", "2024-01-01 起", "持证", "同一人，只计 1 人"],
        ["社区工作站"],
        ["冯约", "工作人员", "工作人员", "2024-01-01 起", "未持证", "未计入：无有效劳动合同"],
        ["钱风", "工作人员", "工作人员", "2024-01-01 起", "未持证", "计入"],
        ["郑专", "工作人员", "工作人员", "2024-01-01 起", "未持证", "未计入：非专职"],
    ]


def test_missing_heads_are_empty_chairs(world, login):
    response = page(login(world.users.community), w.SPRING)
    assert response.content.decode().count('<li class="vacant">') == 4
    assert "在岗 2 人，空缺 4 席" in text_of(response)
    assert sentence_of(response).startswith("应配 6 人，在岗 2 人，缺 4 人；每万社区台账人口 6.66 人（标准 18）。")


def test_person_counted_elsewhere_says_so(world, login):
    factories.appointment(world.people["孙夏"], w.SPRING, tier=3, valid_from=world.today - timedelta(days=1))
    recount()
    lines = {cells[0]: cells[-1] for cells in rows_of(page(login(world.users.community), w.SPRING)) if len(cells) == 6}
    assert lines["孙夏"] == "在其他社区计入"


def test_names_need_the_roster_permission(world, login):
    text = text_of(page(login(world.users.auditor), w.SPRING))
    assert "人员名单需要查看名册的权限" in text
    assert "赵春" not in text


def test_populations_show_their_sources_and_which_one_is_used(world, login):
    factories.population(w.SPRING, 2_500, world.today - timedelta(days=500), source="旧台账")
    rows = [cells for cells in rows_of(page(login(world.users.community), w.SPRING)) if len(cells) == 3]
    day = world.today - timedelta(days=30)
    assert rows == [
        [day.isoformat(), "社区台账人口 在用 示例台账", "3,0001,000 户"],
        [(world.today - timedelta(days=500)).isoformat(), "社区台账人口旧台账", "2,500"],
    ]


def test_findings_of_the_community_alone(world, login):
    reconcile(inspection=STAFFING, on=world.today, by=None)
    response = page(login(world.users.district), w.SPRING)
    assert [finding.division_id for finding in response.context["findings"]] == [w.SPRING]
    assert "应配 6 人，在岗 2 人，缺 4 人" in text_of(response)
    assert page(login(world.users.district), w.SPRING, on="2026-01-01").context["findings"] is None


def test_empty_community_on_an_early_day(world, login):
    assert "这一天没有人在岗。" in text_of(page(login(world.users.community), w.SPRING, on="2020-01-01"))


def test_queries_for_one_and_three_people_are_the_same(world, login, django_assert_num_queries):
    client = login(world.users.district)
    page(client, w.SPRING)
    for code in (w.SPRING, w.AUTUMN):
        with django_assert_num_queries(11):
            assert page(client, code).status_code == 200


def test_population_is_entered_and_the_figure_follows_at_once(world, login):
    client = login(world.users.district)
    response = client.post(reverse("division_population", args=[w.UNKNOWN]), entry(world.today), follow=True)
    assert f"已登记 {world.today} 的社区台账人口 2,000 人，应配人数已按它计算。" in text_of(response)
    assert sentence_of(response).startswith("应配 4 人，在岗 0 人，缺 4 人")
    assert list(Population.objects.filter(division=w.UNKNOWN).values_list("value", "source")) == [(2000, "新台账")]


def test_population_that_is_not_used_says_which_one_is(world, login):
    client = login(world.users.district)
    older = entry(world.today - timedelta(days=90))
    response = client.post(reverse("division_population", args=[w.SPRING]), older, follow=True)
    used = world.today - timedelta(days=30)
    assert f"今天的应配人数仍按 {used} 的社区台账人口计算" in text_of(response)


def test_correcting_a_population_asks_first_and_keeps_what_was_typed(world, login):
    client, day = login(world.users.district), world.today - timedelta(days=30)
    url = reverse("division_population", args=[w.SPRING])
    asked = client.post(url, entry(day))
    assert asked.status_code == 422
    assert "这个口径和时点已登记 3,000 人（示例台账）。要更正为 2,000 人，请再次保存" in text_of(asked)
    assert 'value="新台账"' in asked.content.decode()
    assert Population.objects.get(division=w.SPRING).value == 3000
    assert client.post(url, entry(day, replaces="3000")).status_code == 302
    assert Population.objects.get(division=w.SPRING).value == 2000


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"on": "2099-01-01"}, "时点不能晚于今天。"),
        ({"on": "1899-01-01"}, "请核对年份：早于 1949 年。"),
        ({"value": "0"}, "1"),
        ({"value": "9" * 30}, "2000000000"),
        ({"value": "三千"}, "整数"),
        ({"source": "a\x00b"}, "空字符"),
        ({"basis": "x"}, "x"),
    ],
)
def test_bad_population_is_refused_in_words(world, login, changes, error):
    url = reverse("division_population", args=[w.UNKNOWN])
    response = login(world.users.district).post(url, entry(world.today) | changes)
    assert response.status_code == 422
    assert any(error in message for messages in response.context["form"].errors.values() for message in messages)
    assert not Population.objects.filter(division=w.UNKNOWN).exists()


def test_population_outside_the_territory_is_neither_shown_nor_changed(world, login):
    url = reverse("division_population", args=[w.AUTUMN])
    assert login(world.users.street).post(url, entry(world.today)).status_code == 404
    assert login(world.users.community).post(url, entry(world.today)).status_code == 403
    assert Population.objects.filter(division=w.AUTUMN).count() == 1
