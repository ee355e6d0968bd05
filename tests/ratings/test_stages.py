"""The state table of ratings: everything is reached, everything leads on, and every step has somebody who takes it."""

import pytest

from portal.core.accounts.roles import PERMISSIONS, Perm
from ratings import stages
from ratings.enums import Stage


def test_stages_are_those_of_the_records():
    assert tuple(Stage.values) == stages.STAGES


@pytest.mark.parametrize("stage", stages.UNIT_STAGES)
def test_unit_is_scored_to_the_end_from_every_stage(stage):
    assert stages.JOINT in stages.reachable(stages.UNIT_STEPS, stage)


@pytest.mark.parametrize("stage", stages.CYCLE_STAGES)
def test_cycle_is_filed_from_every_stage(stage):
    assert stages.FILED in stages.reachable(stages.CYCLE_STEPS, stage)


def test_everything_is_reached_from_the_beginning():
    assert stages.reachable(stages.UNIT_STEPS, stages.SELF) == set(stages.UNIT_STAGES)
    assert stages.reachable(stages.CYCLE_STEPS, stages.SELF) == set(stages.CYCLE_STAGES)


def test_only_a_filed_cycle_has_no_way_on():
    assert [stage for stage in stages.CYCLE_STAGES if not stages.cycle_steps(stage)] == [stages.FILED]


def test_nothing_leaves_a_decision_but_filing():
    assert [step.key for stage in stages.CLOSED for step in stages.cycle_steps(stage)] == ["file_cycle"]


def test_the_way_on_comes_before_the_way_back():
    assert [step.key for step in stages.cycle_steps(stages.DECISION)] == ["decide", "return_to_calibration"]
    assert [step.to for step in stages.backs_of(stages.DISTRICT)] == [stages.STREET, stages.SELF]
    assert stages.backs_of(stages.SELF) == ()


def test_every_step_has_a_permission_that_somebody_holds():
    held = set().union(*PERMISSIONS.values())
    steps = (*stages.UNIT_STEPS, *stages.CYCLE_STEPS)
    assert {step.perm for step in steps} <= {str(perm) for perm in held}
    assert {step.perm for step in steps} <= {str(perm) for perm in Perm}


def test_every_scoring_stage_is_checked_by_others():
    assert [stages.scorers_before(stage) for stage in stages.SCORING] == [(), ("self",), ("self", "street")]
    assert [stages.submit_of(stage).to for stage in stages.SCORING] == ["street", "district", "joint"]
    assert [stages.submit_of(stage).needs >= {"other"} for stage in stages.SCORING] == [False, True, True]


def test_every_way_back_asks_for_a_reason():
    backs = [step for step in stages.UNIT_STEPS if step.key == "send_back"]
    assert all("reason" in step.needs for step in backs)
    assert "reason" in stages.cycle_step("return_to_calibration").needs


def test_a_unit_stands_where_its_cycle_stands_once_units_are_scored():
    assert stages.present("street", "self") == "street"
    assert stages.present("joint", "notice") == "notice"


def test_unknown_step_is_refused():
    with pytest.raises(KeyError):
        stages.cycle_step("skip")
