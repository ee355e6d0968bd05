"""Reports that a task owes: 12/4/2/1 of a year, December with all four, late and missing apart."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.reports.cadence import Cadence, Period
from proposals import ledger
from proposals.ledger import Counts, Standing

YEAR = 2026
FIRST = date(YEAR, 1, 1)
DUE = date(YEAR, 4, 8)
MARCH = Period(Cadence.MONTH, YEAR, 3)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def test_a_whole_year_owes_twelve_four_two_and_one():
    found = ledger.expected(YEAR, FIRST)
    assert Counter(period.cadence for period in found) == {"month": 12, "quarter": 4, "half_year": 2, "year": 1}


def test_december_carries_all_four_and_june_three():
    found = ledger.expected(YEAR, FIRST)
    assert [one.key for one in found if one.ends_on == date(YEAR, 12, 31)] == ["2026-12", "2026-Q4", "2026-H2", "2026"]
    assert [one.key for one in found if one.ends_on == date(YEAR, 6, 30)] == ["2026-06", "2026-Q2", "2026-H1"]


def test_a_task_of_august_owes_what_ends_from_then_on():
    keys = [one.key for one in ledger.expected(YEAR, date(YEAR, 8, 31))]
    assert keys == ["2026-08", "2026-09", "2026-Q3", "2026-10", "2026-11", "2026-12", "2026-Q4", "2026-H2", "2026"]


@pytest.mark.parametrize(
    ("posted", "ended", "keys"),
    [
        (FIRST, date(YEAR, 1, 31), []),
        (FIRST, date(YEAR, 2, 1), ["2026-01"]),
        (date(YEAR, 3, 31), date(YEAR, 4, 1), ["2026-03", "2026-Q1"]),
        (date(YEAR, 4, 1), date(YEAR, 4, 1), []),
        (date(YEAR + 1, 1, 1), None, []),
        (date(YEAR - 1, 12, 1), date(YEAR, 1, 15), []),
    ],
)
def test_a_task_struck_off_owes_what_was_over_by_the_day_before(posted, ended, keys):
    assert [one.key for one in ledger.expected(YEAR, posted, ended)] == keys


@given(posted=DAYS, ended=st.none() | DAYS)
def test_expected_agrees_with_a_walk_through_the_days(posted, ended):
    """Counted without periods: on the last day of a month, a quarter, a half-year, a year something falls due."""
    wanted, day = [], FIRST
    while day.year == YEAR:
        if day >= posted and (ended is None or day < ended) and (day + timedelta(days=1)).day == 1:
            wanted.append(f"{YEAR}-{day.month:02d}")
            wanted += [f"{YEAR}-Q{day.month // 3}"] if day.month in (3, 6, 9, 12) else []
            wanted += [f"{YEAR}-H{day.month // 6}"] if day.month in (6, 12) else []
            wanted += [str(YEAR)] if day.month == 12 else []
        day += timedelta(days=1)
    assert [one.key for one in ledger.expected(YEAR, posted, ended)] == wanted


@pytest.mark.parametrize(
    ("reported_on", "on", "state"),
    [
        (None, date(YEAR, 3, 31), Standing.AHEAD),
        (None, date(YEAR, 4, 1), Standing.WAITING),
        (None, DUE, Standing.WAITING),
        (None, date(YEAR, 4, 9), Standing.MISSING),
        (date(YEAR, 3, 30), date(YEAR, 3, 30), Standing.IN_TIME),
        (DUE, date(YEAR, 5, 1), Standing.IN_TIME),
        (date(YEAR, 4, 9), date(YEAR, 5, 1), Standing.LATE),
        (date(YEAR, 5, 2), date(YEAR, 5, 1), Standing.MISSING),
    ],
)
def test_late_and_missing_are_different_and_the_due_day_is_in_time(reported_on, on, state):
    assert ledger.standing(MARCH, DUE, reported_on, on) is state


@given(reported=st.none() | DAYS, on=DAYS, due=st.dates(date(YEAR, 4, 1), date(YEAR, 6, 30)))
def test_nothing_is_late_and_missing_at_once_and_missing_ends_when_it_comes_in(reported, on, due):
    before, after = ledger.standing(MARCH, due, None, on), ledger.standing(MARCH, due, reported, on)
    came = reported is not None and reported <= on
    assert (after in (Standing.IN_TIME, Standing.LATE)) == came
    assert came or after == before
    assert (after == Standing.LATE) == (came and reported > due)
    assert (after == Standing.MISSING) == (not came and on > due)


def test_a_report_keeps_the_due_day_under_which_it_came_in():
    came = {"2026-03": (date(YEAR, 4, 8), DUE)}
    (one,) = ledger.owed([MARCH], {"2026-03": date(YEAR, 4, 2)}, came, date(YEAR, 5, 1))
    assert (one.standing, one.due_on, one.days_late) == (Standing.IN_TIME, DUE, 0)
    (one,) = ledger.owed([MARCH], {"2026-03": DUE}, {"2026-03": (date(YEAR, 4, 11), DUE)}, date(YEAR, 5, 1))
    assert (one.standing, one.days_late) == (Standing.LATE, 3)


@given(posted=DAYS, on=DAYS, taken=st.lists(st.integers(0, 18), unique=True))
def test_counts_add_up(posted, on, taken):
    periods = ledger.expected(YEAR, posted)
    due = {one.key: one.ends_on + timedelta(days=7) for one in periods}
    came = {periods[n].key: (periods[n].ends_on, due[periods[n].key]) for n in taken if n < len(periods)}
    counts = ledger.counts_of(ledger.owed(periods, due, came, on))
    parts = counts.ahead + counts.waiting + counts.missing + counts.in_time + counts.late
    assert (counts.owed, parts, counts.late) == (len(periods), len(periods), 0)
    assert counts.due == counts.reported + counts.missing
    assert counts + Counts() == counts


@pytest.mark.parametrize("key", ["2026-11", "2026-Q3", "2026-H1", "2026"])
def test_a_key_names_its_period(key):
    assert ledger.period_of_key(key).key == key


@pytest.mark.parametrize("key", ["2026-W03", "2026-13", "2026-Q5", "", "x" * 300])
def test_other_keys_name_nothing(key):
    with pytest.raises(ValueError, match="names no period"):
        ledger.period_of_key(key)
