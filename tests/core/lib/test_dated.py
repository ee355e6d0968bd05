from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib import dated

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
ENDS = st.none() | DAYS


def test_end_of_last_day_is_the_day_after():
    assert dated.end_of(date(2026, 12, 31)) == date(2027, 1, 1)
    assert dated.end_of(date(2024, 2, 28)) == date(2024, 2, 29)


def test_end_of_open_range_stays_open():
    assert dated.end_of(None) is None
    assert dated.last_day(None) is None


def test_end_of_the_last_day_of_the_calendar_is_refused():
    with pytest.raises(ValueError, match="leave the end of the range open"):
        dated.end_of(date.max)


@given(DAYS)
def test_last_day_undoes_end_of(day):
    assert dated.last_day(dated.end_of(day)) == day


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), True),
        (date(2026, 1, 4), True),
        (date(2026, 1, 5), False),
    ],
)
def test_in_force_includes_the_first_and_excludes_the_end(on, expected):
    assert dated.in_force(date(2026, 1, 2), date(2026, 1, 5), on) is expected


def test_in_force_open_end_holds_for_ever():
    assert dated.in_force(date(2026, 1, 2), None, date.max) is True


@given(DAYS, ENDS, DAYS, ENDS)
def test_overlaps_agrees_with_a_day_in_both(from_a, to_a, from_b, to_b):
    start = max(from_a, from_b)
    in_both = dated.in_force(from_a, to_a, start) and dated.in_force(from_b, to_b, start)
    assert dated.overlaps(from_a, to_a, from_b, to_b) is in_both


def test_overlaps_touching_ranges_do_not():
    assert dated.overlaps(date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1), None) is False


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2022, 7, 1), 3, date(2022, 10, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
    ],
)
def test_add_months_ends_on_the_corresponding_day_or_month_end(start, months, end):
    assert dated.add_months(start, months) == end


@given(DAYS, st.integers(-1200, 1200))
def test_add_months_agrees_with_dateutil(start, months):
    assert dated.add_months(start, months) == start + relativedelta(months=months)


def test_add_months_outside_the_calendar_is_refused():
    with pytest.raises(OverflowError, match="outside the calendar"):
        dated.add_months(date(9999, 12, 1), 1)
    with pytest.raises(OverflowError, match="outside the calendar"):
        dated.add_months(date(1, 1, 1), -1)


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (date(1990, 11, 22), date(2026, 11, 21), 35),
        (date(1990, 11, 22), date(2026, 11, 22), 36),
        (date(2000, 2, 29), date(2026, 2, 27), 25),
        (date(2000, 2, 29), date(2026, 2, 28), 26),
        (date(2000, 2, 29), date(2028, 2, 28), 27),
        (date(2000, 2, 29), date(2028, 2, 29), 28),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
    ],
)
def test_age_on_counts_full_years(birth, on, age):
    assert dated.age_on(birth, on) == age


@given(DAYS, st.integers(0, 60_000))
def test_age_on_agrees_with_dateutil(birth, days):
    on = birth + timedelta(days=days)
    age = dated.age_on(birth, on)
    assert birth + relativedelta(years=age) <= on < birth + relativedelta(years=age + 1)


def test_age_on_before_birth_is_refused():
    with pytest.raises(ValueError, match="before the birth"):
        dated.age_on(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (date(2020, 11, 1), date(2021, 11, 1), False),
        (date(2021, 11, 2), date(2020, 11, 1), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_more_than_a_year_apart_counts_calendar_years(one, other, expected):
    assert dated.more_than_a_year_apart(one, other) is expected
