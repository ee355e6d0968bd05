from datetime import timedelta

import pytest

from portal.core.findings.models import Finding, Holder, State
from portal.core.findings.queries import history_of
from portal.core.findings.upkeep import Upkept, keep_up
from portal.core.policy.models import PolicyRule
from tests import world as w
from tests.core.findings.makers import finding


def days(count: int) -> timedelta:
    return timedelta(days=count)


def held(found: Finding) -> tuple:
    found.refresh_from_db()
    return Holder(found.held_level), found.held_since, found.state


def rule(code: str, street: int, district: int) -> None:
    PolicyRule.objects.create(
        kind="finding.escalation", division_id=code, valid_from="2020-01-01", document="示例办法", entered_by="test",
        value={"street_days": street, "district_days": district},
    )  # fmt: skip


def test_unhandled_finding_goes_up_on_the_day_the_rule_names(world):
    found = finding(w.SPRING, opened_on=world.today - days(14))
    assert keep_up(world.today) == Upkept(0, 0)
    assert keep_up(world.today + days(1)) == Upkept(0, 1)
    assert held(found) == (Holder.DISTRICT, world.today + days(1), State.OPEN)
    assert keep_up(world.today + days(1)) == Upkept(0, 0)
    assert keep_up(world.today + days(15)) == Upkept(0, 0)
    assert keep_up(world.today + days(16)) == Upkept(0, 1)
    assert held(found) == (Holder.CITY, world.today + days(16), State.OPEN)
    assert keep_up(world.today + days(400)) == Upkept(0, 0)


def test_late_run_dates_every_step_to_the_day_it_fell_due(world):
    found = finding(w.SPRING, opened_on=world.today - days(40))
    assert keep_up(world.today) == Upkept(0, 2)
    assert held(found) == (Holder.CITY, world.today - days(10), State.OPEN)
    events = history_of(found)
    assert [(event.held_level, event.held_since) for event in events] == [
        (3, world.today - days(25)), (2, world.today - days(10)),
    ]  # fmt: skip
    assert {event.pgh_context["act"] for event in events} == {"escalate_findings"}


def test_rule_of_the_place_counts(world):
    rule(w.STREET, 3, 4)
    quick, slow = (finding(code, opened_on=world.today - days(5)) for code in (w.SPRING, w.AUTUMN))
    assert keep_up(world.today) == Upkept(0, 1)
    assert held(quick) == (Holder.DISTRICT, world.today - days(2), State.OPEN)
    assert held(slow) == (Holder.STREET, world.today - days(5), State.OPEN)


def test_district_and_city_findings_begin_where_they_belong(world):
    district, city = (finding(code, opened_on=world.today - days(15)) for code in (w.DISTRICT, w.CITY))
    assert (Holder(district.held_level), Holder(city.held_level)) == (Holder.DISTRICT, Holder.CITY)
    assert (district.holder_code, city.holder_code, finding(w.SPRING).holder_code) == (w.DISTRICT, w.CITY, w.STREET)
    assert keep_up(world.today) == Upkept(0, 1)
    assert held(district) == (Holder.CITY, world.today, State.OPEN)


def test_signing_does_not_stop_the_days_and_the_next_level_has_to_sign_anew(world):
    found = finding(
        w.SPRING, opened_on=world.today - days(15), state="acknowledged", acknowledged_at="2026-01-01T00:00Z",
        acknowledged_by="street", note="在办",
    )  # fmt: skip
    assert keep_up(world.today) == Upkept(0, 1)
    assert held(found) == (Holder.DISTRICT, world.today, State.OPEN)
    assert (found.acknowledged_by, found.note) == ("", "在办")


@pytest.mark.parametrize(("state", "end"), [("planned", "planned_for"), ("excused", "excused_until")])
def test_rest_stops_the_days_until_it_ends(world, state, end):
    # Ten days held, then a rest of twenty: five more days are left when it ends.
    found = finding(
        w.SPRING, opened_on=world.today - days(10), state=state, rest_from=world.today,
        **{end: world.today + days(20)},
    )  # fmt: skip
    assert keep_up(world.today + days(20)) == Upkept(0, 0)
    assert held(found)[2] == state
    assert keep_up(world.today + days(21)) == Upkept(1, 0)
    assert held(found) == (Holder.STREET, world.today + days(10), State.OPEN)
    assert keep_up(world.today + days(24)) == Upkept(0, 0)
    assert keep_up(world.today + days(25)) == Upkept(0, 1)
    assert held(found)[1] == world.today + days(25)


def test_rest_that_ended_long_ago_gives_the_same_as_a_run_every_night(world):
    values = {
        "opened_on": world.today - days(60), "state": "planned", "rest_from": world.today - days(50),
        "planned_for": world.today - days(40),
    }  # fmt: skip
    late, nightly = finding(w.SPRING, **values), finding(w.SUMMER, **values)
    Finding.objects.filter(pk=late.pk).update(division_id=w.CITY, held_level=Holder.STREET)
    Finding.objects.filter(pk=late.pk).update(division_id=w.SPRING)
    for back in range(60, -1, -1):
        keep_up(world.today - days(back))
    assert held(late) == held(nightly) == (Holder.CITY, world.today - days(20), State.OPEN)
    again = finding(w.SPRING, **values)
    keep_up(world.today)
    assert held(again) == held(nightly)


def test_upkeep_of_many_findings_takes_a_handful_of_queries(world, django_assert_max_num_queries):
    Finding.objects.bulk_create(
        Finding(
            kind="sample", subject=str(number), division_id=w.SPRING, facts={}, opened_on=world.today - days(40),
            seen_on=world.today, held_since=world.today - days(40),
        )
        for number in range(500)
    )  # fmt: skip
    with django_assert_max_num_queries(16):
        assert keep_up(world.today) == Upkept(0, 1000)
