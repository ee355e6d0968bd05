"""Points, totals, grades and the guide distribution (domain §1.J, §2.6)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.scoring import (
    Band,
    Event,
    Item,
    Line,
    Step,
    band,
    bands_fit,
    deviation,
    events_sum,
    faults,
    in_force,
    outcome,
    points_of,
    total,
    two_places,
)

D = Decimal
BANDS = [Band(5, D(90)), Band(4, D(80)), Band(3, D(70))]
STEPS = [Step(D(95), D(100)), Step(D(90), D(80)), Step(D(80), D(60))]
GUIDE = {5: 10, 4: 40, 3: 40, 0: 10}


@dataclass
class Given:
    auto_points: D | None = None
    self_points: D | None = None
    street_points: D | None = None
    district_points: D | None = None


@pytest.mark.parametrize(
    ("value", "points"),
    [(D(100), "10.00"), (D(95), "10.00"), (D("94.99"), "8.00"), (D(90), "8.00"), (D(80), "6.00"), (D("79.99"), "0.00")],
)
def test_points_by_steps_include_the_bound(value, points):
    assert points_of(D(10), STEPS, value, None) == D(points)


def test_points_by_steps_judge_the_value_before_rounding():
    assert points_of(D(10), STEPS, Fraction(9499, 100), None) == D("8.00")
    assert points_of(D(10), STEPS, Fraction(190, 2), None) == D("10.00")


@pytest.mark.parametrize(("value", "points"), [(0, "5.00"), (1, "2.50"), (2, "2.50"), (3, "0.00")])
def test_points_by_steps_where_less_is_better(value, points):
    steps = [Step(D(0), D(100)), Step(D(2), D(50))]
    assert points_of(D(5), steps, D(value), None, lower=True) == D(points)


@pytest.mark.parametrize(("met", "points"), [(True, D("8.00")), (False, D("0.00")), (None, None)])
def test_points_without_steps_follow_the_target(met, points):
    assert points_of(D(8), [], D(1), met) == points


def test_a_figure_without_value_gives_no_points():
    assert points_of(D(8), [], None, True) is None
    assert points_of(D(8), STEPS, None, None) is None


def test_points_are_rounded_half_up_once():
    assert points_of(D("0.33"), [Step(D(0), D(50))], D(1), None) == D("0.17")
    assert two_places(Fraction(-1, 200)) == D("-0.01")


@pytest.mark.parametrize(
    ("score", "points"),
    [
        (Given(), None),
        (Given(self_points=D(3)), D(3)),
        (Given(self_points=D(3), street_points=D(0)), D(0)),
        (Given(self_points=D(3), street_points=D(2), district_points=D(1)), D(1)),
        (Given(auto_points=D(9)), D(9)),
    ],
)
def test_points_in_force_are_those_of_the_latest_stage(score, points):
    assert in_force(score) == points


def test_total_waits_for_every_score():
    assert total([]) is None
    assert total([Line(D(50)), Line(None)]) is None
    assert total([Line(D(50)), Line(None, automatic=True)]) is None


def test_an_automatic_item_without_data_gives_nothing_and_stops_nothing():
    assert total([Line(D(50)), Line(None, automatic=True, read=True)]) == D("50.00")


def test_bonus_and_penalty_are_bounded_by_their_caps():
    bonus = [Event("a", "bonus", D(3), D(5))] * 2
    penalty = [Event("b", "penalty", D(2))] * 3
    assert events_sum([*bonus, *penalty]) == D(-1)
    assert total([Line(D(80))], [*bonus, *penalty]) == D("79.00")


def test_total_is_never_below_zero_and_may_pass_a_hundred():
    assert total([Line(D(1))], [Event("b", "penalty", D(2))]) == D("0.00")
    assert total([Line(D(99))], [Event("a", "bonus", D(5))]) == D("104.00")


@pytest.mark.parametrize(
    ("points", "grade"), [(D(100), 5), (D(90), 5), (D("89.99"), 4), (D(80), 4), (D(70), 3), (D("69.99"), 0), (D(0), 0)]
)
def test_bands_include_their_least_total(points, grade):
    assert band(points, BANDS) == grade


def test_a_veto_gives_no_star_whatever_the_total():
    found = outcome([Line(D(95))], [Event("v", "veto")], BANDS)
    assert (found.total, found.vetoed, found.banded, found.provisional) == (D("95.00"), True, 5, 0)
    early = outcome([Line(None)], [Event("v", "veto")], BANDS)
    assert (early.total, early.banded, early.provisional) == (None, None, 0)


def test_deviation_of_the_first_round_of_villages():
    found = deviation({5: 340, 4: 1424, 3: 1416, 0: 358}, GUIDE)
    assert [(one.grade, one.share, one.expected, one.points) for one in found] == [
        (5, D("9.6"), D("353.8"), D("-0.4")),
        (4, D("40.2"), D("1415.2"), D("0.2")),
        (3, D("40.0"), D("1415.2"), D("0.0")),
        (0, D("10.1"), D("353.8"), D("0.1")),
    ]


def test_deviation_of_the_first_round_of_communities():
    found = deviation({5: 161, 4: 647, 3: 670, 0: 161}, GUIDE)
    assert [(one.share, one.expected) for one in found] == [
        (D("9.8"), D("163.9")),
        (D("39.5"), D("655.6")),
        (D("40.9"), D("655.6")),
        (D("9.8"), D("163.9")),
    ]


def test_deviation_without_a_guide_in_force_shows_shares_only():
    found = deviation({5: 1}, None)
    assert [(one.share, one.guide, one.points) for one in found][0] == (D("100.0"), None, None)
    assert deviation({}, GUIDE) == ()


@pytest.mark.parametrize(
    ("items", "bands", "found"),
    [
        ([], BANDS, ("no_items",)),
        ([Item("a", True, D(100))], BANDS, ()),
        ([Item("a", True, D("99.99"))], BANDS, ("weights",)),
        ([Item("a", True, D(60)), Item("a", True, D(40))], BANDS, ("label_twice",)),
        ([Item("a", True, D(100), "gone")], BANDS, ("unknown_indicator",)),
        ([Item("a", True, D(100), "no_goal")], BANDS, ("no_target",)),
        ([Item("a", True, D(100), "no_goal", True)], BANDS, ()),
        ([Item("a", True, D(100), "goal")], BANDS, ()),
        ([Item("a", True, D(100)), Item("v", False, D(0))], BANDS[::-1], ("bands",)),
    ],
)
def test_faults_of_a_scheme(items, bands, found):
    assert faults(items, bands, {"goal": True, "no_goal": False}) == found


@pytest.mark.parametrize("leasts", [(90, 90, 70), (101, 80, 70), (90, 80, 0), (90, 80, -1), (80, 90, 70)])
def test_bands_must_fall_between_a_hundred_and_zero(leasts):
    assert not bands_fit([Band(grade, D(least)) for grade, least in zip((5, 4, 3), leasts, strict=True)])
    assert not bands_fit([Band(5, D(90)), Band(3, D(70))])


# The same rules in whole cents, written independently.
CENTS = st.integers(0, 10_000)
LINES = st.lists(st.tuples(st.one_of(st.none(), CENTS), st.booleans(), st.booleans()), max_size=8)
ITEMS = {0: ("bonus", 300, 500), 1: ("penalty", 250, None), 2: ("penalty", 100, 150), 3: ("veto", 0, None)}


def _oracle(lines, happened):
    if not lines or any((not read) if automatic else cents is None for cents, automatic, read in lines):
        sum_ = None
    else:
        sum_ = sum(cents or 0 for cents, _a, _r in lines)
        for number, (kind, each, cap) in ITEMS.items():
            amount = each * happened.count(number)
            amount = amount if cap is None or amount < cap else cap
            sum_ += amount if kind == "bonus" else -amount
        sum_ = sum_ if sum_ > 0 else 0
    veto = 3 in happened
    grade = None if sum_ is None else 5 if sum_ >= 9000 else 4 if sum_ >= 8000 else 3 if sum_ >= 7000 else 0
    return sum_, veto, grade, 0 if veto else grade


@given(LINES, st.lists(st.integers(0, 3), max_size=8))
def test_outcome_agrees_with_reckoning_in_whole_cents(lines, happened):
    events = []
    for number in happened:
        kind, each, cap = ITEMS[number]
        events.append(Event(number, kind, D(each) / 100, None if cap is None else D(cap) / 100))
    found = outcome([Line(None if c is None else D(c) / 100, a, r) for c, a, r in lines], events, BANDS)
    cents = None if found.total is None else int(found.total * 100)
    assert (cents, found.vetoed, found.banded, found.provisional) == _oracle(lines, happened)


@given(st.integers(0, 10_000), st.integers(0, 100), st.fractions(0, 100))
def test_points_agree_with_long_division(cents, percent, value):
    hundredths, rest = divmod(cents * percent, 100)
    expected = hundredths + (1 if rest >= 50 else 0) if value >= 50 else 0
    found = points_of(D(cents) / 100, [Step(D(50), D(percent))], value, None)
    assert found * 100 == expected


@given(st.fixed_dictionaries({grade: st.integers(0, 5000) for grade in (5, 4, 3, 0)}))
def test_deviations_of_whole_counts_add_up(counts):
    found = deviation(counts, GUIDE)
    assert sum(one.count for one in found) == sum(counts.values())
    assert all(one.share.as_tuple().exponent == -1 for one in found)
    assert abs(sum((one.share for one in found), D(0)) - (100 if found else 0)) <= D("0.2")
