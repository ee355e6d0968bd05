from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.core.findings.models import InspectionRun, Trigger
from portal.core.findings.runs import forget_old, outlook, run, run_is_due
from portal.core.lib.clock import today
from tests import world as w
from tests.core.findings.makers import finding, inspection
from tests.pages.reading import rows_of

CHECKS = [inspection(), inspection(key="second")]


def entry(key: str, on, state: str = "done", trigger: str = "nightly") -> InspectionRun:
    ended = None if state == "running" else timezone.now()
    return InspectionRun.objects.create(
        key=key, on=on, trigger=trigger, state=state, started_at=timezone.now(), finished_at=ended
    )


def at(hour: int, minute: int = 0) -> datetime:
    day = today()
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).astimezone() - timedelta(hours=8)


def test_log_shows_what_ran_and_what_came_of_it(world, login):
    run(inspection({"a": w.SPRING}, key="staffing"), on=world.today, trigger=Trigger.MANUAL)
    cells = rows_of(login(world.users.city).get(reverse("runs")))[0]
    assert cells[1:5] == ["社区工作者缺员", str(world.today), "人工", "已完成"]
    assert cells[5:9] == ["1", "1", "0", "0"]


def test_numbers_over_all_are_hidden_from_those_who_see_only_a_part(world, login):
    run(inspection({"a": w.AUTUMN}, key="staffing"), on=world.today, trigger=Trigger.MANUAL)
    assert len(rows_of(login(world.users.street).get(reverse("runs")))[0]) == 5
    assert len(rows_of(login(world.users.system_admin).get(reverse("runs")))[0]) == 10
    finding(w.FAR)
    assert len(rows_of(login(world.users.city).get(reverse("runs")))[0]) == 5


@pytest.mark.django_db
def test_before_the_first_night_nothing_is_late():
    assert outlook(CHECKS).ok
    assert not outlook(CHECKS).gaps


@pytest.mark.django_db
def test_night_that_was_missed_is_noticed_by_inspection_and_by_day():
    for days in (5, 4, 2):
        entry("sample", today() - timedelta(days=days))
    entry("sample", today())
    entry("second", today(), state="failed")
    with time_machine.travel(datetime.combine(today(), datetime.min.time(), UTC) - timedelta(hours=5), tick=False):
        found = outlook(CHECKS)
    assert [check.key for check in found.missing] == ["second"]
    assert found.gaps == [today() - timedelta(days=3), today() - timedelta(days=1)]


@pytest.mark.parametrize(("hour", "minute", "due"), [(0, 30, False), (1, 59, False), (2, 0, True), (23, 59, True)])
def test_night_is_due_half_an_hour_after_it_began(hour, minute, due):
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - one test only

    assert run_is_due(datetime(2026, 11, 23, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))) is due


@pytest.mark.django_db
def test_log_of_years_ago_is_forgotten():
    old, young = entry("sample", today()), entry("second", today())
    InspectionRun.objects.filter(pk=old.pk).update(started_at=timezone.now() - timedelta(days=801))
    assert forget_old() == 1
    assert list(InspectionRun.objects.values_list("pk", flat=True)) == [young.pk]
