"""The table of steps: every stage is reached, nothing ends but where it should, and no co-handler answers."""

import pytest

from proposals import stages
from proposals.actions import conditions, course, steps
from proposals.enums import HandlingRole, Stage

ROLES = sorted(stages.EVERY_ROLE)


def test_stages_are_those_of_the_database():
    assert set(stages.STAGES) == set(Stage.values)
    assert set(stages.EVERY_ROLE) == set(HandlingRole.values)


def test_every_stage_is_reached_by_some_role():
    assert frozenset().union(*(stages.reachable(role) for role in ROLES)) == set(stages.STAGES)


@pytest.mark.parametrize("role", ROLES)
def test_no_stage_is_a_dead_end_but_the_final_ones(role):
    ends = {stage for stage in stages.reachable(role) if not stages.steps_from(stage, role)}
    assert ends == stages.FINAL


@pytest.mark.parametrize("role", ROLES)
def test_from_every_stage_a_final_one_can_still_be_reached(role):
    assert all(stages.reachable(role, stage) & stages.FINAL for stage in stages.reachable(role))


@pytest.mark.parametrize("facts", [
    frozenset(), frozenset({stages.SIGNED_FOR}), frozenset({stages.SIGNED_FOR, stages.SUPERVISED}),
    frozenset({stages.SIGNED_FOR, stages.LATER_ROUND}),
    frozenset({stages.SIGNED_FOR, stages.SUPERVISED, stages.LATER_ROUND}),
])  # fmt: skip
@pytest.mark.parametrize("role", ROLES)
def test_whatever_the_facts_a_way_leads_on_and_no_step_leads_two_ways(role, facts):
    for stage in stages.reachable(role) - stages.FINAL:
        keys = [step.key for step in stages.steps_from(stage, role, facts)]
        assert keys
        assert len(keys) == len(set(keys))
        assert any(step.key not in ("withdraw", "send_back") for step in stages.steps_from(stage, role, facts))


def test_co_handler_never_reaches_a_stage_of_answers():
    assert stages.reachable("co") == {
        "assigned", "return_requested", "returned", "opinion", "opinion_given", "archived", "withdrawn",
    }  # fmt: skip
    assert not {"submit_draft", "sign", "send"} & {step.key for step in stages.STEPS if "co" in step.roles}


def test_lead_and_separate_handlers_have_the_same_course():
    assert {(s.key, s.start, s.to) for s in stages.STEPS if "lead" in s.roles} == {
        (s.key, s.start, s.to) for s in stages.STEPS if "separate" in s.roles
    }


def test_the_whole_way_of_an_answer_stands_in_the_table():
    facts = frozenset({stages.SIGNED_FOR, stages.SUPERVISED})
    stage, seen = "assigned", []
    for key in ("sign_for", "submit_draft", "pass_office", "pass_supervision", "sign", "send", "close_satisfied", "publish", "archive"):  # fmt: skip
        stage = stages.find(key, stage, "lead", facts).to
        seen.append(stage)
    assert tuple(["assigned", *seen]) == stages.LINE


def test_a_place_without_supervision_goes_from_the_check_to_the_signature():
    assert stages.find("pass_office", "office_check", "lead").to == "signature"
    assert stages.find("pass_office", "office_check", "lead", frozenset({"supervised"})).to == "supervision_check"


def test_a_refused_return_goes_back_to_where_it_was_asked_for():
    signed = frozenset({"signed_for"})
    assert stages.find("refuse_return", "return_requested", "lead").to == "assigned"
    assert stages.find("refuse_return", "return_requested", "lead", signed).to == "handling"
    assert stages.find("refuse_return", "return_requested", "co", signed).to == "opinion"


def test_first_dissatisfaction_is_handled_again_the_second_is_talked_over():
    later = frozenset({"later_round"})
    assert stages.find("rehandle", "sent", "lead").to == "rehandling"
    assert stages.find("consult", "sent", "lead") is None
    assert stages.find("rehandle", "sent", "lead", later) is None
    assert stages.find("consult", "sent", "lead", later).to == "consultation"


def test_every_need_has_its_condition_and_every_page_step_its_row():
    assert {need for step in stages.STEPS for need in step.needs} == set(conditions._CONDITIONS)
    assert set(stages.KEYS) >= steps.PLAIN
    assert set(stages.KEYS) >= {*course.PEOPLE, *course.MEETS, *course.DROPS, *course.AFRESH}


def test_unknown_step_has_no_row():
    assert stages.step("sign").who == stages.LEADER
    with pytest.raises(KeyError):
        stages.step("nonsense")


@pytest.mark.parametrize("role", ROLES)
def test_every_stage_has_its_place_in_the_line_a_page_shows(role):
    assert {stages.place_in_line(stage) for stage in stages.reachable(role)} <= set(stages.line(role))
