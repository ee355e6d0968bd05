"""Months of bonus by unit and star, and the graduated measures (domain §1.C5, §1.E4, §2.6)."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.bonus import (
    Post,
    Version,
    due_on,
    months_by_unit,
    shares,
    step_after,
    unit_on,
    versions_by_month,
    years_in_a_row,
)

A, B = "960101001001", "960101001002"
YEAR = set(range(1, 13))


def months(*posts: Post) -> dict[str, set[int]]:
    return {unit: set(found) for unit, found in months_by_unit(posts, 2025).items()}


class TestMonths:
    def test_whole_year_in_one_unit(self):
        assert months(Post(A, 3, date(2020, 1, 1))) == {A: YEAR}

    def test_transfer_splits_the_year_at_the_month_in_which_it_falls(self):
        left = Post(A, 3, date(2020, 1, 1), date(2025, 7, 15))
        assert months(left, Post(B, 3, date(2025, 7, 15))) == {A: set(range(1, 7)), B: set(range(7, 13))}

    def test_transfer_on_the_first_and_on_the_last_day_of_a_month(self):
        first = (Post(A, 3, date(2020, 1, 1), date(2025, 7, 1)), Post(B, 3, date(2025, 7, 1)))
        last = (Post(A, 3, date(2020, 1, 1), date(2025, 7, 31)), Post(B, 3, date(2025, 7, 31)))
        assert months(*first) == months(*last) == {A: set(range(1, 7)), B: set(range(7, 13))}

    def test_month_left_before_its_last_day_is_nobodys(self):
        assert months(Post(A, 3, date(2025, 3, 1), date(2025, 6, 30))) == {A: {3, 4, 5}}
        assert months(Post(A, 3, date(2025, 3, 1), date(2025, 7, 1))) == {A: {3, 4, 5, 6}}

    def test_year_outside_the_post_gives_nothing(self):
        assert months(Post(A, 3, date(2020, 1, 1), date(2025, 1, 31)), Post(B, 3, date(2026, 1, 1))) == {}

    def test_two_posts_at_once_count_at_the_more_senior(self):
        assert months(Post(A, 3, date(2020, 1, 1)), Post(B, 1, date(2025, 5, 1))) == {
            A: {1, 2, 3, 4},
            B: set(range(5, 13)),
        }

    def test_equal_posts_count_at_the_older_then_at_the_first_entered(self):
        assert months(Post(A, 2, date(2024, 1, 1), key=9), Post(B, 2, date(2023, 1, 1), key=10)) == {B: YEAR}
        assert months(Post(B, 2, date(2024, 1, 1), key=2), Post(A, 2, date(2024, 1, 1), key=1)) == {A: YEAR}


@st.composite
def careers(draw) -> list[Post]:
    found = []
    for key in range(draw(st.integers(0, 6))):
        start = date(2023, 12, 1) + timedelta(days=draw(st.integers(0, 900)))
        length = draw(st.none() | st.integers(0, 500))
        unit, tier = draw(st.sampled_from([A, B, "c"])), draw(st.integers(1, 3))
        found.append(Post(unit, tier, start, None if length is None else start + timedelta(days=length), key))
    return found


@given(careers())
def test_months_agree_with_the_days_counted_one_by_one(posts):
    """The oracle walks through every day of the year and keeps what it saw last in each month."""
    seen: dict[int, str | None] = {}
    for number in range(365):
        day = date(2025, 1, 1) + timedelta(days=number)
        held = [post for post in posts if post.start <= day < (post.end or date.max)]
        best = min(held, key=lambda one: (one.tier, one.start, one.key), default=None)
        seen[day.month] = best.unit if best else None
    found = months_by_unit(posts, 2025)
    assert {month: unit for unit, of in found.items() for month in of} == {m: unit for m, unit in seen.items() if unit}
    assert sum(len(of) for of in found.values()) <= 12
    assert all(unit_on(posts, date(2025, m, calendar.monthrange(2025, m)[1])) == unit for m, unit in seen.items())


def version(number: int, grade: int, cause: str, effective: date, year: int = 2025) -> Version:
    return Version(year * 100 + number, year, number, grade, cause, effective)


def stars(*versions: Version) -> list[int]:
    return [one.grade for one in versions_by_month(versions, 2025)]


YEARLY = version(1, 5, "cycle", date(2026, 2, 10))


class TestStars:
    def test_yearly_decision_covers_the_year_however_late_it_is_taken(self):
        assert stars(YEARLY) == [5] * 12

    def test_removal_within_the_year_counts_from_the_month_on_whose_last_day_it_is_in_force(self):
        yearly = version(1, 5, "cycle", date(2025, 1, 5))
        assert stars(yearly, version(2, 0, "removal", date(2025, 8, 1))) == [5] * 7 + [0] * 5
        assert stars(yearly, version(2, 3, "removal", date(2025, 7, 31))) == [5] * 6 + [3] * 6

    def test_removal_that_takes_effect_after_the_year_leaves_it_alone(self):
        assert stars(YEARLY, version(2, 0, "removal", date(2026, 8, 1))) == [5] * 12

    def test_correction_counts_where_what_it_corrects_counts(self):
        assert stars(YEARLY, version(2, 3, "correction", date(2026, 2, 10))) == [3] * 12
        removed = version(2, 0, "removal", date(2025, 8, 1))
        assert stars(YEARLY, removed, version(3, 4, "correction", date(2025, 8, 1))) == [5] * 7 + [4] * 5

    def test_star_removed_while_the_year_ran_keeps_the_unit_down_to_its_end(self):
        removed = version(2, 3, "removal", date(2025, 8, 1), year=2024)
        assert stars(version(1, 5, "cycle", date(2025, 2, 1), year=2024), removed, YEARLY) == [5] * 7 + [3] * 5
        assert stars(removed, version(1, 0, "cycle", date(2026, 2, 10))) == [0] * 12

    def test_removal_that_was_corrected_keeps_nobody_down(self):
        removed = version(2, 0, "removal", date(2025, 8, 1), year=2024)
        assert stars(removed, version(3, 5, "correction", date(2025, 8, 1), year=2024), YEARLY) == [5] * 12

    def test_unit_without_a_decision_has_no_star(self):
        with pytest.raises(ValueError, match="2025"):
            versions_by_month([version(1, 5, "cycle", date(2025, 2, 1), year=2024)], 2025)

    def test_shares_together_cover_twelve_months(self):
        removed = version(2, 0, "removal", date(2025, 8, 1))
        assert shares([YEARLY, removed], 2025) == {YEARLY: frozenset(range(1, 8)), removed: frozenset(range(8, 13))}


@given(st.lists(st.tuples(st.sampled_from([5, 4, 3, 0]), st.integers(0, 800)), max_size=4))
def test_shares_of_any_removals_cover_each_month_once(removals):
    found = [YEARLY]
    for number, (grade, days) in enumerate(removals, 2):
        found.append(version(number, grade, "removal", date(2025, 1, 1) + timedelta(days=days)))
    covered = [month for of in shares(found, 2025).values() for month in of]
    assert sorted(covered) == list(range(1, 13))


class TestMeasures:
    @pytest.mark.parametrize(
        ("years", "step"), [(0, None), (1, "talk"), (2, "admonition"), (3, "removal"), (7, "removal")]
    )
    def test_step_is_the_gravest_reached(self, years, step):
        assert step_after(years, admonition_years=2, removal_years=3) == step

    def test_equal_bounds_give_the_graver(self):
        assert step_after(1, admonition_years=1, removal_years=1) == "removal"
        assert step_after(1, admonition_years=1, removal_years=2) == "admonition"

    def test_step_whose_years_the_source_does_not_give_is_never_reached(self):
        assert step_after(9, admonition_years=None, removal_years=None) == "talk"
        assert step_after(9, admonition_years=2, removal_years=None) == "admonition"
        assert due_on(date(2026, 2, 10), None) is None

    def test_years_count_back_while_there_was_no_star_and_the_same_head(self):
        none = {2025: 0, 2024: 0, 2023: 0, 2022: 3, 2021: 0}
        assert years_in_a_row(none, 2025, [2024, 2023, 2022, 2021]) == 3
        assert years_in_a_row(none, 2025, [2024]) == 2
        assert years_in_a_row(none, 2025, [2023]) == 1
        assert years_in_a_row({2025: 3, 2024: 0}, 2025, [2024]) == 0

    def test_year_that_was_not_rated_ends_the_row(self):
        assert years_in_a_row({2025: 0, 2023: 0}, 2025, [2024, 2023]) == 1

    def test_due_day_is_counted_from_the_decision(self):
        assert due_on(date(2026, 2, 10), 30) == date(2026, 3, 12)
