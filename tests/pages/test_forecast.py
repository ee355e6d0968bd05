"""The page of the forecast: its sentence, assumptions, tables, people, files; and what it says where nothing is known."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.core.indicators import days
from portal.pages import forecast_data
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.actions.tallies import recount
from workforce.models import Contract, Tally

D = date
ON = "2026-10-31"
TARGET = {"percent": 60, "due": "2028-12-31"}
PACES = {"leavers": "0", "hires": "0", "certificates": "0.25"}


@pytest.fixture
def ruled(world):
    """The world with retirement at 60 for everybody, and two people at 一号街道 who reach it: one with a contract that ends."""
    rows = [{"who": who, "age": 60, "until": 60, "step": 1} for who in ("male", "female")]
    factories.rule("staffing.retirement", {"rows": rows, "starts_on": "2018-01-01", "women": "female"}, w.CITY)
    factories.rule("staffing.counted", {
        "age_from": 16, "male_until": 65, "female_until": 65, "service_agreement": False,
    }, w.CITY)  # fmt: skip
    old = factories.worker("郝老", w.SPRING, birth=D(1967, 3, 15), certified=True)
    Contract.objects.filter(person=old).update(valid_to=D(2027, 1, 1), party_kind="street")
    factories.worker("于退", w.SUMMER, birth=D(1966, 5, 1))
    recount()
    return world


def page(client, code: str = w.CITY, **query):
    return client.get(reverse("forecast", args=[code]), {"on": ON, **query})


def people(client, code: str = w.CITY, **query):
    return client.get(reverse("forecast_people", args=[code]), {"on": ON, **query})


def months_of(answer) -> list[list[str]]:
    """The rows of the table by month; the tables of the charts have fewer columns."""
    return [row for row in rows_of(answer) if row[0][:2] == "20" and len(row) == 7]


# What it says --------------------------------------------------------------------------------------------------------


def test_sentence_says_who_leaves_and_how_many_to_hire(ruled, login):
    answer = page(login(ruled.users.city), leavers="2", hires="0.5", certificates="0")
    assert sentence_of(answer) == (
        "按现有 8 人，到 2027年12月31日 预计到龄退休 1 人、其他离职 3 人，剩 4 人；合同到期 1 份。"
        "为达到每万城镇常住人口 18 人（应配 72 人），需新招 68 人。按每月新招 0.5 人，届时预计在岗 11 人，仍缺 61 人。 "
        "口径 城镇常住人口 40,000 人（本级数据，来源：示例普查公报） 时点 2020-11-01 依据 示例文件〔2022〕1号 第一条"
    )


def test_target_day_can_be_chosen_and_a_later_rule_is_the_one_that_counts(ruled, login):
    factories.rule("staffing.per_population", {"heads": 20, "per": 10_000}, w.DISTRICT, since=D(2027, 7, 1))
    client = login(ruled.users.district)
    before = sentence_of(page(client, w.DISTRICT, target="2027-06-30", **PACES))
    after = sentence_of(page(client, w.DISTRICT, target="2027.7.1", **PACES))
    assert "到 2027年6月30日 预计到龄退休 1 人、其他离职 0 人，剩 6 人" in before
    assert "为达到每万城镇常住人口 18 人（应配 54 人），需新招 48 人。" in before
    assert "为达到每万城镇常住人口 20 人（应配 60 人），需新招 54 人。" in after


def test_certified_share_says_when_and_what_it_takes(ruled, login):
    client = login(ruled.users.city)
    factories.rule("certificate.share_target", TARGET, w.CITY, valid_to=D(2029, 1, 1))
    factories.rule("certificate.share_target", {"percent": 100, "due": "2030-12-31"}, w.CITY, since=D(2029, 1, 1))
    answer = page(client, **PACES)
    sentence = sentence_of(answer)
    # 4 of 8 certified; one of them retires in March 2027; then 7 heads need 5 for 60 %.
    assert "持证率现为 50.0%，按每月新增持证 0.25 人，预计 2026-12 达到 60%。" not in sentence
    assert (
        "按每月新增持证 0.25 人，预计 2027-02 达到 60%。要在 2028年12月31日 达到 60%，每月需新增持证 0.08 人。"
        in sentence
    )
    assert [row[:4] for row in rows_of(answer) if row[0] in ("60%", "100%")] == [
        ["60%", "2028-12-31", "2027-02", "0.08"],
        ["100%", "2030-12-31", "2028-02", "0.08"],
    ]
    never = sentence_of(page(client, **{**PACES, "certificates": "0"}))
    assert "按每月新增持证 0 人，20 年内达不到 60%。" in never


def test_pace_in_the_file_is_the_one_on_the_page_and_a_number(ruled, login):
    factories.rule("certificate.share_target", {"percent": 60, "due": "2028-10-31"}, w.CITY)
    client = login(ruled.users.city)
    # 4 of 8 certified, one retires: two of 7 missing in 24 months are 0.0833 a month, rounded up as on the page
    assert [row[3] for row in rows_of(page(client, **PACES)) if row[0] == "60%"] == ["0.09"]
    query = {"place": w.CITY, "on": ON, **PACES, "certificates": "0"}
    answer = client.get(reverse("export", args=["forecast", "xlsx"]), query)
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book["持证率目标"]["D2"].value == 0.09


def test_target_to_come_is_not_called_gone_by_where_nobody_is_in_post(ruled, login):
    factories.rule("certificate.share_target", {"percent": 60, "due": "2028-12-31"}, w.CITY)
    answer = page(login(ruled.users.city), w.SNOW)
    rows = [row for row in rows_of(answer) if row[0] == "60%"]
    assert rows == [["60%", "2028-12-31", "无数据", "无数据", "示例文件〔2018〕1号 第一条"]]


def test_target_that_is_met_is_said(ruled, login):
    factories.rule("certificate.share_target", {"percent": 50, "due": "2028-12-31"}, w.CITY)
    answer = page(login(ruled.users.city), **PACES)
    assert "持证率现为 50.0%，已达到 50% 的目标。" in sentence_of(answer)
    assert ["50%", "2028-12-31", "已达到", "不需要", "示例文件〔2018〕1号 第一条"] in rows_of(answer)


def test_months_tell_everything_that_falls_into_them(ruled, login):
    answer = page(login(ruled.users.city), months="12", **PACES)
    rows = {row[0]: row[1:] for row in months_of(answer)}
    assert list(rows)[0] == "2026-11" and list(rows)[-1] == "2027-10"
    assert rows["2026-11"] == ["0", "0", "8", "72", "64", "50.0%"]
    assert rows["2026-12"] == ["0", "1街镇 1", "8", "72", "64", "50.0%"]
    assert rows["2027-03"] == ["1", "0", "7", "72", "65", "57.1%"]


def test_first_month_that_has_begun_says_from_when_it_counts(ruled, login):
    answer = page(login(ruled.users.city), on="2026-10-20", months="12")
    assert months_of(answer)[0][0] == "2026-102026-10-20 起"


def test_divisions_below_say_how_many_each_has_to_hire(ruled, login):
    answer = page(login(ruled.users.city), target="2027-03-31", **PACES)
    below = [row for row in rows_of(answer) if row[0] in ("东区", "西区")]
    assert below == [["东区", "7", "1", "0", "6", "54", "48"], ["西区", "1", "0", "0", "1", "3", "2"]]
    assert rows_of(answer, "tfoot")[0] == ["合计 2 个", "8", "1", "0", "7", "不相加", "50"]


def test_assumptions_say_where_they_come_from(ruled, login):
    text = text_of(page(login(ruled.users.city)))
    assert "36 个月，到 2029-10-31" in text
    assert "男性 60 至 60 周岁" in text and "已到退休年龄仍在岗 1 人，按到计入配备的年龄上限时离开" in text
    assert "2025-11-01 至 2026-10-31：一年前计入 8 人，其中 0 人已不在任何岗位（另有到龄 0 人）。" in text
    assert "名册启用不足一年的，请自行填写。" in text
    assert "2025-11-01 至 2026-10-31：持证由 4 人到 4 人，其中新增 0 人。" in text
    assert "按续签计，不减少在岗人数" in text
    text = text_of(page(login(ruled.users.city), leavers="3", growth="-1.5"))
    assert "3 人/年您填写的假设。" in text and "每年 −1.5%" in text


def test_without_retirement_ages_those_of_counting_stand_for_them(world, login):
    text = text_of(page(login(world.users.city)))
    assert "没有登记法定退休年龄，按计入配备的年龄上限：男 63、女 58 周岁" in text


# What is not known ---------------------------------------------------------------------------------------------------


def test_without_a_year_of_data_there_is_no_pace_and_never_a_zero(world, login):
    answer = page(login(world.users.city), on="2024-06-01")
    assert "其他离职没有数据，未计入" in sentence_of(answer)
    text = text_of(answer)
    assert "2023-06-01 没有计入配备的人员，算不出近 12 个月的速度；需要时请自行填写。" in text
    assert {row[-1] for row in months_of(answer)} == {"无数据"}


def test_no_rule_no_population_and_no_urban_community(world, login):
    answer = page(login(world.users.outsider), "97")
    assert "届时没有生效的配备标准，算不出需要新招多少人。" in sentence_of(answer)
    assert {row[4] for row in months_of(answer)} == {"未生效"}
    client = login(world.users.city)
    answer = page(client, w.UNKNOWN)
    assert "没有人口数据，算不出需要新招多少人。" in sentence_of(answer)
    assert {row[4] for row in months_of(answer)} == {"无数据"}
    assert "冬岭村没有城镇社区" in text_of(page(client, w.VILLAGE))


def test_place_that_is_gone_says_so(world, login):
    division = world.divisions[w.SNOW]
    division.valid_to = D(2025, 1, 1)
    division.save()
    assert "最后存在于 2024-12-31" in text_of(page(login(world.users.city), w.SNOW))


def test_too_many_people_are_asked_to_choose_a_smaller_place(world, login, monkeypatch):
    monkeypatch.setattr(forecast_data, "MOST_PEOPLE", 5)
    client, now = login(world.users.city), world.today.isoformat()
    answer = page(client, on=now)
    assert "这里的在岗人员超过 5 人" in text_of(answer)
    assert reverse("forecast", args=[w.DISTRICT]) in answer.content.decode()
    assert people(client).status_code == 302
    for key in ("forecast", "forecast-people"):
        answer = client.get(reverse("export", args=[key, "csv"]), {"place": w.CITY})
        assert (answer.status_code, answer["Location"].startswith("/forecast/96/")) == (302, True)
    assert Tally.objects.get(pk=w.STREET).in_post <= 7
    assert "需新招" in sentence_of(page(client, "960102", on=now))


def test_other_day_of_a_big_place_has_to_be_counted_first(world, login, monkeypatch):
    monkeypatch.setattr(forecast_data, "PEOPLE_AT_MOST", 5)
    client = login(world.users.city)
    assert "需新招" in sentence_of(page(client, on=world.today.isoformat()))
    assert "这里的在岗人员超过 5 人" in text_of(page(client))


def test_list_of_a_big_place_says_that_it_counts(world, login, monkeypatch):
    monkeypatch.setattr("portal.core.indicators.days.PEOPLE_AT_ONCE", 5)
    client = login(world.users.city)
    waiting = people(client)
    assert "要几秒钟" in text_of(waiting)
    whole = re.search(r'url=([^"]+)', waiting.content.decode())[1].replace("&amp;", "&")
    assert "要几秒钟" not in text_of(client.get(whole))


# Assumptions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"months": "11"}, "请填写 12 到 60 之间的整数。"),
        ({"months": "24.5"}, "请填写 12 到 60 之间的整数。"),
        ({"months": "很久"}, "请填写 12 到 60 之间的整数。"),
        ({"leavers": "-1"}, "请填写 0 到 1,000,000 之间的数，最多 2 位小数。"),
        ({"hires": "0.125"}, "请填写 0 到 1,000,000 之间的数，最多 2 位小数。"),
        ({"certificates": "NaN"}, "请填写 0 到 1,000,000 之间的数，最多 2 位小数。"),
        ({"certificates": "9" * 5000}, "请填写 0 到 1,000,000 之间的数，最多 2 位小数。"),
        ({"hires": "1e3000000"}, "请填写 0 到 1,000,000 之间的数，最多 2 位小数。"),
        ({"growth": "20.01"}, "请填写 −20 到 20 之间的数，最多 2 位小数。"),
        ({"target": "2026-10-31"}, "目标日期应在预测期内：2026-11-01 到 2029-10-31。"),
        ({"target": "2027-11-01", "months": "12"}, "目标日期应在预测期内：2026-11-01 到 2027-10-31。"),
        ({"target": "明年"}, "2026-11-22"),
    ],
)
def test_assumption_that_does_not_hold_is_refused_with_a_sentence(world, login, query, sentence):
    answer = page(login(world.users.city), **query)
    assert (answer.status_code, sentence in text_of(answer), sentence_of(answer)) == (422, True, "")
    assert "恢复默认假设" in text_of(answer)
    [name] = [name for name in query if name != "months"] or ["months"]
    assert f'value="{query[name]}"' in answer.content.decode()


def test_assumptions_stand_in_the_address_and_can_be_reset(world, login):
    answer = page(login(world.users.city), months="１２", growth="1.5", hires="2")
    html = answer.content.decode()
    assert answer.status_code == 200 and "12 个月，到 2027-10-31" in html
    assert f'href="/forecast/96/?on={ON}">恢复默认假设' in html
    assert f'name="on" value="{ON}"' in html
    assert "恢复默认假设" not in page(login(world.users.city)).content.decode()


# People --------------------------------------------------------------------------------------------------------------


def test_numbers_lead_to_their_people(ruled, login):
    client = login(ruled.users.city)
    html = page(client, months="12", **PACES).content.decode()
    assert f"/forecast/96/people/?on={ON}&amp;show=ageing&amp;month=2027-03" in html
    assert f"/forecast/96/people/?on={ON}&amp;show=contracts&amp;month=2026-12" in html
    assert f"/forecast/96/people/?on={ON}&amp;show=past" in html
    assert rows_of(people(client, show="ageing", month="2027-03")) == [["郝老", "春风社区", "2027-03"]]
    assert rows_of(people(client, show="contracts", month="2026-12")) == [
        ["郝老", "春风社区", "2026-12-31", "一号街道办事处"]
    ]
    assert rows_of(people(client, show="past")) == [["于退", "夏雨社区", "2026-05"]]
    assert "没有这样的人员" in text_of(people(client, show="left"))
    assert len(rows_of(people(client, show="nonsense", month="9999-99"))) == 8


def test_birthday_is_not_told(ruled, login):
    html = people(login(ruled.users.city), show="ageing").content.decode()
    assert "2027-03" in html and "2027-03-15" not in html


def test_who_may_not_see_the_roster_gets_numbers_without_names(ruled, login):
    client = login(ruled.users.auditor)
    html = page(client, months="12").content.decode()
    assert "/forecast/96/people/" not in html and "郝老" not in html
    assert people(client).status_code == 403


def test_neighbour_is_absent_and_foreign_places_do_not_exist(ruled, login):
    client = login(ruled.users.street)
    assert "预计到龄退休 1 人" in sentence_of(page(client, w.STREET))
    for code in (w.NEIGHBOUR, w.DISTRICT, w.FAR, "999999"):
        assert (page(client, code).status_code, people(client, code).status_code) == (404, 404)
    assert page(login(ruled.users.community), w.SPRING).status_code == 200


def test_formal_division_and_padded_code_lead_to_the_place(world, login):
    client = login(world.users.city)
    assert page(client, "9601")["Location"] == f"/forecast/96/?on={ON}"
    assert page(client, "960000000000")["Location"].startswith("/forecast/96/")


def test_links_lead_here(world, login):
    html = login(world.users.city).get(reverse("division", args=[w.STREET])).content.decode()
    assert f'href="/forecast/{w.STREET}/"' in html
    html = login(world.users.city).get("/").content.decode()
    assert 'href="/forecast/96/"' in html


# Files and cost ------------------------------------------------------------------------------------------------------


def test_download_holds_the_months_and_further_sheets(ruled, login):
    client = login(ruled.users.city)
    query = {"place": w.CITY, "on": ON, "months": "12", **PACES}
    text = b"".join(client.get(reverse("export", args=["forecast", "csv"]), query).streaming_content).decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 12
    march = next(row for row in rows if row["月份"] == "2027-03")
    assert (march["到龄退休（人）"], march["月末预计在岗（人）"], march["缺口（人，负数为多出）"]) == ("1", "7", "65")
    december = next(row for row in rows if row["月份"] == "2026-12")
    assert (december["合同到期（份）"], december["合同到期：街镇（份）"], december["合同到期：其他主体（份）"]) == (
        "1",
        "1",
        "0",
    )
    answer = client.get(reverse("export", args=["forecast", "xlsx"]), query)
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["预测", "各区划需新招", "持证率目标", "所用假设"]
    assert [cell.value for cell in book["各区划需新招"][2]][:8] == ["960101", "东区", 7, 1, 0, 6, 54, 48]
    assert book["所用假设"]["B2"].value.startswith("按现有 8 人，到 2027年10月31日 预计到龄退休 1 人")


def test_download_of_assumptions_that_do_not_hold_leads_back(world, login):
    answer = login(world.users.city).get(reverse("export", args=["forecast", "csv"]), {"place": w.CITY, "months": "3"})
    assert (answer.status_code, answer["Location"]) == (302, "/forecast/96/?months=3")


def test_list_of_people_can_be_taken_out(ruled, login):
    query = {"place": w.CITY, "on": ON, "show": "ageing", "month": "2027-03"}
    answer = login(ruled.users.city).get(reverse("export", args=["forecast-people", "csv"]), query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1:] == [[w.SPRING, "春风社区", "郝老", "2027-03", ""]]


def test_costs_the_same_for_few_and_for_many(ruled, login, django_assert_max_num_queries):
    client = login(ruled.users.city)
    page(client)
    with django_assert_max_num_queries(13) as few:
        page(client, w.DISTRICT)
    for number in range(30):
        factories.worker(f"多{number}", (w.SPRING, w.SUMMER, w.AUTUMN)[number % 3], birth=D(1966, 11, 1 + number % 28))
    recount()
    with django_assert_max_num_queries(len(few)):
        page(client, w.DISTRICT)
    with django_assert_max_num_queries(len(few)):
        people(client, w.DISTRICT, show="ageing")


def test_forecast_of_many_people_comes_after_its_page(ruled, login, monkeypatch):
    client = login(ruled.users.city)
    at_once = page(client, **PACES)
    monkeypatch.setattr(days, "PEOPLE_AT_ONCE", 5)
    waiting = page(client, **PACES)
    assert "正在逐人统计 11 人" in text_of(waiting)
    assert (waiting.context.get("forecast"), waiting.context["exports"]) == (None, at_once.context["exports"])
    later = waiting.context["later"]
    part = client.get(later.url, headers={"HX-Request": "true", "HX-Target": later.part})
    assert (sentence_of(part), rows_of(part)) == (sentence_of(at_once), rows_of(at_once))
    assert "<html" not in part.content.decode()
    assert sentence_of(client.get(later.whole_url)) == sentence_of(at_once)
    assert page(client, months="0").status_code == 422
