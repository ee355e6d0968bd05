"""Service norms H1 to H7: the examples of the rule book, and each rule against another way to reckon it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings import norms
from ratings.norms import Premises, Share

DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    "on, months, first, following",
    [
        (date(2026, 1, 1), 6, date(2026, 1, 1), date(2026, 7, 1)),
        (date(2026, 6, 30), 6, date(2026, 1, 1), date(2026, 7, 1)),
        (date(2026, 7, 1), 6, date(2026, 7, 1), date(2027, 1, 1)),
        (date(2026, 12, 31), 3, date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 2, 28), 1, date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 5, 5), 12, date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_periods_of_visits_are_those_of_the_calendar(on, months, first, following):
    assert norms.visit_period(on, months) == (first, following)


@given(DAYS, st.integers(1, 24))
def test_every_day_lies_in_one_period_of_so_many_months(on, months):
    first, following = norms.visit_period(on, months)
    assert first <= on < following
    assert (first.day, following.day) == (1, 1)
    assert (following.year - first.year) * 12 + following.month - first.month == months
    assert norms.visit_period(first - timedelta(days=1), months)[1] == first


@pytest.mark.parametrize(
    "moved_in, gone, due",
    [
        (date(2020, 1, 1), None, True),
        (date(2026, 6, 30), None, True),
        (date(2026, 7, 1), None, False),  # during the half: due by the end of the next one
        (date(2026, 11, 23), None, False),
        (date(2020, 1, 1), date(2026, 11, 24), True),
        (date(2020, 1, 1), date(2026, 11, 23), False),  # has left by today
    ],
)
def test_who_moves_in_during_a_half_is_due_in_the_next(moved_in, gone, due):
    assert Premises(moved_in, gone).due(date(2026, 11, 23)) is due


def test_one_who_moved_in_during_a_half_is_due_from_the_first_day_of_the_next():
    late = Premises(date(2026, 7, 1))
    assert (late.due(date(2026, 12, 31)), late.due(date(2027, 1, 1))) == (False, True)


@pytest.mark.parametrize(
    "day, visited",
    [(date(2026, 6, 30), False), (date(2026, 7, 1), True), (date(2026, 11, 23), True), (date(2026, 11, 24), False)],
)
def test_a_visit_counts_in_its_half_and_up_to_the_day(day, visited):
    assert Premises(date(2020, 1, 1), visits=(day,)).visited(date(2026, 11, 23)) is visited


def test_coverage_counts_a_household_once_however_often_it_was_visited():
    day = date(2026, 11, 23)
    found = norms.visit_coverage(
        [
            Premises(date(2020, 1, 1), visits=(day, day, date(2026, 8, 1))),
            Premises(date(2020, 1, 1), visits=(date(2026, 3, 1),)),
            Premises(date(2026, 9, 1), visits=(day,)),
        ],
        day,
    )
    assert (found, found.percent, found.reaches(50), found.reaches(51)) == (Share(1, 2), Fraction(50), True, False)
    assert norms.visit_coverage([], day).percent is None


PREMISES = st.builds(
    Premises,
    DAYS,
    st.none() | DAYS,
    st.lists(DAYS | st.dates(date(2026, 5, 1), date(2026, 12, 31)), max_size=4).map(tuple),
)


@given(st.lists(PREMISES, max_size=20), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_half_yearly_coverage_is_what_counting_by_halves_gives(premises, on):
    def half(day: date) -> tuple[int, bool]:
        return day.year, day.month > 6

    due = [one for one in premises if half(one.moved_in) < half(on) and not (one.gone and one.gone <= on)]
    seen = [one for one in due if {half(day) for day in one.visits if day <= on} & {half(on)}]
    assert norms.visit_coverage(premises, on) == Share(len(seen), len(due))


@pytest.mark.parametrize("roster, needed", [(7, 4), (8, 4), (1, 1), (0, 0), (9, 5)])
def test_half_of_the_roster_rounded_up_goes_to_the_grids(roster, needed):
    assert norms.presence_needed(roster) == needed
    assert norms.presence_met(needed, roster)
    assert not norms.presence_met(needed - 1, roster)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 100))
def test_enough_in_the_grids_is_a_share_of_at_least_the_percentage(out, roster, percent):
    assert norms.presence_met(out, roster, percent) == (100 * out >= percent * roster)


@pytest.mark.parametrize("visiting, worked, met", [("4", "8", True), ("3.9", "8", False), ("0", "0", None)])
def test_half_of_the_time_is_spent_on_visits(visiting, worked, met):
    assert norms.visit_time_met(Decimal(visiting), Decimal(worked)) is met


@pytest.mark.parametrize(
    "hours, met",
    [
        (("8", "8", "8"), True),
        (("9", "8", "7"), True),
        (("10", "8", "6"), False),
        (("8", "8", "0"), False),
        (("0", "0", "0"), None),
    ],
)
def test_three_parts_of_the_time_are_even_within_the_tolerance(hours, met):
    parts = dict(zip("abc", map(Decimal, hours), strict=True))
    assert norms.split_met(parts, sum(parts.values()), 5) is met


def test_time_for_other_work_takes_from_the_parts():
    parts = {name: Decimal(8) for name in "abc"}
    assert norms.split_met(parts, Decimal(40), 5) is False
    assert norms.split_met(parts, Decimal(24), 5, number=2) is False


@pytest.mark.parametrize("found, turned, met", [(12, 6, True), (12, 5, False), (11, 6, False), (30, 30, True)])
def test_twelve_needs_and_six_of_them_turned_into_projects(found, turned, met):
    assert norms.needs_met(found, turned) is met


def test_a_need_counts_once_and_a_project_may_serve_several():
    assert norms.converted({1, 2, 3, 4}, [{1, 2}, {2, 3}, {9}]) == 3
    assert norms.converted({1}, []) == 0


@given(st.sets(st.integers(0, 20)), st.lists(st.sets(st.integers(0, 25))))
def test_converted_needs_are_those_with_any_approved_project(needs, projects):
    assert norms.converted(needs, projects) == sum(any(need in project for project in projects) for need in needs)


@pytest.mark.parametrize(
    "area, households, per_hundred, met",
    [("408", 1000, Fraction(204, 5), True), ("400", 1000, Fraction(40), True), ("399", 1000, Fraction(399, 10), False)],
)
def test_forty_square_metres_for_a_hundred_households(area, households, per_hundred, met):
    assert norms.area_per_hundred(Decimal(area), households) == per_hundred
    assert norms.facility_met(Decimal(area), households) is met


def test_without_households_there_is_no_area_per_hundred():
    assert norms.area_per_hundred(Decimal(100), 0) is None
    assert norms.facility_met(Decimal(100), 0) is None


def test_a_city_is_the_sum_over_the_sum():
    parts = [(Decimal("100"), 1000), (Decimal("900"), 1000)]
    whole = norms.area_per_hundred(sum(area for area, _ in parts), sum(number for _, number in parts))
    assert whole == Fraction(50)


@pytest.mark.parametrize("public, area, met", [("70", "100", True), ("69.99", "100", False), ("0", "0", None)])
def test_seventy_per_cent_of_the_space_serves_the_public(public, area, met):
    assert norms.public_space_met(Decimal(public), Decimal(area)) is met
