"""Working days by the examples of the sources, and against an oracle that counts another way."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib.workdays import (
    Special,
    add_workdays,
    explain,
    is_workday,
    known_years,
    provisional,
    roll,
    workdays_between,
)

DATA = Path(__file__).resolve().parents[3] / "portal/core/workdays/data/days.csv"
with DATA.open(encoding="utf-8") as file:
    SHIPPED = {
        date.fromisoformat(row["day"]): Special(row["is_workday"] == "1", row["name"]) for row in csv.DictReader(file)
    }
DAYS = st.dates(date(2004, 1, 1), date(2026, 9, 1))


def test_shipped_calendar_knows_2004_to_2026():
    assert known_years(SHIPPED) == frozenset(range(2004, 2027))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2023, 10, 7), True),  # a Saturday worked to make up
        (date(2023, 4, 5), False),  # a Wednesday, 清明节
        (date(2022, 10, 8), True),
        (date(2026, 2, 14), True),
        (date(2026, 11, 22), False),  # an ordinary Sunday
        (date(2026, 11, 23), True),
    ],
)
def test_day_is_worked_or_not(day, works):
    assert is_workday(day, SHIPPED) is works


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2023, 3, 21), 20, date(2023, 4, 19)),
        (date(2023, 7, 17), 20, date(2023, 8, 14)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # begun on a day off
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2024, 2, 28), 2, date(2024, 3, 1)),  # 29 February counts
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_working_days_are_added_without_the_first(start, count, end):
    assert add_workdays(start, count, SHIPPED) == end


def test_weekdays_alone_would_be_wrong():
    assert add_workdays(date(2023, 3, 21), 20, {}) == date(2023, 4, 18)


def test_negative_periods_are_refused():
    with pytest.raises(ValueError, match="negative"):
        add_workdays(date(2026, 1, 1), -1, SHIPPED)
    with pytest.raises(ValueError, match="2026-01-01 is before 2026-01-02"):
        workdays_between(date(2026, 1, 2), date(2026, 1, 1), SHIPPED)


@pytest.mark.parametrize(
    ("day", "mode", "end"),
    [
        (date(2022, 10, 1), "next_workday", date(2022, 10, 8)),
        (date(2022, 10, 1), "none", date(2022, 10, 1)),
        (date(2024, 2, 29), "next_workday", date(2024, 2, 29)),
        (date(2026, 2, 15), "next_workday", date(2026, 2, 24)),
    ],
)
def test_period_that_ends_on_a_day_off_rolls_on(day, mode, end):
    assert roll(day, SHIPPED, mode) == end


def test_years_without_a_notice_are_provisional():
    assert provisional(date(2026, 12, 1), date(2028, 1, 5), SHIPPED) == [2027, 2028]
    assert provisional(date(2026, 1, 1), date(2026, 12, 31), SHIPPED) == []


def test_period_is_explained_day_by_day():
    lines = explain(date(2023, 10, 5), date(2023, 10, 9), SHIPPED)
    assert [(line.day.day, line.why, line.name, line.number, line.provisional) for line in lines] == [
        (5, "start", "", None, False),
        (6, "holiday", "国庆节", None, False),
        (7, "make_up", "国庆节调休上班", 1, False),
        (8, "make_up", "国庆节调休上班", 2, False),
        (9, "workday", "", 3, False),
    ]
    later = explain(date(2026, 12, 31), date(2027, 1, 2), SHIPPED)
    assert [(line.why, line.number, line.provisional) for line in later] == [
        ("start", None, False), ("workday", 1, True), ("weekend", None, True),
    ]  # fmt: skip


def worked_list() -> list[date]:
    """Every worked day of 2004 to 2027, by another road: all weekdays, less the days off, plus the make-up days."""
    every = {date(2004, 1, 1) + timedelta(days=n) for n in range(24 * 366)}
    off = {day for day, special in SHIPPED.items() if not special.is_workday}
    made_up = {day for day, special in SHIPPED.items() if special.is_workday}
    return sorted(({day for day in every if day.isoweekday() <= 5} - off) | made_up)


WORKED = worked_list()


@given(DAYS, st.integers(0, 60))
def test_adding_agrees_with_the_list_of_all_worked_days(start, count):
    later = [day for day in WORKED if day > start]
    assert add_workdays(start, count, SHIPPED) == (later[count - 1] if count else start)


@given(DAYS, st.integers(0, 120))
def test_counting_agrees_with_the_list_of_all_worked_days(start, span):
    end = start + timedelta(days=span)
    assert workdays_between(start, end, SHIPPED) == len([day for day in WORKED if start < day <= end])


@given(DAYS, st.integers(0, 60))
def test_counting_undoes_adding(start, count):
    assert workdays_between(start, add_workdays(start, count, SHIPPED), SHIPPED) == count


@given(DAYS)
def test_rolling_gives_the_first_worked_day_from_then_on(day):
    assert roll(day, SHIPPED) == next(worked for worked in WORKED if worked >= day)
    assert roll(roll(day, SHIPPED), SHIPPED) == roll(day, SHIPPED)


@given(DAYS, st.integers(0, 40))
def test_explaining_numbers_the_days_that_count(start, span):
    end = start + timedelta(days=span)
    numbers = [line.number for line in explain(start, end, SHIPPED) if line.number is not None]
    assert numbers == list(range(1, workdays_between(start, end, SHIPPED) + 1))
