"""Handing over, signing for, returns within the window, opinions, extensions, suspensions, withdrawal."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from portal.core.lib.clock import today
from proposals.actions import extensions, opinions, steps, suspensions
from proposals.actions.assigning import assign, withdraw_case
from proposals.actions.contacts import add_contact, take_back_contact
from proposals.actions.screening import merge_proposal
from proposals.models import Handling, Proposal
from tests.proposals import cases
from tests.together import together
from tests.world import run_command
from workforce.actions.versions import Stale

TODAY = today()
DAY = timedelta(days=1)
BUREAU, LABOUR, FINANCE = "区民政局", "区人社局", "区财政局"
pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def who():
    return cases.people()


def handed(proposal, by, on=TODAY, **units):
    """The parts by the unit's short name."""
    proposal.refresh_from_db()
    made = assign(proposal=proposal, version=proposal.version, assigned_on=on, by=by, **units)
    return {part.unit.short: part for part in made if part.proposal_id == proposal.pk}


def lead_and_co(who, on=TODAY):
    parts = handed(cases.proposal(), who.office, on, lead=cases.unit(BUREAU), co=[cases.unit(LABOUR)])
    return parts[BUREAU], parts[LABOUR]


def step(part, key, by, words=""):
    part.refresh_from_db()
    return steps.take_proposal_step(handling=part, version=part.version, step=key, words=words, by=by)


def test_lead_and_co_handlers_get_their_parts_and_periods(who):
    lead, co = lead_and_co(who)
    assert {due.kind for due in lead.deadlines.all()} == {"return", "reply"}
    assert {due.kind for due in co.deadlines.all()} == {"return", "opinion"}
    proposal = lead.proposal
    proposal.refresh_from_db()
    assert (proposal.state, proposal.assigned_on, lead.stage, co.stage) == ("handling", TODAY, "assigned", "assigned")
    assert (lead.due_kind, co.due_kind) == ("reply", "opinion")


def test_parts_that_do_not_fit_together_are_refused(who):
    one, two = cases.unit(BUREAU), cases.unit(LABOUR)
    elsewhere = cases.unit("西区民政局", "960102")
    closed = cases.unit(FINANCE, closed_on=TODAY)
    refused = [
        ({}, "选择承办单位"),
        ({"lead": one, "co": [one]}, "一种办理方式"),
        ({"lead": one, "separate": [two]}, "不能并用"),
        ({"co": [two]}, "请选择主办单位"),
        ({"lead": elsewhere}, "不是本地区"),
        ({"lead": closed}, "已停用"),
    ]
    proposal = cases.proposal()
    for units, sentence in refused:
        with pytest.raises(ValidationError, match=sentence):
            handed(proposal, who.office, **units)
    for day in (TODAY + DAY, proposal.filed_on - DAY):
        with pytest.raises(ValidationError, match="交办日期"):
            handed(proposal, who.office, day, lead=one)
    assert not Handling.objects.exists()


def test_what_is_not_filed_is_not_handed_over(who):
    proposal = cases.proposal(state="received", filed_on=None)
    with pytest.raises(ValidationError, match="待审查"):
        handed(proposal, who.office, lead=cases.unit())


def test_only_the_office_hands_over(who):
    unit = cases.unit(LABOUR, cases.w.DISTRICT, who.lead_officer)
    with pytest.raises(ValidationError, match="管理提案"):
        handed(cases.proposal(), who.lead_officer, lead=unit)


def test_merged_proposals_are_answered_by_themselves(who):
    proposal = cases.proposal()
    other = cases.proposal("0024", state="merged", merged_into=proposal)
    handed(proposal, who.office, lead=cases.unit())
    part = Handling.objects.get(proposal=other)
    other.refresh_from_db()
    assert (part.role, part.stage, other.state, other.assigned_on) == ("lead", "assigned", "merged", TODAY)


def test_a_co_handler_may_join_until_the_draft_is_handed_in(who):
    lead, _co = lead_and_co(who)
    parts = handed(lead.proposal, who.office, co=[cases.unit(FINANCE)])
    assert parts[FINANCE].role == "co"
    Handling.objects.filter(pk=lead.pk).update(stage="office_check")
    with pytest.raises(ValidationError, match="已经送核"):
        handed(lead.proposal, who.office, co=[cases.unit("区卫健委")])


def test_a_return_is_asked_for_with_its_reason_agreed_by_another_and_reassigned(who):
    lead, _co = lead_and_co(who)
    with pytest.raises(ValidationError, match="理由"):
        step(lead, "request_return", who.drafter)
    lead = step(lead, "request_return", who.drafter, "不属于本单位职责")
    with pytest.raises(ValidationError, match="另一个人"):
        step(lead, "accept_return", who.drafter)
    lead = step(lead, "accept_return", who.office)
    assert (lead.stage, lead.return_reason, lead.due_on) == ("returned", "不属于本单位职责", None)
    proposal = Proposal.objects.get(pk=lead.proposal_id)
    assert proposal.state == "filed"
    parts = handed(proposal, who.office, lead=cases.unit(FINANCE))
    proposal.refresh_from_db()
    assert (parts[FINANCE].role, proposal.state) == ("lead", "handling")


def test_a_refused_return_goes_on_where_it_was_with_the_reason(who):
    lead, _co = lead_and_co(who)
    lead = steps.sign_for(handling=lead, version=lead.version, by=who.drafter)
    lead = step(lead, "request_return", who.drafter, "不属于本单位职责")
    lead = step(lead, "refuse_return", who.office, "属于三定职责")
    assert (lead.stage, lead.return_refusal) == ("handling", "属于三定职责")


def test_a_late_return_is_refused_with_the_day_it_ended(who):
    lead, _co = lead_and_co(who, cases.ASSIGNED)
    with pytest.raises(ValidationError, match=r"2026-02-\d\d 届满，不再受理"):
        step(lead, "request_return", who.drafter, "不属于本单位职责")


def test_opinion_goes_to_the_lead_and_may_be_rewritten_until_it_hands_in(who):
    lead, co = lead_and_co(who)
    give = {"handling": co, "by": who.co_officer}
    cases.unit(LABOUR, cases.w.DISTRICT, who.co_officer)
    with pytest.raises(ValidationError, match="待签收"):
        opinions.give_opinion(version=co.version, words="同意", **give)
    co = steps.sign_for(handling=co, version=co.version, by=who.co_officer)
    opinion = opinions.give_opinion(version=co.version, words="建议增编", result="B", **give)
    co.refresh_from_db()
    assert (co.stage, co.closed_on, co.due_on) == ("opinion_given", TODAY, None)
    opinions.give_opinion(version=co.version, words="建议增编十名", result="B", **give)
    opinion.refresh_from_db()
    assert (opinion.words, opinion.version) == ("建议增编十名", 2)
    Handling.objects.filter(pk=lead.pk).update(stage="office_check")
    co.refresh_from_db()
    with pytest.raises(ValidationError, match="已经送核"):
        opinions.give_opinion(version=co.version, words="改", **give)


def test_only_a_co_handler_gives_an_opinion_and_never_talks_to_the_proposer(who):
    lead, co = lead_and_co(who)
    with pytest.raises(ValidationError, match="会办单位提出"):
        opinions.give_opinion(handling=lead, version=lead.version, words="x", by=who.drafter)
    talk = {"when": "during", "mode": "phone", "on": TODAY, "people": "x", "words": "x"}
    with pytest.raises(ValidationError, match="提交主办单位"):
        add_contact(handling=co, version=co.version, by=who.drafter, **talk)


def test_an_opinion_is_waived_by_the_office_with_its_reason(who):
    _lead, co = lead_and_co(who)
    waive = {"handling": co, "version": co.version}
    with pytest.raises(Handling.DoesNotExist):
        opinions.waive_opinion(words="x", by=who.co_officer, **waive)
    with pytest.raises(ValidationError, match="理由"):
        opinions.waive_opinion(words=" ", by=who.office, **waive)
    opinion = opinions.waive_opinion(words="会办单位已撤并", by=who.office, **waive)
    co.refresh_from_db()
    assert (co.stage, opinion.words, opinion.waived_because) == ("opinion_given", "", "会办单位已撤并")


def test_talks_are_checked_by_their_day_and_may_be_taken_back(who):
    lead, _co = lead_and_co(who, TODAY - 10 * DAY)
    talk = {"handling": lead, "mode": "visit", "people": "甲委员", "words": "当面听取意见", "by": who.drafter}
    for wrong in ({"on": TODAY + DAY}, {"on": TODAY - 11 * DAY}, {"when": "after"}, {"consultation": True}):
        given = {"when": "during", "on": TODAY} | wrong
        with pytest.raises(ValidationError):
            add_contact(version=lead.version, **talk, **given)
    made = add_contact(version=lead.version, when="during", on=TODAY, **talk)
    lead.refresh_from_db()
    with pytest.raises(Stale):
        take_back_contact(contact=made, version=1, by=who.drafter)
    assert take_back_contact(contact=made, version=lead.version, by=who.drafter).taken_back


def test_extension_is_asked_before_the_day_and_agreed_by_another(who):
    lead, co = lead_and_co(who)
    before = lead.deadlines.get(kind="reply").due_on
    asking = {"months": 6, "reason": "情况复杂", "told_on": TODAY, "by": who.office}
    with pytest.raises(ValidationError, match="主办、分办"):
        extensions.ask_extension(handling=co, version=co.version, **asking)
    asked = extensions.ask_extension(handling=lead, version=lead.version, **asking)
    lead.refresh_from_db()
    with pytest.raises(ValidationError, match="等待审批"):
        extensions.ask_extension(handling=lead, version=lead.version, **asking)
    decide = {"extension": asked, "version": lead.version}
    with pytest.raises(ValidationError, match="另一个人"):
        extensions.decide_extension(agreed=True, by=who.office, **decide)
    with pytest.raises(ValidationError, match="理由"):
        extensions.decide_extension(agreed=False, by=who.supervisor, **decide)
    decided = extensions.decide_extension(agreed=True, by=who.supervisor, **decide)
    assert (decided.agreed, decided.decided_on) == (True, TODAY)
    due = lead.deadlines.get(kind="reply")
    assert due.months == 6
    assert due.due_on > before


def test_extension_after_the_day_is_refused(who):
    lead, _co = lead_and_co(who, cases.ASSIGNED)
    with pytest.raises(ValidationError, match="逾期后不能再申请"):
        extensions.ask_extension(
            handling=lead, version=lead.version, months=6, reason="x", told_on=TODAY, by=who.drafter
        )


def test_suspension_needs_consent_stops_the_draft_and_moves_the_day(who):
    lead, _co = lead_and_co(who, TODAY - 20 * DAY)
    before = lead.deadlines.get(kind="reply").due_on
    stop = {"handling": lead, "starts_on": TODAY - 7 * DAY, "reason": "等待上级文件", "by": who.office}
    with pytest.raises(ValidationError, match="提案者的同意"):
        suspensions.suspend_handling(version=lead.version, consent="", **stop)
    suspensions.suspend_handling(version=lead.version, consent="电话同意", **stop)
    lead.refresh_from_db()
    assert lead.suspended
    with pytest.raises(ValidationError, match="已经中止"):
        suspensions.suspend_handling(version=lead.version, consent="电话同意", **stop)
    ended = suspensions.resume_handling(handling=lead, version=lead.version, ends_on=TODAY, by=who.office)
    lead.refresh_from_db()
    assert (ended.ends_on, lead.suspended) == (TODAY, False)
    assert lead.deadlines.get(kind="reply").due_on >= before + 7 * DAY


def test_a_return_ends_a_suspension(who):
    lead, _co = lead_and_co(who)
    suspensions.suspend_handling(
        handling=lead, version=lead.version, starts_on=TODAY, reason="x", consent="x", by=who.office
    )
    lead = step(lead, "request_return", who.drafter, "不属于本单位职责")
    lead = step(lead, "accept_return", who.office)
    assert not lead.suspended
    assert lead.suspensions.get().ends_on == TODAY


def test_a_withdrawn_proposal_ends_every_open_part(who):
    lead, co = lead_and_co(who)
    proposal = lead.proposal
    proposal.refresh_from_db()
    with pytest.raises(ValidationError, match="理由"):
        withdraw_case(proposal=proposal, version=proposal.version, reason="", by=who.office)
    withdraw_case(proposal=proposal, version=proposal.version, reason="提案者申请撤回", by=who.office)
    lead.refresh_from_db()
    co.refresh_from_db()
    assert (proposal.state, lead.stage, co.stage, lead.due_on) == ("withdrawn", "withdrawn", "withdrawn", None)


def test_a_proposal_with_a_sent_answer_is_not_withdrawn(who):
    lead, _co = lead_and_co(who)
    Handling.objects.filter(pk=lead.pk).update(stage="sent", replied_on=TODAY)
    proposal = Proposal.objects.get(pk=lead.proposal_id)
    with pytest.raises(ValidationError, match="征询意见"), transaction.atomic():
        withdraw_case(proposal=proposal, version=proposal.version, reason="x", by=who.office)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_over_at_once_one_is_told(who):
    proposal, one, two = cases.proposal(), cases.unit(BUREAU), cases.unit(LABOUR)

    def call(unit):
        return assign(proposal=proposal, version=1, lead=unit, assigned_on=TODAY, by=who.office)

    answers = together(lambda: call(one), lambda: call(two))
    assert sorted(type(answer).__name__ for answer in answers) == ["Stale", "list"]
    assert Handling.objects.count() == 1


def test_counters_stay_exact_through_every_act(who, run_command):
    lead, co = lead_and_co(who)
    lead = steps.sign_for(handling=lead, version=lead.version, by=who.drafter)
    talk = {"when": "during", "mode": "phone", "on": TODAY, "people": "x", "words": "x"}
    add_contact(handling=lead, version=lead.version, by=who.drafter, **talk)
    co.refresh_from_db()
    opinions.waive_opinion(handling=co, version=co.version, words="x", by=who.office)
    lead.refresh_from_db()
    asked = extensions.ask_extension(
        handling=lead, version=lead.version, months=6, reason="x", told_on=TODAY, by=who.drafter
    )
    lead.refresh_from_db()
    extensions.decide_extension(extension=asked, version=lead.version, agreed=True, by=who.office)
    lead.refresh_from_db()
    stop = {"starts_on": TODAY, "reason": "x", "consent": "x"}
    suspensions.suspend_handling(handling=lead, version=lead.version, by=who.office, **stop)
    lead.refresh_from_db()
    suspensions.resume_handling(handling=lead, version=lead.version, ends_on=TODAY, by=who.office)
    step(lead, "withdraw", who.office, "误交")
    assert run_command("recount", "--verify").code == 0


def test_merged_into_one_that_is_handed_over_goes_to_the_same_units_at_once(who):
    part, _co = lead_and_co(who)
    proposal = part.proposal
    late, child = cases.proposal("0030"), cases.proposal("0031", state="received", filed_on=None)
    child = merge_proposal(proposal=child, into=late, version=1, by=who.office)
    assert not Handling.objects.filter(proposal=child).exists()
    late = merge_proposal(proposal=late, into=proposal, version=late.version, by=who.office)
    units = set(Handling.objects.filter(proposal=proposal).values_list("unit", "role"))
    for other in (late, child):
        other.refresh_from_db()
        parts = Handling.objects.filter(proposal=other)
        assert (other.state, other.merged_into, other.assigned_on) == ("merged", proposal, TODAY)
        assert set(parts.values_list("unit", "role")) == units
        assert set(parts.values_list("stage", "assigned_on")) == {("assigned", TODAY)}
        assert parts.get(role="lead").deadlines.filter(kind="reply", starts_on=TODAY).count() == 1
    assert run_command("recount", "--verify").code == 0
