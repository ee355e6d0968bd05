"""Pages and files of what follows from stars, and the star on the payroll sheet and on a person's page."""

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from ratings.actions.consequences import raise_consequences
from ratings.models import Consequence
from tests import factories, taken
from tests import world as w
from tests.ratings.starred import DECIDED, rules, star
from tests.workforce.test_views_pay import rows_of, text_of
from workforce.models import Appointment, StarBonus


@pytest.fixture
def followed(world):
    """春风社区 without a star, 夏雨社区 with five, 秋叶社区 of the neighbour with four; 孙夏 came to 夏雨 in May 2025."""
    rules()
    came = world.people["孙夏"]
    Appointment.objects.filter(person=came).update(valid_from=date(2025, 5, 1))
    factories.appointment(came, w.SPRING, valid_to=date(2025, 5, 1))
    grades = ((w.SPRING, 0), (w.SUMMER, 5), (w.AUTUMN, 4))
    with transaction.atomic():
        raise_consequences([star(world, code, grade) for code, grade in grades], by=world.users.city)


def shown(client, **query) -> list[list[str]]:
    """The first four columns, without the boxes to tick."""
    rows = rows_of(client.get(reverse("consequences"), query))
    return [row[1:5] if row[0] == "" else row[:4] for row in rows]


class TestList:
    def test_what_is_due_first_stands_on_top(self, world, login, followed):
        rows = shown(login(world.users.street))
        assert rows[0] == ["谈话提醒2025 年度无星", "春风社区", "赵春", "连续无星 1 年示例文件〔2018〕1号 第一条"]
        bonus = "绩效系数2025 年度无星"
        assert [bonus, "春风社区", "孙夏", "在岗 4 个月 · 来源未给出系数 · 来源未给出金额示例发〔2026〕1号"] in rows
        assert len(rows) == 7

    def test_filters(self, world, login, followed):
        client = login(world.users.district)
        assert {row[1] for row in shown(client, kind="bonus", place=w.SUMMER)} == {"夏雨社区"}
        assert [row[2] for row in shown(client, kind="talk")] == ["赵春"]
        assert [row[2] for row in shown(client, state="late")] == ["赵春"]
        assert shown(client, state="done") == shown(client, year="2024") == []
        assert len(shown(client, year="2025")) == len(shown(client, kind="x", year="y", state="z")) == 8

    def test_bonus_is_hidden_from_who_may_not_see_pay(self, world, login, followed):
        assert [row[0] for row in shown(login(world.users.community))] == ["谈话提醒2025 年度无星"]

    def test_neighbours_are_not_there(self, world, login, followed):
        assert {row[1] for row in shown(login(world.users.neighbour))} == {"秋叶社区"}
        assert login(world.users.street).get(reverse("consequences"), {"place": w.NEIGHBOUR}).status_code == 404

    def test_rules_that_are_not_in_force_are_named(self, world, login):
        text = text_of(login(world.users.street).get(reverse("consequences")))
        assert text.count("在这里未生效，不产生相应的后果。") == 3

    @pytest.mark.parametrize("people", [1, 4])
    def test_number_of_queries_does_not_grow(self, world, login, people, django_assert_max_num_queries):
        for number in range(people):
            factories.worker(f"丁{number}", w.AUTUMN)
        with transaction.atomic():
            raise_consequences([star(world, w.AUTUMN, 4)], by=world.users.city)
        client = login(world.users.neighbour)
        client.get(reverse("consequences"))
        with django_assert_max_num_queries(14):
            assert len(rows_of(client.get(reverse("consequences")))) == people + 1

    def test_person_has_all_of_theirs(self, world, login, followed):
        url = reverse("consequences_person", args=[world.people["孙夏"].pk])
        rows = [row[1:3] for row in rows_of(login(world.users.street).get(url))]
        assert sorted(rows) == sorted([
            ["夏雨社区", "在岗 8 个月 · 系数 120% · 来源未给出金额示例发〔2026〕1号"],
            ["春风社区", "在岗 4 个月 · 来源未给出系数 · 来源未给出金额示例发〔2026〕1号"],
        ])  # fmt: skip


class TestSettling:
    def test_done_by_form(self, world, login, followed):
        talk = Consequence.objects.get(kind="talk")
        url = reverse("consequence_settle", args=[talk.pk])
        client = login(world.users.district)
        assert "登记落实" in text_of(client.get(reverse("consequences")))
        empty = client.post(url, {"version": 1, "state": "done", "done_on": "2026-02-20", "note": ""})
        assert (empty.status_code, "请填写“落实情况”。" in text_of(empty)) == (422, True)
        sent = {"version": 1, "state": "done", "done_on": "2026-02-20", "note": "区委组织部谈话"}
        assert client.post(url, sent).status_code == 302
        talk.refresh_from_db()
        assert (talk.state, talk.done_on) == ("done", date(2026, 2, 20))
        again = client.post(url, sent)
        assert "刚被其他人修改过" in text_of(again)

    def test_street_reads_and_does_not_settle(self, world, login, followed):
        talk = Consequence.objects.get(kind="talk")
        client = login(world.users.street)
        assert "登记落实" not in text_of(client.get(reverse("consequences")))
        assert client.get(reverse("consequence_settle", args=[talk.pk])).status_code == 403


class TestFiles:
    def test_list_as_filtered(self, world, login, followed):
        head, *rows = taken.rows(login(world.users.district), "consequences", kind="bonus", place=w.SUMMER)
        assert head[:7] == ["单位代码", "单位", "星级年度", "星级", "后果", "人员", "在岗月数"]
        assert sorted(row[5:9] for row in rows) == sorted([["孙夏", "8", "120", ""], ["李雨", "12", "120", ""]])

    def test_bonuses_say_what_the_sources_do_not(self, world, login, followed):
        _head, *rows = taken.rows(login(world.users.street), "bonuses", year="2025", place=w.SPRING)
        assert ["春风社区", "赵春", "2025", "无星", "12", "来源未给出系数", "来源未给出金额"] in [
            row[1:8] for row in rows
        ]
        assert len(rows) == 4


class TestPay:
    def test_payroll_sheet_shows_star_months_coefficient_and_no_amount(self, world, login, followed):
        page = login(world.users.street).get(reverse("payroll"), {"month": "2026-03", "place": w.SUMMER})
        rows = {row[0]: row[-1] for row in rows_of(page)}
        assert rows["李雨"] == "五星 · 12 个月 · 系数 120% · 来源未给出金额"
        assert rows["孙夏"] == (
            "五星 · 8 个月 · 系数 120% · 来源未给出金额 无星 · 4 个月 · 来源未给出系数 · 来源未给出金额"
        )
        text = text_of(page)
        assert "星级绩效按 2025 年度各月末所在单位的星级计" in text

    def test_payroll_of_another_year_shows_none(self, world, login, followed):
        page = login(world.users.street).get(reverse("payroll"), {"month": "2025-12", "place": w.SUMMER})
        assert {row[0]: row[-1] for row in rows_of(page)}["李雨"] == "没有星级"

    def test_payroll_file_has_the_columns(self, world, login, followed):
        book = taken.book(login(world.users.street), "payroll", month="2026-03", place=w.SUMMER)
        head, *rows = taken.sheet(book, "薪酬表")
        first = head.index("上年度星级")
        assert head[first : first + 4] == ("上年度星级", "该星级在岗月数", "星级绩效系数", "星级绩效金额（元）")
        found = {row[2]: row[first : first + 4] for row in rows}
        assert found["李雨"] == ("五星", "12", "120%", "来源未给出金额")
        assert found["孙夏"] == ("五星；无星", "8；4", "120%；来源未给出系数", "来源未给出金额；来源未给出金额")

    def test_amount_is_shown_where_there_is_one(self, world, login, followed):
        StarBonus.objects.filter(person=world.people["李雨"]).update(amount=6000)
        page = login(world.users.street).get(reverse("worker", args=[world.people["李雨"].pk]))
        assert "2025 年度 夏雨社区五星 · 12 个月 · 系数 120% · 6,000 元" in " ".join(text_of(page).split())

    def test_persons_page_tells_every_unit(self, world, login, followed):
        text = " ".join(
            text_of(login(world.users.street).get(reverse("worker", args=[world.people["孙夏"].pk]))).split()
        )
        assert "2025 年度 夏雨社区五星 · 8 个月 · 系数 120% · 来源未给出金额" in text
        assert "2025 年度 春风社区无星 · 4 个月 · 来源未给出系数 · 来源未给出金额" in text

    def test_correction_changes_the_line_of_the_sheet(self, world, login, followed):
        with transaction.atomic():
            fixed = star(world, w.SUMMER, 4, cause="correction", event="评分有误", decided_on=DECIDED)
            raise_consequences([fixed], by=world.users.city)
        page = login(world.users.street).get(reverse("payroll"), {"month": "2026-03", "place": w.SUMMER})
        assert {row[0]: row[-1] for row in rows_of(page)}["李雨"] == "四星 · 12 个月 · 系数 100% · 来源未给出金额"
