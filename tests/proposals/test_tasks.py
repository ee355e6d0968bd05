"""Tasks of the ledger: numbered, reported on, struck off with evidence by another person; late and missing apart."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from portal.core.reports.cadence import Cadence, Period
from proposals.actions import ledger_reports as writes
from proposals.actions import tasks as acts
from proposals.inspections.ledger import LEDGER_REPORTS
from proposals.ledger import Counts, Standing
from proposals.models import LedgerReport, LedgerTask
from proposals.queries import ledger as reads
from tests import factories
from tests import world as w
from tests.proposals import cases, promised
from workforce.actions.versions import Stale

YEAR = 2026
TODAY = date(YEAR, 11, 23)
OCTOBER = Period(Cadence.MONTH, YEAR, 10)
NOVEMBER = Period(Cadence.MONTH, YEAR, 11)


@pytest.fixture(autouse=True)
def november():
    """23 November 2026, so that what is over and what is due stay as they are."""
    with time_machine.travel("2026-11-23T10:00:00+08:00"):
        yield TODAY


@pytest.fixture
def staff(world):
    return cases.people()


def refusal(act, *arguments, **given) -> str:
    with pytest.raises(ValidationError) as caught:
        act(*arguments, **given)
    return " ".join(caught.value.messages)


def reported(task, by, period=OCTOBER, words="推进顺利", percent=40):
    return writes.report_task(entry=writes.Entry(task, words, percent), period=period, by=by)


def came_in(task, period: Period, reported_on: date, due_on: date, by) -> LedgerReport:
    """A report as a row, of another day than today."""
    return LedgerReport.objects.create(
        task=task, cadence=period.cadence, period=period.key, words="x", percent=10, due_on=due_on,
        reported_on=reported_on, reported_by=by,
    )  # fmt: skip


def asked(task, by, upload=None):
    task.refresh_from_db()
    return acts.ask_strike(task=task, version=task.version, evidence="已签署协议", upload=upload, by=by)


def test_tasks_are_numbered_by_place_and_year(staff):
    first, second = promised.task(), promised.task(title="第二项")
    other, earlier = promised.task("960102"), promised.task(year=2025)
    assert [(one.division_id, one.year, one.number) for one in (first, second, other, earlier)] == [
        (w.DISTRICT, YEAR, 1), (w.DISTRICT, YEAR, 2), ("960102", YEAR, 1), (w.DISTRICT, 2025, 1),
    ]  # fmt: skip


def test_a_task_is_put_on_the_ledger_by_who_signs_and_in_order_of_days(staff, world):
    assert "权限" in refusal(promised.task, by=world.users.street)
    assert "不能早于挂账日期" in refusal(promised.task, due_on=date(YEAR, 1, 4))
    assert "清单年度" in refusal(promised.task, posted_on=date(YEAR + 1, 1, 1), due_on=date(YEAR + 1, 2, 1))
    assert LedgerTask.objects.count() == 0


def test_a_promise_becomes_a_task_once_and_only_in_its_place(staff):
    held = promised.promise()
    task = promised.task(commitment=held)
    assert task.commitment == held
    assert "不能重复列入" in refusal(promised.task, commitment=held)
    assert "本地区" in refusal(promised.task, "960102", commitment=held)


def test_a_report_keeps_the_day_it_came_in_and_its_due_day(staff, november):
    task = promised.task()
    report = reported(task, staff.office)
    assert (report.period, report.reported_on, report.due_on) == ("2026-10", november, date(YEAR, 11, 6))
    writes.change_task_report(report=report, version=1, words="更正", percent=45, problems="人手不足", by=staff.checker)
    report.refresh_from_db()
    assert (report.words, report.percent, report.reported_on, report.version) == ("更正", 45, november, 2)
    with pytest.raises(Stale):
        writes.change_task_report(report=report, version=1, words="x", percent=1, problems="", by=staff.office)


def test_a_report_is_refused_twice_too_early_and_where_none_is_owed(staff):
    task = promised.task(posted_on=date(YEAR, 6, 1))
    reported(task, staff.office)
    assert "已经报送" in refusal(reported, task, staff.office)
    assert "没有这一期" in refusal(reported, task, staff.office, Period(Cadence.MONTH, YEAR, 5))
    assert "2026-12-21 起" in refusal(reported, task, staff.office, Period(Cadence.YEAR, YEAR, 1))
    assert reported(task, staff.office, NOVEMBER).due_on == date(YEAR, 12, 7)
    assert "0 到 100" in refusal(reported, task, staff.office, Period(Cadence.QUARTER, YEAR, 3), percent=101)
    assert "权限" in refusal(reported, task, staff.lead_officer)


def test_many_reports_are_entered_together_or_not_at_all(staff):
    first, second = promised.task(), promised.task(title="第二项")
    entries = [writes.Entry(first, "甲", 10), writes.Entry(second, "乙", 120)]
    assert "第 2 项“第二项”：完成进度应为 0 到 100" in refusal(
        writes.report_many, entries=entries, period=OCTOBER, by=staff.office
    )
    assert LedgerReport.objects.count() == 0
    entries[1] = writes.Entry(second, "乙", 12, "缺经费")
    assert len(writes.report_many(entries=entries, period=OCTOBER, by=staff.office)) == 2
    assert reads.owing(staff.office, OCTOBER, under="") == []
    assert reads.owing(staff.office, NOVEMBER, under="") == [first, second]
    assert reads.latest_percents([first, second]) == {first.pk: 10, second.pk: 12}


def test_late_and_missing_are_counted_apart_and_the_list_finds_both(staff):
    late, missing, fine = (
        promised.task(posted_on=date(YEAR, 10, 1)),
        promised.task(posted_on=date(YEAR, 10, 1)),
        promised.task(posted_on=date(YEAR, 11, 1)),
    )
    came_in(late, OCTOBER, date(YEAR, 11, 9), date(YEAR, 11, 6), staff.office)
    on = date(YEAR, 11, 23)
    known = reads.standings([late, missing, fine], on)
    assert known.counts[late.pk] == Counts(owed=6, ahead=5, late=1)
    assert known.counts[missing.pk] == Counts(owed=6, ahead=5, missing=1)
    assert known.counts[fine.pk] == Counts(owed=5, ahead=5)
    tasks = reads.of_year(staff.office, under=w.DISTRICT, year=YEAR, on=on)
    narrowed = {
        show: list(reads.narrowed(tasks, known, on=on, q="", domain="", show=show))
        for show in (Standing.LATE, Standing.MISSING, "overdue")
    }
    assert narrowed == {Standing.LATE: [late], Standing.MISSING: [missing], "overdue": []}
    assert list(
        reads.narrowed(tasks, known, on=date(2027, 1, 1), q="养老 丙专员", domain="elderly", show="overdue")
    ) == [late, missing, fine]
    assert list(reads.narrowed(tasks, known, on=on, q="殡葬", domain="", show="")) == []


def test_due_days_follow_the_rule_of_the_place(staff):
    task = promised.task()
    book = reads.DueBook()
    assert book.of(task.division_id, OCTOBER) == date(YEAR, 11, 6)
    factories.rule("report.due", {"week": 1, "month": 1, "quarter": 1, "half_year": 1, "year": 1}, w.DISTRICT)
    assert reads.DueBook().of(task.division_id, OCTOBER) == date(YEAR, 11, 2)


def test_the_inspection_counts_what_the_pure_rule_counts(staff, django_assert_num_queries):
    on = date(YEAR, 11, 23)
    tasks = [promised.task(posted_on=date(YEAR, month, 15)) for month in (1, 4, 8)]
    came_in(tasks[0], OCTOBER, date(YEAR, 11, 9), date(YEAR, 11, 6), staff.office)
    came_in(tasks[2], Period(Cadence.QUARTER, YEAR, 3), date(YEAR, 10, 9), date(YEAR, 10, 20), staff.office)
    with django_assert_num_queries(3):
        counts = reads.standings(tasks, on).counts
    sql, given = LEDGER_REPORTS.problems(on)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT facts->>'task', facts->>'missing', facts->>'late' FROM ({sql}) found", given)
        found = {int(task): (int(missing), int(late)) for task, missing, late in cursor.fetchall()}
    assert found == {pk: (one.missing, one.late) for pk, one in counts.items()}
    assert [counts[task.pk].missing for task in tasks] == [13, 10, 3]


def test_striking_off_needs_evidence_and_another_person(staff, november):
    task = promised.task()
    assert "佐证" in refusal(acts.ask_strike, task=task, version=1, evidence=" ", by=staff.office)
    task.refresh_from_db()
    assert "不能这样办理" in refusal(acts.strike_off, task=task, version=task.version, by=staff.leader)
    asked(task, staff.office, promised.upload())
    assert (task.state, task.evidence_file.filename, task.asked_by) == ("asked", "佐证.pdf", staff.office)
    assert "另一个人" in refusal(acts.strike_off, task=task, version=task.version, by=staff.office)
    task.refresh_from_db()
    acts.strike_off(task=task, version=task.version, by=staff.leader)
    task.refresh_from_db()
    assert (task.state, task.struck_by, task.struck_on) == ("struck", staff.leader, november)
    assert [one.key for one in reads.owed_periods(task)][-1] == "2026-10"


def test_a_street_asks_for_striking_off_and_the_district_signs(staff, world):
    task = promised.task(w.STREET, by=staff.office)
    asked(task, world.users.street)
    assert "权限" in refusal(acts.strike_off, task=task, version=task.version, by=world.users.street)
    acts.strike_off(task=task, version=task.version, by=staff.leader)
    assert LedgerTask.objects.get().state == "struck"


def test_a_refused_strike_leaves_the_task_on_the_ledger_with_the_reason(staff):
    task = asked(promised.task(), staff.office)
    acts.refuse_strike(task=task, version=task.version, reason="佐证不足", by=staff.leader)
    task.refresh_from_db()
    assert (task.state, task.asked_by, task.asked_on, task.evidence) == ("open", None, None, "已签署协议")
    assert [(one.act, one.reason, one.actor) for one in reads.events_of([task])] == [
        ("strike_refused", "佐证不足", "leader")
    ]


def test_a_cancelled_task_owes_nothing_further(staff):
    task = promised.task(posted_on=date(YEAR, 10, 1))
    acts.cancel_task(task=task, version=1, reason="协议终止", by=staff.leader)
    assert [one.key for one in reads.owed_periods(task)] == ["2026-10"]
    assert "没有这一期" in refusal(reported, task, staff.office)
    with pytest.raises(Stale):
        acts.cancel_task(task=task, version=1, reason="x", by=staff.leader)


def test_a_correction_keeps_place_year_and_number(staff):
    task = promised.task()
    fields = promised.TASK | {"officer": "丁专员", "posted_on": date(YEAR, 2, 1), "due_on": date(YEAR, 11, 30)}
    acts.change_task(task=task, version=1, by=staff.office, **fields)
    task.refresh_from_db()
    assert (task.officer, task.number, task.year, task.version) == ("丁专员", 1, YEAR, 2)


def test_figures_stay_exact_through_every_act_on_tasks(staff, run_command):
    task, other = promised.task(), promised.task()
    asked(task, staff.office)
    acts.strike_off(task=task, version=task.version, by=staff.leader)
    acts.cancel_task(task=other, version=1, reason="x", by=staff.leader)
    assert run_command("recount", "--verify").code == 0
