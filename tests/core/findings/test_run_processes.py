"""Runs under fire: several at once in threads and processes, workers killed in the middle, two beats over real Redis."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connections

from portal import broker, tasks
from portal.celery import app
from portal.core.findings.models import SCHEDULED, Delivery, Finding, InspectionRun, Trigger, Webhook
from portal.core.findings.notices import ledger
from portal.core.findings.runs import catch_up, run
from portal.core.lib.clock import today
from portal.registry import INSPECTIONS
from tests import world as w
from tests.core.findings.makers import inspection

SLOW = """SELECT 'slow'::varchar(80) AS subject, '960101001001'::varchar(12) AS division_id, NULL::date AS due_on,
    jsonb_build_object('on', %(on)s::date, 'slept', pg_sleep(1.5)::text) AS facts"""


@pytest.fixture
def committed(transactional_db):
    w.divisions()


def in_threads(count: int, work) -> list:
    def one(number: int):
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def in_process(work) -> int:
    """Runs `work` in a process of its own; gives its number at once.

    Where a browser runs, its event loop gives the parent other connections than the child, which has no loop, finds:
    on one that the parent holds open the database would never notice the child's death.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            for inherited in connections.all(initialized_only=True):
                inherited.connection = None
            work()
        finally:
            os._exit(0)
    return child


def wait_until(condition, seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


def rows() -> list[tuple]:
    return sorted(InspectionRun.objects.values_list("trigger", "state", "opened"))


def test_eight_nights_at_once_are_one_night(committed):
    seen = {f"s{number}": w.SPRING for number in range(20)}
    done = in_threads(8, lambda _n: run(inspection(seen), on=today(), trigger=Trigger.NIGHTLY))
    assert [entry.opened for entry in done if entry] == [20]
    assert rows() == [("nightly", "done", 20)]
    assert Finding.objects.count() == 20


def test_manual_runs_at_once_wait_for_each_other_and_double_nothing(committed):
    seen = {f"s{number}": w.SPRING for number in range(20)}
    done = in_threads(4, lambda _n: run(inspection(seen), on=today(), trigger=Trigger.MANUAL))
    assert sorted(entry.opened for entry in done) == [0, 0, 0, 20]
    assert (Finding.objects.count(), InspectionRun.objects.filter(state="done").count()) == (20, 4)


@pytest.mark.fault
def test_killed_worker_leaves_nothing_and_is_made_up_for_once(committed):
    Webhook.objects.create(name="x", url="https://hook.example/", secret=Webhook.new_secret(), created_by="test")
    slow = inspection(key="slow", sql=SLOW)
    child = in_process(lambda: run(slow, on=today(), trigger=Trigger.NIGHTLY))
    wait_until(lambda: InspectionRun.objects.filter(state="running").exists())
    time.sleep(0.3)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert (rows(), Finding.objects.count()) == ([("nightly", "running", None)], 0)
    # The database notices the death when the statement under way has ended; until then nobody gets in between.
    wait_until(lambda: catch_up([slow], today()))
    assert rows() == [("catch_up", "done", 1), ("nightly", "lost", None)]
    assert (Finding.objects.count(), Delivery.objects.count()) == (1, 1)
    assert catch_up([slow], today()) == []


@pytest.mark.fault
def test_workers_killed_again_and_again_still_end_in_one_run(committed):
    slow = inspection(key="slow", sql=SLOW.replace("1.5", "0.4"))
    for wait in (0.05, 0.2, 0.35):
        child = in_process(lambda: run(slow, on=today(), trigger=Trigger.CATCH_UP))
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    in_threads(3, lambda _n: wait_until(lambda: catch_up([slow], today()) or _done()))
    assert [(state, opened) for _trigger, state, opened in rows() if state == "done"] == [("done", 1)]
    assert {state for _trigger, state, _opened in rows()} <= {"done", "lost"}
    assert Finding.objects.count() == 1


def _done() -> bool:
    return InspectionRun.objects.filter(state="done").exists()


def test_two_senders_never_claim_the_same_message(committed):
    Webhook.objects.create(name="x", url="https://hook.example/", secret=Webhook.new_secret(), created_by="test")
    run(inspection({f"s{number}": w.SPRING for number in range(40)}), on=today(), trigger=Trigger.MANUAL)

    def claim_all(_number: int) -> list[int]:
        claimed = []
        while delivery := ledger.claim_webhook():
            claimed.append(delivery.pk)
        return claimed

    claimed = [pk for some in in_threads(4, claim_all) for pk in some]
    assert (len(claimed), len(set(claimed))) == (40, 40)


@pytest.mark.redis
def test_two_beats_and_a_worker_on_real_redis_make_one_night(committed, monkeypatch):
    monkeypatch.setattr(tasks, "run_is_due", lambda: True)
    broker.client().flushdb()
    for _beat in range(2):
        tasks.run_inspections.delay()
        tasks.catch_up.delay()
    with start_worker(app, pool="threads", concurrency=3, perform_ping_check=False, shutdown_timeout=60):
        wait_until(lambda: broker.client().llen("celery") == 0 and _nights() == len(INSPECTIONS))
    scheduled = InspectionRun.objects.filter(trigger__in=SCHEDULED)
    assert sorted(scheduled.values_list("key", flat=True)) == sorted(INSPECTIONS)
    assert set(scheduled.values_list("state", flat=True)) == {"done"}


def _nights() -> int:
    return InspectionRun.objects.filter(trigger__in=SCHEDULED, state="done").count()
