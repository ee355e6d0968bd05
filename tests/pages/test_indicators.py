"""Catalogue, page, rows and comparison of figures: exact words and numbers, inside the wall, at a fixed cost."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.core.indicators.parts import listed_parts
from portal.core.lib.dated import add_years
from portal.pages import indicator_row_list
from portal.registry import INDICATORS
from ratings.actions.tallies import refresh_tallies
from tests import factories, taken
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.tallies import recount
from workforce.models import Snapshot


def page(client, name: str, key: str = "", **query):
    return client.get(reverse(name, args=[key] if key else []), query)


def row_named(response, label: str) -> list[str]:
    (found,) = [row for row in rows_of(response) if row[0] == label]
    return found


# Catalogue -----------------------------------------------------------------------------------------------------------


def test_catalogue_has_every_figure_with_its_numbers_and_standing(world, login):
    response = page(login(world.users.district), "indicators")
    assert len(rows_of(response)) == len(INDICATORS)
    assert row_named(response, "每万人社区工作者") == [
        "每万人社区工作者",
        "1.66 人/万人",
        "社区工作者 5城镇常住人口 30,000",
        "不少于 18 人/万人",
        "未达标",
        f"1.66 人/万人{add_years(world.today, -1)}",
        "0.00 人/万人",
        "城镇常住人口 30,000 人（本级数据，来源：示例普查公报）2020-11-01",
    ]


def test_absent_values_are_words_and_never_zero(world, login):
    client = login(world.users.city)
    share = row_named(page(client, "indicators", place=w.DISTRICT), "持证率")
    assert share[1:5] == ["60.0%", "持证人数 3社区工作者 5", "未生效", "未生效"]
    unknown = row_named(page(client, "indicators", place=w.UNKNOWN), "每万人社区工作者")
    assert unknown[1] == "无数据"
    village = row_named(page(client, "indicators", place=w.VILLAGE), "每万人社区工作者")
    assert (village[1], village[4]) == ("不适用", "不设目标")


def test_catalogue_is_narrowed_by_topic_standing_and_words(world, login):
    client = login(world.users.district)
    assert {row[0] for row in rows_of(page(client, "indicators", met="missed"))} == {"每万人社区工作者", "缺员人数"}
    assert [row[0] for row in rows_of(page(client, "indicators", q="交叉任职率"))] == ["交叉任职率"]
    assert rows_of(page(client, "indicators", topic="committees", met="missed")) == []
    assert "没有符合条件的指标" in text_of(page(client, "indicators", q="没有这个词"))
    assert len(rows_of(page(client, "indicators", topic="nonsense"))) == len(INDICATORS)


def test_last_year_is_compared_in_percentage_points(world, login):
    year_ago = add_years(world.today, -1)
    Snapshot.objects.create(division_id=w.DISTRICT, on=year_ago, workers=4, certified=1)
    response = page(login(world.users.district), "indicators")
    share = row_named(response, "持证率")
    assert share[5:7] == [f"25.0%{year_ago}", "+35.0 个百分点"]
    assert row_named(response, "社区工作者")[6] == "+1 人"


def test_last_year_of_a_big_place_is_that_of_the_nearest_end_of_a_month(world, login):
    year_ago = add_years(world.today, -1)
    for days, workers in ((-25, 3), (6, 4)):
        Snapshot.objects.create(division_id=w.CITY, on=year_ago + timedelta(days=days), workers=workers)
    told = row_named(page(login(world.users.city), "indicators", place=w.CITY), "社区工作者")
    assert told[5] == f"4 人{year_ago + timedelta(days=6)}"


def test_last_year_of_another_basis_is_shown_and_not_compared(world, login):
    year_ago = add_years(world.today, -1)
    then = {"population": 60_000, "basis": "permanent", "population_on": date(2020, 11, 1), "population_own": True}
    Snapshot.objects.create(division_id=w.DISTRICT, on=year_ago, workers=4, **then)
    client = login(world.users.district)
    ratio = row_named(page(client, "indicators"), "每万人社区工作者")
    assert ratio[5:7] == [f"0.66 人/万人{year_ago}", "口径不同"]
    shown = page(client, "indicator", "staffing_ratio")
    assert f"上年同期（{year_ago}）0.66 人/万人，当时的人口口径是常住人口，与现在不同，不作比较。" in sentence_of(shown)
    assert f"{year_ago} 口径不同" in text_of(shown)


def test_figures_of_pay_are_for_those_who_may_see_pay(world, login):
    hidden = {str(one.label) for one in INDICATORS.values() if one.perm}
    assert hidden
    shown = {row[0] for row in rows_of(page(login(world.users.community), "indicators"))}
    assert shown.isdisjoint(hidden)
    key = next(key for key, one in INDICATORS.items() if one.perm)
    assert page(login(world.users.community), "indicator", key).status_code == 404
    assert page(login(world.users.street), "indicator", key).status_code == 200


# One figure ----------------------------------------------------------------------------------------------------------


def test_figure_is_told_in_a_sentence_with_basis_day_rule_and_source(world, login):
    response = page(login(world.users.district), "indicator", "staffing_ratio")
    assert sentence_of(response) == (
        "东区每万人社区工作者 1.66 人/万人（社区工作者 5 人，城镇常住人口 30,000 人）。目标不少于 18 人/万人，未达标，还差 49 人。"
        f"上年同期（{add_years(world.today, -1)}）1.66 人/万人，持平。 东区，截至 {world.today} "
        "口径 城镇常住人口 30,000 人（本级数据，来源：示例普查公报） 时点 2020-11-01 "
        "依据 示例文件〔2022〕1号 第一条 来源 当日数据"
    )


def test_target_of_a_share_with_its_day_and_what_is_lacking(world, login):
    factories.rule("certificate.share_target", {"percent": 80, "due": "2026-12-31", "base": "heads"}, w.CITY)
    response = page(login(world.users.district), "indicator", "certified_share")
    assert sentence_of(response).startswith(
        "东区持证率 60.0%（持证人数 3 人，社区工作者 5 人）。目标2026-12-31前不少于 80%，未达标，还差 1 人。"
    )


def test_ranking_orders_and_numbers_the_divisions_below(world, login):
    client = login(world.users.district)
    response = page(client, "indicator", "certified_share")
    ranking = [row for row in rows_of(response) if len(row) == 7]
    assert [row[:5] for row in ranking] == [
        ["2", "一号街道960101001", "50.0", "2", "4"],
        ["1", "二号街道960101002", "100.0", "1", "1"],
    ]
    assert rows_of(response, "tfoot") == [["", "东区本级", "60.0", "3", "5", "", "未生效"]]
    city, caution = login(world.users.city), "这些区划的人口口径不同（城镇常住人口、社区台账人口），名次只作参考。"
    assert caution in text_of(page(city, "indicator", "staffing_ratio"))
    assert caution not in text_of(page(city, "indicator", "certified_share"))
    by_code = page(client, "indicator", "certified_share", level="community", sort="-numerator")
    assert [row[1][:4] for row in rows_of(by_code) if len(row) == 7] == [
        "春风社区",
        "夏雨社区",
        "秋叶社区",
        "冬岭村9",
        "同名社区",
    ]


def test_ranking_is_searched_and_filtered_by_standing(world, login):
    client = login(world.users.district)
    found = page(client, "indicator", "staffing_ratio", level="community", met="met")
    assert [row[1] for row in rows_of(found) if len(row) == 7] == ["夏雨社区960101001002"]
    found = page(client, "indicator", "staffing_ratio", q="一号")
    assert [row[1] for row in rows_of(found) if len(row) == 7] == ["一号街道960101001"]


def test_past_day_is_counted_as_of_then(world, login):
    world.people["周秋"].appointments.update(valid_to=world.today)
    recount()
    client = login(world.users.district)
    assert sentence_of(page(client, "indicator", "workers")).startswith("东区社区工作者 4 人。")
    yesterday = (world.today - timedelta(days=1)).isoformat()
    then = page(client, "indicator", "workers", on=yesterday)
    assert sentence_of(then).startswith("东区社区工作者 5 人。")
    assert "来源 按记录重新统计" in sentence_of(then)
    assert f"正在查看 {yesterday} 的状态（只读）" in text_of(then)


def test_foreign_place_and_unknown_figure_are_missing(world, login):
    client = login(world.users.street)
    assert page(client, "indicator", "workers", place=w.NEIGHBOUR).status_code == 404
    assert page(client, "indicator", "nothing").status_code == 404
    assert page(client, "indicator_rows", "workers", place=w.NEIGHBOUR).status_code == 404
    assert page(client, "indicator_rows", "workers", part="nothing").status_code == 404


# The rows behind a number ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(INDICATORS))
def test_list_behind_every_number_equals_it(world, login, key):
    client = login(world.users.city)
    for part in listed_parts(INDICATORS[key]).values():
        response = page(client, "indicator_rows", key, place=w.DISTRICT, part=part.key)
        text = text_of(response)
        assert response.status_code == 200
        assert "名册正在变化" not in text
        if (found := re.search(r"名单共 ([0-9,]+) 项，与数字一致", text)) and found[1] != "0":
            assert len(rows_of(response)) == int(found[1])


def test_rows_name_people_with_their_posts(world, login):
    response = page(login(world.users.street), "indicator_rows", "certified_share")
    assert rows_of(response) == [
        ["赵春", "春风社区", "社区党组织社区党组织书记", "正职12 级"],
        ["孙夏", "夏雨社区", "社区工作站工作人员", "工作人员5 级"],
    ]
    assert "名单共 2 项，与数字一致。" in text_of(response)


def test_share_lists_those_whom_it_leaves_out(world, login):
    client = login(world.users.street)
    response = page(client, "indicator_rows", "certified_share", part="rest")
    assert [row[0] for row in rows_of(response)] == ["钱风", "李雨"]
    assert "名单共 2 项，与数字一致。" in text_of(response)
    assert "社区工作者中不计入持证人数的 2 人" in text_of(response)
    assert "社区工作者中不计入持证人数的 2 人" in text_of(page(client, "indicator", "certified_share"))
    assert page(client, "indicator_rows", "staffing_ratio", part="rest").status_code == 404
    assert page(client, "indicator_rows", "mean_age", part="rest").status_code == 404


def test_rows_end_at_the_wall_though_the_number_is_whole(world, login):
    both = factories.user("both", ("auditor", w.DISTRICT), ("community", w.SPRING))
    response = page(login(both), "indicator_rows", "certified_share", place=w.DISTRICT)
    assert "持证人数 3 人" in text_of(response)
    assert "名单中有您可以查看的 1 项，其余不在您的查看范围。" in text_of(response)
    assert [row[0] for row in rows_of(response)] == ["赵春"]


def test_without_the_right_to_people_the_number_stands_alone(world, login):
    response = page(login(world.users.auditor), "indicator_rows", "certified_share", place=w.DISTRICT)
    assert "持证人数 3 人" in text_of(response)
    assert "您没有查看这份名单的权限" in text_of(response)
    assert "赵春" not in text_of(response)


def test_sums_list_what_each_row_adds(world, login):
    response = page(login(world.users.street), "indicator_rows", "mean_age")
    people = rows_of(response)
    assert sum(int(row[-1]) for row in people) == int(rows_of(response, "tfoot")[0][-1])
    assert "由 4 项相加得出。" in text_of(response)


def test_population_leads_to_its_record_or_to_what_it_sums(world, login):
    client = login(world.users.district)
    own = page(client, "indicator_rows", "staffing_ratio", part="denominator")
    assert "这是本级自己登记的人口。 人口 30,000 人 口径 城镇常住人口 时点 2020-11-01 来源 示例普查公报" in text_of(own)
    summed = page(client, "indicator_rows", "staffing_ratio", part="denominator", place=w.STREET)
    assert [row[:2] for row in rows_of(summed)] == [
        ["春风社区960101001001", "3,000"],
        ["夏雨社区960101001002", "1,000"],
    ]


def test_a_list_too_long_gives_the_numbers_below_that_lead_on(world, login, monkeypatch):
    monkeypatch.setattr(indicator_row_list, "LISTED_ROWS", 2)
    response = page(login(world.users.district), "indicator_rows", "certified_share")
    assert rows_of(response) == [["一号街道960101001", "2"], ["二号街道960101002", "1"]]
    assert f"/indicators/certified_share/rows/?part=numerator&amp;place={w.STREET}" in response.content.decode()


def test_rows_that_are_added_up_are_as_many_as_they_are_not_as_much_as_they_add(world, login, monkeypatch):
    client = login(world.users.district)
    factories.facility(w.SPRING)
    refresh_tallies([w.SPRING])
    monkeypatch.setattr(indicator_row_list, "LISTED_ROWS", 2)
    for place in (w.SPRING, w.DISTRICT):
        response = page(client, "indicator_rows", "facility_area_per_100", place=place)
        assert [row[-1] for row in rows_of(response)] == ["40,800"]
        assert "由 1 项相加得出。" in text_of(response)
    many = page(client, "indicator_rows", "mean_age", place=w.STREET)
    assert [row[0] for row in rows_of(many)] == ["春风社区960101001001", "夏雨社区960101001002"]


def test_community_lists_its_rows_however_many(world, login, monkeypatch):
    monkeypatch.setattr(indicator_row_list, "LISTED_ROWS", 1)
    response = page(login(world.users.street), "indicator_rows", "workers", place=w.SPRING)
    assert {row[0] for row in rows_of(response)} == {"赵春", "钱风"}


def test_rows_are_paged_at_a_fixed_number_of_queries(world, login, django_assert_max_num_queries):
    for number in range(55):
        factories.worker(f"新{number}", w.SPRING)
    recount()
    client = login(world.users.street)
    with django_assert_max_num_queries(16):
        first = page(client, "indicator_rows", "workers")
    assert len(rows_of(first)) == 50
    last = page(client, "indicator_rows", "workers", page="99")
    assert len(rows_of(last)) == 9


@pytest.mark.parametrize(("name", "key"), [("indicators", ""), ("indicator", "certified_share")])
def test_pages_cost_the_same_for_a_street_and_a_city(world, login, django_assert_max_num_queries, name, key):
    client = login(world.users.city)
    for code in (w.STREET, w.CITY):
        with django_assert_max_num_queries(22):
            assert page(client, name, key, place=code).status_code == 200


# Files ---------------------------------------------------------------------------------------------------------------


def test_catalogue_and_ranking_as_files(world, login):
    client = login(world.users.district)
    catalogue = taken.rows(client, "indicators", place=w.DISTRICT, q="持证率")
    assert catalogue[1][:9] == ["持证率", w.DISTRICT, "东区", str(world.today), "60.0", "%", "有数据", "3", "5"]
    book = taken.book(client, "indicator", key="certified_share", place=w.DISTRICT)
    assert [row[1] for row in taken.sheet(book, "指标比较表")[1:]] == [w.STREET, w.NEIGHBOUR, w.DISTRICT]
    assert ("算法", "持证人数 ÷ 社区工作者人数，同一天的人。") in taken.sheet(book, "指标定义")


def test_rows_as_a_file_stay_inside_the_wall_and_are_on_record(world, login):
    client = login(world.users.street)
    rows = taken.rows(client, "figure-people", key="certified_share", part="numerator")
    assert [row[1] for row in rows[1:]] == ["赵春", "孙夏"]
    assert taken.take(client, "figure-people", key="certified_share", place=w.DISTRICT).status_code == 404
    assert taken.take(client, "figure-places", key="certified_share").status_code == 302


# Comparison ----------------------------------------------------------------------------------------------------------


def test_places_and_figures_stand_beside_each_other(world, login):
    response = page(
        login(world.users.city),
        "indicators_compare",
        keys="certified_share,staffing_gap",
        places=f"{w.DISTRICT},960102,97",
    )
    assert rows_of(response) == [["东区960101", "60.0 未生效", "49 未达标"], ["西区960102", "0.0 未生效", "2 未达标"]]


def test_comparison_offers_the_divisions_below(world, login):
    response = page(login(world.users.district), "indicators_compare", keys="workers")
    assert rows_of(response) == [["一号街道960101001", "4"], ["二号街道960101002", "1"]]
