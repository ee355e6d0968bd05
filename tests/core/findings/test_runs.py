from datetime import timedelta

import pytest
import time_machine

from portal.core.findings.models import Finding, InspectionRun, RunState, State, Trigger
from portal.core.findings.queries import last_looks
from portal.core.findings.runs import RunFailed, catch_up, missing, run, run_all
from portal.core.lib.clock import today
from tests import world as w
from tests.core.findings.makers import inspection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(world):
    return world


def states() -> dict[str, str]:
    return dict(Finding.objects.values_list("subject", "state"))


def test_run_leaves_a_line_with_its_numbers():
    entry = run(inspection({"a": w.SPRING, "b": w.SUMMER}), on=today(), trigger=Trigger.MANUAL)
    entry.refresh_from_db()
    assert (entry.key, entry.on, entry.state, entry.trigger) == ("sample", today(), RunState.DONE, Trigger.MANUAL)
    assert (entry.subjects, entry.problems, entry.opened, entry.refreshed, entry.resolved) == (2, 2, 2, 0, 0)
    assert entry.finished_at >= entry.started_at
    again = run(inspection({"b": w.SUMMER}), on=today(), trigger=Trigger.MANUAL)
    assert (again.opened, again.refreshed, again.resolved) == (0, 1, 1)


def test_due_day_division_and_holder_are_kept_and_refreshed():
    run(inspection({"a": w.SPRING}, due="2027-01-31"), on=today(), trigger=Trigger.MANUAL)
    found = Finding.objects.get()
    assert (found.due_on.isoformat(), found.held_level, found.held_since) == ("2027-01-31", 4, today())
    run(inspection({"a": w.AUTUMN}), on=today(), trigger=Trigger.MANUAL)
    found.refresh_from_db()
    assert (found.due_on, found.division_id) == (None, w.AUTUMN)


def test_night_without_news_writes_no_finding_and_the_log_knows_the_look():
    first, later = today() - timedelta(days=5), today()
    run(inspection({"a": w.SPRING, "b": w.SPRING}), on=first, trigger=Trigger.MANUAL)
    Finding.objects.filter(subject="b").update(facts={"on": "x", "gap": 7})
    before = dict(Finding.objects.extra(select={"row": "xmin::text"}).values_list("subject", "row"))
    entry = run(inspection({"a": w.SPRING, "b": w.SPRING}), on=later, trigger=Trigger.MANUAL)
    after = dict(Finding.objects.extra(select={"row": "xmin::text || ctid::text"}).values_list("subject", "row"))
    assert (entry.opened, entry.refreshed, entry.resolved) == (0, 2, 0)
    assert after["a"].startswith(before["a"])
    assert dict(Finding.objects.values_list("subject", "seen_on")) == {"a": first, "b": later}
    assert {found.subject: found.facts["gap"] for found in Finding.objects.all()} == {"a": 1, "b": 1}
    assert last_looks(["sample", "other"]) == {"sample": later}


def test_planned_finding_is_resolved_by_the_facts_alone():
    run(inspection({"a": w.SPRING}), on=today(), trigger=Trigger.MANUAL)
    Finding.objects.update(state=State.PLANNED, planned_for=today(), rest_from=today())
    run(inspection({"a": w.SPRING}), on=today(), trigger=Trigger.MANUAL)
    assert states() == {"a": State.PLANNED}
    run(inspection(), on=today(), trigger=Trigger.MANUAL)
    found = Finding.objects.get()
    assert (found.state, found.planned_for, found.rest_from, found.resolved_on) == ("resolved", None, None, today())


def test_timetable_runs_once_a_day_whoever_sends_it():
    assert run(inspection({"a": w.SPRING}), on=today(), trigger=Trigger.NIGHTLY).opened == 1
    assert run(inspection(), on=today(), trigger=Trigger.NIGHTLY) is None
    assert run(inspection(), on=today(), trigger=Trigger.CATCH_UP) is None
    assert states() == {"a": "open"}
    assert run(inspection(), on=today(), trigger=Trigger.IMPORT).resolved == 1
    assert run(inspection(), on=today() + timedelta(days=1), trigger=Trigger.NIGHTLY).opened == 0


def test_row_of_a_dead_process_is_marked_and_the_run_done_anew():
    InspectionRun.objects.create(key="sample", on=today(), trigger="nightly", started_at="2026-01-01T00:00Z")
    assert run(inspection({"a": w.SPRING}), on=today(), trigger=Trigger.CATCH_UP).opened == 1
    assert list(InspectionRun.objects.order_by("id").values_list("state", "trigger")) == [
        (RunState.LOST, "nightly"), (RunState.DONE, "catch_up"),
    ]  # fmt: skip


def test_broken_inspection_is_told_and_stops_no_other():
    broken = inspection(key="broken", sql="SELECT 1 / 0")
    with pytest.raises(RunFailed, match="broken: division by zero"):
        run_all([broken, inspection({"a": w.SPRING})], on=today(), trigger=Trigger.NIGHTLY)
    assert list(InspectionRun.objects.order_by("key").values_list("key", "state", "opened")) == [
        ("broken", RunState.FAILED, None), ("sample", RunState.DONE, 1),
    ]  # fmt: skip
    assert InspectionRun.objects.get(key="broken").error.startswith("DataError: division by zero")


def test_what_the_night_left_out_is_caught_up_once():
    checks = [inspection({"a": w.SPRING}), inspection(key="second")]
    run(checks[1], on=today(), trigger=Trigger.NIGHTLY)
    assert [check.key for check in missing(checks, today())] == ["sample"]
    assert [entry.key for entry in catch_up(checks, today())] == ["sample"]
    assert (missing(checks, today()), catch_up(checks, today())) == ([], [])


def test_manual_run_does_not_stand_in_for_the_night():
    run(inspection(), on=today(), trigger=Trigger.MANUAL)
    assert [check.key for check in missing([inspection()], today())] == ["sample"]


def test_past_day_after_a_later_look_changes_nothing():
    run(inspection({"now": w.SPRING}), on=today(), trigger=Trigger.NIGHTLY)
    past = run(inspection({"then": w.SPRING, "too": w.SUMMER}), on=today() - timedelta(days=9), trigger=Trigger.MANUAL)
    assert (past.state, past.problems, past.opened, past.refreshed, past.resolved) == (RunState.LOOKED, 2, 0, 0, 0)
    assert states() == {"now": "open"}


def test_past_day_before_any_look_acts_and_days_go_on_from_there():
    first, second = today() - timedelta(days=9), today() - timedelta(days=3)
    assert run(inspection({"a": w.SPRING, "b": w.SPRING}), on=first, trigger=Trigger.MANUAL).opened == 2
    assert set(Finding.objects.values_list("opened_on", "held_since")) == {(first, first)}
    assert run(inspection({"b": w.SPRING}), on=second, trigger=Trigger.MANUAL).resolved == 1
    assert run(inspection(), on=first, trigger=Trigger.MANUAL).state == RunState.LOOKED
    assert states() == {"a": "resolved", "b": "open"}


def test_look_at_a_day_to_come_does_not_stop_the_next_night():
    assert run(inspection({"a": w.SPRING}), on=today() + timedelta(days=30), trigger=Trigger.MANUAL).opened == 1
    assert run(inspection(), on=today(), trigger=Trigger.NIGHTLY).resolved == 1
    with time_machine.travel(today() + timedelta(days=31), tick=False):
        assert run(inspection({"b": w.SPRING}), on=today(), trigger=Trigger.NIGHTLY).opened == 1
