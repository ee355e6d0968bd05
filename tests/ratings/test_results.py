"""Results: recorded all at once, changed only by a new version that two people stand for, read on any day."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from portal.core.lib.clock import now, today
from portal.core.policy.models import PolicyRule
from ratings.actions.cycles import close_notice, decide
from ratings.actions.objections import answer_objection, raise_objection
from ratings.actions.results import (
    correct_result,
    decide_draft,
    record_results,
    refuse_draft,
    remove_star,
    withdraw_draft,
)
from ratings.models import StarDraft, StarGrade
from ratings.queries import results as reads
from tests import world as w
from tests.ratings import rated
from workforce.actions.versions import Stale


def test_results_of_a_cycle_compare_with_the_year_before(world):
    rated.star(w.SPRING, 5, 2024)
    rated.star(w.SUMMER, 3, 2024)
    rated.star(w.AUTUMN, 4, 2024)
    cycle = rated.cycle(stage="decided")
    for code, grade in ((w.SPRING, 4), (w.SUMMER, 5), (w.AUTUMN, 4), (w.UNKNOWN, 0)):
        rated.unit(cycle, code, grade)
    rated.unit(cycle, w.VILLAGE, None, left_out_because="年度内撤并")
    ids = record_results(cycle=cycle, by=rated.officer("deciding"))
    made = {one.division_id: one for one in StarGrade.objects.filter(pk__in=ids)}
    assert {code: (one.grade, one.previous, one.get_change_display()) for code, one in made.items()} == {
        w.SPRING: (4, 5, "摘星"),
        w.SUMMER: (5, 3, "升星"),
        w.AUTUMN: (4, 4, "保持"),
        w.UNKNOWN: (0, None, "首次评定"),
    }
    spring = made[w.SPRING]
    assert (spring.number, spring.current, spring.cause, spring.decision_number) == (
        1,
        True,
        "cycle",
        "示例〔2026〕1号",
    )
    assert (spring.prepared_by.username, spring.decided_by.username) == ("calibrating", "deciding")
    assert spring.effective_from == cycle.decided_on
    assert reads.counts(2025, w.DISTRICT, world.users.city) == reads.Counts(
        rated=4, five=1, four=2, none=1, up=1, down=1, same=1, new=1
    )


def test_the_year_before_is_compared_as_it_stands_after_a_removal(world):
    rated.star(w.SPRING, 5, 2024, current=False)
    rated.star(w.SPRING, 3, 2024, number=2, cause="removal", event="事故")
    cycle = rated.cycle(stage="decided")
    rated.unit(cycle, w.SPRING, 4, previous=5)
    record_results(cycle=cycle, by=rated.officer("deciding"))
    found = StarGrade.objects.get(year=2025)
    assert (found.previous, found.change) == (3, "up")


def test_results_are_refused_without_grades_or_twice(world):
    cycle = rated.cycle(stage="decided")
    first = rated.unit(cycle, w.SPRING, None)
    with pytest.raises(ValidationError, match="还有 1 个单位没有星级"):
        record_results(cycle=cycle, by=rated.officer("deciding"))
    first.grade = 4
    first.save()
    record_results(cycle=cycle, by=rated.officer("deciding"))
    with pytest.raises(ValidationError, match="不能重复认定"):
        record_results(cycle=cycle, by=rated.officer("deciding"))
    assert StarGrade.objects.count() == 1


def test_who_made_the_grades_does_not_decide_them(world):
    cycle = rated.cycle(stage="notice")
    rated.unit(cycle)
    with pytest.raises(ValidationError, match="须由不同的人办理"):
        record_results(cycle=cycle, by=rated.officer("calibrating"))


def test_five_thousand_results_take_a_constant_number_of_queries(world, django_assert_max_num_queries):
    cycle = rated.cycle(stage="decided")
    for code in (w.SPRING, w.SUMMER, w.AUTUMN):
        rated.unit(cycle, code, 4)
    with django_assert_max_num_queries(60):
        record_results(cycle=cycle, by=rated.officer("deciding"))


@pytest.mark.parametrize("grade", [2, 1, 6, -1])
def test_only_the_four_grades_exist(world, grade):
    result = rated.star(grade=5)
    for act, more in ((remove_star, {"event_on": today()}), (correct_result, {})):
        with pytest.raises(ValidationError, match="只有五星、四星、三星和无星"):
            act(result=result, grade=grade, event="x", by=rated.officer("preparing"), **more)
    with pytest.raises(IntegrityError):
        rated.star(w.SUMMER, grade)


def _removed(result: StarGrade, grade: int = 3, on: date | None = None, **fields) -> StarGrade:
    draft = remove_star(
        result=result, grade=grade, event="发生安全事故", event_on=today(), by=rated.officer("preparing")
    )
    return decide_draft(
        draft=draft, version=draft.version, number="示例〔2026〕9号", decided_on=on or today(),
        by=rated.officer("removing"), **fields,
    )  # fmt: skip


def _rule(effect: str) -> None:
    PolicyRule.objects.create(
        kind="rating.removal", division_id=w.CITY, valid_from=date(2020, 1, 1), value={"effect": effect}, document="x"
    )


@pytest.mark.parametrize(
    ("effect", "day"),
    [("", date(2026, 7, 1)), ("next_month", date(2026, 7, 1)), ("same_day", date(2026, 6, 20)),
     ("next_year", date(2027, 1, 1))],
)  # fmt: skip
def test_removal_counts_from_the_day_that_the_rule_names(world, effect, day):
    if effect:
        _rule(effect)
    before = rated.star(grade=5, previous=4, change="up")
    with time_machine.travel("2026-06-20 10:00+08:00"):
        made = _removed(before)
    before.refresh_from_db()
    assert (made.number, made.current, before.current) == (2, True, False)
    assert (made.grade, made.previous, made.change, made.cause) == (3, 4, "down", "removal")
    assert (made.event, made.event_on, made.effective_from) == ("发生安全事故", date(2026, 6, 20), day)
    eve = date.fromordinal(day.toordinal() - 1)
    assert reads.grade_on(w.SPRING, eve) == before
    assert reads.grade_on(w.SPRING, day) == made
    assert reads.grade_on(w.SPRING, date(2026, 2, 28)) is None
    assert reads.grades_on([w.SPRING, w.SUMMER], eve) == {w.SPRING: before}


def test_decision_in_december_counts_from_january(world):
    with time_machine.travel("2026-12-31 10:00+08:00"):
        assert _removed(rated.star(grade=5)).effective_from == date(2027, 1, 1)


def test_next_years_result_takes_over_from_a_removal(world):
    with time_machine.travel("2026-12-31 10:00+08:00"):
        _removed(rated.star(grade=5))
    later = rated.star(grade=4, year=2026)
    assert reads.grade_on(w.SPRING, date(2027, 2, 28)).grade == 3
    assert reads.grade_on(w.SPRING, date(2027, 3, 1)) == later
    assert [(one.year, one.number) for one in reads.history(w.SPRING)] == [(2026, 1), (2025, 2), (2025, 1)]


@pytest.mark.parametrize("grade", [4, 5])
def test_removal_only_lowers(world, grade):
    with pytest.raises(ValidationError, match="只能改为更低的星级"):
        remove_star(result=rated.star(grade=4), grade=grade, event="x", event_on=today(), by=rated.officer("preparing"))


def test_whoever_prepared_it_does_not_decide_it(world):
    draft = rated.draft(rated.star(grade=5))
    with pytest.raises(ValidationError, match="经办人不能自己决定"):
        decide_draft(draft=draft, version=1, number="x", decided_on=today(), by=draft.prepared_by)
    with pytest.raises(IntegrityError):
        rated.star(w.SUMMER, prepared_by=draft.prepared_by, decided_by=draft.prepared_by)


def test_decision_cannot_be_before_the_event_or_after_today(world):
    draft = rated.draft(rated.star(grade=5))
    for day in (date.fromordinal(today().toordinal() + 1), date.fromordinal(today().toordinal() - 1)):
        with pytest.raises(ValidationError, match="决定日期"):
            decide_draft(draft=draft, version=1, number="x", decided_on=day, by=rated.officer("removing"))
    assert StarDraft.objects.get().state == "prepared"


def test_correction_replaces_from_the_same_day_and_keeps_what_it_corrects(world):
    wrong = rated.star(grade=3, previous=4, change="down")
    draft = correct_result(result=wrong, grade=4, event="加分漏计", by=rated.officer("preparing"))
    made = decide_draft(
        draft=draft, version=1, number="示例〔2026〕10号", decided_on=today(), by=rated.officer("removing")
    )
    assert (made.grade, made.change, made.cause, made.effective_from) == (4, "same", "correction", wrong.effective_from)
    wrong.refresh_from_db()
    assert (wrong.grade, wrong.current) == (3, False)
    assert reads.grade_on(w.SPRING, wrong.effective_from) == made


def test_one_draft_at_a_time_which_may_be_refused_or_withdrawn(world):
    result = rated.star(grade=5)
    first = rated.draft(result)
    with pytest.raises(ValidationError, match="已有一件待决定"):
        correct_result(result=result, grade=4, event="x", by=rated.officer("preparing"))
    refuse_draft(draft=first, version=1, answer="证据不足", by=rated.officer("removing"))
    second = correct_result(result=result, grade=4, event="x", by=rated.officer("preparing"))
    with pytest.raises(ValidationError, match="只有经办人可以撤回"):
        withdraw_draft(draft=second, version=1, by=rated.officer("removing"))
    withdraw_draft(draft=second, version=1, by=rated.officer("preparing"))
    with pytest.raises(Stale):
        withdraw_draft(draft=second, version=1, by=rated.officer("preparing"))
    assert [one.state for one in StarDraft.objects.order_by("pk")] == ["refused", "withdrawn"]
    assert StarGrade.objects.get() == result


def test_a_replaced_result_is_not_changed_again(world):
    before = rated.star(grade=5)
    _removed(before)
    before.refresh_from_db()
    with pytest.raises(ValidationError, match="已有更新的版本"):
        correct_result(result=before, grade=4, event="x", by=rated.officer("preparing"))


def test_counts_below_add_up_and_stop_at_the_readers_territory(world):
    for code, grade in ((w.SPRING, 5), (w.SUMMER, 4), (w.AUTUMN, 4), (w.SNOW, 0), (w.FAR, 3)):
        rated.star(code, grade)
    division = world.divisions
    found = reads.counts_below(world.users.city, division=division[w.CITY], year=2025, on=today())
    assert [(place.code, counts.rated, counts.four) for place, counts in found] == [
        (w.DISTRICT, 3, 2),
        ("960102", 1, 0),
    ]
    assert sum(counts.rated for _place, counts in found) == reads.counts(2025, w.CITY, world.users.city).rated == 4
    street = reads.counts_below(world.users.street, division=division[w.DISTRICT], year=2025, on=today())
    assert [(place.code, counts.rated) for place, counts in street] == [(w.STREET, 2), (w.NEIGHBOUR, 0)]
    assert reads.counts(2025, w.NEIGHBOUR, world.users.street).rated == 0
    assert reads.current_grades(2025, [w.SPRING, w.UNKNOWN])[w.SPRING].grade == 5


def test_upheld_objection_reaches_the_result(world):
    unit = rated.unit(rated.cycle(decision_due=today() + timedelta(days=40)), w.SPRING, 4, previous=5)
    rated.star(w.SPRING, 5, 2024)
    found = raise_objection(unit=unit, words="走访记录与事实不符，请复核。", by=None)
    cycle, by = unit.cycle, rated.officer("closing")
    with time_machine.travel(now() + timedelta(days=5)):
        with pytest.raises(ValidationError, match="还有 1 件异议没有答复"):
            close_notice(cycle=cycle, by=by)
        answer_objection(
            objection=found, version=1, state="upheld", answer="走访记录有误。", grade=5, by=rated.officer("answering")
        )
        cycle.refresh_from_db()
        close_notice(cycle=cycle, by=by)
        cycle.refresh_from_db()
        decide(cycle=cycle, number="示例〔2026〕3号", decided_on=today(), by=rated.officer("deciding"))
    made = StarGrade.objects.get(year=2025)
    assert (made.grade, made.previous, made.change, made.decision_number) == (5, 5, "same", "示例〔2026〕3号")
