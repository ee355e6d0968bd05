"""The dashboard: the page asks for its parts, each part tells the figures, leads to the rows and stays inside the wall."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.core.lib.dated import end_of
from portal.core.territory.models import Division
from portal.pages.dashboard import PANELS
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, text_of
from workforce.actions.tallies import recount
from workforce.inspections.staffing import STAFFING
from workforce.models import Snapshot

SHARE = "certificate.share_target"


def panel(client, code: str, key: str, *, part: bool = True, **query):
    headers = {"HX-Request": "true"} if part else {}
    return client.get(reverse("division_panel", args=[code, key]), query, headers=headers)


def snapshot(code: str, on: date, **counted) -> Snapshot:
    return Snapshot.objects.create(division_id=code, on=on, basis="urban_permanent", population_on=on, **counted)


def finding(kind: str, code: str, due_on: date, subject: str) -> Finding:
    facts = {"day": str(due_on), "due_on": str(due_on), "days": 1}
    seen = {"opened_on": "2026-01-01", "seen_on": "2026-01-01"}
    return Finding.objects.create(kind=kind, subject=subject, division_id=code, due_on=due_on, facts=facts, **seen)


def asked_for(response) -> list[str]:
    return re.findall(r'class="panel dash-part [^>]*hx-get="([^"]+)"', response.content.decode())


def test_page_asks_for_its_parts_after_it_has_come(world, login):
    response = login(world.users.city).get(reverse("division", args=[w.DISTRICT]))
    keys = ["needs", "trend", "certificates", "tiles", "ranking", "committees", "allotment", "grids", "people"]
    assert asked_for(response) == [f"/divisions/{w.DISTRICT}/panels/{key}/" for key in keys]


def test_parts_keep_the_day_of_the_page(world, login):
    response = login(world.users.city).get(reverse("division", args=[w.DISTRICT]), {"on": "2026-01-31"})
    assert {address.partition("?")[2] for address in asked_for(response)} == {"on=2026-01-31"}


def test_community_has_the_line_of_heads_alone(world, login):
    response = login(world.users.street).get(reverse("division", args=[w.SPRING]))
    assert asked_for(response) == [f"/divisions/{w.SPRING}/panels/trend/"]


def test_first_page_has_the_lines_of_the_first_territory(world, login):
    response = login(world.users.district).get(reverse("today"))
    assert asked_for(response) == [f"/divisions/{w.DISTRICT}/panels/{key}/" for key in ("trend", "certificates")]
    assert "查看完整看板" in text_of(response)


@pytest.mark.parametrize("key", [panel.key for panel in PANELS])
def test_every_part_is_a_page_of_its_own_too(world, login, key):
    client = login(world.users.city)
    part, page = panel(client, w.CITY, key), panel(client, w.CITY, key, part=False)
    assert "<html" not in part.content.decode()
    assert f'id="panel-{key}-title"' in part.content.decode()
    assert text_of(part) in text_of(page)
    assert page["Vary"].count("HX-Request") == 1


def test_part_that_a_level_does_not_have_does_not_exist(world, login):
    client = login(world.users.city)
    assert panel(client, w.SPRING, "people").status_code == 404
    assert panel(client, w.CITY, "nothing").status_code == 404
    assert panel(client, "97", "trend").status_code == 404


def test_part_without_the_permission_says_so(world, login):
    response = panel(login(world.users.auditor), w.CITY, "needs")
    assert "您没有查看这部分内容的权限" in text_of(response)


@pytest.mark.parametrize("key", [panel.key for panel in PANELS])
def test_every_part_tells_another_day(world, login, key):
    response = panel(login(world.users.city), w.CITY, key, on=world.today - timedelta(days=40))
    assert response.status_code == 200
    assert f"on={world.today - timedelta(days=40)}" in response.content.decode()


def test_day_that_is_too_much_to_count_says_so(world, login, monkeypatch):
    monkeypatch.setattr("portal.core.indicators.days.PEOPLE_AT_MOST", 1)
    past = {"on": "2024-03-10"}
    sentence = text_of(panel(login(world.users.city), w.CITY, "people", **past))
    assert sentence.startswith("队伍构成 导出队伍构成")
    assert len(sentence) > 30
    response = login(world.users.city).get(reverse("export", args=["dashboard", "xlsx"]), {"place": w.CITY, **past})
    assert (response.status_code, response["Location"]) == (302, f"/divisions/{w.CITY}/?on=2024-03-10")


# Heads and certificates -----------------------------------------------------------------------------------------------


def test_heads_are_told_month_by_month_with_what_is_missing(world, login):
    snapshot(w.DISTRICT, world.today.replace(day=1) - timedelta(days=1), workers=3, population=30_000)
    response = panel(login(world.users.city), w.DISTRICT, "trend")
    before = world.today.replace(day=1) - timedelta(days=1)
    assert rows_of(response) == [[f"{before:%Y-%m}", "3", "54", "51"], [f"{world.today:%Y-%m}", "5", "54", "49"]]
    assert f"比 {before:%Y-%m} 增加 2 人，缺口由 51 人变为 49 人。" in text_of(response)


def test_month_that_nothing_was_kept_for_stays_empty(world, login):
    long_ago = world.today.replace(day=1) - timedelta(days=40)
    snapshot(w.DISTRICT, long_ago, workers=3, population=30_000)
    rows = rows_of(panel(login(world.users.city), w.DISTRICT, "trend"))
    assert rows[1][1:] == ["没有留存", "没有留存", "没有留存"]
    assert (len(rows), rows[0][1], rows[2][1]) == (3, "3", "5")


def test_heads_without_a_rule_have_no_line_to_reach(world, login):
    rows = rows_of(panel(login(world.users.outsider), "970101", "trend"))
    assert rows == [[f"{world.today:%Y-%m}", "1", "未生效", "未生效"]]


def test_way_to_the_targets_names_what_is_missing_and_the_pace(world, login):
    year = world.today.year
    value = {"percent": 80, "due": f"{year + 1}-12-31"}
    factories.rule(SHARE, value, w.CITY, world.today, valid_to=f"{year + 2}-01-01")
    later = {"percent": 100, "due": f"{year + 2}-12-31"}
    factories.rule(SHARE, later, w.CITY, f"{year + 2}-01-01")
    response = panel(login(world.users.city), w.DISTRICT, "certificates")
    left = 12 * (year + 1) + 12 - 12 * year - world.today.month
    pace = (Decimal(1) / left).quantize(Decimal("0.1"))
    assert (
        f"到 {year + 1}-12-31 达到 80%：按现在的在岗人数还差 1 人，平均每月 {pace} 人（不计今后的增减，见预测）。"
    ) in text_of(response)
    rows = rows_of(response)
    assert rows[0] == [f"{world.today:%Y-%m}", "60.0", "80.0", "60.0"]
    assert [row for row in rows if row[0] in (f"{year + 1}-12", f"{year + 2}-12")] == [
        [f"{year + 1}-12", "未到", "80.0", "80.0"],
        [f"{year + 2}-12", "未到", "100.0", "100.0"],
    ]
    assert rows[-1][0] == f"{year + 2}-12"


def test_target_gone_by_is_told_and_has_no_way(world, login):
    value = {"percent": 80, "due": str(world.today - timedelta(days=1))}
    factories.rule(SHARE, value, w.CITY)
    response = panel(login(world.users.city), w.DISTRICT, "certificates")
    assert f"80% 的目标已于 {world.today - timedelta(days=1)} 到期，还差 1 人。" in text_of(response)
    assert rows_of(response) == [[f"{world.today:%Y-%m}", "60.0", "80.0"]]


def test_without_a_target_the_share_stands_alone(world, login):
    assert rows_of(panel(login(world.users.city), w.DISTRICT, "certificates")) == [
        [f"{world.today:%Y-%m}", "60.0", "未生效"]
    ]


# Tiles and ranking ----------------------------------------------------------------------------------------------------


def tiles_of(response) -> list[tuple[str, ...]]:
    found = re.findall(r'<a class="tile tile-(\w+)" href="([^"]+)">(.*?)</a>', response.content.decode(), re.S)
    plain = [
        (look, url, re.sub(r"<svg.*?</svg>|<[^>]+>", " ", inside, flags=re.S).split()) for look, url, inside in found
    ]
    return [(look, url, " ".join(words)) for look, url, words in plain]


def test_tiles_tell_state_by_class_and_word_and_lead_down(world, login):
    assert tiles_of(panel(login(world.users.city), w.STREET, "tiles")) == [
        ("short", f"/divisions/{w.SPRING}/", "春风社区 缺员一成以上 缺 4 人"),
        ("met", f"/divisions/{w.SUMMER}/", "夏雨社区 达标 不缺人"),
        ("not_applicable", f"/divisions/{w.VILLAGE}/", "冬岭村 不适用 在岗 0 人"),
    ]


def test_tiles_of_a_lower_level_stand_under_what_they_lie_in(world, login):
    response = panel(login(world.users.city), w.DISTRICT, "tiles", level="community")
    text = text_of(response)
    assert [look for look, *_rest in tiles_of(response)] == ["short", "met", "not_applicable", "short", "no_data"]
    assert text.index("一号街道") < text.index("春风社区") < text.index("二号街道") < text.index("秋叶社区")


def test_legend_narrows_the_tiles_to_one_look_and_back(world, login):
    client, at = login(world.users.city), {"level": "community"}
    url = f"/divisions/{w.DISTRICT}/panels/tiles/?level=community"
    shown = panel(client, w.DISTRICT, "tiles", **at).context["legend"]
    assert {item["look"].key: (item["count"], item["url"]) for item in shown} == {
        "met": (1, f"{url}&look=met"),
        "short": (2, f"{url}&look=short"),
        "no_data": (1, f"{url}&look=no_data"),
        "not_applicable": (1, f"{url}&look=not_applicable"),
    }
    narrowed = panel(client, w.DISTRICT, "tiles", look="short", **at)
    assert [look for look, *_rest in tiles_of(narrowed)] == ["short", "short"]
    chosen = {item["look"].key: item["url"] for item in narrowed.context["legend"] if item["current"]}
    assert chosen == {"short": url}
    assert [item["count"] for item in narrowed.context["legend"]] == [1, 2, 1, 1]
    assert "look=short" in narrowed.context["levels"][0]["url"]
    assert len(tiles_of(panel(client, w.DISTRICT, "tiles", look="nothing", **at))) == 5
    assert "没有这样的区划。" in text_of(panel(client, w.DISTRICT, "tiles", look="near", **at))


def test_little_missing_looks_other_than_much(world, login):
    factories.population(w.SUMMER, 1_100, world.today - timedelta(days=1), households=300)
    for number in range(17):
        factories.worker(f"甲{number}", w.SPRING)
    factories.population(w.SPRING, 11_000, world.today - timedelta(days=1), households=3000)
    recount()
    looks = {url: look for look, url, _words in tiles_of(panel(login(world.users.city), w.STREET, "tiles"))}
    assert looks[f"/divisions/{w.SPRING}/"] == "near"  # 19 of 20


def test_more_tiles_than_one_can_look_at_are_refused_in_words(world, login, monkeypatch):
    monkeypatch.setattr("portal.pages.dashboard_tiles.MOST_TILES", 2)
    response = panel(login(world.users.city), w.DISTRICT, "tiles", level="community")
    assert tiles_of(response) == []
    assert "超过 2 个，一张图放不下。" in text_of(response)


def test_ranking_begins_with_the_biggest_gap(world, login):
    response = panel(login(world.users.city), w.CITY, "ranking")
    assert rows_of(response) == [["1", "东区", "缺 49 人", ""], ["2", "西区", "缺 2 人", ""]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sort": "ratio"}, [["1", "东区", "1.66"], ["2", "西区", "7.69"]]),
        ({"sort": "ratio", "best": "1"}, [["1", "西区", "7.69"], ["2", "东区", "1.66"]]),
        ({"sort": "certified_share"}, [["1", "西区", "0.0%"], ["2", "东区", "60.0%"]]),
        ({"sort": "nonsense"}, [["1", "东区", "缺 49 人"], ["2", "西区", "缺 2 人"]]),
    ],
)
def test_ranking_by_each_order(world, login, query, expected):
    rows = rows_of(panel(login(world.users.city), w.CITY, "ranking", **query))
    assert [row[:3] for row in rows] == expected


def test_ranking_of_places_with_other_populations_says_so(world, login):
    caution = "这些区划的人口口径不同（城镇常住人口、社区台账人口），名次只作参考。"
    client = login(world.users.city)
    assert caution in text_of(panel(client, w.CITY, "ranking"))
    assert "口径不同" not in text_of(panel(client, w.CITY, "ranking", sort="certified_share"))
    assert "口径不同" not in text_of(panel(client, "960102001", "ranking"))


def test_equal_values_share_a_rank_and_unknown_ones_have_none(world, login):
    factories.population(w.UNKNOWN, 1_500, world.today - timedelta(days=1), households=500)
    factories.worker("丁", w.UNKNOWN)
    recount()
    rows = rows_of(panel(login(world.users.city), w.NEIGHBOUR, "ranking"))
    assert [row[:3] for row in rows] == [["1", "秋叶社区", "缺 2 人"], ["1", "同名社区", "缺 2 人"]]
    street = panel(login(world.users.city), w.STREET, "ranking")
    assert "1 个没有数据，不参加排名。" in text_of(street)


# Needs ----------------------------------------------------------------------------------------------------------------


def test_nothing_due_is_said(world, login):
    assert "没有已逾期的，90 天内也没有到期的。" in text_of(panel(login(world.users.city), w.CITY, "needs"))


def test_before_the_first_look_nothing_due_is_no_data(world, login):
    client, past = login(world.users.city), world.today - timedelta(days=9)
    pages = (reverse("division_panel", args=[w.CITY, "needs"]), reverse("findings"))
    words = "到这一天为止还没有进行过检查，不能说没有问题。"
    assert [words in text_of(client.get(url, {"on": past})) for url in pages] == [True, True]
    seen = {"opened_on": past, "seen_on": past, "resolved_on": past, "state": "resolved"}
    Finding.objects.create(kind="x", subject="x", division_id=w.SPRING, facts={}, **seen)
    assert [words in text_of(client.get(url, {"on": past})) for url in pages] == [False, False]


def test_what_is_due_is_counted_by_kind_and_named_first_come(world, login):
    reconcile(inspection=STAFFING, on=world.today, by=None)
    for number, (code, days) in enumerate(((w.SPRING, -3), (w.SUMMER, 20), (w.AUTUMN, 60), (w.SNOW, 1))):
        finding("contract_ending", code, due_on=world.today + timedelta(days=days), subject=f"x{number}")
    response = panel(login(world.users.district), w.DISTRICT, "needs")
    assert rows_of(response) == [
        ["合同即将到期", "1合同即将到期 已逾期", "0", "1合同即将到期 30 天内", "1合同即将到期 90 天内"]
    ]
    text = text_of(response)
    assert text.index("春风社区") < text.index("夏雨社区") < text.index("秋叶社区")
    assert "冬雪社区" not in text
    assert "没有期限或期限在 90 天以后" in text
    assert (
        f"/findings/?place={w.DISTRICT}&amp;state=active&amp;kind=contract_ending&amp;due=overdue"
        in response.content.decode()
    )


def test_first_of_two_kinds_of_a_band_are_named_where_counts_are_kept(world, login):
    due = world.today + timedelta(days=20)
    given = (("pay_uncovered", w.SUMMER, 0), ("contract_ending", w.SNOW, 0), ("contract_ending", w.SPRING, 0))
    for number, (kind, code, days) in enumerate((*given, ("certificate_due", w.AUTUMN, 1))):
        finding(kind, code, due_on=due + timedelta(days=days), subject=f"x{number}")
    shown = panel(login(world.users.city), w.CITY, "needs").context
    assert [(line["who"], line["due"]) for line in shown["lines"]] == [("夏雨社区", due), ("冬雪社区", due)]
    assert [cell["count"] for cell in shown["total"]["cells"]] == [0, 0, 4, 0]


def test_term_that_ends_soon_is_named_before_it_has_ended(world, login):
    last = world.today + timedelta(days=50)
    factories.term(w.SPRING, valid_to=end_of(last))
    response = panel(login(world.users.city), w.CITY, "needs")
    assert [row[0] for row in rows_of(response, "tfoot")] == ["“两委”任期将届满"]
    assert "居民委员会任期届满，应当换届。" in text_of(response)
    assert str(last) in text_of(response)


# Structure, committees, grids -----------------------------------------------------------------------------------------


def test_composition_counts_add_up_and_lead_to_their_rows(world, login):
    response = panel(login(world.users.city), w.DISTRICT, "people")
    rows = {row[0]: row[1:] for row in rows_of(response)}
    assert rows["女性"] == ["2", "40.0"]
    assert rows["男性"] == ["3", "60.0"]
    assert f"/indicators/women_share/rows/?part=numerator&amp;place={w.DISTRICT}" in response.content.decode()


def test_composition_of_nobody_says_so(world, login):
    factories_free = panel(login(world.users.city), w.DISTRICT, "people", on="2015-01-01")
    assert "这一天没有在岗的社区工作者。" in text_of(factories_free)


def test_committees_stand_with_denominators_beside_the_term_before(world, login):
    today = world.today
    factories.term(w.SPRING, elected_on=today - timedelta(days=10), valid_from=today - timedelta(days=10))
    factories.appointment(factories.person("新委"), w.SPRING, body="committee", valid_from=today - timedelta(days=5))
    recount()
    rows = {row[0]: row[1:] for row in rows_of(panel(login(world.users.city), w.DISTRICT, "committees"))}
    assert rows["“两委”成员"] == ["2 人", "", "1 人", "+1 人"]
    assert rows["交叉任职率"] == ["50.0%", "1 / 2", "100.0%", "−50.0 个百分点"]


def test_term_before_that_is_on_record_in_part_says_so(world, login):
    today = world.today
    factories.term(w.SPRING, elected_on=today - timedelta(days=10), valid_from=today - timedelta(days=10))
    words = "上届的名册不完整：上届最后一天有 1 个社区登记了“两委”成员，本届有 2 个。"
    assert words not in text_of(panel(login(world.users.city), w.DISTRICT, "committees"))
    factories.appointment(factories.person("新委"), w.SUMMER, body="committee", valid_from=today - timedelta(days=5))
    recount()
    response = panel(login(world.users.city), w.DISTRICT, "committees")
    assert words in text_of(response)
    assert f"/terms/of/{w.DISTRICT}/before/?figure=committee_members" in response.content.decode()


def test_community_that_did_not_stand_then_makes_no_term_partial(world, login):
    today = world.today
    factories.term(w.SPRING, elected_on=today - timedelta(days=10), valid_from=today - timedelta(days=10))
    factories.appointment(factories.person("新委"), w.SUMMER, body="committee", valid_from=today - timedelta(days=5))
    Division.objects.filter(code=w.SUMMER).update(valid_from=today - timedelta(days=6))
    recount()
    assert "上届的名册不完整" not in text_of(panel(login(world.users.city), w.DISTRICT, "committees"))


def test_committees_without_a_term_on_record_are_not_compared(world, login):
    response = panel(login(world.users.city), w.DISTRICT, "committees")
    assert "没有登记上一届，所以没有比较。" in text_of(response)
    assert len(rows_of(response)[0]) == 3


def test_grids_have_their_ratios(world, login):
    rows = {row[0]: row[1:] for row in rows_of(panel(login(world.users.city), w.DISTRICT, "grids"))}
    assert rows["网格"] == ["0 个", ""]
    assert rows["每网格专职网格员"] == ["无数据", ""]


# Files and queries ----------------------------------------------------------------------------------------------------


def workbook(client, **query):
    response = client.get(reverse("export", args=["dashboard", "xlsx"]), query)
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)), read_only=True)


def test_workbook_holds_the_tables_of_every_part(world, login):
    book = workbook(login(world.users.city), place=w.DISTRICT)
    assert book.sheetnames == [
        "看板", "需要处理", "期限清单", "在岗人数与应配人数", "持证率与目标", "达标分布", "排名 缺口", "排名 每万人", "排名 持证率",
        "社区“两委”", "应配职数", "网格力量", "年龄构成", "学历构成", "证书等级构成", "工龄构成", "岗位层级构成", "任职机构构成", "合同类型构成",
        "性别构成", "党员构成",
    ]  # fmt: skip
    overview = {row[0]: row[1:3] for row in book["看板"].iter_rows(values_only=True)}
    assert overview["应配（人）"][0] == 54
    assert overview["缺口（人，负数为多出）"] == (49, "缺员")
    heads = list(book["在岗人数与应配人数"].iter_rows(values_only=True))
    assert heads == [("月份", "在岗（人）", "应配（人）", "缺口（人）"), (f"{world.today:%Y-%m}", 5, 54, 49)]


def test_workbook_of_one_part_holds_that_part(world, login):
    book = workbook(login(world.users.city), place=w.DISTRICT, panel="ranking")
    assert book.sheetnames == ["排名 缺口", "排名 每万人", "排名 持证率"]
    rows = list(book["排名 缺口"].iter_rows(values_only=True))
    assert rows[0] == ("名次", "区划代码", "区划", "缺口")
    assert rows[1] == (1, w.STREET, "一号街道", 4)


def test_workbook_leaves_out_what_the_reader_may_not_see(world, login):
    assert "需要处理" not in workbook(login(world.users.auditor), place=w.DISTRICT).sheetnames
    assert workbook(login(world.users.community)).sheetnames == ["看板", "在岗人数与应配人数"]


def test_list_of_deadlines_names_nobody(world, login):
    holder = world.people["钱风"]
    due = world.today + timedelta(days=5)
    one = finding("contract_ending", w.SPRING, due, subject=str(holder.pk))
    one.facts["person"] = str(holder.pk)
    one.save()
    client = login(world.users.city)
    assert "钱风" in text_of(panel(client, w.CITY, "needs"))
    rows = list(workbook(client, place=w.CITY, panel="needs")["期限清单"].iter_rows(values_only=True))
    assert [row[2:5] for row in rows[1:]] == [("春风社区", w.SPRING, "合同即将到期")]
    assert "钱风" not in str(rows)


def test_menu_of_the_page_offers_the_workbook(world, login):
    response = login(world.users.city).get(reverse("division", args=[w.DISTRICT]))
    assert f"/exports/dashboard.xlsx?place={w.DISTRICT}" in response.content.decode()


def test_page_asks_no_more_queries_than_without_its_parts(world, login, django_assert_max_num_queries):
    client = login(world.users.city)
    page = reverse("division", args=[w.CITY])
    client.get(page)
    with django_assert_max_num_queries(12):
        client.get(page)


QUERIES = {
    "needs": 11, "trend": 8, "certificates": 9, "tiles": 9, "ranking": 7, "committees": 12, "allotment": 7, "grids": 7,
    "people": 7,
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(QUERIES))
def test_queries_of_a_part_do_not_grow(world, login, key, django_assert_max_num_queries):
    client = login(world.users.city)
    for number, code in enumerate((w.SPRING, w.AUTUMN, w.SNOW)):
        finding("contract_ending", code, world.today + timedelta(days=number), subject=f"q{number}")
    snapshot(w.CITY, world.today.replace(day=1) - timedelta(days=1), workers=3, population=30_000)
    factories.term(w.SPRING)
    panel(client, w.CITY, key)
    for code in (w.CITY, w.DISTRICT, w.STREET):
        with django_assert_max_num_queries(QUERIES[key]):
            panel(client, code, key)
