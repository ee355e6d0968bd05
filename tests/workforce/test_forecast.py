"""Forecast by hand and by an oracle: retirement ages of the reform, time, what remains, shares ahead, hiring."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.forecast import (
    Ageing,
    AgeLine,
    Hiring,
    Pace,
    Projection,
    RetirementRule,
    Start,
    elapsed,
    fixed_ages,
    grown,
    leaving_day,
    month_ends,
    remaining,
    retirement_date,
    retirement_rule,
)

D, F = date, Fraction
ZERO = F(0)
REFORM = RetirementRule(
    D(2025, 1, 1), AgeLine(60, 63, 4), AgeLine(55, 58, 4), AgeLine(50, 55, 2), "by_tier"
)  # fmt: skip
STAFF, DEPUTY, PRINCIPAL = 3, 2, 1


# Retirement age ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth", "sex", "tier", "retires"),
    [
        # The tables attached to the State Council's measure: first, a turning and the last cohort of each line.
        (D(1964, 12, 31), "male", STAFF, D(2024, 12, 31)),
        (D(1965, 1, 1), "male", STAFF, D(2025, 2, 1)),
        (D(1965, 4, 30), "male", STAFF, D(2025, 5, 30)),
        (D(1965, 5, 10), "male", STAFF, D(2025, 7, 10)),
        (D(1970, 6, 15), "male", STAFF, D(2031, 11, 15)),
        (D(1976, 8, 31), "male", STAFF, D(2039, 7, 31)),
        (D(1976, 9, 1), "male", STAFF, D(2039, 9, 1)),
        (D(1990, 9, 1), "male", STAFF, D(2053, 9, 1)),
        (D(1969, 12, 31), "female", DEPUTY, D(2024, 12, 31)),
        (D(1970, 1, 1), "female", DEPUTY, D(2025, 2, 1)),
        (D(1981, 8, 20), "female", PRINCIPAL, D(2039, 7, 20)),
        (D(1981, 9, 20), "female", PRINCIPAL, D(2039, 9, 20)),
        (D(1974, 12, 31), "female", STAFF, D(2024, 12, 31)),
        (D(1975, 1, 1), "female", STAFF, D(2025, 2, 1)),
        (D(1975, 3, 1), "female", STAFF, D(2025, 5, 1)),
        (D(1984, 10, 9), "female", STAFF, D(2039, 9, 9)),
        (D(1984, 11, 9), "female", STAFF, D(2039, 11, 9)),
        # Days that the month of retirement does not have.
        (D(1965, 1, 31), "male", STAFF, D(2025, 2, 28)),
        (D(1968, 2, 29), "male", STAFF, D(2028, 12, 29)),
        (D(1964, 2, 29), "male", STAFF, D(2024, 2, 29)),
        (D(1963, 12, 31), "male", STAFF, D(2023, 12, 31)),
        (D(1980, 2, 29), "female", STAFF, D(2032, 9, 29)),
    ],
)
def test_retirement_date(birth, sex, tier, retires):
    assert retirement_date(birth, sex, REFORM, tier) == retires


def test_29_february_retires_on_the_28th_of_a_common_year():
    assert retirement_date(D(1968, 2, 29), "male", fixed_ages(63, 58)) == D(2031, 2, 28)
    assert retirement_date(D(1968, 2, 29), "female", fixed_ages(63, 60)) == D(2028, 2, 29)


@pytest.mark.parametrize(
    ("women", "tiers"),
    [("female", ["female"] * 3), ("female_other", ["other"] * 3), ("by_tier", ["female", "female", "other"])],
)
def test_which_line_women_follow(women, tiers):
    rule = RetirementRule(D(2025, 1, 1), REFORM.male, REFORM.female, REFORM.other, women)
    assert [rule.line("female", tier) for tier in (1, 2, 3)] == [getattr(rule, name) for name in tiers]
    assert {rule.line("male", tier) for tier in (1, 2, 3)} == {rule.male}


def test_rule_is_read_from_its_value_and_a_missing_line_never_asked_for():
    rows = [
        {"who": "male", "age": 60, "until": 63, "step": 4},
        {"who": "female_other", "age": 50, "until": 55, "step": 2},
    ]
    rule = retirement_rule({"rows": rows, "starts_on": "2025-01-01", "women": "female_other"})
    assert (rule.male, rule.other, rule.women) == (AgeLine(60, 63, 4), AgeLine(50, 55, 2), "female_other")
    assert rule.line("female", DEPUTY) == AgeLine(50, 55, 2)
    rows[1]["who"] = "female"
    rule = retirement_rule({"rows": rows, "starts_on": "2025-01-01", "women": "female"})
    assert (rule.female, rule.line("female", STAFF)) == (AgeLine(50, 55, 2), AgeLine(50, 55, 2))


def months_later(year: int, month: int, more: int) -> tuple[int, int]:
    for _step in range(more):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return year, month


def oracle(birth: date, age: int, until: int, step: int, since: tuple[int, int]) -> date:
    """Walks month by month through the table: every `step` cohorts one month more, until the last age is reached."""
    cohort, delay, walked = (since[0] - age, since[1]), 0, 0
    while cohort <= (birth.year, birth.month) and delay < 12 * (until - age):
        if walked % step == 0:
            delay += 1
        walked, cohort = walked + 1, months_later(*cohort, 1)
    if (birth.year, birth.month) < (since[0] - age, since[1]):
        delay = 0
    year, month = months_later(birth.year + age, birth.month, delay)
    day = birth.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


BIRTHS = st.dates(D(1940, 1, 1), D(2008, 12, 31))
LINES = st.tuples(st.integers(50, 62), st.integers(0, 5), st.integers(1, 12))


@given(BIRTHS, LINES, st.tuples(st.integers(2015, 2035), st.integers(1, 12)))
def test_retirement_date_agrees_with_walking_through_the_table(birth, line, since):
    age, rise, step = line
    made = AgeLine(age, age + rise, step)
    rule = RetirementRule(D(*since, 1), made, made, made, "female")
    assert retirement_date(birth, "male", rule) == oracle(birth, age, age + rise, step, since)


@given(BIRTHS, st.integers(0, 400))
def test_who_is_older_never_retires_later(birth, days):
    younger = birth + timedelta(days=days)
    for sex, tier in (("male", 3), ("female", 1), ("female", 3)):
        assert retirement_date(birth, sex, REFORM, tier) <= retirement_date(younger, sex, REFORM, tier)


def test_leaving_is_the_earlier_of_retirement_and_the_end_of_counting():
    on = D(2026, 11, 23)
    assert leaving_day(D(2027, 5, 1), D(2029, 1, 1), on) == D(2027, 5, 1)
    assert leaving_day(D(2029, 5, 1), D(2028, 1, 1), on) == D(2028, 1, 1)
    assert leaving_day(on, D(2029, 1, 1), on) == D(2029, 1, 1)


# Time ----------------------------------------------------------------------------------------------------------------


def test_months_ahead_begin_with_what_is_left_of_this_one():
    assert month_ends(D(2026, 11, 23), 2) == [D(2026, 11, 30), D(2026, 12, 31), D(2027, 1, 31)]
    assert month_ends(D(2026, 11, 30), 2) == [D(2026, 12, 31), D(2027, 1, 31)]
    assert month_ends(D(2028, 1, 31), 1) == [D(2028, 2, 29)]


def test_elapsed_counts_months_and_parts_of_them():
    assert elapsed(D(2026, 11, 30), D(2027, 2, 28)) == 3
    assert elapsed(D(2026, 11, 15), D(2026, 11, 30)) == F(1, 2)
    assert elapsed(D(2026, 11, 15), D(2027, 2, 14)) == 3
    assert elapsed(D(2026, 11, 23), D(2026, 11, 23)) == 0


@given(st.dates(D(2020, 1, 1), D(2030, 1, 1)), st.integers(0, 900), st.integers(0, 900))
def test_elapsed_adds_up(start, first, second):
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    assert elapsed(start, middle) + elapsed(middle, end) == elapsed(start, end)


@pytest.mark.parametrize(
    ("population", "percent", "months", "then"),
    [
        (10_000, F(0), F(7), 10_000),
        (10_000, F(2), F(12), 10_200),
        (10_000, F(2), F(24), 10_404),
        (10_000, F(2), F(6), 10_100),
        (10_000, F(2), F(18), 10_302),
        (10_000, F(-1), F(12), 9_900),
        (3, F(50), F(4), 4),  # 3.5: half up
        (3, F(50), F(2), 3),
    ],
)
def test_population_grows_by_years_and_evenly_within_one(population, percent, months, then):
    assert grown(population, percent, months) == then


# What remains --------------------------------------------------------------------------------------------------------

ON = D(2026, 10, 31)
ENDS = month_ends(ON, 24)


def projection(heads=100, certified=40, ageing=(), leavers=ZERO, hires=ZERO, certificates: Fraction | None = ZERO):
    """100 heads, 40 certified; `ageing` gives heads and certified heads by month, counted from 0."""
    given = {place: numbers for place, *numbers in ageing}
    parts = tuple(Ageing(end, *given.get(place, (0, 0))) for place, end in enumerate(ENDS))
    return Projection(Start(ON, heads, certified, parts), Pace(leavers, hires, certificates))


def test_heads_go_by_age_and_leave_and_come():
    made = projection(ageing=[(0, 2, 1), (2, 1, 0)], leavers=F(12), hires=F(1, 2))
    first, third = made.at(ENDS[0]), made.at(ENDS[2])
    assert (first.aged, first.remaining, first.heads) == (2, 97, F(195, 2))
    assert (third.aged, third.aged_certified, third.remaining, third.heads) == (3, 1, 94, F(191, 2))
    assert (third.whole_remaining, third.whole_heads) == (94, 95)


def test_nothing_falls_below_zero_or_above_everybody():
    empty = projection(heads=3, certified=3, ageing=[(0, 2, 2)], leavers=F(120)).at(ENDS[5])
    assert (empty.remaining, empty.heads, empty.whole_certified, empty.met(60)) == (0, 0, 0, None)
    full = projection(certificates=F(50)).at(ENDS[5])
    assert (full.certified, full.met(100)) == (100, True)


def test_leavers_take_their_share_of_certificates_with_them():
    made = projection(ageing=[(0, 5, 5)], leavers=F(24), certificates=F(3)).at(ENDS[1])
    assert made.certified == 40 - 5 + 2 * 3 - 4 * F(40, 100)
    assert (made.whole_heads, made.whole_certified) == (91, 39)


def test_without_a_pace_there_is_no_share_and_no_leaver():
    made = projection(leavers=None, hires=None, certificates=None).at(ENDS[11])
    assert (made.heads, made.certified, made.whole_certified, made.met(60)) == (100, None, None, None)


def test_share_is_judged_on_whole_heads_and_reached_at_a_month_end():
    made = projection(certificates=F(19, 10))
    assert [made.at(end).whole_certified for end in ENDS[9:12]] == [59, 60, 62]
    assert made.reaches(60) == ENDS[10]
    assert made.reaches(100) is None
    assert projection(certificates=F(0)).reaches(60) is None
    assert projection(certificates=None).reaches(40) is None


def test_pace_that_reaches_a_share_on_its_day():
    made = projection(ageing=[(0, 10, 10)], leavers=F(12))
    due = ENDS[9]
    # 100 - 10 - 10 = 80 heads, 48 certified ones needed; 40 - 10 - 10 x 0.4 = 26 left: 22 in ten months.
    assert made.pace_needed(60, due) == F(22, 10)
    assert made.pace_needed(10, due) == 0
    assert made.pace_needed(60, ON) is None
    exact = projection(ageing=[(0, 10, 10)], leavers=F(12), certificates=made.pace_needed(60, due))
    assert (exact.at(due).met(60), exact.at(ENDS[8]).met(60)) == (True, False)


def test_only_days_that_are_asked_have_an_answer():
    made = projection()
    assert made.at(ON).heads == 100
    with pytest.raises(ValueError, match="2026-11-15"):
        made.at(D(2026, 11, 15))
    assert Projection(Start(ON, 5, 2, ()), Pace(None, None, None)).at(ON).heads == 5


def test_hiring_is_never_negative_and_rounds_against_the_place():
    assert (Hiring(100, 90).needed, Hiring(100, 90).surplus) == (10, 0)
    assert (Hiring(90, 100).needed, Hiring(90, 100).surplus) == (0, 10)
    assert (Hiring(None, 100).needed, Hiring(None, 100).surplus) == (None, None)
    assert int(remaining(100, 3, F(5), F(14))) == 91  # 5.83 leavers: six places become free
    assert (remaining(100, 3, None, F(14)), remaining(2, 3, F(5), F(14))) == (97, 0)
