"""What other systems are told of supervision notices: every step once, and each missed day."""

import json
from datetime import timedelta

import pytest

from portal import tasks
from portal.core.findings.models import Delivery, Supervision, Webhook
from portal.core.findings.supervision import (
    close_supervision,
    issue_supervision,
    reply_supervision,
    return_supervision,
)
from portal.core.findings.upkeep import keep_up
from tests import world as w
from tests.core.findings.makers import finding
from tests.core.findings.receiver import receiving


def hook(url: str = "https://hook.example/", **fields) -> Webhook:
    return Webhook.objects.create(name="x", url=url, secret=Webhook.new_secret(), created_by="test", **fields)


def issued(world) -> Supervision:
    findings = [finding(w.SPRING, kind="staffing"), finding(w.SUMMER, kind="pay")]
    return issue_supervision(findings=findings, text="请核实王某", working_days=5, by=world.users.district)


def events(hook: Webhook) -> list[str]:
    return list(Delivery.objects.filter(webhook=hook).order_by("id").values_list("event", flat=True))


def test_every_step_is_told_to_those_concerned(world):
    whole, street, pay = hook(), hook(territory_id=w.STREET), hook(kinds=["pay", "terms"])
    strangers = [hook(territory_id=w.SPRING), hook(kinds=["terms"]), hook(active=False), hook(territory_id=w.NEIGHBOUR)]
    notice, users = issued(world), world.users
    reply_supervision(notice=notice, text="已报", version=1, by=users.street)
    return_supervision(notice=notice, text="缺名单", working_days=3, version=2, by=users.district)
    reply_supervision(notice=notice, text="附名单", version=3, by=users.street)
    close_supervision(notice=notice, version=4, by=users.district)
    steps = [f"supervision.{one}" for one in ("issued", "replied", "returned", "replied", "closed")]
    assert [events(one) for one in (whole, street, pay)] == [steps] * 3
    assert [events(one) for one in strangers] == [[]] * 4


def test_missed_day_is_told_once_and_the_next_one_again(world):
    mine, notice = hook(), issued(world)
    for days in (0, 1, 1, 2, 20):
        keep_up(notice.due_on + timedelta(days=days))
    assert events(mine)[1:].count("supervision.overdue") == 1
    Supervision.objects.update(due_on=notice.due_on + timedelta(days=10))
    keep_up(notice.due_on + timedelta(days=11))
    assert events(mine).count("supervision.overdue") == 2


@pytest.mark.parametrize("state", ["replied", "closed"])
def test_what_is_replied_to_or_closed_is_not_overdue(world, state):
    mine, notice = hook(), issued(world)
    closed = notice.issued_on if state == "closed" else None
    Supervision.objects.update(state=state, closed_on=closed)
    keep_up(notice.due_on + timedelta(days=5))
    assert "supervision.overdue" not in events(mine)


def test_nothing_overdue_for_longer_than_a_month_is_told_of_anew(world):
    notice = issued(world)
    mine = hook()
    keep_up(notice.due_on + timedelta(days=32))
    assert "supervision.overdue" not in events(mine)


def test_message_says_what_stood_then_and_nothing_that_was_written(world, settings):
    settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = True, ["127.0.0.0/8"]
    with receiving() as receiver:
        hook(receiver.url)
        notice = issued(world)
        reply_supervision(notice=notice, text="王某已离职", version=1, by=world.users.street)
        tasks.deliver_notices()
    (_headers, first), (_more, second) = receiver.got
    said = json.loads(first)
    spring, summer = notice.findings.order_by("pk")
    assert said["type"] == "supervision.issued"
    assert said["data"] == {
        "id": notice.pk,
        "number": notice.number,
        "state": "issued",
        "issuer": {"code": w.DISTRICT, "name": notice.issuer.label},
        "division": {"code": w.STREET, "name": notice.division.label},
        "issued_on": notice.issued_on.isoformat(),
        "due_on": notice.due_on.isoformat(),
        "closed_on": None,
        "findings": [
            {"id": spring.pk, "kind": "staffing", "division": w.SPRING},
            {"id": summer.pk, "kind": "pay", "division": w.SUMMER},
        ],
    }
    assert json.loads(second)["data"]["state"] == "replied"
    assert "王某" not in first + second


def test_change_that_is_refused_tells_nothing(world):
    mine, notice = hook(), issued(world)
    with pytest.raises(Exception, match="只有受办单位"):
        reply_supervision(notice=notice, text="x", version=1, by=world.users.district)
    assert events(mine) == ["supervision.issued"]
