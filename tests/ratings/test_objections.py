"""Objections: taken only while the notice stands, sealed, limited per address, answered by another than the scorer."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from portal.core.audit.origin import client_ip
from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.core.lib.clock import today
from portal.core.policy.models import PolicyRule
from portal.core.workdays.models import CalendarDay
from ratings.actions.objections import PER_HOUR, TooManyObjections, answer_objection, raise_objection
from ratings.inspections.objections import OVERDUE
from ratings.models import GradeMove, Objection
from ratings.queries import objections as reads
from tests import world as w
from tests.ratings import rated
from workforce.actions.versions import Stale

WORDS = "走访记录与事实不符，请复核。"


def test_objection_is_sealed_and_has_a_receipt_and_a_day(world):
    PolicyRule.objects.create(
        kind="rating.notice", division_id=w.CITY, valid_from=date(2020, 1, 1), document="x",
        value={"working_days": 7, "answer_days": 3, "scores": False},
    )  # fmt: skip
    for number in (*range(1, 8), 10):
        day = date(2026, 10, number)
        CalendarDay.objects.update_or_create(day=day, defaults={"is_workday": number == 10, "name": "国庆节"})
    with time_machine.travel("2026-09-30 10:00+08:00"):
        unit = rated.unit(rated.cycle())
        made = raise_objection(unit=unit, words=WORDS, sender="甲一", contact="10000000009", by=None)
    assert (made.state, made.due_on) == ("received", date(2026, 10, 10))
    assert len(made.receipt) == 19 and made.receipt.count("-") == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT sender, contact FROM ratings_objection")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert "甲一".encode() not in stored and b"10000000009" not in stored
    kept = Objection.objects.get()
    assert (kept.sender, kept.contact) == ("甲一", "10000000009")
    event = AuditEvent.objects.get(act="objection_raised")
    assert (event.subject, event.division, event.detail) == (f"objection {made.pk}", w.SPRING, {})


def test_receipts_differ(world):
    unit = rated.unit(rated.cycle())
    assert len({raise_objection(unit=unit, words=WORDS, by=None).receipt for _ in range(5)}) == 5


@pytest.mark.parametrize(
    ("stage", "first", "last"),
    [("notice", 1, 3), ("notice", -5, -1), ("decision", -1, 1), ("decided", -1, 1), ("calibration", -1, 1)],
)
def test_objections_are_taken_only_while_the_notice_stands(world, stage, first, last):
    days = {"notice_from": today() + timedelta(days=first), "notice_until": today() + timedelta(days=last)}
    unit = rated.unit(rated.cycle(stage=stage, **days))
    with pytest.raises(ValidationError, match="公示期已过或尚未开始"):
        raise_objection(unit=unit, words=WORDS, by=None)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-3, 0), (0, 3)])
def test_first_and_last_day_count(world, first, last):
    days = {"notice_from": today() + timedelta(days=first), "notice_until": today() + timedelta(days=last)}
    assert raise_objection(unit=rated.unit(rated.cycle(**days)), words=WORDS, by=None).pk


def test_an_address_has_its_share_and_others_have_theirs(world):
    unit = rated.unit(rated.cycle())

    def raised(address: str) -> Objection:
        token = client_ip.set(address)
        try:
            return raise_objection(unit=unit, words=WORDS, by=None)
        finally:
            client_ip.reset(token)

    for _number in range(PER_HOUR):
        raised("203.0.113.5")
    with pytest.raises(TooManyObjections) as refused:
        raised("203.0.113.5")
    assert 3500 < refused.value.wait <= 3601
    assert raised("203.0.113.6").pk
    assert Objection.objects.count() == PER_HOUR + 1


def _answer(objection, state="upheld", grade=5, by="answering", **fields):
    given = {"version": objection.version, "answer": "经复核，走访记录有误。"} | fields
    return answer_objection(objection=objection, state=state, grade=grade, by=rated.officer(by), **given)


def test_upheld_objection_moves_the_grade_on_record(world):
    unit = rated.unit(rated.cycle(), grade=4)
    found = _answer(rated.objection(unit))
    unit.refresh_from_db()
    assert (unit.grade, unit.provisional, unit.version) == (5, 4, 2)
    move = GradeMove.objects.get()
    assert (move.before, move.after, move.reason, move.objection) == (4, 5, "经复核，走访记录有误。", found)
    assert (found.state, found.answered_by.username, found.answered_on) == ("upheld", "answering", today())


def test_upheld_objection_leads_no_way_round_a_veto(world):
    unit = rated.unit(rated.cycle(), grade=0)
    type(unit).objects.filter(pk=unit.pk).update(vetoed=True)
    with pytest.raises(ValidationError, match="一票否决"):
        _answer(rated.objection(unit))
    unit.refresh_from_db()
    assert (unit.grade, GradeMove.objects.count()) == (0, 0)


def test_dismissed_objection_leaves_the_grade(world):
    unit = rated.unit(rated.cycle(), grade=4)
    _answer(rated.objection(unit), "dismissed", None)
    unit.refresh_from_db()
    assert (unit.grade, unit.version, GradeMove.objects.count()) == (4, 1, 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"by": "checker"}, "您复核过这个单位"),
        ({"grade": 2}, "请选择改为哪一星级"),
        ({"grade": None}, "请选择改为哪一星级"),
        ({"grade": 4}, "与公示的星级相同"),
        ({"state": "received"}, "成立还是不成立"),
        ({"answer": " "}, "请写明答复"),
    ],
)
def test_answers_that_are_refused(world, change, sentence):
    found = rated.objection(rated.unit(rated.cycle(), grade=4))
    with pytest.raises(ValidationError, match=sentence):
        _answer(found, **change)
    assert (Objection.objects.get().state, GradeMove.objects.count()) == ("received", 0)


def test_answer_comes_once_and_before_the_decision(world):
    unit = rated.unit(rated.cycle(), grade=4)
    first, second = rated.objection(unit), rated.objection(unit)
    with pytest.raises(Stale):
        _answer(first, version=7)
    _answer(Objection.objects.get(pk=first.pk))
    with pytest.raises(ValidationError, match="已经答复"):
        _answer(Objection.objects.get(pk=first.pk))
    unit.cycle.stage = "decision"
    unit.cycle.save()
    with pytest.raises(ValidationError, match="公示阶段已经结束"):
        _answer(second)


def test_waiting_objections_are_a_duty_of_the_office_but_not_of_the_scorer(world):
    unit = rated.unit(rated.cycle(), district_by=world.users.district)
    rated.objection(unit)
    assert reads.duties(world.users.district) == []
    duty = reads.duties(world.users.city)[0]
    assert (str(duty.label), duty.count, duty.due_on) == ("星级公示的异议待答复", 1, today() + timedelta(days=7))
    assert reads.duties(world.users.street) == reads.duties(world.users.outsider) == []


def test_office_below_the_cycle_reads_and_does_not_answer(world, login):
    found = rated.objection(rated.unit(rated.cycle(w.CITY)))
    client = login(world.users.district)
    page = client.get(reverse("objection", args=[found.pk])).content.decode()
    assert WORDS in page and "您可以查看" in page
    given = {"version": 1, "state": "dismissed", "answer": "x"}
    assert client.post(reverse("objection", args=[found.pk]), given).status_code == 422
    assert Objection.objects.get().state == "received"
    assert login(world.users.city).post(reverse("objection", args=[found.pk]), given).status_code == 302
    assert Objection.objects.get().state == "dismissed"


def test_overdue_objection_is_found_until_it_is_answered(world):
    unit = rated.unit(rated.cycle())
    late = rated.objection(unit, due_on=today() - timedelta(days=1))
    rated.objection(unit, due_on=today())
    Objection.objects.update(received_at="2026-01-05T02:00:00Z")
    reconcile(inspection=OVERDUE, on=today(), by=None)
    found = Finding.objects.get(kind="objection_overdue")
    assert (found.subject, found.division_id, found.due_on) == (str(late.pk), w.SPRING, late.due_on)
    assert OVERDUE.headline(found.facts) == f"2026-01-05 收到的异议应于 {late.due_on} 前答复，至今没有答复。"
    lines = [line.value for line in OVERDUE.lines(found.facts)]
    assert lines == ["2025年度星级评定", "2026-01-05", late.due_on.isoformat(), "5 个工作日内答复"]
    assert late.receipt not in str(found.facts)
    _answer(late, "dismissed", None)
    reconcile(inspection=OVERDUE, on=today(), by=None)
    assert Finding.objects.get().state == "resolved"


def test_list_shows_no_names_and_the_look_at_them_is_on_record(world, login):
    found = rated.objection(rated.unit(rated.cycle()), sender="甲一", contact="10000000009")
    client = login(world.users.district)
    listed = client.get(reverse("objections"), {"state": "received"}).content.decode()
    page = client.get(reverse("objection", args=[found.pk])).content.decode()
    assert found.receipt in listed and "还有 7 天" in listed
    assert all(secret not in text for text in (listed, page) for secret in ("甲一", "10000000009"))
    reveal = reverse("objection_reveal", args=[found.pk])
    assert "甲一" not in client.post(reveal, {"reason": ""}).content.decode()
    shown = client.post(reveal, {"reason": "联系核实"}).content.decode()
    assert "甲一" in shown and "10000000009" in shown
    event = AuditEvent.objects.get(act="reveal_personal")
    assert (event.actor, event.subject, event.reason) == ("district", f"objection {found.pk}", "联系核实")
    assert "甲一" not in client.get(reveal).content.decode()


def test_other_districts_do_not_see_it(world, login):
    found = rated.objection(rated.unit(rated.cycle()))
    client = login(rated.officer("west", "960102"))
    assert client.get(reverse("objection", args=[found.pk])).status_code == 404
    assert client.get(reverse("objection_reveal", args=[found.pk])).status_code == 404
    assert found.receipt not in client.get(reverse("objections")).content.decode()
