"""What the timetable sets off: thin tasks that may run twice, late, and after a failure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from portal import tasks
from portal.core.findings.models import Finding, InspectionRun, Trigger
from portal.core.findings.runs import GRACE, NIGHTLY_AT, RunFailed
from tests import world as w
from tests.core.findings.makers import finding, inspection


@pytest.fixture
def checks(world, monkeypatch):
    """One inspection that works and one that breaks; what follows is noted down."""
    followed = []
    monkeypatch.setattr(tasks, "INSPECTIONS", {
        "broken": inspection(key="broken", sql="SELECT 1 / 0"), "sample": inspection({"a": w.SPRING}),
    })  # fmt: skip
    monkeypatch.setattr(tasks, "AFTER_INSPECTIONS", (lambda on: followed.append(on),))
    return followed


def at(hour: int, minute: int):
    return time_machine.travel(datetime(2026, 11, 24, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)


def test_failure_of_one_check_stops_neither_the_others_nor_what_follows(world, checks):
    old = finding(w.SPRING, kind="other", opened_on=date(2026, 1, 1))
    with at(1, 30), pytest.raises(RunFailed, match="broken: division by zero"):
        tasks.run_inspections()
    assert list(Finding.objects.filter(kind="sample").values_list("state", flat=True)) == ["open"]
    old.refresh_from_db()
    assert (old.held_level, [str(day) for day in checks]) == (2, ["2026-11-24"])
    assert set(InspectionRun.objects.values_list("key", "trigger", "state")) == {
        ("broken", "nightly", "failed"), ("sample", "nightly", "done"),
    }  # fmt: skip


def test_catching_up_waits_until_the_night_should_be_over(world, checks):
    with at(1, 20):
        tasks.catch_up()
    assert not InspectionRun.objects.exists()
    for hour in (2, 3):
        with at(hour, 20), pytest.raises(RunFailed):
            tasks.catch_up()
    assert list(InspectionRun.objects.order_by("id").values_list("key", "trigger", "state")) == [
        ("broken", "catch_up", "failed"), ("sample", "catch_up", "done"), ("broken", "catch_up", "failed"),
    ]  # fmt: skip


def test_chosen_check_runs_alone(world, checks):
    with at(9, 0):
        tasks.run_inspections(["sample"], trigger=Trigger.IMPORT)
    assert list(InspectionRun.objects.values_list("key", "trigger")) == [("sample", "import")]


def test_timetable_and_the_watch_over_it_agree():
    nightly = settings.CELERY_BEAT_SCHEDULE["run-inspections"]["schedule"]
    assert (nightly.hour, nightly.minute) == ({NIGHTLY_AT[0]}, {NIGHTLY_AT[1]})
    hourly = settings.CELERY_BEAT_SCHEDULE["catch-up"]["schedule"]
    assert (len(hourly.hour), len(hourly.minute), GRACE.total_seconds()) == (24, 1, 1800)
    digest = settings.CELERY_BEAT_SCHEDULE["send-digests"]["schedule"]
    assert (digest.hour, digest.minute) == ({7}, {30})
