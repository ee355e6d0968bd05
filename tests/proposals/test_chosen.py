"""Many parts at once: units reminded from the board, and cases closed whose proposers never answered."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.core.lib.clock import today
from proposals.actions.chosen import close_unanswered_cases, remind_units
from proposals.models import Deadline, Reminder
from proposals.queries.handling_duties import duties
from proposals.queries.unanswered import unanswered
from tests.proposals import answered, cases
from tests.world import run_command

pytestmark = pytest.mark.usefixtures("world")
LONG_AGO = timedelta(days=90)


@pytest.fixture
def office():
    return cases.user("office")


def due(number, **fields):
    return cases.handling(cases.proposal(number), **{"due_on": today(), "due_kind": "reply"} | fields)


def keys(*parts):
    return [(part.pk, part.version) for part in parts]


def test_chosen_units_are_reminded_and_the_others_are_named_with_their_reason(office):
    one, still, stale = due("0001"), due("0002", suspended=True), due("0003")
    chosen = [*keys(one, still), (stale.pk, stale.version + 1)]
    done = remind_units(chosen=chosen, words="请抓紧办理", by=office)
    title = "关于加强社区工作者队伍建设的提案"
    assert (done.count, done.refused) == (
        1,
        [
            f"0002 {title}（区民政局）：计时已经中止，恢复以后再催办。",
            f"0003 {title}（区民政局）：这件提案刚被其他人办理过。请查看最新进展后再操作。",
        ],
    )
    assert list(Reminder.objects.values_list("handling", "words", "due_on")) == [(one.pk, "请抓紧办理", today())]
    one.refresh_from_db()
    assert (one.reminders, one.version) == (1, 2)


def test_parts_of_another_place_are_left_out(office):
    part = due("0001")
    stranger = cases.user("far", "city", "970000"[:2])
    assert remind_units(chosen=keys(part), words="x", by=stranger).count == 0
    assert Reminder.objects.count() == 0


def test_only_answers_whose_time_is_over_are_listed_and_closed(office):
    over, _links = answered.sent(("甲", "乙"), sent_on=today() - LONG_AGO)
    running, _links = answered.sent(number="0024")
    assert [(one.pk, one.asked, one.back) for one in unanswered(office, "", today())] == [(over.pk, 2, None)]
    assert [(str(one.label), one.count, one.url) for one in duties(office)] == [
        ("征询意见到期未反馈", 1, reverse("proposal", args=[over.proposal_id]))
    ]
    done = close_unanswered_cases(chosen=keys(over, running), by=office)
    assert (done.count, len(done.refused), "还不能按未反馈办结" in done.refused[0]) == (1, 1, True)
    over.refresh_from_db()
    running.refresh_from_db()
    assert (over.stage, running.stage) == ("publication", "sent")
    assert Deadline.objects.get(handling=over, kind="feedback").dropped is True
    assert list(unanswered(office, "", today())) == []
    assert run_command("recount", "--verify").code == 0


def test_an_officer_sees_those_of_the_own_unit_alone(office):
    over, _links = answered.sent(sent_on=today() - LONG_AGO)
    people = cases.people()
    assert list(unanswered(people.lead_officer, "", today())) == []
    cases.unit("区民政局", cases.w.DISTRICT, people.lead_officer)
    assert list(unanswered(people.lead_officer, "", today())) == [over]


def test_pages_take_what_is_ticked(login, office):
    over, _links = answered.sent(sent_on=today() - LONG_AGO)
    part, client = due("0025"), login(office)
    page = client.get(reverse("unanswered_cases"))
    assert f'value="{over.pk}.{over.version}"' in page.content.decode()
    said = client.post(reverse("unanswered_cases"), {"ticked": [f"{over.pk}.{over.version}", "x.1", "7"]}, follow=True)
    assert [str(one) for one in said.context["messages"]] == ["已按未反馈办结 1 件，进入公开审查。"]
    board = client.get(reverse("proposal_board")).content.decode()
    assert f'form="remind-many" value="{part.pk}.{part.version}"' in board
    given = {"ticked": f"{part.pk}.{part.version}", "words": "请抓紧"}
    said = client.post(reverse("proposal_remind_many"), given, follow=True)
    assert [str(one) for one in said.context["messages"]] == ["已催办 1 件。"]
    said = client.post(reverse("proposal_remind_many"), {"words": "请抓紧"}, follow=True)
    assert [str(one) for one in said.context["messages"]] == ["请先勾选要催办的事项。"]
