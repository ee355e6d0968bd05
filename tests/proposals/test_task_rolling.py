"""Open tasks of a year go into the next year's list with their history; merged into one that was handed over; refusals."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from proposals.actions import tasks as acts
from proposals.actions.task_rolling import roll_over_tasks
from proposals.ledger import expected
from proposals.models import LedgerTask
from proposals.queries import ledger as reads
from proposals.queries.ledger_duties import duties
from tests.proposals import cases, promised
from tests.world import run_command

CHAIN = ("title", "domain", "agreement", "regions", "leader", "chief", "officer")
LATER = date(2027, 6, 30)
WHY = "协议未签署，明年继续"


@pytest.fixture(autouse=True)
def december(world):
    with time_machine.travel("2026-12-28T10:00:00+08:00"):
        yield


@pytest.fixture
def leader():
    return cases.user("leader")


def roll(*tasks, by, due_on=LATER, reason=WHY):
    return roll_over_tasks(chosen=[(one.pk, one.version) for one in tasks], due_on=due_on, reason=reason, by=by)


def test_open_tasks_go_into_the_next_list_with_their_chain(leader):
    one, two = promised.task(posted_on=date(2026, 1, 5)), promised.task(title="第二项")
    promised.task(title="已在明年清单", year=2027, posted_on=date(2026, 12, 1), due_on=LATER)
    made = roll(two, one, by=leader)
    assert [(new.year, new.number, new.rolled_from, new.posted_on, new.due_on, new.state) for new in made] == [
        (2027, 2, one, date(2027, 1, 1), LATER, "open"), (2027, 3, two, date(2027, 1, 1), LATER, "open"),
    ]  # fmt: skip
    assert [getattr(made[0], name) for name in CHAIN] == [getattr(one, name) for name in CHAIN]
    one.refresh_from_db()
    assert (one.state, one.struck_by, one.struck_on, one.version) == ("rolled", leader, date(2026, 12, 28), 2)
    assert reads.owed_periods(one) == expected(2026, date(2026, 1, 5))
    assert (len(reads.owed_periods(one)), len(reads.owed_periods(made[0]))) == (19, 19)
    assert reads.chain(one) == reads.chain(made[0]) == [one, made[0]]
    event = AuditEvent.objects.get(act="task_rolled", subject=str(one.pk))
    assert (event.reason, event.division) == (WHY, one.division_id)
    assert run_command("recount", "--verify").code == 0


def test_all_or_none_go_and_the_sentence_names_the_task(leader):
    one, two = promised.task(), promised.task(title="第二项")
    acts.ask_strike(task=two, version=1, evidence="已完成", by=cases.user("office"))
    with pytest.raises(ValidationError) as caught:
        roll(one, two, by=leader)
    assert caught.value.messages == ["第 2 项：现在是“申请销号”，只有挂账的任务才能转入下年度。"]
    assert not LedgerTask.objects.filter(year=2027).exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"due_on": date(2026, 12, 31)}, "第 1 项：新的完成期限应在 2027 年或以后。"),
        ({"reason": " "}, "请写明未能按期完成的原因和下一步打算。"),
    ],
)
def test_next_years_day_and_a_reason_are_asked_for(leader, given, words):
    task = promised.task()
    with pytest.raises(ValidationError) as caught:
        roll(task, by=leader, **given)
    assert caught.value.messages == [words]


def test_before_december_nothing_rolls(leader):
    task = promised.task()
    with time_machine.travel("2026-11-30T10:00:00+08:00"), pytest.raises(ValidationError) as caught:
        roll(task, by=leader)
    assert caught.value.messages == ["第 1 项：2026 年的任务从当年 12 月起才能转入下年度。"]


def test_page_rolls_what_is_ticked_and_both_years_lead_to_each_other(login, leader):
    one, two = promised.task(), promised.task(title="第二项")
    client = login(leader)
    assert client.get(reverse("ledger_roll")).context["tasks"] == [one, two]
    given = {"ticked": [f"{one.pk}.{one.version}"], "due_on": "2027-06-30", "reason": WHY}
    answer = client.post(reverse("ledger_roll"), given)
    assert (answer.status_code, "year=2027" in answer["Location"]) == (302, True)
    new = LedgerTask.objects.get(rolled_from=one)
    for page in (one, new):
        shown = client.get(reverse("ledger_task", args=[page.pk]))
        assert shown.context["years"] == [one, new]
        assert WHY in shown.content.decode()
    with time_machine.travel("2027-01-04T10:00:00+08:00"):
        assert [str(duty.label) for duty in duties(leader)].count("上年度任务待转入本年度") == 1


def test_refused_striking_off_is_told_on_the_page_of_the_promise(login, leader):
    commitment = promised.promise(due_on=date(2027, 3, 1))
    task = promised.task(commitment=commitment)
    acts.ask_strike(task=task, version=1, evidence="已完成", by=cases.user("office"))
    acts.refuse_strike(task=task, version=2, reason="佐证不足，请补充验收单", by=leader)
    officer = cases.user("lead_officer", "handler")
    steps = login(officer).get(reverse("promise", args=[commitment.pk])).context["steps"]
    assert [(one["title"], one["text"], one["who"]) for one in steps][:1] == [
        ("不予销号", "佐证不足，请补充验收单", "leader")
    ]
