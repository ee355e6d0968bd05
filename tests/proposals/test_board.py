"""The board, the page that explains a last day, reminders, and what the morning e-mail says of them."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core.findings.notices.digest import send_digests
from portal.core.lib.clock import today
from portal.core.workdays.actions import load_calendar
from portal.core.workdays.files import SHIPPED, read_calendar
from proposals.actions.deadlines import extend, meet, resume, start, suspend
from proposals.actions.reminders import remind_unit
from proposals.models import Deadline, Handling, Reminder, Suspension
from proposals.queries import board as reads
from proposals.queries.digest import deadline_parts
from tests.pages.reading import rows_of, text_of
from tests.proposals import cases
from workforce.actions.versions import Stale

TODAY = today()


@pytest.fixture
def calendar(world):
    load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)
    return world


def part(number: str, days: int, unit=None, kind: str = "reply", **fields) -> Handling:
    """A part whose earliest last day lies so many days ahead."""
    made = cases.handling(cases.proposal(number), unit, **fields)
    due = TODAY + timedelta(days=days)
    Deadline.objects.create(
        handling=made, division_id=made.division_id, kind=kind, starts_on=TODAY - timedelta(days=90), months=3,
        unrolled_on=due, due_on=due, rule="示例",
    )  # fmt: skip
    made.due_on, made.due_kind = due, kind
    made.save(update_fields=["due_on", "due_kind"])
    return made


def numbers(response) -> list[str]:
    return [line["row"].proposal.number for line in response.context["lines"]]


def test_board_is_ordered_by_days_left_then_by_stage(calendar, login):
    part("1", 40)
    part("2", -3, stage="signature")
    part("3", -3, stage="handling")
    part("4", 2)
    cases.handling(cases.proposal("5"))  # nothing falls due
    response = login(cases.user("office")).get(reverse("proposal_board"))
    assert numbers(response) == ["3", "2", "4", "1"]
    first = rows_of(response)[0]
    assert "已逾期 3 天" in first[1] and "区民政局" in first[3]
    assert [(one["label"], one["count"]) for one in response.context["lights"]] == [
        ("已逾期", 2), ("五个工作日内到期", 1), ("期限未到", 1), ("中止计时", 0),
    ]  # fmt: skip


def test_board_is_narrowed_by_light_kind_unit_and_own_units(calendar, login):
    officer = cases.user("lead_officer", "handler")
    mine = cases.unit("区人社局", "960101", officer)
    part("1", -3)
    part("2", 3, mine, kind="rehandling")
    halted = part("3", -9)
    Handling.objects.filter(pk=halted.pk).update(suspended=True)
    client, url = login(cases.user("office")), reverse("proposal_board")
    assert numbers(client.get(url, {"light": "red"})) == ["1"]
    assert numbers(client.get(url, {"light": "paused"})) == ["3"]
    assert numbers(client.get(url, {"kind": "rehandling"})) == ["2"]
    assert numbers(client.get(url, {"unit": mine.pk})) == ["2"]
    assert numbers(client.get(url, {"stage": "signature"})) == []
    assert numbers(client.get(url, {"stage": "handling"})) == ["3", "1", "2"]
    assert numbers(client.get(url, {"light": "blue", "unit": "x"})) == ["3", "1", "2"]
    assert "没有符合条件的事项" in text_of(client.get(url, {"mine": "on"}))
    assert "data-rows" in client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_other_departments_see_what_their_units_take_part_in_only(calendar, login):
    officer = cases.user("lead_officer", "handler")
    shown = part("1", 3, cases.unit("区人社局", "960101", officer))
    hidden = part("2", 3)
    client = login(officer)
    response = client.get(reverse("proposal_board"))
    assert numbers(response) == ["1"]
    assert reverse("proposal_remind", args=[shown.pk]) not in response.content.decode()
    assert client.get(reverse("deadline", args=[hidden.deadlines.get().pk])).status_code == 404
    assert client.get(reverse("proposal_remind", args=[hidden.pk])).status_code == 403


def test_board_costs_as_many_queries_for_fifty_rows_as_for_two(calendar, login):
    client, url = login(cases.user("office")), reverse("proposal_board")
    counted = []
    for first, last in ((0, 2), (2, 52)):
        for number in range(first, last):
            part(str(number), number)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 12


def test_rows_come_from_an_index_in_the_order_of_their_days(calendar):
    part("1", 1)
    rows = reads.board(cases.user("office"), "960101")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    assert "Presorted Key: due_on" in reads.keys(rows)[:50].explain()


# The page that explains ----------------------------------------------------------------------------------------------


def test_last_day_explains_itself_day_by_day(calendar, login):
    handling = cases.handling(cases.proposal())
    made = start(handling, "reply", date(2026, 7, 1))
    page = login(cases.user("office")).get(reverse("deadline", args=[made.pk]))
    rows, text = rows_of(page), text_of(page)
    assert rows[0] == ["2026-07-01", "星期三", "工作日", "起算日，不计"]
    assert ["2026-10-01", "星期四", "放假 · 国庆节", "第 92 天期满，遇放假顺延"] in rows
    assert rows[-1][:3] == ["2026-10-08", "星期四", "工作日"]
    assert rows[-1][3].startswith("顺延到这一天")
    assert len(rows) == 100
    assert "顺延前的日期 2026-10-01" in text and "截止日期：2026年10月8日" in text
    assert "3 个月" in text and "系统默认" in text and "暂定" not in text


def test_provisional_year_is_marked_on_every_day(calendar, login):
    made = start(cases.handling(cases.proposal()), "publication", date(2026, 12, 28))
    page = login(cases.user("office")).get(reverse("deadline", args=[made.pk]))
    assert "2027 年的放假安排还没有公布" in text_of(page)
    marked = {row[0][:4] for row in rows_of(page) if "暂定" in row[2]}
    plain = {row[0][:4] for row in rows_of(page) if "暂定" not in row[2]}
    assert (marked, plain) == ({"2027"}, {"2026"})


def test_extension_suspension_and_their_reasons_stand_on_the_page(calendar, login):
    office = cases.user("office")
    handling = cases.handling(cases.proposal())
    made = start(handling, "reply", date(2026, 2, 10))
    extend(handling, 6, "涉及多个部门", office)
    halt = Suspension.objects.create(
        handling=handling, starts_on=date(2026, 3, 1), reason="等待文件", consent="同意", entered_by=office
    )
    suspend(handling, halt)
    halt.ends_on = date(2026, 3, 11)
    halt.save()
    resume(handling, halt, by=office)
    page = login(office).get(reverse("deadline", args=[made.pk]))
    text = text_of(page)
    assert "由 2026-05-11 改为 2026-08-10" in text and "延期至自交办起 6 个月：涉及多个部门" in text
    assert "补计 10 天，到 2026-08-20" in text and "2026-03-01 起，2026-03-11 恢复 · 等待文件" in text
    assert ["2026-08-11", "星期二", "工作日", "中止补计第 1 天"] in rows_of(page)


def test_met_late_deadline_says_since_when(calendar, login):
    handling = cases.handling(cases.proposal())
    made = start(handling, "opinion", date(2026, 2, 10))
    meet(handling, "opinion", date(2026, 3, 20))
    text = text_of(login(cases.user("office")).get(reverse("deadline", args=[made.pk])))
    assert "2026-03-20 完成，逾期" in text and "逾期起始 2026-03-11" in text


# Reminders ------------------------------------------------------------------------------------------------------------


def test_reminder_counts_and_is_not_sent_twice_a_day(calendar):
    handling, office = part("1", -3), cases.user("office")
    remind_unit(handling=handling, version=1, words="请抓紧办理", by=office)
    handling.refresh_from_db()
    made = Reminder.objects.get()
    assert (handling.reminders, made.kind, made.due_on, made.on) == (1, "reply", handling.due_on, TODAY)
    with pytest.raises(Stale):
        remind_unit(handling=handling, version=1, words="再催", by=office)
    with pytest.raises(ValidationError, match="今天已经为这个期限催办过"):
        remind_unit(handling=handling, version=2, words="再催", by=office)


@pytest.mark.parametrize(
    ("change", "words", "sentence"),
    [
        ({"due_on": None, "due_kind": ""}, "催", "没有尚未完成的期限"),
        ({"suspended": True}, "催", "计时已经中止"),
        ({}, " ", "请写明催办内容"),
    ],
)
def test_reminder_is_refused_where_there_is_nothing_to_remind_of(calendar, change, words, sentence):
    handling = part("1", -3)
    Handling.objects.filter(pk=handling.pk).update(**change)
    with pytest.raises(ValidationError, match=sentence):
        remind_unit(handling=handling, version=1, words=words, by=cases.user("office"))


def test_office_reminds_from_the_board(calendar, login):
    handling, client = part("1", -3), login(cases.user("office"))
    url = reverse("proposal_remind", args=[handling.pk])
    assert "此前已催办 0 次" in text_of(client.get(url))
    done = client.post(url, {"version": 1, "words": "请于本周内答复"}, follow=True)
    assert "已催办区民政局。" in text_of(done)
    assert rows_of(done)[0][6].startswith("1")
    assert client.post(url, {"version": 2, "words": "再催"}).status_code == 422


# The morning e-mail ---------------------------------------------------------------------------------------------------


def test_morning_mail_tells_units_and_office_what_is_late_soon_and_reminded(calendar):
    officer, office = cases.user("lead_officer", "handler"), cases.user("office")
    held = part("1", -3, cases.unit("区人社局", "960101", officer))
    part("2", 2)
    part("3", 40)
    remind_unit(handling=held, version=1, words="请抓紧", by=office)
    late, soon, reminded = deadline_parts(officer, TODAY, TODAY - timedelta(days=1))
    assert (late.count, soon.count, reminded.count) == (1, 0, 1)
    line = f"区政协十四届五次会议 1 号（区人社局），答复期限 {TODAY - timedelta(days=3)}"
    assert (late.lines, reminded.lines) == ([line], [f"{line}：请抓紧"])
    assert [one.count for one in deadline_parts(office, TODAY, TODAY)] == [1, 1, 0]
    assert deadline_parts(calendar.users.street, TODAY, TODAY) == []


def test_morning_mail_goes_out_on_working_days_only(calendar, settings):
    settings.MAIL_ON = True
    officer = cases.user("lead_officer", "handler")
    officer.email, officer.mail_digest = "officer@example.org", True
    officer.save()
    part("1", -3, cases.unit("区人社局", "960101", officer))
    assert send_digests(date(2026, 11, 22), {}, (deadline_parts,)) == 0  # a Sunday
    assert send_digests(date(2026, 11, 23), {}, (deadline_parts,)) == 1
    assert send_digests(date(2026, 11, 23), {}, (deadline_parts,)) == 0
    assert "【已逾期的提案】1 项" in mail.outbox[0].body


# A new holiday notice -------------------------------------------------------------------------------------------------

NEXT = "day,is_workday,name,source\n2027-01-04,0,元旦,某某年放假通知\n"


def test_who_enters_a_notice_sees_which_last_days_moved(calendar, login):
    handling = cases.handling(cases.proposal())
    start(handling, "publication", date(2026, 12, 10))
    client = login(calendar.users.system_admin)
    page = client.post(reverse("calendar"), {"text": NEXT, "load": "1"}, follow=True)
    assert rows_of(page) == [
        [
            "区政协十四届五次会议 0023 号 · 区民政局 · 公开审查",
            "东区",
            "2027-01-07",
            "2027-01-08",
            "2027 年放假安排：某某年放假通知",
        ]
    ]
    assert "1 个期限随之变动。" in text_of(page)
    again = client.post(reverse("calendar"), {"text": NEXT, "load": "1"})
    assert again["Location"] == "/calendar/?year=2027"
    for since in ("", "x", "2026-01-01"):
        assert "没有期限变动" in text_of(client.get(reverse("calendar_moves"), {"since": since}))


def test_page_of_what_moved_says_where_it_leaves_some_out(calendar, login, monkeypatch):
    monkeypatch.setattr("proposals.queries.moved.SHOWN", 1)
    held, unit = cases.session(), cases.unit()
    for number in ("0023", "0024"):
        start(cases.handling(cases.proposal(number, session=held), unit), "publication", date(2026, 12, 10))
    page = login(calendar.users.system_admin).post(reverse("calendar"), {"text": NEXT, "load": "1"}, follow=True)
    assert len(rows_of(page)) == 1
    assert "共 2 个期限变动，这里按新的截止日期列出前 1 个；其余在各件的期限说明里。" in text_of(page)


def test_command_counts_again_and_says_how_many_moved(calendar, run_command, tmp_path):
    start(cases.handling(cases.proposal()), "publication", date(2026, 12, 10))
    path = tmp_path / "2027.csv"
    path.write_text(NEXT, encoding="utf-8")
    assert '"moved": 1' in run_command("load_calendar", str(path), "--json").out
    assert run_command("recount", "--verify").code == 0
