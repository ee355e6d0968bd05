from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from portal.core.findings.actions import (
    Stale,
    acknowledge,
    acknowledge_many,
    excuse,
    excuse_many,
    plan,
    plan_many,
    reopen,
)
from portal.core.findings.models import Finding, State
from portal.core.lib.clock import today
from tests import world as w
from tests.core.findings.makers import finding

WEEK = timedelta(days=7)


@pytest.fixture
def one(world):
    return finding(w.SPRING, opened_on=world.today - timedelta(days=4))


def test_plan_carries_day_note_and_name(world, one):
    planned = plan(finding=one, planned_for=world.today + WEEK, note="招两人", by=world.users.street)
    assert (planned.state, planned.planned_for, planned.note, planned.acknowledged_by, planned.rest_from) == (
        State.PLANNED, world.today + WEEK, "招两人", "street", world.today,
    )  # fmt: skip
    assert planned.version == 2


@pytest.mark.parametrize("days", [-1, 367])
def test_plan_and_excuse_end_within_a_year(world, one, days):
    day = world.today + timedelta(days=days)
    with pytest.raises(ValidationError, match="计划完成日期应在"):
        plan(finding=one, planned_for=day, by=world.users.street)
    with pytest.raises(ValidationError, match="暂缓截止日期应在"):
        excuse(finding=one, excused_until=day, reason="x", by=world.users.street)


def test_excuse_needs_a_reason(world, one):
    with pytest.raises(ValidationError, match="请写明暂不处理的理由。"):
        excuse(finding=one, excused_until=world.today, reason=" ", by=world.users.street)
    done = excuse(finding=one, excused_until=world.today, reason="产假", by=world.users.street)
    assert (done.state, done.note, done.planned_for) == (State.EXCUSED, "产假", None)


def test_change_of_mind_keeps_the_day_the_rest_began(world, one):
    plan(finding=one, planned_for=world.today + WEEK, by=world.users.street)
    Finding.objects.update(rest_from=world.today - timedelta(days=2))
    done = excuse(finding=one, excused_until=world.today + WEEK, reason="另议", by=world.users.street)
    assert (done.rest_from, done.planned_for, done.excused_until) == (
        world.today - timedelta(days=2), None, world.today + WEEK,
    )  # fmt: skip


def test_taking_a_plan_back_adds_the_days_of_rest(world, one):
    plan(finding=one, planned_for=world.today + WEEK, by=world.users.street)
    Finding.objects.update(rest_from=world.today - timedelta(days=3))
    done = reopen(finding=one, note="提前办", by=world.users.street)
    assert (done.state, done.held_since, done.rest_from) == (
        State.ACKNOWLEDGED, one.opened_on + timedelta(days=3), None,
    )  # fmt: skip


def test_stale_reader_is_refused_and_nothing_is_lost(world, one):
    plan(finding=one, planned_for=world.today + WEEK, note="甲", version=1, by=world.users.street)
    with pytest.raises(Stale, match="现在是“已列计划”（street）"):
        excuse(finding=one, excused_until=world.today, reason="乙", version=1, by=world.users.district)
    one.refresh_from_db()
    assert (one.state, one.note) == (State.PLANNED, "甲")


def test_resolved_finding_takes_no_more_acts(world, one):
    Finding.objects.update(state=State.RESOLVED, resolved_on=world.today)
    for act in (
        lambda: acknowledge(finding=one, by=world.users.street),
        lambda: plan(finding=one, planned_for=world.today, by=world.users.street),
        lambda: reopen(finding=one, by=world.users.street),
    ):
        with pytest.raises(ValidationError, match="该预警已消除"):
            act()


def test_many_are_changed_in_one_statement_and_the_changed_ones_left_alone(world, one, django_assert_num_queries):
    other, third = finding(w.SUMMER), finding(w.SUMMER)
    acknowledge(finding=third, by=world.users.street)
    pairs = [(one.pk, 1), (other.pk, 1), (third.pk, 1)]
    with django_assert_num_queries(3):  # savepoint, update, release
        assert plan_many(pairs=pairs, planned_for=today(), note="一起", by=world.users.street) == 2
    assert acknowledge_many(pairs=[(third.pk, 2), (one.pk, 2)], by=world.users.street) == 0
    assert excuse_many(pairs=[], excused_until=today(), reason="x", by=world.users.street) == 0
