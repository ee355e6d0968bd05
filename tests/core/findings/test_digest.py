"""The morning e-mail: to whom, about what, on which days, and never twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from portal import tasks
from portal.core.findings.models import Delivery
from portal.core.findings.notices import digest
from portal.core.findings.supervision import issue_supervision
from portal.core.lib.clock import today
from portal.core.workdays.actions import load_calendar
from portal.core.workdays.files import SHIPPED, read_calendar
from tests import world as w
from tests.core.findings.makers import finding, inspection

INSPECTIONS = {"sample": inspection()}
MONDAY, SATURDAY, MADE_UP = date(2026, 11, 23), date(2026, 11, 21), date(2026, 10, 10)


@pytest.fixture
def mail(world, settings):
    settings.MAIL_ON, settings.PUBLIC_URL = True, "https://portal.example.gov.cn/"
    load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)
    for user in (world.users.street, world.users.district, world.users.community):
        user.email = f"{user.username}@example.gov.cn"
        user.save()
    return world


def to(mailoutbox) -> list[str]:
    return sorted(message.to[0] for message in mailoutbox)


def test_digest_tells_each_what_is_theirs(mail, mailoutbox):
    finding(w.SPRING, opened_on=date(2026, 1, 1), due_on=date(2026, 11, 20))
    finding(w.SPRING, opened_on=date(2026, 1, 1), due_on=date(2026, 11, 30))
    finding(w.SUMMER, opened_on=MONDAY)
    finding(w.SPRING, opened_on=date(2026, 1, 1), held_level=3, held_since=MONDAY)
    finding(w.AUTUMN, opened_on=MONDAY)  # of the neighbour
    assert digest.send_digests(MONDAY, INSPECTIONS) == 2
    assert to(mailoutbox) == ["district@example.gov.cn", "street@example.gov.cn"]
    street = next(message for message in mailoutbox if message.to == ["street@example.gov.cn"])
    assert street.subject == "2026-11-23 待办提醒"
    assert street.body == (
        "street，您好：\n\n【已逾期的预警】1 项\n  · 春风社区 样例检查，期限 2026-11-20\n\n"
        "【7 天内到期的预警】1 项\n  · 春风社区 样例检查，期限 2026-11-30\n\n【新转来的预警】1 项\n  · 夏雨社区 样例检查\n\n"
        "https://portal.example.gov.cn/findings/?holder=mine\n"
        "不想收到每日邮件，可以在平台右上角“通知设置”中关闭。"
    )


def test_nothing_to_say_is_not_said(mail, mailoutbox):
    finding(w.SPRING, opened_on=date(2026, 11, 2), due_on=date(2027, 3, 1))  # known, and far off
    finding(w.SPRING, opened_on=date(2026, 11, 2), due_on=date(2026, 11, 1), state="excused",
            excused_until=date(2026, 12, 1), rest_from=date(2026, 11, 2))  # fmt: skip
    assert digest.send_digests(MONDAY, INSPECTIONS) == 0
    assert (mailoutbox, Delivery.objects.count()) == ([], 0)


@pytest.mark.parametrize(("day", "sent"), [(MONDAY, 1), (SATURDAY, 0), (date(2026, 10, 1), 0), (MADE_UP, 1)])
def test_quiet_on_days_off_and_awake_on_made_up_weekends(mail, mailoutbox, day, sent):
    finding(w.SPRING, opened_on=date(2026, 1, 1), due_on=date(2026, 9, 1))
    assert digest.send_digests(day, INSPECTIONS) == len(mailoutbox) == sent


def test_sent_once_a_day_however_often_asked(mail, mailoutbox):
    finding(w.SPRING, opened_on=MONDAY)
    assert [digest.send_digests(MONDAY, INSPECTIONS) for _ in range(3)] == [1, 0, 0]
    assert len(mailoutbox) == 1
    assert Delivery.objects.get().key == f"mail:digest:{mail.users.street.pk}:2026-11-23"
    assert digest.send_digests(MONDAY + timedelta(days=1), INSPECTIONS) == 0  # it is no news any more


def test_after_a_weekend_news_of_the_weekend_is_told(mail):
    calendar = digest.specials(2025)
    assert digest.last_workday_before(MONDAY, calendar) == date(2026, 11, 20)
    assert digest.last_workday_before(date(2026, 10, 8), calendar) == date(2026, 9, 30)


def test_who_does_not_want_it_or_has_no_address_gets_none(mail, mailoutbox):
    finding(w.SPRING, opened_on=MONDAY)
    mail.users.street.mail_digest = False
    mail.users.street.save()
    assert digest.send_digests(MONDAY, INSPECTIONS) == 0
    mail.users.street.mail_digest, mail.users.street.email = True, ""
    mail.users.street.save()
    assert digest.send_digests(MONDAY, INSPECTIONS) == 0


def test_without_a_mail_server_nothing_is_tried(mail, settings, mailoutbox):
    settings.MAIL_ON = False
    finding(w.SPRING, opened_on=MONDAY)
    assert (digest.send_digests(MONDAY, INSPECTIONS), Delivery.objects.count()) == (0, 0)


def test_mail_server_that_fails_is_on_record_and_not_asked_again(mail, monkeypatch):
    def failing(self):
        raise ConnectionRefusedError("no server")

    finding(w.SPRING, opened_on=MONDAY)
    monkeypatch.setattr(digest.EmailMessage, "send", failing)
    assert digest.send_digests(MONDAY, INSPECTIONS) == 0
    entry = Delivery.objects.get()
    assert (entry.state, entry.error) == ("failed", "ConnectionRefusedError: no server")
    assert digest.send_digests(MONDAY, INSPECTIONS) == 0


def test_supervision_notice_is_told_to_the_office_asked(mail, mailoutbox):
    one = finding(w.SPRING, opened_on=today() - timedelta(days=9))
    issue_supervision(findings=[one], text="请核实", working_days=5, by=mail.users.district)
    parts = digest.parts_for(mail.users.street, today(), today() - timedelta(days=1), INSPECTIONS)
    assert [(part.title, part.count) for part in parts] == [("督办单", 1)]
    assert digest.parts_for(mail.users.district, today(), today() - timedelta(days=1), INSPECTIONS) == []


@pytest.mark.parametrize(("hour", "sent"), [(7, 1), (11, 1), (12, 0), (18, 0)])
def test_digest_of_the_morning_is_not_sent_in_the_afternoon(mail, mailoutbox, hour, sent):
    finding(w.SPRING, opened_on=MONDAY)
    with time_machine.travel(datetime(2026, 11, 23, hour, 40, tzinfo=ZoneInfo("Asia/Shanghai"))):
        tasks.send_digests()
    assert len(mailoutbox) == sent
