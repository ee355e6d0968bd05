from datetime import date

import pytest
from django.core.exceptions import ValidationError

from proposals.actions import screening as acts
from proposals.enums import RefusalGround
from proposals.models import Proposal
from tests.proposals import cases

DAY = date(2026, 1, 12)


@pytest.fixture
def office(world):
    return cases.user("office")


def new(number="0023", **fields):
    return cases.proposal(number, **{"state": "received", "filed_on": None, **fields})


def test_every_state_offers_exactly_its_acts(office):
    offered = {state: acts.acts_of(Proposal(state=state, session=cases.session())) for state in
               ("received", "filed", "refused", "merged", "withdrawn", "handling", "closed", "archived")}  # fmt: skip
    assert offered == {
        "received": ["file", "merge", "refuse", "withdraw"],
        "filed": ["merge", "refuse", "withdraw", "reopen"],
        "refused": ["reopen"],
        "merged": ["reopen"],
        "withdrawn": ["reopen"],
        "handling": [],
        "closed": [],
        "archived": [],
    }


def test_the_ten_official_grounds():
    assert len(RefusalGround.values) == 10


def test_filed_on_a_day_since_it_came(office):
    held = new()
    with pytest.raises(ValidationError) as error:
        acts.file_proposal(proposal=held, version=1, filed_on=date(2026, 1, 1), by=office)
    assert error.value.message_dict == {"filed_on": ["立案日期应在收到日期和今天之间。"]}
    filed = acts.file_proposal(proposal=held, version=1, filed_on=DAY, by=office)
    assert (filed.state, filed.filed_on, filed.version) == ("filed", DAY, 2)


def test_refused_with_a_ground_and_taken_up_again(office):
    held = new()
    with pytest.raises(ValidationError):
        acts.refuse_proposal(proposal=held, version=1, ground="", by=office)
    held = acts.refuse_proposal(proposal=held, version=1, ground="academic", ground_words="属学术讨论", by=office)
    assert (held.state, held.ground, held.ground_words) == ("refused", "academic", "属学术讨论")
    held = acts.reopen_screening(proposal=held, version=2, by=office)
    assert (held.state, held.ground, held.ground_words, held.version) == ("received", "", "", 3)


def test_a_suggestion_knows_no_grounds_of_refusal(office):
    held = new(title="关于食堂的建议", session=cases.session(body="npc", place_name="区人大"))
    assert acts.acts_of(held) == ["file", "merge", "withdraw"]
    with pytest.raises(ValidationError, match="不能这样办理"):
        acts.refuse_proposal(proposal=held, version=1, ground="empty", by=office)


def test_merged_ones_are_handled_as_one_and_answered_each(office):
    first, second, third = cases.proposal("1"), new("2"), new("3")
    third = acts.file_proposal(proposal=third, version=1, filed_on=DAY, by=office)
    second = acts.merge_proposal(proposal=second, into=third, version=1, by=office)
    third = acts.merge_proposal(proposal=third, into=first, version=2, by=office)
    second.refresh_from_db()
    assert (second.state, second.merged_into_id, third.state, third.merged_into_id) == (
        "merged",
        first.pk,
        "merged",
        first.pk,
    )
    assert list(first.merged.order_by("number")) == [second, third]
    with pytest.raises(ValidationError, match="另有提案并入"):
        acts.reopen_screening(proposal=first, version=1, by=office)
    acts.reopen_screening(proposal=second, version=2, by=office)
    assert list(first.merged.all()) == [third]


def test_merged_only_with_its_like(office):
    held = new()
    suggestion = cases.proposal("1", "关于食堂的建议", session=cases.session(body="npc", place_name="区人大"))
    for into in (held, new("2"), suggestion, cases.proposal("3", session=cases.session("960102"))):
        with pytest.raises(ValidationError) as error:
            acts.merge_proposal(proposal=held, into=into, version=1, by=office)
        assert list(error.value.message_dict) == ["into"]


def test_withdrawn_says_why(office):
    held = new()
    with pytest.raises(ValidationError):
        acts.withdraw_proposal(proposal=held, version=1, ground_words="", by=office)
    assert acts.withdraw_proposal(proposal=held, version=1, ground_words="委员来函", by=office).state == "withdrawn"


def test_assigned_ones_are_past_screening(office):
    held = cases.proposal()
    cases.handling(held)
    Proposal.objects.filter(pk=held.pk).update(state="filed")
    with pytest.raises(ValidationError, match="已经交办"):
        acts.reopen_screening(proposal=held, version=1, by=office)


def test_stale_reader_and_stranger_are_refused(office):
    held = new()
    with pytest.raises(ValidationError, match="刚被其他人修改"):
        acts.file_proposal(proposal=held, version=9, filed_on=DAY, by=office)
    with pytest.raises(ValidationError, match="没有在这里管理提案的权限"):
        acts.file_proposal(proposal=held, version=1, filed_on=DAY, by=cases.user("west", "district", "960102"))


def test_figures_follow_every_act(office, run_command):
    held = new()
    for act in (acts.file_proposal, acts.reopen_screening):
        held = act(
            proposal=held, version=held.version, by=office, **({"filed_on": DAY} if act is acts.file_proposal else {})
        )
    acts.refuse_proposal(proposal=held, version=held.version, ground="empty", by=office)
    acts.withdraw_proposal(proposal=new("2"), version=1, ground_words="委员来函", by=office)
    assert run_command("recount", "--verify").code == 0
