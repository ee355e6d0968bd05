"""Import of a task list: judged at once, compared by year and number, applied with history, taken back."""

import csv
import io
from datetime import date

import pytest
import time_machine

from portal.core.sheets.actions import cancel, create_batch, request_apply
from portal.core.sheets.models import BatchState
from portal.core.sheets.running import apply_batch, judge_batch
from portal.core.sheets.undoing import request_undo, undo_batch
from portal.core.territory.models import Division
from proposals.actions import ledger_reports as writes
from proposals.importers.task_rows import COLUMNS
from proposals.importers.tasks import TASKS
from proposals.ledger import period_of_key
from proposals.models import LedgerTask
from tests import taken
from tests import world as w
from tests.proposals import cases

HEADERS = {column.key: column.header for column in COLUMNS}
ROW = {
    "year": "2026", "number": "1", "title": "养老机构互认互通", "domain": "养老服务", "leader": "甲局长", "chief": "乙处长",
    "officer": "丙专员", "posted_on": "2026-01-05", "due_on": "2026年12月31日",
}  # fmt: skip


@pytest.fixture(autouse=True)
def november():
    """23 November 2026: a list without days of posting is of this year."""
    with time_machine.travel("2026-11-23T10:00:00+08:00"):
        yield


@pytest.fixture
def office(world):
    return cases.user("office")


def sheet(*lines: dict[str, str]) -> bytes:
    keys = [key for key in HEADERS if any(key in line for line in lines)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([HEADERS[key] for key in keys])
    writer.writerows([line.get(key, "") for key in keys] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def judged(office, *lines, content=None):
    division = Division.objects.get(code=w.DISTRICT)
    given = {"filename": "x.csv", "content": content or sheet(*lines), "by": office}
    return judge_batch(create_batch(importer=TASKS, division=division, **given).pk, TASKS)


def compared(office, *lines, content=None):
    """What a sheet would do, given up at once."""
    batch = judged(office, *lines, content=content)
    cancel(batch=batch, by=office)
    return counts(batch)


def applied(office, *lines):
    batch = judged(office, *lines)
    assert batch.counts["error"] == 0, batch.counts
    request_apply(batch=batch, importer=TASKS, by=office)
    return apply_batch(batch.pk, office, TASKS)


def undone(office, batch, **options):
    request_undo(batch=batch, importer=TASKS, by=office, **options)
    return undo_batch(batch.pk, office, TASKS, **options).state


def counts(batch):
    return {key: batch.counts[key] for key in ("new", "changed", "unchanged", "error")}


def test_new_then_unchanged_then_changed_then_taken_back(office, run_command):
    second = {**ROW, "number": "2", "title": "社会组织合作", "domain": ""}
    batch = applied(office, ROW, second)
    assert (batch.state, counts(batch)["new"]) == (BatchState.APPLIED, 2)
    one, two = LedgerTask.objects.order_by("number")
    assert (one.division_id, one.domain, one.posted_on, one.due_on, one.entered_by) == (
        w.DISTRICT, "elderly", date(2026, 1, 5), date(2026, 12, 31), office,
    )  # fmt: skip
    assert two.domain == "other"
    assert compared(office, ROW, second) == {"new": 0, "changed": 0, "unchanged": 2, "error": 0}
    changed = applied(office, {"year": "2026", "number": "1", "officer": "丁专员"})
    one.refresh_from_db()
    assert (one.officer, one.title, one.version) == ("丁专员", ROW["title"], 2)
    assert undone(office, changed) == BatchState.UNDONE
    one.refresh_from_db()
    assert one.officer == "丙专员"
    assert undone(office, batch) == BatchState.UNDONE
    assert not LedgerTask.objects.exists()
    assert run_command("recount", "--verify").code == 0


def test_every_error_of_a_row_is_told_in_one_pass(office):
    bad = {**ROW, "year": "26", "domain": "体育", "due_on": "2026-02-30"}
    late = {**ROW, "number": "2", "posted_on": "2027-01-05", "due_on": "2026-12-31"}
    bare = {"year": "2026", "number": "3", "title": "没有责任人"}
    batch = judged(office, bad, late, bare, ROW, ROW)
    assert batch.counts["error_kinds"] == {
        "not_number": 1, "choice": 1, "date_no_such_day": 1, "posted_late": 1, "due_early": 1, "required": 4,
        "same_twice": 1,
    }  # fmt: skip
    assert counts(batch) == {"new": 1, "changed": 0, "unchanged": 0, "error": 4}


def test_a_task_that_is_asked_to_be_struck_off_is_not_changed_by_a_list(office):
    applied(office, ROW)
    LedgerTask.objects.update(state="asked", asked_by=office)
    assert compared(office, ROW)["unchanged"] == 1
    assert compared(office, {**ROW, "officer": "丁专员"})["error"] == 1


def test_a_task_that_was_reported_on_keeps_its_place_when_the_import_is_taken_back(office):
    batch = applied(office, ROW, {**ROW, "number": "2"})
    task = LedgerTask.objects.get(number=1)
    writes.report_task(entry=writes.Entry(task, "x", 10), period=period_of_key("2026-01"), by=office)
    assert undone(office, batch, rest=True) == BatchState.UNDONE
    assert list(LedgerTask.objects.values_list("number", flat=True)) == [1]


def test_the_list_as_taken_out_can_be_imported_again(office, login):
    applied(office, ROW)
    content = taken.take(login(office), "ledger", "csv", year="2026").getvalue()
    assert compared(office, content=content) == {"new": 0, "changed": 0, "unchanged": 1, "error": 0}
