"""Domain §1.E1, §1.E2: examples, ties, nobody and one person, and property tests against a second way."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.appraisal import (
    Demands,
    Indicator,
    bottom,
    bottom_count,
    faults,
    grade_of,
    line_score,
    ranks,
    renewal_ratio,
    total_score,
)

D = Decimal
COMMUNITY = (Indicator("work", "community", 60), Indicator("satisfaction", "community", 40))
DUAL = (*COMMUNITY, Indicator("patrol", "grid", 100))
BANDS = [("excellent", D(90)), ("qualified", D(70)), ("basic", D(60)), ("failed", D(0))]
TAIZHOU = Demands(community_least=60)
YICHANG = Demands(certificate=True, satisfaction=True)


class TestFaults:
    def test_sound_schemes(self):
        assert faults(COMMUNITY, 0, Demands()) == ()
        assert faults(DUAL, 40, TAIZHOU) == ()

    @pytest.mark.parametrize(
        ("indicators", "grid_percent", "demands", "expected"),
        [
            ((), 0, Demands(), ("no_indicators",)),
            (DUAL[2:], 30, Demands(), ("no_indicators",)),
            (COMMUNITY[:1], 0, Demands(), ("weights",)),
            ((Indicator("work", "community", 0),), 0, Demands(), ("weights",)),
            ((*COMMUNITY, Indicator("patrol", "grid", 90)), 40, Demands(), ("grid_weights",)),
            (DUAL, 0, Demands(), ("no_grid_line",)),
            (COMMUNITY, 30, Demands(), ("no_grid_line",)),
            (DUAL, 41, TAIZHOU, ("grid_percent",)),
            (DUAL, 41, Demands(), ()),
            (COMMUNITY, 0, YICHANG, ("certificate",)),
            ((Indicator("certificate", "community", 100),), 0, YICHANG, ("satisfaction",)),
            (COMMUNITY[:1], 0, replace(YICHANG, community_least=60), ("weights", "certificate", "satisfaction")),
        ],
    )
    def test_each_fault_is_named(self, indicators, grid_percent, demands, expected):
        assert faults(indicators, grid_percent, demands) == expected


class TestScores:
    def test_line_is_weighted_and_rounded_half_up(self):
        scores = {"work": D("85.55"), "satisfaction": D("90.1"), "patrol": D(70)}
        assert line_score(DUAL, "community", scores) == D("87.37")
        assert line_score((Indicator("work", "community", 50), Indicator("b", "community", 50)), "community",
                          {"work": D("80.01"), "b": D("80.02")}) == D("80.02")  # fmt: skip
        assert line_score(DUAL, "grid", scores) == D("70.00")

    def test_line_that_is_not_complete_has_no_score(self):
        assert line_score(COMMUNITY, "community", {"work": D(80)}) is None
        assert line_score(COMMUNITY, "grid", {}) is None

    @pytest.mark.parametrize(
        ("community", "grid", "grid_percent", "grid_worker", "total"),
        [
            (D(90), D(70), 40, True, D("82.00")),
            (D(90), D(70), 40, False, D(90)),
            (D(90), None, 40, True, None),
            (D(90), None, 40, False, D(90)),
            (D(90), None, 0, True, D(90)),
            (None, D(70), 40, True, None),
            (D("80.01"), D("80.02"), 50, True, D("80.02")),
        ],
    )
    def test_two_lines(self, community, grid, grid_percent, grid_worker, total):
        assert total_score(community, grid, grid_percent=grid_percent, grid_worker=grid_worker) == total

    @pytest.mark.parametrize(
        ("total", "grade"),
        [("100", "excellent"), ("90", "excellent"), ("89.99", "qualified"), ("60", "basic"), ("0", "failed")],
    )
    def test_grades_by_bands(self, total, grade):
        assert grade_of(D(total), BANDS) == grade
        assert grade_of(D(total), BANDS[::-1]) == grade

    def test_no_grade_without_a_total_or_below_every_band(self):
        assert grade_of(None, BANDS) == ""
        assert grade_of(D(50), BANDS[:2]) == ""


class TestRanks:
    def test_equal_totals_share_a_place(self):
        assert ranks({"a": D(80), "b": D(90), "c": D("80.00"), "d": D(70)}) == {"b": 1, "a": 2, "c": 2, "d": 4}

    def test_nobody(self):
        assert ranks({}) == {}


class TestBottom:
    @pytest.mark.parametrize(
        ("number", "percent", "rounding", "expected"),
        [
            (0, 20, "floor", 0), (0, 20, "ceil", 0), (0, 20, "nearest", 0),
            (1, 20, "floor", 0), (1, 20, "ceil", 1), (1, 20, "nearest", 0),
            (4, 20, "floor", 0), (5, 20, "floor", 1), (9, 20, "floor", 1), (10, 20, "floor", 2),
            (6, 20, "ceil", 2), (7, 20, "nearest", 1), (8, 20, "nearest", 2), (10, 25, "nearest", 3),
            (7, 100, "floor", 7), (7, 0, "ceil", 0),
        ],
    )  # fmt: skip
    def test_count(self, number, percent, rounding, expected):
        assert bottom_count(number, percent, rounding) == expected

    def test_lowest_fifth_of_ten(self):
        totals = {number: D(60 + number) for number in range(10)}
        found = bottom(totals, 20)
        assert (found.asked, found.cut, found.listed, found.tied) == (2, D(61), frozenset({0, 1}), 0)

    def test_everybody_tied_at_the_cut_is_reviewed(self):
        totals = {"a": D(60), "b": D(70), "c": D("70.00"), "d": D(70), "e": D(80), "f": D(81), "g": D(82), "h": D(83),
                  "i": D(84), "j": D(85)}  # fmt: skip
        found = bottom(totals, 20)
        assert (found.asked, found.listed, found.tied) == (2, frozenset("abcd"), 2)

    def test_all_equal(self):
        assert bottom(dict.fromkeys(range(5), D(75)), 20).tied == 4

    def test_nobody_and_one_person(self):
        assert bottom({}, 20).listed == frozenset()
        assert bottom({"a": D(60)}, 20).listed == frozenset()
        assert bottom({"a": D(60)}, 20, "ceil").listed == frozenset("a")
        assert bottom({"a": D(60)}, 20).cut is None


@pytest.mark.parametrize(("left", "assessed", "ratio"), [(20, 100, "20.00"), (1, 3, "33.33"), (2, 3, "66.67")])
def test_renewal_ratio(left, assessed, ratio):
    assert renewal_ratio(left, assessed) == D(ratio)


def test_renewal_ratio_of_nobody():
    assert renewal_ratio(0, 0) is None


scores = st.integers(0, 10_000).map(lambda cents: D(cents) / 100)
groups = st.dictionaries(st.integers(0, 50), st.integers(55, 65).map(D), max_size=30)


@given(st.lists(st.tuples(st.integers(1, 100), scores), min_size=1, max_size=6))
def test_line_against_fractions(pairs):
    indicators = [Indicator(str(number), "community", weight) for number, (weight, _score) in enumerate(pairs)]
    given_scores = {str(number): score for number, (_weight, score) in enumerate(pairs)}
    exact = sum(Fraction(weight, 100) * Fraction(score) for weight, score in pairs)
    assert line_score(indicators, "community", given_scores) == D(floor(exact * 100 + Fraction(1, 2))) / 100


@given(scores, scores, st.integers(0, 40))
def test_two_lines_against_fractions(community, grid, grid_percent):
    w = 1 - Fraction(grid_percent, 100)
    exact = w * Fraction(community) + (1 - w) * Fraction(grid)
    found = total_score(community, grid, grid_percent=grid_percent, grid_worker=True)
    assert found == D(floor(exact * 100 + Fraction(1, 2))) / 100
    assert total_score(community, grid, grid_percent=grid_percent, grid_worker=False) == community


@given(groups, st.integers(0, 100), st.sampled_from(["floor", "ceil", "nearest"]))
def test_bottom_against_counting_who_is_lower(totals, percent, rounding):
    """Oracle: somebody is listed when fewer than the share's number have a strictly lower total."""
    exact = Fraction(len(totals) * percent, 100)
    asked = {"floor": floor(exact), "ceil": ceil(exact), "nearest": floor(exact + Fraction(1, 2))}[rounding]
    lower = {who: sum(other < total for other in totals.values()) for who, total in totals.items()}
    found = bottom(totals, percent, rounding)
    assert found.listed == {who for who, number in lower.items() if number < asked}
    assert found.asked == asked
    assert found.tied >= 0


@given(groups)
def test_ranks_against_counting_who_is_better(totals):
    assert ranks(totals) == {who: 1 + sum(other > mine for other in totals.values()) for who, mine in totals.items()}
