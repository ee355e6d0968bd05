import re
from datetime import timedelta

import pytest
from django.urls import reverse

from portal.core.findings.reconcile import reconcile
from portal.core.territory.models import Population
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.tallies import recount
from workforce.inspections.staffing import STAFFING


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
    day = world.today - timedelta(days=30)
    rows = [cells for cells in rows_of(page(login(world.users.community), w.SPRING)) if cells[0][:2] == "20"]
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
        with django_assert_num_queries(20):
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


def test_vacant_posts_stand_as_empty_chairs_under_their_body(world, login):
    factories.rule(
        "staffing.core_posts",
        {"secretaries": 1, "deputy_secretaries": 1, "vice_chairs": 2, "one_shoulder": True},
        division=w.CITY,
    )
    factories.rule("committee.size_residents", {"least": 5, "most": 9}, division=w.CITY)
    factories.establishment(w.SPRING, posts=4)
    rows = rows_of(page(login(world.users.community), w.SPRING))
    vacant = [cells[1] for cells in rows if cells[0] == "空缺"]
    assert vacant == [
        "专职副书记",
        "居委会专职副主任",
        "居委会专职副主任",
        "居委会成员",
        "居委会成员",
        "工作人员",
        "工作人员",
    ]


def test_secretary_and_chair_are_missed_without_any_rule(world, login):
    text = text_of(page(login(world.users.neighbour), w.AUTUMN))
    rows = rows_of(page(login(world.users.neighbour), w.AUTUMN))
    assert [cells[1] for cells in rows if cells[0] == "空缺"] == ["社区党组织书记", "居委会主任"]
    assert "书记、主任都空缺。" in text


def test_one_shoulder_and_terms_are_told(world, login):
    factories.term(w.SPRING, number=11)
    factories.term(w.SPRING, "party", valid_to=world.today)
    text = text_of(page(login(world.users.community), w.SPRING))
    assert "书记、主任“一肩挑”。 “两委”成员 1 人：党组织 1 人，居委会 1 人，交叉任职 1 人。" in text
    assert "居民委员会 第 11 届 2024-01-01 选举，2029-01-01 届满" in text
    assert "社区党组织 2024-01-01 选举， 届满未换届" in text


def test_allotment_shows_every_engine_and_why_one_binds(world, login):
    factories.rule(
        "staffing.allotment",
        {"base": 4, "households_per": 300, "rounding": "nearest", "least": 0},
        division=w.CITY,
        article="第四条",
    )
    response = page(login(world.users.community), w.SPRING)
    assert sentence_text(response, "allotment-sentence") == "按“户数（4+N）”应配 7 人，在岗 2 人，缺 5 人。"
    rows = [cells for cells in rows_of(response) if cells[-1] in ("起作用", "不起作用")]
    assert [(cells[0].split("每")[0], *cells[1:]) for cells in rows] == [
        ("人口标准", "6", "不起作用"),
        ("户数（4+N）", "7", "起作用"),
    ]
    text = text_of(response)
    assert "几种办法并存，取最大的。按本社区户均人口，满 1,936 户起，人口标准的人数不少于 4+N。" in text


def sentence_text(response, identifier: str) -> str:
    html = response.content.decode()
    found = re.search(rf'<p class="says" id="{identifier}">(.*?)</p>', html, re.S)
    return re.sub(r"<[^>]+>", "", found[1])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (("staffing.cap", {"heads": 5}), ["按“人数上限”应配 5 人，在岗 2 人，缺 3 人。", "各办法得出 7 人，受上限约束为 5 人。"]),
        (("staffing.cap", {"heads": 2}), ["按“人数上限”应配 2 人，在岗 2 人，正好配足。"]),
        (("staffing.cap", {"heads": 1}), ["按“人数上限”应配 1 人，在岗 2 人，多 1 人。"]),
        (("staffing.combination", {"choose": "smallest"}), ["按“人口标准”应配 6 人，在岗 2 人，缺 4 人。", "取最小的"]),
    ],
)  # fmt: skip
def test_allotment_says_why(world, login, rule, expected):
    value = {"base": 4, "households_per": 300, "rounding": "nearest", "least": 0}
    factories.rule("staffing.allotment", value, division=w.CITY)
    factories.rule(*rule, division=w.CITY)
    text = text_of(page(login(world.users.community), w.SPRING))
    assert all(sentence in text for sentence in expected)


def test_missing_households_are_told_as_no_data(world, login):
    value = {"base": 4, "households_per": 300, "rounding": "nearest", "least": 0}
    factories.rule("staffing.allotment", value, division=w.CITY)
    text = text_of(page(login(world.users.neighbour), w.UNKNOWN))
    assert "缺少人口和户数，算不出职数。" in text
    factories.population(w.UNKNOWN, 900, world.today)
    recount()
    text = text_of(page(login(world.users.neighbour), w.UNKNOWN))
    assert "按“人口标准”至少应配 2 人，在岗 0 人，缺 2 人。" in text
    assert "“户数（4+N）”没有户数，算不出来。" in text


def test_positions_stand_beside_the_people(world, login):
    factories.establishment(w.SPRING, posts=4)
    response = page(login(world.users.community), w.SPRING)
    assert "社区专职工作人员核定员额 4 人，实有 2 人，空缺 2 人。" in text_of(response)
    assert reverse("establishment", args=[w.SPRING]) in response.content.decode()
    assert "还没有核定员额：任用不受员额限制。" in text_of(page(login(world.users.street), w.SUMMER))
