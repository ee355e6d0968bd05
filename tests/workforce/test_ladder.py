"""Domain §1.C1 and §2.5: examples, edges, and property tests against an oracle that walks the calendar."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workforce.ladder import (
    CertificateSteps,
    Derivation,
    Kept,
    Ladder,
    Line,
    Schooling,
    Service,
    certificate_line,
    continuous_since,
    credited_years,
    degree_of,
    full_on,
    full_years,
    propose,
    service,
)

COMMON = Ladder({1: (7, 18), 2: (4, 15), 3: (1, 12)}, 3)
FOUR_POSTS = Ladder({1: (7, 18), 2: (5, 16), 3: (3, 14), 4: (1, 12)}, 3)
GRADES = Schooling({"bachelor": 1, "master": 2, "doctor": 3})
YEARS = Schooling({"bachelor": 1, "master": 3, "doctor": 5}, "years")


def served(years):
    return Service(date(2000, 1, 1), years)


def amounts(derivation):
    return [(line.what, line.amount) for line in derivation.lines]


class TestPropose:
    def test_staff_seven_years_bachelor_is_four(self):
        found = propose(COMMON, 3, served(7), degree="bachelor", schooling=GRADES)
        assert found.grade == 4
        assert amounts(found) == [("lowest", 1), ("years", 2), ("schooling", 1)]
        assert found.complete

    def test_staff_forty_years_stops_at_twelve(self):
        found = propose(COMMON, 3, served(40))
        assert found.grade == 12
        assert amounts(found) == [("lowest", 1), ("years", 13), ("capped", -2)]
        assert found.lines[-1].facts == {"tier": 3, "high": 12}

    def test_deputy_without_a_year_is_four(self):
        assert propose(COMMON, 2, served(0)).grade == 4

    @pytest.mark.parametrize(("tier", "low", "high"), [(1, 7, 18), (2, 5, 16), (3, 3, 14), (4, 1, 12)])
    def test_ranges_are_data(self, tier, low, high):
        assert propose(FOUR_POSTS, tier, served(0)).grade == low
        assert propose(FOUR_POSTS, tier, served(60)).grade == high

    def test_ningxia_steps_every_two_years(self):
        assert propose(Ladder({3: (1, 12)}, 2), 3, served(7)).grade == 4

    def test_unknown_tier_is_refused(self):
        with pytest.raises(KeyError):
            propose(COMMON, 5, served(0))

    def test_schooling_as_years_moves_the_step(self):
        found = propose(COMMON, 3, served(4), degree="master", schooling=YEARS)
        assert amounts(found) == [("lowest", 1), ("years", 2)]
        assert found.lines[1].facts["credit"] == 3

    @pytest.mark.parametrize("schooling", [GRADES, YEARS])
    def test_schooling_that_the_rule_does_not_name_adds_no_line(self, schooling):
        found = propose(COMMON, 3, served(2), degree="college", schooling=schooling)
        assert amounts(found) == [("lowest", 1), ("years", 0)]

    def test_out_of_service_says_no_since(self):
        assert propose(COMMON, 3, Service(None, 0)).lines[1].facts["since"] == ""

    def test_certificate_adds_its_grades(self):
        line = Line("certificate", 2, "pay.certificate_steps")
        assert propose(COMMON, 3, served(3), certificate=line).grade == 4

    def test_certificate_without_a_number_leaves_the_grade_incomplete(self):
        found = propose(COMMON, 3, served(3), certificate=Line("certificate", None, "pay.certificate_steps"))
        assert (found.grade, found.complete) == (2, False)


class TestTierChange:
    kept = Kept(grade=9, years=4, certificate=1)

    def test_recompute_forgets_the_grade_brought(self):
        assert propose(COMMON, 1, served(12), kept=self.kept).grade == 11

    def test_keep_goes_on_from_the_grade_brought(self):
        found = propose(replace(COMMON, on_tier_change="keep"), 1, served(12), kept=self.kept)
        assert amounts(found) == [("kept", 9), ("years", 1), ("certificate", 1)]
        assert found.grade == 11

    def test_keep_rises_to_the_lowest_of_the_new_tier(self):
        found = propose(replace(COMMON, on_tier_change="keep"), 1, served(6), kept=Kept(3, 0))
        assert amounts(found) == [("kept", 3), ("years", 0), ("raised", 4)]
        assert found.grade == 7

    def test_leaving_a_tier_comes_down_to_the_highest_of_the_next(self):
        found = propose(replace(COMMON, on_tier_change="keep"), 3, served(30), kept=Kept(16, 0))
        assert amounts(found) == [("kept", 16), ("years", 0), ("capped", -4)]
        assert found.grade == 12

    def test_keep_without_another_tier_is_the_formula(self):
        assert propose(replace(COMMON, on_tier_change="keep"), 3, served(7)).grade == 3


class TestCertificateLine:
    rule = CertificateSteps({"assistant": 1, "social_worker": 2, "senior": None})

    def test_no_rule_or_no_certificate_gives_no_line(self):
        assert certificate_line(None, ["senior"]) is None
        assert certificate_line(self.rule, []) is None
        assert certificate_line(self.rule, ["local"]) is None

    def test_highest_counts_alone(self):
        line = certificate_line(self.rule, ["social_worker", "local", "assistant"])
        assert (line.amount, line.facts) == (2, {"level": "social_worker"})

    def test_level_without_a_number_says_so(self):
        assert certificate_line(self.rule, ["senior", "assistant"]).amount is None

    def test_certificate_without_appointment_adds_nothing_and_says_why(self):
        line = certificate_line(replace(self.rule, needs_appointment=True), ["assistant"])
        assert (line.amount, line.facts) == (0, {"level": "assistant", "appointment_missing": True})

    def test_appointment_decides_the_level(self):
        rule = replace(self.rule, needs_appointment=True)
        line = certificate_line(rule, ["social_worker", "assistant"], ["assistant"])
        assert (line.amount, line.facts) == (1, {"level": "assistant", "appointed": True})

    def test_appointment_at_a_level_without_the_certificate_does_not_count(self):
        line = certificate_line(replace(self.rule, needs_appointment=True), ["assistant"], ["social_worker"])
        assert line.amount == 0


class TestContinuousService:
    def test_next_day_is_no_break(self):
        periods = [(date(2020, 9, 1), None), (date(2015, 3, 1), date(2020, 9, 1))]
        assert continuous_since(periods, date(2026, 1, 1)) == date(2015, 3, 1)

    def test_one_day_out_is_a_break(self):
        periods = [(date(2015, 3, 1), date(2020, 8, 31)), (date(2020, 9, 1), None)]
        assert continuous_since(periods, date(2026, 1, 1)) == date(2020, 9, 1)
        assert continuous_since(periods, date(2020, 8, 30)) == date(2015, 3, 1)

    def test_nobody_in_service(self):
        assert continuous_since([], date(2026, 1, 1)) is None
        assert continuous_since([(date(2015, 3, 1), date(2020, 9, 1))], date(2020, 9, 1)) is None
        assert continuous_since([(date(2027, 1, 1), None)], date(2026, 1, 1)) is None

    def test_period_inside_another_changes_nothing(self):
        periods = [(date(2015, 1, 1), None), (date(2016, 1, 1), date(2017, 1, 1))]
        assert continuous_since(periods, date(2026, 1, 1)) == date(2015, 1, 1)

    def test_service_of_nobody(self):
        assert service([], date(2026, 1, 1), [2025]) == Service(None, 0)

    @given(
        st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6),
        st.integers(0, 80),
    )
    def test_against_a_set_of_days(self, spells, on):
        day = date(2024, 1, 1)
        periods = [(day + timedelta(start), day + timedelta(start + length)) for start, length in spells]
        days = {start + n for start, length in spells for n in range(length)}
        expected = on
        while expected in days:
            expected -= 1
        assert continuous_since(periods, day + timedelta(on)) == (day + timedelta(expected + 1) if on in days else None)


class TestFullYears:
    @pytest.mark.parametrize(
        ("since", "on", "left_out", "expected"),
        [
            (date(2019, 7, 1), date(2026, 6, 30), [], (6, ())),
            (date(2019, 7, 1), date(2026, 7, 1), [], (7, ())),
            (date(2019, 7, 1), date(2022, 6, 30), [2021], (1, (2021,))),
            (date(2019, 7, 1), date(2022, 7, 1), [2021], (2, (2021,))),
            (date(2019, 7, 1), date(2020, 7, 1), [2019], (0, (2019,))),
            (date(2019, 7, 1), date(2021, 1, 1), [2019], (1, (2019,))),
            (date(2019, 7, 1), date(2021, 12, 31), [2021], (1, (2021,))),
            (date(2019, 7, 1), date(2021, 12, 31), [2018, 2022], (2, ())),
            (date(2020, 2, 29), date(2023, 2, 28), [], (3, ())),
            (date(2020, 2, 29), date(2024, 2, 28), [], (3, ())),
            (date(2020, 2, 29), date(2024, 2, 29), [], (4, ())),
            (date(2025, 3, 1), date(2026, 5, 1), [2025, 2026], (0, (2025, 2026))),
            (date(2026, 3, 1), date(2026, 3, 1), [], (0, ())),
        ],
    )
    def test_examples(self, since, on, left_out, expected):
        assert full_years(since, on, left_out) == expected

    @given(
        st.dates(date(2000, 1, 1), date(2030, 12, 31)),
        st.integers(0, 9000),
        st.sets(st.integers(1999, 2056), max_size=8),
    )
    def test_against_a_walk_through_the_days(self, since, length, left_out):
        """Oracle: a person's own anniversaries are ticked off day by day while the clock is not stopped."""
        on = since + timedelta(length)
        begun = next(
            (since + timedelta(n) for n in range(length + 1) if (since + timedelta(n)).year not in left_out), None
        )
        years, birthday, day = 0, begun, begun
        while day is not None and day < on:
            if day.year not in left_out:
                following = day + timedelta(1)
                end_of_february = birthday.month == 2 and birthday.day == 29 and following.month == 3
                short = end_of_february and following.day == 1 and day.day == 28
                if (following.month, following.day) == (birthday.month, birthday.day) or short:
                    years += 1
            day += timedelta(1)
        assume(not (begun and begun.month == 2 and begun.day == 29))
        assert full_years(since, on, left_out)[0] == years

    @given(
        st.dates(date(2000, 1, 1), date(2030, 12, 31)),
        st.integers(0, 9000),
        st.sets(st.integers(1999, 2056), max_size=8),
    )
    def test_full_on_is_the_first_such_day(self, since, length, left_out):
        found = service([(since, None)], since + timedelta(length), left_out)
        for years in range(found.years + 2):
            day = full_on(found, years)
            assert full_years(since, day, found.left_out)[0] >= years
            if years:
                assert full_years(since, day - timedelta(1), found.left_out)[0] < years

    def test_full_on_out_of_service(self):
        assert full_on(Service(None, 0), 3) is None


@pytest.mark.parametrize(
    ("education", "degree", "found"),
    [
        ("研究生", "博士", "doctor"),
        ("硕士研究生", "", "master"),
        ("本科", "硕士", "master"),
        ("大学本科", "学士", "bachelor"),
        ("大学", "", "bachelor"),
        ("大学专科", "", "college"),
        ("大专", "", "college"),
        ("高职", "", "college"),
        ("高中", "", ""),
        ("", "", ""),
    ],
)
def test_degree_of_a_roster(education, degree, found):
    assert degree_of(education, degree) == found


def test_credited_years():
    assert credited_years(None, "master") == 0
    assert credited_years(GRADES, "master") == 0
    assert credited_years(YEARS, "master") == 3
    assert credited_years(YEARS, "college") == 0


def test_holds_is_inclusive():
    assert [grade for grade in range(19) if COMMON.holds(2, grade)] == list(range(4, 16))


ladders = st.builds(
    lambda lows, spans, step, mode: Ladder(
        {tier: (low, low + span) for tier, low, span in zip((1, 2, 3), lows, spans, strict=True)}, step, mode
    ),
    st.lists(st.integers(1, 24), min_size=3, max_size=3),
    st.lists(st.integers(0, 20), min_size=3, max_size=3),
    st.integers(1, 6),
    st.sampled_from(["recompute", "keep"]),
)


@given(
    ladders,
    st.integers(1, 3),
    st.integers(0, 60),
    st.sampled_from(["", "bachelor", "master", "doctor"]),
    st.sampled_from([None, GRADES, YEARS]),
    st.sampled_from([None, 0, 1, 3]),
    st.none() | st.builds(Kept, st.integers(1, 30), st.integers(0, 20), st.integers(0, 3)),
)
def test_against_the_formula_in_one_line(ladder, tier, years, degree, schooling, certificate, kept):
    """Oracle: climb grade by grade instead of adding up; and the lines always add up to the grade."""
    line = None if certificate is None else Line("certificate", certificate, "pay.certificate_steps")
    found = propose(ladder, tier, served(years), degree=degree, schooling=schooling, certificate=line, kept=kept)
    low, high = ladder.ranges[tier]
    if kept and ladder.on_tier_change == "keep":
        climbs = [kept.grade, *[1] * len(range(ladder.years_per_step, kept.years + 1, ladder.years_per_step))]
        climbs.append(kept.certificate)
    else:
        extra = {"bachelor": 1, "master": 3, "doctor": 5}.get(degree, 0) if schooling is YEARS else 0
        climbs = [low, *[1] * len(range(ladder.years_per_step, years + extra + 1, ladder.years_per_step))]
        climbs.append({"bachelor": 1, "master": 2, "doctor": 3}.get(degree, 0) if schooling is GRADES else 0)
        climbs.append(certificate or 0)
    assert found.grade == sorted((low, sum(climbs), high))[1]
    assert sum(one.amount for one in found.lines) == found.grade
    assert isinstance(found, Derivation) and found.complete
