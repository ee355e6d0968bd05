"""Checks of replies, promises and the task ledger: what opens, on which day, and that it mends itself."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from portal.core.findings.models import Finding, State
from portal.core.findings.reconcile import reconcile
from portal.core.workdays.actions import load_calendar
from portal.core.workdays.files import SHIPPED, read_calendar
from portal.registry import AFTER_INSPECTIONS, INSPECTIONS
from proposals.actions.deadlines import drop, meet, start
from proposals.actions.overdue import date_overdue
from proposals.models import Commitment, CommitmentStep, LedgerReport, LedgerTask, Suspension
from proposals.queries.ledger import standings
from tests import factories
from tests import world as w
from tests.pages.reading import text_of
from tests.proposals import cases

DAY = date(2026, 2, 10)
DEADLINES, PROMISES, LEDGER = (INSPECTIONS[key] for key in ("proposal_deadlines", "commitments", "ledger_reports"))


@pytest.fixture
def calendar(world):
    load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)
    return world


def seen(inspection, on: date) -> dict[str, dict]:
    """Facts by subject, with place and day."""
    sql, parameters = inspection.problems(on)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return {subject: {"code": code, "due_on": due, **json.loads(facts)} for subject, code, due, facts in rows}


def promise(handling, due: date, **fields) -> Commitment:
    about = {"unit": handling.unit, "division_id": handling.division_id, "year": 2026, "text": "年内增配十人",
             "owner": "甲某", "first_result": "B", "result": "B", "entered_by": cases.user("office")}  # fmt: skip
    return Commitment.objects.create(handling=handling, due_on=due, **(about | fields))


def task(number: int = 1, due: date = date(2026, 12, 31), **fields) -> LedgerTask:
    about = {"division_id": w.DISTRICT, "year": 2026, "title": f"任务{number}", "leader": "甲某", "chief": "乙某",
             "officer": "丙某", "posted_on": date(2026, 1, 1), "entered_by": cases.user("office")}  # fmt: skip
    return LedgerTask.objects.create(number=number, due_on=due, **(about | fields))


def report(of: LedgerTask, period: str, on: date, due: date) -> LedgerReport:
    return LedgerReport.objects.create(
        task=of, cadence="month", period=period, words="进展", due_on=due, reported_on=on,
        reported_by=cases.user("office"),
    )  # fmt: skip


def test_checks_are_registered_with_sentence_topic_and_remedy():
    for one in (DEADLINES, PROMISES, LEDGER):
        assert (one.topic, str(one.sentence)[-1], str(one.remedy)[-1]) == ("proposals", "。", "。")
    assert date_overdue in AFTER_INSPECTIONS


@pytest.mark.parametrize("inspection", [DEADLINES, PROMISES, LEDGER], ids=lambda one: one.key)
def test_nothing_on_file_is_no_problem(calendar, inspection):
    assert (inspection.subjects(DAY), seen(inspection, DAY)) == (0, {})


# Deadlines ------------------------------------------------------------------------------------------------------------


def test_overdue_deadline_is_found_from_the_day_after_and_dated_to_its_last_day(calendar):
    handling = cases.handling(cases.proposal())
    made = start(handling, "reply", DAY)
    assert (DEADLINES.subjects(DAY), seen(DEADLINES, date(2026, 5, 11))) == (1, {})
    found = seen(DEADLINES, date(2026, 5, 20))[str(made.pk)]
    assert (found["code"], found["due_on"], found["unrolled"]) == (w.DISTRICT, date(2026, 5, 11), "2026-05-10")
    assert (found["proposal"], found["number"], found["unit"]) == (handling.proposal_id, "0023", "区民政局")
    assert "title" not in found
    assert DEADLINES.headline(found) == (
        "区民政局承办的区政协十四届五次会议第0023号提案：答复应在 2026-05-11 前完成，已逾期。"
    )
    lines = {str(line.label): (line.value, line.hint) for line in DEADLINES.lines(found)}
    assert lines["截止日期"] == ("2026-05-11", "顺延前为 2026-05-10")
    assert lines["逾期起始"] == ("2026-05-12", "")
    assert "系统默认" in lines["规则"][0]


def test_finding_opens_once_and_heals_when_the_step_is_done(calendar):
    handling = cases.handling(cases.proposal())
    start(handling, "reply", DAY)
    late = date(2026, 6, 1)
    first, second = (reconcile(inspection=DEADLINES, on=late, by=None) for _time in range(2))
    assert (first.opened, second.opened, second.refreshed) == (1, 0, 1)
    assert date_overdue(on=late) == 1
    meet(handling, "reply", late)
    assert reconcile(inspection=DEADLINES, on=late + timedelta(days=1), by=None).resolved == 1
    assert Finding.objects.get(kind="proposal_deadlines").state == State.RESOLVED
    assert handling.deadlines.get().overdue_on == date(2026, 5, 12)


def test_dropped_stopped_and_mere_rights_are_not_overdue(calendar):
    handling = cases.handling(cases.proposal())
    start(handling, "return", DAY)
    start(handling, "reply", DAY)
    start(handling, "feedback", DAY)
    Suspension.objects.create(
        handling=handling, starts_on=date(2026, 3, 1), reason="等待", consent="同意", entered_by=cases.user("office")
    )
    late = date(2026, 6, 1)
    assert [one["kind"] for one in seen(DEADLINES, late).values()] == ["feedback"]
    drop(handling, "feedback")
    assert seen(DEADLINES, late) == {}


def test_inbox_and_detail_page_tell_what_is_late(calendar, login):
    handling = cases.handling(cases.proposal())
    start(handling, "opinion", DAY)
    reconcile(inspection=DEADLINES, on=date(2026, 6, 1), by=None)
    client = login(cases.user("office"))
    inbox = text_of(client.get(reverse("findings"), {"kind": "proposal_deadlines"}))
    assert "会办意见应在 2026-03-10 前完成，已逾期" in inbox
    page = text_of(client.get(reverse("finding", args=[Finding.objects.get().pk])))
    assert "完成并登记这一步" in page and "2026-03-11" in page
    assert "查看提案或建议" in page and "期限是怎样算出来的" in page


# Promises -------------------------------------------------------------------------------------------------------------


def test_promise_is_late_after_its_day_and_until_it_is_kept(calendar):
    handling = cases.handling(cases.proposal(), replied_on=date(2026, 5, 6))
    made = promise(handling, date(2026, 6, 30))
    assert seen(PROMISES, date(2026, 6, 30)) == {}
    found = seen(PROMISES, date(2026, 7, 1))[str(made.pk)]
    assert (found["due_on"], found["commitment"], found["overdue"]) == (date(2026, 6, 30), made.pk, True)
    assert PROMISES.headline(found) == (
        "区民政局在区政协十四届五次会议第0023号提案答复中承诺的“年内增配十人”应在 2026-06-30 前落实，已逾期。"
    )
    Commitment.objects.update(state="kept", ended_on=date(2026, 7, 2), confirmed_by=cases.user("leader"))
    assert seen(PROMISES, date(2026, 7, 3)) == {}


@pytest.mark.parametrize(
    ("told", "months", "by"),
    [
        (None, None, date(2026, 8, 6)),  # three months after the reply
        (date(2026, 7, 31), None, date(2026, 10, 31)),
        (date(2026, 7, 31), 2, date(2026, 9, 30)),
    ],
)
def test_promise_without_news_is_found_after_the_interval(calendar, told, months, by):
    handling = cases.handling(cases.proposal(), replied_on=date(2026, 5, 6))
    made = promise(handling, date(2026, 12, 31))
    if told:
        CommitmentStep.objects.create(commitment=made, on=told, words="推进中", entered_by=cases.user("office"))
    if months:
        factories.rule("proposal.commitments", {"months": months}, division=w.CITY)
    assert seen(PROMISES, by) == {}
    found = seen(PROMISES, by + timedelta(days=1))[str(made.pk)]
    assert (found["due_on"], found["overdue"], found["stale"]) == (by, False, True)
    assert f"应在 {by} 前更新进展" in PROMISES.headline(found)
    assert PROMISES.lines(found)[-1].value == f"未落实的承诺事项每 {months or 3} 个月更新一次进展"


def test_promise_rolled_into_a_year_is_told_of_from_its_beginning(calendar):
    handling = cases.handling(cases.proposal(), replied_on=date(2025, 5, 6))
    made = promise(handling, date(2026, 12, 31))
    assert seen(PROMISES, date(2026, 4, 1)) == {}
    assert list(seen(PROMISES, date(2026, 4, 2))) == [str(made.pk)]


# The ledger -----------------------------------------------------------------------------------------------------------


def test_missing_reports_are_counted_and_late_ones_apart(calendar):
    one = task()
    report(one, "2026-01", date(2026, 2, 20), date(2026, 2, 6))
    found = seen(LEDGER, date(2026, 4, 20))[str(one.pk)]
    # February, March and the first quarter have not come in; January came late.
    assert (found["missing"], found["late"], found["periods"]) == (3, 1, ["2026-02", "2026-03", "2026-Q1"])
    assert (found["due_on"], found["overdue"]) == (date(2026, 3, 6), False)
    assert LEDGER.headline(found) == "任务“任务1”缺 3 份进展报告，最早的应在 2026-03-06 前报送。"
    lines = {str(line.label): line.value for line in LEDGER.lines(found)}
    assert (lines["缺报"], lines["迟报"]) == ("3 份", "1 份")


def test_december_carries_four_reports(calendar):
    one = task()
    for number in range(1, 12):
        report(one, f"2026-{number:02d}", date(2026, 12, 1), date(2026, 12, 1))
    for key in ("2026-Q1", "2026-Q2", "2026-Q3", "2026-H1"):
        report(one, key, date(2026, 12, 1), date(2026, 12, 1))
    found = seen(LEDGER, date(2027, 3, 1))[str(one.pk)]
    assert sorted(found["periods"]) == ["2026", "2026-12", "2026-H2", "2026-Q4"]


@pytest.mark.parametrize("on", [date(2026, 2, 6), date(2026, 2, 7), date(2026, 7, 21), date(2027, 2, 1)])
def test_missing_reports_agree_with_the_rule_of_one_task(calendar, on):
    factories.rule("report.due", {"week": 1, "month": 4, "quarter": 9, "half_year": 12, "year": 30}, division=w.CITY)
    tasks = [task(), task(2, posted_on=date(2026, 3, 31)), task(3, posted_on=date(2026, 11, 30)), task(4)]
    LedgerTask.objects.filter(number=4).update(
        state="rolled", struck_on=date(2026, 12, 1), struck_by=cases.user("leader")
    )
    report(tasks[0], "2026-Q1", date(2026, 4, 2), date(2026, 4, 14))
    known = standings(LedgerTask.objects.filter(posted_on__lte=on), on)
    expected = {str(pk): counts.missing for pk, counts in known.counts.items() if counts.missing}
    assert {pk: facts["missing"] for pk, facts in seen(LEDGER, on).items() if facts["missing"]} == expected


def test_overdue_task_is_found_until_it_is_struck_off(calendar):
    one = task(due=date(2026, 1, 15))
    found = seen(LEDGER, date(2026, 1, 16))[str(one.pk)]
    assert (found["due_on"], found["missing"]) == (date(2026, 1, 15), 0)
    assert LEDGER.headline(found) == "任务“任务1”应在 2026-01-15 前完成，已逾期。"
    office, leader = cases.user("office"), cases.user("leader")
    LedgerTask.objects.update(
        state="struck", struck_on=date(2026, 1, 20), struck_by=leader, asked_by=office, evidence="已完成"
    )
    assert seen(LEDGER, date(2026, 1, 21)) == {}


def test_task_that_went_into_the_next_year_still_owes_its_own(calendar):
    one = task(posted_on=date(2026, 10, 1))
    LedgerTask.objects.update(state="rolled", struck_on=date(2026, 12, 28), struck_by=cases.user("leader"))
    new = task(2, year=2027, due=date(2027, 6, 30), posted_on=date(2027, 1, 1), rolled_from=one)
    for key in ("2026-10", "2026-11", "2026-Q4", "2026-H2", "2026"):
        report(one, key, date(2026, 12, 28), date(2027, 1, 31))
    found = seen(LEDGER, date(2027, 1, 20))
    assert list(found) == [str(one.pk)]
    facts = found[str(one.pk)]
    assert (facts["missing"], facts["periods"], facts["overdue"], facts["rolled"]) == (1, ["2026-12"], False, True)
    assert LEDGER.headline(facts) == f"任务“任务1”缺 1 份进展报告，最早的应在 {facts['oldest']} 前报送。"
    lines = {str(line.label): line.value for line in LEDGER.lines(facts)}
    assert lines["台账"] == "已转入下年度"
    assert LEDGER.subjects(date(2027, 1, 20)) == 2
    report(one, "2026-12", date(2027, 1, 21), date(2027, 1, 8))
    assert str(one.pk) not in seen(LEDGER, date(2027, 1, 22))
    assert str(one.pk) not in seen(LEDGER, date(2027, 7, 5)) and str(new.pk) in seen(LEDGER, date(2027, 7, 5))


def test_run_twice_opens_nothing_more(calendar):
    handling = cases.handling(cases.proposal(), replied_on=DAY)
    start(handling, "reply", DAY)
    promise(handling, date(2026, 6, 30))
    task(due=date(2026, 6, 30))
    on = date(2026, 9, 1)
    for inspection in (DEADLINES, PROMISES, LEDGER):
        assert reconcile(inspection=inspection, on=on, by=None).opened == 1
        assert reconcile(inspection=inspection, on=on + timedelta(days=1), by=None).opened == 0


def test_command_runs_the_three_checks(calendar, run_command):
    task(due=date(2026, 6, 30), posted_on=date(2026, 6, 1))
    found = json.loads(
        run_command("run_inspections", "proposal_deadlines", "commitments", "ledger_reports", "--json").out
    )
    assert {key: (value["subjects"], value["opened"]) for key, value in found.items()} == {
        "proposal_deadlines": (0, 0), "commitments": (0, 0), "ledger_reports": (1, 1),
    }  # fmt: skip
