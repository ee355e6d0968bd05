import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.core.findings.reconcile import reconcile
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Division, Population
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.tallies import recount
from workforce.inspections.staffing import STAFFING

BASIS = "口径 城镇常住人口 40,000 人（本级数据，来源：示例普查公报） 时点 2020-11-01 依据 示例文件〔2022〕1号 第一条"


def page(client, code: str, **query):
    return client.get(reverse("division", args=[code]), query)


def csv_rows(client, code: str, **query) -> list[list[str]]:
    response = client.get(reverse("export", args=["staffing", "csv"]), {"place": code, **query})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_city_is_told_in_one_sentence_with_basis_date_and_source(world, login):
    response = page(login(world.users.city), w.CITY)
    assert sentence_of(response) == (
        "应配 72 人，在岗 6 人，缺 66 人；每万城镇常住人口 1.50 人（标准 18）。2 个区县中 0 个达标。 "
        f"示例市，截至 {world.today} {BASIS}"
    )


def test_children_pass_over_the_formal_node_and_show_exact_figures(world, login):
    response = page(login(world.users.city), w.CITY)
    assert rows_of(response) == [
        ["东区960101", "30,000 2020-11-01", "54", "5", "49", "1.66", "60.0%", "缺员", "0"],
        [
            "西区960102",
            "1,300社区台账人口 " + str(world.today - timedelta(days=730)),
            "3",
            "1",
            "2",
            "7.69",
            "0.0%",
            "缺员",
            "0",
        ],
    ]


def test_page_says_that_divisions_below_are_judged_by_another_basis(world, login):
    client = login(world.users.city)
    caution = "下级有按“社区台账人口”判断的，与本级的“城镇常住人口”口径不同：下级的缺口和达标个数不能与本级的直接比较，也不能相加。"
    assert caution in text_of(page(client, w.CITY))
    assert "口径不同" not in text_of(page(client, w.STREET))


def test_sums_stand_only_where_they_mean_something(world, login):
    client = login(world.users.city)
    mixed = rows_of(page(client, w.CITY), "tfoot")
    assert mixed == [["合计 2 个", "口径不一", "不相加", "6", "不相加", "口径不一", "50.0%", "", ""]]
    incomplete = rows_of(page(client, w.NEIGHBOUR), "tfoot")
    assert incomplete == [["合计 2 个", "数据不全", "不相加", "1", "不相加", "数据不全", "100.0%", "", ""]]
    whole = rows_of(page(client, w.STREET), "tfoot")
    assert whole == [["合计 3 个", "4,000", "不相加", "4", "不相加", "10.00", "50.0%", "", ""]]


def test_summed_population_says_so_and_old_one_warns(world, login):
    text = text_of(page(login(world.users.city), "960102"))
    old = world.today - timedelta(days=730)
    assert f"口径 社区台账人口 1,300 人（下级合计，来源：示例台账） 时点 {old}" in text
    assert "口径是“社区台账人口”，不是“城镇常住人口”" in text
    assert f"人口时点 {old} 与统计日 {world.today} 相差超过 12 个月" in text


def test_no_population_is_no_data_and_says_what_to_do(world, login):
    response = page(login(world.users.city), w.NEIGHBOUR)
    assert sentence_of(response).startswith(
        "在岗 1 人；没有人口数据，算不出应配人数。2 个社区中 0 个达标。1 个没有人口数据。"
    )
    assert "登记本级人口，或者为全部下级登记同一口径的人口，即可算出应配人数。 登记人口" in text_of(response)
    rows = {cells[0]: cells[1:] for cells in rows_of(response)}
    assert rows["同名社区960101002002"] == ["无数据", "无数据", "0", "无数据", "无数据", "无人在岗", "无人口数据", "0"]


def test_rule_that_nobody_set_is_not_in_force(world, login):
    response = page(login(world.users.outsider), "97")
    assert sentence_of(response).startswith("在岗 1 人，每万社区台账人口 10.00 人；配备标准未生效，不判断是否达标。")
    assert "这一天没有适用于这里的配备标准" in text_of(response)
    assert [cells[-2] for cells in rows_of(response)] == ["未生效"]


def test_no_level_that_can_be_judged_is_told_as_none_that_complies(world, login):
    Population.objects.filter(division__code__startswith=w.STREET).delete()
    recount()
    assert "2 个社区都判断不了是否达标。2 个没有人口数据。" in sentence_of(page(login(world.users.city), w.STREET))
    assert "1 个市都判断不了是否达标。1 个没有生效的标准。" in sentence_of(page(login(world.users.outsider), "97"))


def test_numbers_lead_to_the_rows_that_they_count(world, login):
    body = page(login(world.users.city), w.DISTRICT).content.decode()
    assert f'<a href="/indicators/workers/rows/?part=numerator&amp;place={w.DISTRICT}">5</a>' in body
    assert f'<a href="/indicators/staffing_gap/?place={w.DISTRICT}">49</a>' in body
    assert f'<a href="/indicators/workers/rows/?part=numerator&amp;place={w.STREET}">4</a>' in body
    assert f'<a href="/indicators/certified_share/rows/?part=numerator&amp;place={w.STREET}">50.0%</a>' in body


def test_who_is_not_counted_and_why(world, login):
    client = login(world.users.street)
    assert "另有 3 人在岗但不计入： 非专职 1，无有效劳动合同 1，在村任职 1" in text_of(page(client, w.STREET))
    part = client.get(reverse("division_uncounted", args=[w.STREET]), headers={"HX-Request": "true"})
    assert text_of(part) == "另有 3 人在岗但不计入： 非专职 1，无有效劳动合同 1，在村任职 1"
    people = client.get(f"/indicators/uncounted_part_time/rows/?part=numerator&place={w.STREET}")
    assert f'href="/indicators/uncounted_part_time/rows/?part=numerator&amp;place={w.STREET}"' in part.content.decode()
    assert [row[0] for row in rows_of(people)] == ["郑专"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["东区", "西区"]),
        ({"level": "street"}, ["一号街道", "二号街道", "三号街道"]),
        ({"level": "community"}, ["春风社区", "夏雨社区", "冬岭村", "秋叶社区", "同名社区", "同名社区", "冬雪社区"]),
        ({"level": "community", "status": "met"}, ["夏雨社区", "同名社区"]),
        ({"level": "community", "q": "同名"}, ["同名社区", "同名社区"]),
        ({"level": "community", "q": "96010100100"}, ["春风社区", "夏雨社区"]),
        ({"level": "community", "q": "XYSQ"}, ["夏雨社区"]),
        ({"level": "community", "sort": "-gap"}, ["春风社区", "秋叶社区", "冬雪社区", "夏雨社区", "同名社区", "冬岭村", "同名社区"]),
        ({"level": "community", "sort": "gap", "status": "short"}, ["秋叶社区", "冬雪社区", "春风社区"]),
        ({"level": "nonsense", "status": "x", "sort": ";drop", "page": "9" * 5000, "q": "a\x00b"}, ["东区", "西区"]),
        ({"q": "没有这里"}, []),
    ],
)  # fmt: skip
def test_table_is_filtered_sorted_and_takes_any_level(world, login, query, names):
    response = page(login(world.users.city), w.CITY, **query)
    assert [line["row"].name for line in response.context["table"].lines] == names


def test_status_chips_count_the_list_without_the_status_filter(world, login):
    table = page(login(world.users.city), w.CITY, level="community", status="met").context["table"]
    assert [(chip["label"], chip["count"], chip["current"]) for chip in table.status_chips] == [
        ("全部", 7, False), ("达标", 2, True), ("缺员", 3, False), ("无人口数据", 1, False), ("不适用", 1, False),
    ]  # fmt: skip
    assert [(tab["label"], tab["current"]) for tab in table.level_tabs] == [
        ("区县", False), ("街道乡镇", False), ("社区", True),
    ]  # fmt: skip


def test_pages_hold_fifty_rows(world, login):
    Division.objects.bulk_create(
        Division(
            code=f"960101001{number}", name=f"加{number}", label=f"加{number}", initials="j", level=5, kind="residents",
            urban=True, parent_id=w.STREET,
        )
        for number in range(100, 160)
    )  # fmt: skip
    response = page(login(world.users.city), w.STREET, page=2)
    assert [len(response.context["table"].lines), response.context["table"].page.paginator.count] == [13, 63]
    assert '<a class="btn btn-sm" href="?page=all"' in response.content.decode()
    whole = page(login(world.users.city), w.STREET, page="all")
    assert len(whole.context["table"].lines) == 63
    assert "分页显示" in text_of(whole)


def test_htmx_gets_the_table_alone(world, login):
    client = login(world.users.city)
    response = client.get(reverse("division", args=[w.CITY]), headers={"HX-Request": "true"})
    assert "HX-Request" in response["Vary"]
    assert b"<html" not in response.content
    assert [cells[0] for cells in rows_of(response)] == ["东区960101", "西区960102"]


def test_another_day_shows_the_figures_of_that_day(world, login):
    client = login(world.users.city)
    before = page(client, w.SPRING, on="2023-12-31")
    assert sentence_of(before).startswith("在岗 0 人；没有人口数据")
    PolicyRule.objects.filter(division_id=w.CITY).update(valid_to="2027-01-01")
    factories.staffing_rule(w.CITY, heads=20, since="2027-01-01")
    assert sentence_of(page(client, w.CITY, on="2027-01-01")).startswith("应配 80 人，在岗 6 人，缺 74 人")
    assert sentence_of(page(client, w.CITY, on="2026-12-31")).startswith("应配 72 人，在岗 6 人，缺 66 人")


def test_division_that_is_gone_says_until_when_it_was(world, login):
    Division.objects.filter(code=w.SUMMER).update(valid_to="2026-01-01")
    text = text_of(page(login(world.users.city), w.SUMMER))
    assert "夏雨社区 最后存在于 2025-12-31，所选日期没有它的数据。" in text


def test_findings_are_counted_up_the_tree(world, login):
    reconcile(inspection=STAFFING, on=world.today, by=None)
    rows = rows_of(page(login(world.users.city), w.CITY))
    assert {cells[0]: cells[-1] for cells in rows} == {"东区960101": "4", "西区960102": "3"}


def test_padded_code_leads_to_the_canonical_address(world, login):
    client = login(world.users.city)
    response = page(client, "960101000000", on="2026-01-01")
    assert (response.status_code, response["Location"]) == (302, "/divisions/960101/?on=2026-01-01")
    assert page(client, "9601")["Location"] == "/divisions/96/"


@pytest.mark.parametrize("code", ["97", "96", "960102", w.NEIGHBOUR, w.AUTUMN, "999999", "abc", "960101001001001"])
def test_foreign_and_unknown_codes_are_the_same_404(world, login, code):
    client = login(world.users.street)
    answers = [client.get(reverse(name, args=args)) for name, args in (
        ("division", [code]), ("division_uncounted", [code]), ("division_population", [code]),
    )]  # fmt: skip
    answers.append(client.get(reverse("export", args=["staffing", "csv"]), {"place": code}))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert "春风" not in text_of(answers[0])


def test_neighbour_is_absent_from_every_number(world, login):
    response = page(login(world.users.street), w.STREET)
    assert "秋叶" not in text_of(response)
    assert [line["row"].code for line in response.context["table"].lines] == [w.SPRING, w.SUMMER, w.VILLAGE]


def test_levels_above_the_territory_are_words_without_links_or_figures(world, login):
    html = page(login(world.users.street), w.STREET).content.decode()
    assert '<span class="bar-item">东区</span>' in html
    assert "/divisions/960101/" not in html
    assert "30,000" not in html


def test_downloads_hold_the_whole_list_as_filtered(world, login):
    client = login(world.users.city)
    rows = csv_rows(client, w.CITY, level="community", status="short", sort="-gap", page=7)
    assert rows[0][:3] == ["区划代码", "区划", "所属"]
    assert [row[:5] for row in rows[1:]] == [
        [w.SPRING, "春风社区", "东区 › 一号街道", "3000", "社区台账人口"],
        [w.AUTUMN, "秋叶社区", "东区 › 二号街道", "1500", "社区台账人口"],
        [w.SNOW, "冬雪社区", "西区 › 三号街道", "800", "社区台账人口"],
    ]
    spring = dict(zip(rows[0], rows[1], strict=True))
    assert (spring["应配（人）"], spring["在岗（人）"], spring["缺口（人，负数为多出）"], spring["每万人（人）"]) == (
        "6", "2", "4", "6.66",
    )  # fmt: skip


def test_download_as_xlsx_keeps_codes_as_text_and_numbers_as_numbers(world, login):
    response = login(world.users.city).get(reverse("export", args=["staffing", "xlsx"]), {"place": w.CITY})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [cell.value for cell in sheet[2]][:6] == ["960101", "东区", None, 30_000, "城镇常住人口", sheet["F2"].value]
    assert sheet["F2"].value.date().isoformat() == "2020-11-01"


def test_download_of_no_known_format_does_not_exist(world, login):
    assert login(world.users.city).get("/exports/staffing.pdf", {"place": w.CITY}).status_code == 404


@pytest.mark.parametrize("code", [w.CITY, w.DISTRICT, w.STREET])
def test_queries_do_not_grow_with_the_rows(world, login, code, django_assert_max_num_queries):
    client = login(world.users.city)
    page(client, code)
    with django_assert_max_num_queries(12):
        page(client, code, **({"level": "community", "q": "社区"} if len(code) < 9 else {}))


def test_queries_for_one_and_three_children_are_the_same(world, login, django_assert_num_queries):
    client = login(world.users.city)
    page(client, w.STREET)
    with django_assert_num_queries(11):
        assert len(page(client, w.STREET).context["table"].lines) == 3
    Division.objects.filter(code__in=[w.SUMMER, w.VILLAGE]).update(valid_to="2024-01-01")
    recount()
    with django_assert_num_queries(11):
        assert len(page(client, w.STREET).context["table"].lines) == 1
