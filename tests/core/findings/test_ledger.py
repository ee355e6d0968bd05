"""The ledger: every notice once, tried again later and later, given up at last; a dead sender loses nothing."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal import tasks
from portal.core.findings.actions import acknowledge
from portal.core.findings.models import Delivery, DeliveryState, Finding, Trigger, Webhook
from portal.core.findings.notices import actions, ledger
from portal.core.findings.notices.messages import webhook_body
from portal.core.findings.runs import run
from portal.core.findings.upkeep import keep_up
from portal.core.lib.clock import today
from tests import world as w
from tests.core.findings.makers import finding, inspection
from tests.core.findings.receiver import receiving

SEEN = {"a": w.SPRING, "b": w.AUTUMN}


@pytest.fixture
def opened(settings):
    settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = True, ["127.0.0.0/8"]


def hook(url: str = "https://hook.example/", **fields) -> Webhook:
    return Webhook.objects.create(name="x", url=url, secret=Webhook.new_secret(), created_by="test", **fields)


def look(seen: dict[str, str]) -> None:
    run(inspection(seen), on=today(), trigger=Trigger.MANUAL)


def entries() -> set[tuple]:
    return set(Delivery.objects.values_list("webhook_id", "event", "finding__subject", "state"))


def test_every_change_of_a_finding_is_entered_once_for_everyone_concerned(world):
    whole, east = hook(), hook(territory_id=w.STREET, kinds=["sample"])
    hook(kinds=["other"]), hook(active=False)
    look(SEEN)
    look(SEEN)
    opened = {(whole.pk, "finding.opened", "a", "waiting"), (whole.pk, "finding.opened", "b", "waiting"),
              (east.pk, "finding.opened", "a", "waiting")}  # fmt: skip
    assert entries() == opened
    look({"b": w.AUTUMN})
    assert entries() - opened == {
        (whole.pk, "finding.resolved", "a", "waiting"), (east.pk, "finding.resolved", "a", "waiting"),
    }  # fmt: skip


def test_step_up_is_entered_by_level(world):
    mine = hook()
    found = finding(w.SPRING, opened_on=today() - timedelta(days=40))
    keep_up(today())
    keep_up(today())
    assert set(Delivery.objects.values_list("key", flat=True)) == {
        f"webhook:{mine.pk}:finding.escalated:{found.pk}:3", f"webhook:{mine.pk}:finding.escalated:{found.pk}:2",
    }  # fmt: skip


def test_run_that_is_rolled_back_leaves_no_notice(world):
    hook()
    broken = inspection(
        sql="SELECT 'a'::varchar(80) subject, NULL::varchar division_id, NULL::date due_on, '{}'::jsonb facts"
    )
    with pytest.raises(Exception, match="sample"):
        run(broken, on=today(), trigger=Trigger.MANUAL)
    assert not Delivery.objects.exists()


def test_message_says_what_happened_without_anything_personal(world, opened):
    with receiving() as receiver:
        hook(receiver.url)
        look({"a": w.SPRING})
        Finding.objects.update(facts={"on": "2026-11-23", "person": "8e03978e", "gap": 2}, due_on="2026-12-31")
        tasks.deliver_notices()
    (headers, body) = receiver.got[0]
    said, found = json.loads(body), Finding.objects.get()
    assert (said["type"], said["data"]["id"], said["data"]["division"]) == (
        "finding.opened", found.pk, {"code": w.SPRING, "name": "春风社区"},
    )  # fmt: skip
    assert (said["data"]["due_on"], said["data"]["holder"]) == ("2026-12-31", "street")
    assert said["data"]["facts"] == {"on": "2026-11-23", "gap": 2}
    sent = Delivery.objects.get()
    assert (sent.state, sent.answer, sent.attempts, headers["webhook-id"]) == ("sent", 204, 1, f"msg_{sent.pk}")
    tasks.deliver_notices()
    assert len(receiver.got) == 1


def test_failure_is_tried_again_later_and_later_with_the_same_id_and_body(world, opened):
    begun = timezone.now()
    with receiving(500, 500, 204) as receiver:
        hook(receiver.url)
        look({"a": w.SPRING})
        waits = []
        for _round in range(3):
            tasks.deliver_notices()
            tasks.deliver_notices()  # at once: nothing is due
            waits.append(Delivery.objects.get().next_at)
            Finding.objects.update(facts={"on": "2027-01-01"})
            Delivery.objects.filter(state="waiting").update(next_at=begun - timedelta(days=1))
            Webhook.objects.update(paused_until=None)
    assert len(receiver.got) == 3
    assert len({(headers["webhook-id"], body) for headers, body in receiver.got}) == 1
    assert waits[0] - begun >= timedelta(seconds=60)
    assert waits[1] - begun >= timedelta(seconds=120)
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("sent", 3)
    assert (Webhook.objects.get().failures, Webhook.objects.get().paused_until) == (0, None)


def test_one_failure_lets_the_address_rest_and_the_others_go_on(world, opened):
    with receiving(500) as bad, receiving() as good:
        hook(bad.url), hook(good.url)
        look(SEEN)
        tasks.deliver_notices()
        assert (len(bad.got), len(good.got)) == (1, 2)


def test_given_up_after_eight_attempts(world, opened):
    with receiving(500) as receiver:
        hook(receiver.url)
        look({"a": w.SPRING})
        for _round in range(10):
            tasks.deliver_notices()
            Delivery.objects.filter(state="waiting").update(next_at=timezone.now() - timedelta(hours=1))
            Webhook.objects.update(paused_until=None)
    assert len(receiver.got) == 8
    given_up = Delivery.objects.get()
    assert (given_up.state, given_up.answer, given_up.error) == (DeliveryState.FAILED, 500, "对方应答 500。")


def test_waits_double_up_to_six_hours():
    minutes = [ledger.back_off(attempt).total_seconds() / 60 for attempt in range(1, 13)]
    for waited, least in zip(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360], strict=True):
        assert least <= waited <= least * 1.25


def test_message_of_a_dead_sender_is_claimed_again_after_its_lease(world):
    hook()
    look({"a": w.SPRING})
    claimed = ledger.claim_webhook()
    assert (claimed.state, claimed.attempts) == ("sending", 1)
    assert ledger.claim_webhook() is None
    Delivery.objects.update(next_at=timezone.now() - timedelta(seconds=1))  # the lease has run out
    assert ledger.claim_webhook().attempts == 2


def test_address_switched_off_gets_nothing_that_waited(world):
    mine = hook()
    look({"a": w.SPRING})
    actions.switch_webhook(hook=mine, active=False, by=world.users.system_admin)
    assert (ledger.claim_webhook(), Delivery.objects.get().state) == (None, "failed")
    actions.switch_webhook(hook=mine, active=True, by=world.users.system_admin)
    assert ledger.claim_webhook() is None


def test_secret_is_sealed_in_the_database(world):
    from django.db import connection  # noqa: PLC0415 - only this test looks past the ORM

    mine = hook()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM core_webhook")
        stored = bytes(cursor.fetchone()[0])
    assert mine.secret.encode() not in stored
    assert Webhook.objects.get().secret == mine.secret


def test_mail_is_claimed_once_and_a_dead_sender_leaves_it_unclear(world):
    first = ledger.claim_mail(key="mail:digest:1", user=world.users.street, event="digest")
    assert first.state == "sending"
    assert ledger.claim_mail(key="mail:digest:1", user=world.users.street, event="digest") is None
    assert ledger.tell_unclear() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert ledger.tell_unclear() == 1
    first.refresh_from_db()
    assert first.state == DeliveryState.UNCLEAR
    assert ledger.claim_mail(key="mail:digest:1", user=world.users.street, event="digest") is None


def test_signing_is_no_news_for_others(world):
    hook()
    acknowledge(finding=finding(w.SPRING), by=world.users.street)
    assert not Delivery.objects.exists()


def test_body_of_a_finding_no_longer_inspected(world):
    mine = hook()
    delivery = Delivery(
        webhook=mine, event="finding.opened", finding=finding(w.SPRING, kind="gone"), created_at=timezone.now()
    )
    assert json.loads(webhook_body(delivery, {}))["data"]["kind_label"] == "gone"


def test_entries_of_years_ago_are_forgotten_and_waiting_ones_never(world):
    hook()
    look({"a": w.SPRING, "b": w.AUTUMN})
    old = timezone.now() - timedelta(days=801)
    Delivery.objects.update(created_at=old)
    Delivery.objects.filter(finding__subject="a").update(state="sent", sent_at=old)
    assert ledger.forget_old() == 1
    assert Delivery.objects.get().finding.subject == "b"
