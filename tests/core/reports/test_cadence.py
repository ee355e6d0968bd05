"""Periods, what ends when, and by when a report is due (domain §1.K, §2.10)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib.workdays import Special, is_workday
from portal.core.reports.cadence import (
    Cadence,
    Period,
    Standing,
    due_day,
    ended_between,
    ending_on,
    just_ended,
    period_named,
    period_of,
    standing,
    weeks_of,
)

DAY = timedelta(days=1)
cadences = st.sampled_from(list(Cadence))
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
MONTH, QUARTER, HALF, YEAR = Cadence.MONTH, Cadence.QUARTER, Cadence.HALF_YEAR, Cadence.YEAR
HOLIDAYS = {
    date(2023, 4, 5): Special(False, "清明节"),
    **{date(2023, 10, 1) + n * DAY: Special(False, "国庆节") for n in range(6)},
    date(2023, 9, 29): Special(False, "中秋节"),
    date(2023, 10, 7): Special(True, "国庆节"),
    date(2023, 10, 8): Special(True, "国庆节"),
}


@pytest.mark.parametrize(
    ("cadence", "day", "key", "first", "last"),
    [
        (Cadence.WEEK, date(2026, 11, 22), "2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        (Cadence.WEEK, date(2027, 1, 3), "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        (Cadence.WEEK, date(2024, 12, 30), "2025-W01", date(2024, 12, 30), date(2025, 1, 5)),
        (MONTH, date(2024, 2, 29), "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (QUARTER, date(2026, 9, 30), "2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        (HALF, date(2026, 7, 1), "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        (YEAR, date(2026, 1, 1), "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_day_lies_in_its_period(cadence, day, key, first, last):
    period = period_of(cadence, day)
    assert (period.key, period.starts_on, period.ends_on) == (key, first, last)
    assert period_named(cadence, key) == period


def test_december_carries_all_four():
    assert ending_on(date(2026, 12, 31)) == (MONTH, QUARTER, HALF, YEAR)
    assert ending_on(date(2028, 12, 31)) == (Cadence.WEEK, MONTH, QUARTER, HALF, YEAR)
    assert ending_on(date(2026, 6, 30)) == (MONTH, QUARTER, HALF)
    assert ending_on(date(2026, 9, 30)) == (MONTH, QUARTER)
    assert ending_on(date(2026, 10, 31)) == (MONTH,)
    assert ending_on(date(2026, 12, 30)) == ()


def test_year_has_twelve_four_two_and_one():
    counts = {c: len(ended_between(c, date(2026, 1, 1), date(2026, 12, 31))) for c in (MONTH, QUARTER, HALF, YEAR)}
    assert counts == {MONTH: 12, QUARTER: 4, HALF: 2, YEAR: 1}


@pytest.mark.parametrize(("year", "weeks"), [(2020, 53), (2021, 52), (2025, 52), (2026, 53), (2027, 52)])
def test_weeks_of_a_year(year, weeks):
    assert weeks_of(year) == weeks


@pytest.mark.parametrize(
    ("cadence", "on", "key"),
    [
        (Cadence.WEEK, date(2026, 11, 23), "2026-W47"),
        (Cadence.WEEK, date(2026, 11, 22), "2026-W46"),
        (MONTH, date(2026, 12, 1), "2026-11"),
        (MONTH, date(2026, 11, 30), "2026-10"),
        (QUARTER, date(2027, 1, 1), "2026-Q4"),
        (HALF, date(2026, 11, 23), "2026-H1"),
        (YEAR, date(2027, 1, 1), "2026"),
    ],
)
def test_period_that_has_just_ended(cadence, on, key):
    assert just_ended(cadence, on).key == key


def test_same_period_of_the_year_before():
    assert period_named(QUARTER, "2026-Q3").year_before == Period(QUARTER, 2025, 3)
    assert period_named(MONTH, "2024-02").year_before.ends_on == date(2023, 2, 28)
    assert period_named(Cadence.WEEK, "2026-W52").year_before.key == "2025-W52"
    assert period_named(Cadence.WEEK, "2026-W53").year_before is None


@pytest.mark.parametrize(
    ("cadence", "text"),
    [
        (MONTH, "2026"), (MONTH, "2026-13"), (MONTH, "2026-00"), (MONTH, "2026-1"), (MONTH, "2026-Q1"), (MONTH, "２０２６-01"),
        (QUARTER, "2026-Q5"), (QUARTER, "2026-Q0"), (HALF, "2026-H3"), (HALF, "2026-H02"), (YEAR, "2026-1"), (YEAR, ""),
        (YEAR, "0001"), (YEAR, "9999"), (Cadence.WEEK, "2025-W53"), (Cadence.WEEK, "2025-W1"), (Cadence.WEEK, "x" * 999),
        (YEAR, "0000"),
    ],
)  # fmt: skip
def test_text_that_names_no_period_is_refused(cadence, text):
    with pytest.raises(ValueError, match="names no"):
        period_named(cadence, text)


def test_due_day_counts_working_days_after_the_last_day():
    assert due_day(period_named(QUARTER, "2023-Q3"), 1, HOLIDAYS) == date(2023, 10, 7)
    assert due_day(period_named(QUARTER, "2023-Q3"), 2, HOLIDAYS) == date(2023, 10, 8)
    assert due_day(period_named(QUARTER, "2023-Q3"), 3, HOLIDAYS) == date(2023, 10, 9)
    assert due_day(period_named(MONTH, "2023-03"), 3, HOLIDAYS) == date(2023, 4, 6)
    assert due_day(period_named(YEAR, "2026"), 0, {}) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("made", "published", "on", "expected"),
    [
        (False, None, date(2026, 11, 6), Standing.EXPECTED),
        (False, None, date(2026, 11, 7), Standing.MISSING),
        (True, None, date(2026, 11, 6), Standing.UNDER_WAY),
        (True, None, date(2026, 11, 7), Standing.LATE),
        (True, date(2026, 11, 6), date(2027, 1, 1), Standing.ON_TIME),
        (True, date(2026, 11, 7), date(2027, 1, 1), Standing.PUBLISHED_LATE),
    ],
)
def test_late_and_missing_are_different(made, published, on, expected):
    assert standing(made=made, published_on=published, due_on=date(2026, 11, 6), on=on) == expected


@given(cadences, days)
def test_periods_cover_the_calendar_without_gap_or_overlap(cadence, day):
    period = period_of(cadence, day)
    assert period.starts_on <= day <= period.ends_on
    assert period.after.starts_on == period.ends_on + DAY
    assert period.before.after == period == period.after.before
    assert period_of(cadence, period.starts_on) == period_of(cadence, period.ends_on) == period
    assert period_named(cadence, period.key) == period


@given(cadences, days)
def test_what_has_just_ended_ended_before_and_nothing_ended_since(cadence, day):
    period = just_ended(cadence, day)
    assert period.ends_on < day <= period.after.ends_on


@given(cadences, days)
def test_year_before_is_the_same_number(cadence, day):
    period = period_of(cadence, day)
    before = period.year_before
    assert before is None or (before.year, before.number) == (period.year - 1, period.number)
    assert before is not None or (cadence == Cadence.WEEK and period.number == 53)


@given(days)
def test_longer_periods_are_made_of_whole_shorter_ones(day):
    for shorter, longer in ((MONTH, QUARTER), (QUARTER, HALF), (HALF, YEAR)):
        inner, outer = period_of(shorter, day), period_of(longer, day)
        assert outer.starts_on <= inner.starts_on <= inner.ends_on <= outer.ends_on
        assert len(ended_between(shorter, outer.starts_on, outer.ends_on)) * shorter.months == longer.months


@given(cadences, days, st.integers(1, 40))
def test_due_day_is_a_working_day_after_the_period(cadence, day, count):
    period = period_of(cadence, day)
    due = due_day(period, count, HOLIDAYS)
    assert due > period.ends_on
    assert is_workday(due, HOLIDAYS)
    assert due_day(period, count + 1, HOLIDAYS) > due


@given(cadences, days, st.integers(0, 1500))
def test_ended_between_is_every_period_that_ends_there(cadence, first, count):
    last = first + count * DAY
    found = ended_between(cadence, first, last)
    assert all(first <= period.ends_on <= last for period in found)
    assert [period.after for period in found[:-1]] == found[1:]
    assert all(cadence in ending_on(period.ends_on) for period in found)
    assert not found or not first <= found[0].before.ends_on <= last
