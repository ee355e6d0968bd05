"""Last days by the examples of the sources, at their edges, and against counts made another way."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib.workdays import Special
from proposals.deadlines import Period, explain, last_day, light, soon_until, suspended_days

DATA = Path(__file__).resolve().parents[2] / "portal/core/workdays/data/days.csv"
with DATA.open(encoding="utf-8") as file:
    SHIPPED = {
        date.fromisoformat(row["day"]): Special(row["is_workday"] == "1", row["name"]) for row in csv.DictReader(file)
    }
DAYS = st.dates(date(2004, 1, 1), date(2025, 6, 1))
PERIODS = st.one_of(
    st.builds(Period, months=st.integers(0, 12)),
    st.builds(Period, days=st.integers(0, 200)),
    st.builds(Period, working_days=st.integers(0, 120)),
    st.builds(Period, fixed=st.dates(date(2025, 6, 1), date(2026, 9, 1))),
)
ROLLING = st.sampled_from(["none", "next_workday"])


def works(day: date) -> bool:
    """Whether people worked, read from the shipped file again and not through the module under test."""
    return SHIPPED[day].is_workday if day in SHIPPED else day.strftime("%a") not in ("Sat", "Sun")


@pytest.mark.parametrize(
    ("starts_on", "period", "unrolled", "due"),
    [
        (date(2023, 8, 31), Period(months=6), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2022, 7, 1), Period(months=3), date(2022, 10, 1), date(2022, 10, 8)),
        (date(2023, 3, 21), Period(working_days=20), date(2023, 4, 19), date(2023, 4, 19)),
        (date(2023, 7, 17), Period(working_days=20), date(2023, 8, 14), date(2023, 8, 14)),
        (date(2023, 4, 4), Period(working_days=1), date(2023, 4, 6), date(2023, 4, 6)),  # 5 April is 清明节
        (date(2022, 2, 1), Period(fixed=date(2022, 4, 19)), date(2022, 4, 19), date(2022, 4, 19)),
        (date(2022, 2, 1), Period(fixed=date(2022, 6, 30)), date(2022, 6, 30), date(2022, 6, 30)),
        (date(2026, 2, 1), Period(fixed=date(2026, 5, 10)), date(2026, 5, 10), date(2026, 5, 11)),  # a Sunday
        (date(2023, 9, 30), Period(days=7), date(2023, 10, 7), date(2023, 10, 7)),  # a Saturday worked to make up
        (date(2023, 9, 26), Period(days=7), date(2023, 10, 3), date(2023, 10, 7)),
        (date(2024, 1, 31), Period(months=1), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2026, 11, 22), Period(months=0), date(2026, 11, 22), date(2026, 11, 23)),
        (date(2026, 11, 22), Period(working_days=0), date(2026, 11, 22), date(2026, 11, 23)),
    ],
)
def test_period_ends_as_the_sources_say(starts_on, period, unrolled, due):
    end = last_day(starts_on, period, SHIPPED)
    assert (end.unrolled_on, end.due_on, end.provisional) == (unrolled, due, False)


def test_publication_on_7_october_2023_came_late_under_twenty_working_days():
    assert last_day(date(2023, 7, 17), Period(working_days=20), SHIPPED).due_on < date(2023, 10, 7)


def test_last_day_stays_where_the_place_does_not_roll():
    end = last_day(date(2022, 7, 1), Period(months=3), SHIPPED, rolling="none")
    assert (end.unrolled_on, end.due_on) == (date(2022, 10, 1), date(2022, 10, 1))


def test_suspension_is_added_before_the_last_day_rolls():
    end = last_day(date(2026, 2, 10), Period(months=3), SHIPPED, added_days=6)
    assert (end.plain_on, end.unrolled_on, end.due_on) == (date(2026, 5, 10), date(2026, 5, 16), date(2026, 5, 18))


@pytest.mark.parametrize(
    ("starts_on", "period", "rolling", "guessed"),
    [
        (date(2026, 9, 1), Period(working_days=100), "next_workday", (2027,)),
        (date(2026, 11, 10), Period(months=3), "next_workday", (2027,)),
        (date(2026, 11, 10), Period(months=3), "none", ()),  # months without rolling ask no calendar
        (date(2026, 9, 30), Period(months=3), "next_workday", ()),  # ends on 30 December 2026
        (date(2027, 1, 4), Period(working_days=300), "next_workday", (2027, 2028)),
        (date(2026, 1, 4), Period(fixed=date(2027, 6, 30)), "next_workday", (2027,)),
        (date(2025, 12, 31), Period(months=1), "next_workday", ()),
    ],
)
def test_years_without_a_notice_are_named_only_where_the_last_day_hangs_on_them(starts_on, period, rolling, guessed):
    assert last_day(starts_on, period, SHIPPED, rolling=rolling).guessed == guessed


@pytest.mark.parametrize(
    "given_ways", [{}, {"months": 1, "days": 1}, {"months": -1}, {"working_days": 3, "fixed": date(2026, 1, 1)}]
)
def test_period_is_counted_in_exactly_one_way_and_never_backwards(given_ways):
    with pytest.raises(ValueError, match="period"):
        Period(**given_ways)


def test_suspension_never_shortens():
    with pytest.raises(ValueError, match="shorten"):
        last_day(date(2026, 1, 1), Period(months=1), SHIPPED, added_days=-1)


@pytest.mark.parametrize(
    ("stopped", "resumed", "days"),
    [
        (date(2026, 3, 1), date(2026, 3, 11), 10),
        (date(2026, 3, 1), date(2026, 3, 1), 0),
        (date(2026, 2, 1), date(2026, 2, 20), 10),  # began before the period did
        (date(2026, 1, 1), date(2026, 2, 1), 0),  # over before the period began
        (date(2026, 5, 10), date(2026, 5, 20), 10),  # on the last day itself
        (date(2026, 5, 11), date(2026, 5, 20), 0),  # the period had run out
    ],
)
def test_standing_clock_gives_the_days_it_stood(stopped, resumed, days):
    assert suspended_days(date(2026, 2, 10), date(2026, 5, 10), stopped, resumed) == days


def test_explanation_names_every_day_of_a_rolled_period():
    days = explain(date(2022, 9, 1), Period(months=1), SHIPPED)
    assert [day.day for day in days] == [date(2022, 9, 1) + timedelta(days=n) for n in range(38)]
    assert (days[0].part, days[0].number) == ("start", None)
    assert (days[30].day, days[30].part, days[30].number) == (date(2022, 10, 1), "counted", 30)
    assert {(day.part, day.why) for day in days[31:37]} == {("rolled", "holiday")}
    assert (days[37].day, days[37].part, days[37].why, days[37].last) == (date(2022, 10, 8), "rolled", "make_up", True)


def test_explanation_passes_over_days_off_in_working_days():
    days = explain(date(2023, 4, 3), Period(working_days=3), SHIPPED)
    assert [(day.day.day, day.part, day.why, day.number) for day in days] == [
        (3, "start", "workday", None), (4, "counted", "workday", 1), (5, "passed_over", "holiday", None),
        (6, "counted", "workday", 2), (7, "counted", "workday", 3),
    ]  # fmt: skip


def test_explanation_of_a_fixed_day_begins_there_and_shows_suspension_and_rolling():
    days = explain(date(2026, 2, 1), Period(fixed=date(2026, 5, 8)), SHIPPED, added_days=2)
    assert [(day.day.day, day.part, day.why, day.number) for day in days] == [
        (8, "counted", "workday", None), (9, "suspended", "make_up", 1), (10, "suspended", "weekend", 2),
        (11, "rolled", "workday", None),
    ]  # fmt: skip


def test_explanation_marks_days_of_a_year_without_a_notice():
    days = explain(date(2026, 12, 30), Period(working_days=3), SHIPPED)
    assert [day.provisional for day in days] == [day.day.year == 2027 for day in days]
    assert days[-1].day == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("due", "suspended", "colour"),
    [
        (date(2026, 11, 22), False, "red"),
        (date(2026, 11, 23), False, "amber"),
        (date(2026, 11, 30), False, "amber"),
        (date(2026, 12, 1), False, "green"),
        (None, False, "none"),
        (date(2026, 11, 1), True, "paused"),
    ],
)
def test_light_is_red_after_the_last_day_and_amber_within_five_working_days(due, suspended, colour):
    today = date(2026, 11, 23)
    assert light(due, today, soon_until(today, SHIPPED), suspended=suspended) == colour


# Against an independent count -----------------------------------------------------------------------------------------


@given(DAYS, st.integers(0, 120))
def test_working_days_agree_with_picking_from_the_list_of_worked_days(starts_on, count):
    worked = [day for n in range(1, 400) if works(day := starts_on + timedelta(days=n))]
    end = last_day(starts_on, Period(working_days=count), SHIPPED)
    assert end.plain_on == (worked[count - 1] if count else starts_on)


@given(DAYS, st.integers(0, 14))
def test_months_agree_with_stepping_month_by_month(starts_on, months):
    first = starts_on.replace(day=1)
    for _step in range(months):
        first = (first + timedelta(days=31)).replace(day=1)
    month = [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == first.month]
    expected = month[min(starts_on.day, len(month)) - 1]
    assert last_day(starts_on, Period(months=months), SHIPPED).plain_on == expected


@given(DAYS, PERIODS, st.integers(0, 60), ROLLING)
def test_rolled_day_is_the_first_worked_one_from_the_unrolled_day_on(starts_on, period, added, rolling):
    end = last_day(starts_on, period, SHIPPED, added_days=added, rolling=rolling)
    assert (end.unrolled_on - end.plain_on).days == added
    between = [end.unrolled_on + timedelta(days=n) for n in range((end.due_on - end.unrolled_on).days)]
    assert not any(works(day) for day in between)
    assert works(end.due_on) if rolling == "next_workday" else end.due_on == end.unrolled_on


@given(DAYS, PERIODS, st.integers(0, 30), ROLLING)
def test_explanation_counts_to_the_same_last_day_without_a_gap(starts_on, period, added, rolling):
    end = last_day(starts_on, period, SHIPPED, added_days=added, rolling=rolling)
    days = explain(starts_on, period, SHIPPED, added_days=added, rolling=rolling)
    assert all((later.day - day.day).days == 1 for day, later in zip(days, days[1:], strict=False))
    assert [day.day for day in days if day.last] == [end.due_on]
    numbers = [day.number for day in days if day.part == "counted" and day.number is not None]
    length = period.working_days or period.days or len(numbers)
    assert numbers == list(range(1, length + 1))
    assert [day.number for day in days if day.part == "suspended"] == list(range(1, added + 1))


@given(DAYS, PERIODS, st.integers(0, 30))
def test_longer_suspension_never_brings_the_last_day_forward(starts_on, period, added):
    shorter = last_day(starts_on, period, SHIPPED, added_days=added)
    assert shorter.due_on <= last_day(starts_on, period, SHIPPED, added_days=added + 1).due_on
