"""Domain §1.F: persons and person-times, mean per class, rotation; and a property test against lists counted by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.coverage import Rotation, mean_per_class, missing_from, reference_day, rotation, trained

PEOPLE = st.integers(0, 12)


def test_chaoyang_2021_mean_per_class():
    assert mean_per_class(8_119, 201) == Decimal("40.39")


@pytest.mark.parametrize(("times", "classes", "mean"), [(1, 8, "0.13"), (5, 2, "2.50"), (0, 3, "0.00")])
def test_mean_per_class_rounds_half_up(times, classes, mean):
    assert mean_per_class(times, classes) == Decimal(mean)


def test_mean_without_a_class_is_no_data():
    assert mean_per_class(0, 0) is None


def test_one_person_in_three_classes_is_three_person_times():
    assert trained([("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 1)]) == (2, 4)
    assert trained([]) == (0, 0)


@given(st.lists(st.tuples(PEOPLE, st.integers(0, 4))))
def test_trained_agrees_with_a_register(attendances):
    register = {}
    for person, course in attendances:
        register.setdefault(person, {})[course] = True
    assert trained(attendances) == (len(register), sum(map(len, register.values())))


@pytest.mark.parametrize(
    ("year", "on", "day"),
    [
        (2025, date(2026, 11, 22), date(2025, 12, 31)),
        (2026, date(2026, 11, 22), date(2026, 11, 22)),
        (2026, date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_reference_day_is_the_last_of_the_year_or_today(year, on, day):
    assert reference_day(year, on) == day


def test_leavers_do_not_hide_who_is_missing():
    assert rotation(["left", "a", "a", "b"], ["a", "b", "c"]) == Rotation(in_post=3, reached=2)
    assert missing_from(["left", "a", "a", "b"], ["a", "b", "c"]) == {"c"}


def test_nobody_in_post_breaks_no_rule():
    empty = rotation(["left"], [])
    assert (empty.share, empty.meets(100), empty.needed(100), empty.missing) == (None, True, 0, 0)


def test_almost_all_is_not_all():
    almost = Rotation(in_post=30_000, reached=29_999)
    assert (almost.share, almost.meets(100), almost.needed(100)) == (Decimal("99.99"), False, 1)


@given(st.lists(PEOPLE), st.sets(PEOPLE), st.integers(0, 100))
def test_rotation_agrees_with_fractions(trainees, in_post, percent):
    found = rotation(trainees, in_post)
    seen = [person for person in in_post if person in trainees]
    assert (found.in_post, found.reached, found.missing) == (len(in_post), len(seen), len(in_post) - len(seen))
    assert missing_from(trainees, in_post) == {person for person in in_post if person not in trainees}
    share = Fraction(len(seen), len(in_post)) if in_post else None
    assert found.share == (None if share is None else Decimal(floor(share * 10_000)) / 100)
    assert found.meets(percent) is (share is None or share >= Fraction(percent, 100))
    needed = next(n for n in range(len(in_post) + 1) if Rotation(len(in_post), len(seen) + n).meets(percent))
    assert found.needed(percent) == needed
