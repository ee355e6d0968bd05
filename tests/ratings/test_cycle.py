"""A whole cycle, and what stops it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.core.audit.models import AuditEvent
from ratings.actions import calibration, cycles, incidents, units
from ratings.models import RatingCycle, StarGrade, UnitRating
from tests import factories
from tests import world as w
from tests.ratings import cycling
from workforce.actions.versions import Stale


def says(error) -> str:
    return " ".join(error.value.messages)


def test_cycle_opens_with_every_unit_its_scheme_and_the_grade_before(world):
    StarGrade.objects.create(
        division_id=w.SPRING, year=2025, unit_kind="community", grade=4, change="new", cause="cycle", decision_number="x",
        decided_on=date(2026, 1, 5), effective_from=date(2026, 1, 5), prepared_by=world.users.city,
        decided_by=world.users.district,
    )  # fmt: skip
    cycle = cycling.opened(world)
    found = {
        one.division_id: (one.unit_kind, one.scheme.unit_kind, one.previous, one.stage) for one in cycle.units.all()
    }
    assert found == {
        w.SPRING: ("community", "community", 4, "self"),
        w.SUMMER: ("community", "community", None, "self"),
        w.VILLAGE: ("village", "village", None, "self"),
        w.AUTUMN: ("community", "community", None, "self"),
        w.UNKNOWN: ("community", "community", None, "self"),
    }


def test_deadlines_come_from_the_policy(world):
    days = {"self": 10, "street": 5, "district": 5, "joint": 3, "calibration": 2, "decision": 7}
    factories.rule("rating.stages", days, w.DISTRICT)
    factories.rule("rating.notice", {"working_days": 5, "answer_days": 5, "scores": True}, w.DISTRICT)
    with time_machine.travel("2026-03-02 10:00+08:00", tick=False):
        cycle = cycling.opened(world)
    assert [getattr(cycle, f"{one}_due") for one in ("self", "street", "district", "joint", "calibration")] == [
        date(2026, 3, 12), date(2026, 3, 17), date(2026, 3, 22), date(2026, 3, 25), date(2026, 3, 27)
    ]  # fmt: skip
    assert cycle.decision_due == date(2026, 4, 3) + timedelta(days=7)


def test_the_nearest_scheme_counts(world):
    near = cycling.scheme("community", w.STREET)
    cycle = cycling.opened(world)
    assert {one.division_id for one in cycle.units.filter(scheme=near)} == {w.SPRING, w.SUMMER}


def test_opening_names_the_kind_without_a_scheme(world):
    cycling.scheme("community")
    with pytest.raises(ValidationError) as error:
        cycles.open_cycle(
            division=world.divisions[w.DISTRICT],
            year=2026,
            name="x",
            reference_on=cycling.REFERENCE,
            by=world.users.district,
        )
    assert says(error) == "以下单位没有启用的 2026 年度评定方案：村（1 个，如冬岭村）。请先启用方案，再启动评定。"
    assert not RatingCycle.objects.exists()


def test_a_unit_is_rated_once_a_year(world):
    cycling.opened(world)
    cycling.scheme("community", w.CITY)
    cycling.scheme("village", w.CITY)
    with pytest.raises(ValidationError) as error:
        cycling.opened(world, w.CITY)
    assert "一年只评一次" in says(error)


def test_opening_elsewhere_is_refused(world):
    cycling.scheme("community", "960102")
    with pytest.raises(ValidationError, match="没有在这里办理"):
        cycles.open_cycle(
            division=world.divisions["960102"],
            year=2026,
            name="x",
            reference_on=cycling.REFERENCE,
            by=world.users.district,
        )


def test_whole_cycle_from_self_assessment_to_filing(world, monkeypatch):
    cycle = cycling.opened(world)
    spring = cycling.unit_of(cycle, w.SPRING)
    cycling.handed_in(spring, "self", world.users.community, 58, 39)
    cycling.handed_in(spring, "street", world.users.street, 56, 38)
    cycling.handed_in(spring, "district", world.users.district, 55, 36.5)
    assert (spring.stage, spring.total, spring.banded, spring.provisional) == ("joint", 91.5, 5, 5)
    for code, values in ((w.SUMMER, (50, 35)), (w.VILLAGE, (40, 30)), (w.AUTUMN, (40, 20))):
        cycling.checked(cycling.unit_of(cycle, code), world, *values)
    unknown = cycling.unit_of(cycle, w.UNKNOWN)
    with pytest.raises(ValidationError, match="自评 1 个"):
        cycles.begin_joint(cycle=cycle, by=world.users.district)
    units.leave_out(unit=unknown, reason="年内新设立", by=world.users.district)
    cycle.refresh_from_db()
    cycles.begin_joint(cycle=cycle, by=world.users.district)
    with pytest.raises(ValidationError, match="联审意见"):
        cycles.begin_calibration(cycle=cycle, by=world.users.district)
    said = {"department": "区应急局", "stand": "objects", "words": "有一起责任事故", "given_on": world.today}
    calibration.add_opinion(cycle=cycle, unit=spring, fields=said, by=world.users.district)
    cycle.refresh_from_db()
    cycles.begin_calibration(cycle=cycle, by=world.users.district)
    grades = dict(cycle.units.values_list("division_id", "grade"))
    assert grades == {w.SPRING: 5, w.SUMMER: 4, w.VILLAGE: 3, w.AUTUMN: 0, w.UNKNOWN: None}
    spring.refresh_from_db()
    calibration.move_grade(unit=spring, after=4, reason="应急部门有异议", by=world.users.district)
    cycles.announce(cycle=cycle, notice_from=world.today, by=world.users.district)
    with pytest.raises(ValidationError, match="期满后才能结束"):
        cycles.close_notice(cycle=cycle, by=world.users.district)
    cycle.refresh_from_db()
    with time_machine.travel(f"{cycle.notice_until + timedelta(days=1)} 09:00+08:00", tick=False):
        day = cycle.notice_until + timedelta(days=1)
        cycles.close_notice(cycle=cycle, by=world.users.district)
        cycles.decide(cycle=cycle, number="东评〔2026〕1号", decided_on=day, by=cycling.second("district", w.DISTRICT))
        cycles.file_cycle(cycle=cycle, number="备〔2026〕1号", filed_on=day, by=world.users.district)
    assert cycle.stage == "filed"
    kept = dict(StarGrade.objects.filter(year=2026).values_list("division_id", "grade"))
    assert kept == {w.SPRING: 4, w.SUMMER: 4, w.VILLAGE: 3, w.AUTUMN: 0}


def test_who_calibrated_does_not_decide(world):
    cycle = cycling.in_calibration(world)
    calibration.move_grade(unit=cycling.unit_of(cycle, w.SPRING), after=4, reason="x", by=world.users.city)
    cycles.announce(cycle=cycle, notice_from=world.today, by=world.users.district)
    with time_machine.travel(f"{cycle.notice_until + timedelta(days=1)} 09:00+08:00", tick=False):
        cycles.close_notice(cycle=cycle, by=world.users.district)
        for by in (world.users.district, world.users.city):
            cycle.refresh_from_db()
            with pytest.raises(ValidationError) as error:
                cycles.decide(cycle=cycle, number="1", decided_on=cycle.notice_until + timedelta(days=1), by=by)
            assert "不能再由您认定" in says(error)


def test_database_refuses_the_calibrator_as_decider(world):
    cycle = cycling.in_calibration(world)
    user = world.users.district
    with pytest.raises(IntegrityError, match="cycle_decider"), transaction.atomic():
        RatingCycle.objects.filter(pk=cycle.pk).update(calibrated_by=user, decided_by=user)


def test_database_refuses_the_maker_as_checker(world):
    spring = cycling.unit_of(cycling.opened(world), w.SPRING)
    for fields, name in (
        ({"self_by": world.users.street, "street_by": world.users.street}, "unit_street_checker"),
        ({"street_by": world.users.city, "district_by": world.users.city}, "unit_district_checker"),
        ({"self_by": world.users.city, "district_by": world.users.city}, "unit_district_checker"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            UnitRating.objects.filter(pk=spring.pk).update(**fields)


def test_decider_may_send_the_grades_back(world):
    cycle = cycling.in_calibration(world)
    cycles.announce(cycle=cycle, notice_from=world.today, by=world.users.district)
    with time_machine.travel(f"{cycle.notice_until + timedelta(days=40)} 09:00+08:00", tick=False):
        cycles.close_notice(cycle=cycle, by=world.users.district)
        cycles.return_to_calibration(cycle=cycle, reason="分布与指引相差过大", by=world.users.city)
        calibration.move_grade(
            unit=cycling.unit_of(cycle, w.SPRING), after=3, reason="重新研究", by=world.users.district
        )
    assert (cycle.stage, AuditEvent.objects.get(act="rating_returned").reason) == ("calibration", "分布与指引相差过大")


def test_notice_runs_for_the_working_days_of_the_calendar(world):
    factories.rule("rating.notice", {"working_days": 5, "answer_days": 5, "scores": True}, w.DISTRICT)
    with time_machine.travel("2026-03-02 10:00+08:00", tick=False):
        cycle = cycling.in_calibration(world)
        cycles.announce(cycle=cycle, notice_from=date(2026, 3, 6), by=world.users.district)
    assert (cycle.notice_until, cycle.show_scores) == (date(2026, 3, 13), True)


def test_notice_does_not_begin_in_the_past(world):
    cycle = cycling.in_calibration(world)
    with pytest.raises(ValidationError, match="过去"):
        cycles.announce(cycle=cycle, notice_from=world.today - timedelta(days=1), by=world.users.district)


def test_vote_after_the_deadline_is_refused_until_it_is_extended(world):
    cycle = cycling.opened(world)
    spring = cycling.unit_of(cycle, w.SPRING)
    late = cycle.self_due + timedelta(days=1)
    with time_machine.travel(f"{late} 09:00+08:00", tick=False):
        with pytest.raises(ValidationError) as error:
            cycling.handed_in(spring, "self", world.users.community, 50, 30)
        assert says(error).startswith(f"自评已于 {cycle.self_due} 截止，不能再提交。")
        with pytest.raises(ValidationError, match="延长的理由"):
            cycles.extend_deadline(cycle=cycle, stage="self", until=late, reason=" ", by=world.users.district)
        cycle.refresh_from_db()
        cycles.extend_deadline(cycle=cycle, stage="self", until=late, reason="系统停机", by=world.users.district)
        cycling.handed_in(spring, "self", world.users.community, 50, 30)
    assert spring.stage == "street"
    event = AuditEvent.objects.get(act="rating_extended")
    assert (event.subject, event.reason, event.detail["stage"]) == (str(cycle.pk), "系统停机", "自评")


def test_extension_pushes_later_deadlines(world):
    cycle = cycling.opened(world)
    until = cycle.joint_due + timedelta(days=3)
    cycles.extend_deadline(cycle=cycle, stage="street", until=until, reason="x", by=world.users.district)
    cycle.refresh_from_db()
    assert (cycle.street_due, cycle.district_due, cycle.joint_due) == (until, until, until)
    assert cycle.calibration_due >= until


def test_only_the_manager_extends(world):
    cycle = cycling.opened(world)
    with pytest.raises(ValidationError, match="权限"):
        cycles.extend_deadline(
            cycle=cycle, stage="self", until=cycle.self_due + timedelta(days=1), reason="x", by=world.users.street
        )


def test_opinion_and_move_after_their_deadline_are_refused(world):
    cycle = cycling.in_calibration(world)
    late = time_machine.travel(f"{cycle.calibration_due + timedelta(days=1)} 09:00+08:00", tick=False)
    with late, pytest.raises(ValidationError, match="综合评定已于"):
        calibration.move_grade(unit=cycling.unit_of(cycle, w.SPRING), after=4, reason="x", by=world.users.district)


def test_move_needs_a_reason_and_another_of_the_four_grades(world):
    cycle = cycling.in_calibration(world)
    spring = cycling.unit_of(cycle, w.SPRING)
    for after, reason, sentence in ((4, " ", "理由"), (2, "x", "只有五星"), (5, "x", "没有改动")):
        with pytest.raises(ValidationError, match=sentence):
            calibration.move_grade(unit=spring, after=after, reason=reason, by=world.users.district)
        spring.refresh_from_db()
    assert not spring.moves.exists()


def test_stale_version_of_a_cycle_is_refused(world):
    cycle = cycling.in_calibration(world)
    with pytest.raises(Stale):
        cycles.announce(cycle=cycle, notice_from=world.today, version=cycle.version - 1, by=world.users.district)


def test_confirmed_veto_takes_all_stars_and_holds_against_moves(world):
    cycle = cycling.in_calibration(world)
    spring = cycling.unit_of(cycle, w.SPRING)
    about = {"happened_on": date(2026, 5, 1), "text": "责任事故"}
    with time_machine.travel("2026-11-23 09:00+08:00", tick=False):
        event = incidents.add_incident(unit=spring, item=cycling.item(spring, "veto"), by=world.users.street, **about)
        spring.refresh_from_db()
        assert (spring.vetoed, spring.grade) == (False, 5)
        with pytest.raises(ValidationError, match="权限"):
            incidents.confirm_incident(incident=event, by=cycling.second("street", w.STREET))
        incidents.confirm_incident(incident=event, by=world.users.district)
    spring.refresh_from_db()
    assert (spring.vetoed, spring.provisional, spring.grade) == (True, 0, 0)
    with pytest.raises(ValidationError, match="一票否决"):
        calibration.move_grade(unit=spring, after=3, reason="x", by=world.users.district)


def test_incident_is_confirmed_by_another_person(world):
    spring = cycling.unit_of(cycling.opened(world), w.SPRING)
    about = {"happened_on": date(2026, 5, 1), "text": "市级表彰"}
    event = incidents.add_incident(unit=spring, item=cycling.item(spring, "bonus"), by=world.users.district, **about)
    with pytest.raises(ValidationError) as error:
        incidents.confirm_incident(incident=event, by=world.users.district)
    assert says(error) == "登记人不能自己确认。请由另一位同事确认。"
    incidents.confirm_incident(incident=event, by=world.users.city)
    with pytest.raises(Stale):
        incidents.confirm_incident(incident=event, by=world.users.city)


def test_bonus_counts_once_confirmed(world):
    cycle = cycling.opened(world)
    spring = cycling.checked(cycling.unit_of(cycle, w.SPRING), world, 50, 30)
    about = {"happened_on": date(2026, 5, 1), "text": "市级表彰"}
    event = incidents.add_incident(unit=spring, item=cycling.item(spring, "bonus"), by=world.users.district, **about)
    spring.refresh_from_db()
    assert spring.total == 80
    incidents.confirm_incident(incident=event, by=world.users.city)
    spring.refresh_from_db()
    assert spring.total == 82
    incidents.take_back_incident(incident=event, by=world.users.city)
    spring.refresh_from_db()
    assert spring.total == 80
