"""Certificate clocks: examples of domain §1.D and §2.4, edges, and independent oracles."""

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import YEARLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from workforce.clocks import (
    DeadlineRule,
    RegistrationRule,
    Service,
    Stop,
    alert_stage,
    certificate_deadline,
    counted_from,
    due_day,
    first_registration_due,
    heads_needed,
    hours_counted,
    hours_needed,
    in_time,
    registration_expires,
    share_met,
    sittings_left,
    window_opens,
)

D = date
TIANJIN = DeadlineRule(months=24, starts_on=D(2018, 1, 1), restart_after_months=6)
REGISTRATION = RegistrationRule()
days = st.dates(D(2010, 1, 1), D(2035, 12, 31))


NOW = D(2026, 11, 22)


def due(hired, *stops, on=NOW, rule=TIANJIN):
    return certificate_deadline([Service(hired)], stops, rule, on).due_on


# Two years from entry ------------------------------------------------------------------------------------------------


def test_deadline_of_the_rule_book():
    assert due(D(2018, 3, 15)) == D(2020, 3, 15)
    assert in_time(D(2020, 3, 15), None, D(2020, 3, 15), "obtained")
    assert not in_time(D(2020, 3, 16), None, D(2020, 3, 15), "obtained")


def test_deadline_of_a_hire_on_29_february_ends_on_28_february():
    assert due(D(2024, 2, 29)) == D(2026, 2, 28)
    assert due(D(2024, 2, 29), rule=DeadlineRule(48, D(2018, 1, 1), 6)) == D(2028, 2, 29)


def test_deadline_of_a_hire_before_the_rule_counts_from_the_rule():
    found = certificate_deadline([Service(D(2009, 5, 1))], [], TIANJIN, D(2019, 1, 1))
    assert (found.hired_on, found.starts_on, found.due_on) == (D(2009, 5, 1), D(2018, 1, 1), D(2020, 1, 1))
    assert due(D(2018, 1, 1)) == D(2020, 1, 1)
    assert due(D(2018, 1, 2)) == D(2020, 1, 2)


def test_deadline_without_service_by_the_day_is_none():
    assert certificate_deadline([], [], TIANJIN, D(2024, 1, 1)) is None
    assert certificate_deadline([Service(D(2024, 1, 2))], [], TIANJIN, D(2024, 1, 1)) is None


def test_deadline_leaves_out_an_entry_that_comes_after_the_day():
    services = [Service(D(2020, 1, 1), D(2021, 1, 1)), Service(D(2024, 1, 1))]
    assert certificate_deadline(services, [], TIANJIN, D(2021, 6, 1)).due_on == D(2022, 1, 1)
    assert certificate_deadline(services, [], TIANJIN, D(2024, 6, 1)).due_on == D(2026, 1, 1)


@pytest.mark.parametrize(
    ("left", "back", "start"),
    [
        (D(2024, 1, 31), D(2024, 8, 1), D(2023, 3, 1)),  # away 1 February to 31 July: six months and no longer
        (D(2024, 1, 31), D(2024, 8, 2), D(2024, 8, 2)),
        (D(2024, 8, 31), D(2025, 3, 1), D(2023, 3, 1)),  # six months after 31 August end on 28 February
        (D(2024, 8, 31), D(2025, 3, 2), D(2025, 3, 2)),
        (D(2024, 1, 31), D(2024, 2, 1), D(2023, 3, 1)),
    ],
)
def test_rehire_restarts_only_after_a_longer_break(left, back, start):
    services = [Service(back), Service(D(2023, 3, 1), left)]
    assert counted_from(services, 6) == start


def test_rehire_chains_short_breaks_back_to_the_last_long_one():
    services = [
        Service(D(2015, 1, 1), D(2016, 1, 1)),
        Service(D(2020, 1, 1), D(2020, 6, 30)),
        Service(D(2020, 9, 1), D(2021, 6, 30)),
        Service(D(2021, 7, 1)),
    ]
    assert counted_from(services, 6) == D(2020, 1, 1)
    assert counted_from(services, 0) == D(2020, 9, 1)
    assert counted_from(services[:1], 6) == D(2015, 1, 1)
    assert counted_from([], 6) is None


def test_rehire_without_a_day_of_leaving_counts_on():
    assert counted_from([Service(D(2020, 1, 1)), Service(D(2024, 1, 1))], 6) == D(2020, 1, 1)


def test_leave_adds_its_days():
    stop = Stop(D(2024, 3, 1), D(2024, 8, 26))  # 178 days
    found = certificate_deadline([Service(D(2023, 1, 10))], [stop], TIANJIN, D(2026, 1, 1))
    assert (found.unstopped, found.due_on, found.stopped_days) == (D(2025, 1, 10), D(2025, 7, 7), 178)
    assert not found.stopped


def test_leave_that_begins_on_the_deadline_counts_and_one_day_later_does_not():
    assert due(D(2023, 1, 10), Stop(D(2025, 1, 10), D(2025, 2, 9))) == D(2025, 2, 9)
    assert due(D(2023, 1, 10), Stop(D(2025, 1, 11), D(2025, 2, 10))) == D(2025, 1, 10)


def test_leave_before_the_clock_counts_only_where_it_reaches_in():
    assert due(D(2023, 1, 10), Stop(D(2022, 1, 1), D(2023, 1, 11))) == D(2025, 1, 10)
    assert due(D(2023, 1, 10), Stop(D(2022, 1, 1), D(2023, 1, 12))) == D(2025, 1, 11)
    assert due(D(2015, 1, 1), Stop(D(2017, 6, 1), D(2018, 1, 31))) == D(2020, 1, 30)


def test_leave_in_the_time_another_leave_added_counts_too():
    first, second = Stop(D(2024, 1, 1), D(2024, 4, 10)), Stop(D(2025, 3, 1), D(2025, 3, 11))
    assert due(D(2023, 1, 10), first, second) == D(2025, 4, 30)
    assert due(D(2023, 1, 10), second) == D(2025, 1, 10)


def test_leaves_that_overlap_or_touch_count_each_day_once():
    stops = (Stop(D(2024, 3, 1), D(2024, 3, 21)), Stop(D(2024, 3, 11), D(2024, 3, 31)))
    assert due(D(2023, 1, 10), *stops) == D(2025, 2, 9)
    assert due(D(2023, 1, 10), Stop(D(2024, 3, 1), D(2024, 3, 31)), Stop(D(2024, 3, 5), D(2024, 3, 8))) == D(2025, 2, 9)
    assert due(D(2023, 1, 10), Stop(D(2024, 3, 1), D(2024, 3, 11)), Stop(D(2024, 3, 11), D(2024, 3, 31))) == D(
        2025, 2, 9
    )


def test_leave_without_an_end_moves_the_deadline_day_by_day():
    stop = Stop(D(2024, 12, 1))
    for on, expected in ((D(2024, 12, 1), D(2025, 1, 11)), (D(2025, 6, 1), D(2025, 7, 12))):
        found = certificate_deadline([Service(D(2023, 1, 10))], [stop], TIANJIN, on)
        assert (found.due_on, found.stopped) == (expected, True)


def test_leave_that_begins_later_does_not_count_yet():
    stop = Stop(D(2024, 12, 1), D(2025, 3, 1))
    before = certificate_deadline([Service(D(2023, 1, 10))], [stop], TIANJIN, D(2024, 11, 30))
    after = certificate_deadline([Service(D(2023, 1, 10))], [stop], TIANJIN, D(2024, 12, 1))
    assert (before.due_on, before.stopped) == (D(2025, 1, 10), False)
    assert (after.due_on, after.stopped) == (D(2025, 4, 10), True)


def counted_by_hand(start, months, stops, on):
    """The deadline found by walking through the calendar: it falls when enough days have run."""
    base = start + relativedelta(months=months)
    still = set()
    for stop in stops:
        if stop.start <= on:
            end = stop.end or on + timedelta(days=1)
            still |= {stop.start + timedelta(days=n) for n in range((end - stop.start).days)}
    wanted, day = (base - start).days, start
    while wanted:
        day += timedelta(days=1)
        wanted -= day not in still
    return day


@st.composite
def leaves(draw):
    start = draw(st.dates(D(2017, 1, 1), D(2023, 1, 1)))
    length = draw(st.one_of(st.none(), st.integers(1, 400)))
    return Stop(start, None if length is None else start + timedelta(days=length))


@given(
    st.dates(D(2018, 1, 1), D(2021, 1, 1)),
    st.integers(1, 30),
    st.lists(leaves(), max_size=4),
    st.dates(D(2018, 1, 1), D(2025, 1, 1)),
)
def test_due_day_agrees_with_a_walk_through_the_calendar(start, months, stops, on):
    assert due_day(start, months, stops, on) == counted_by_hand(start, months, stops, on)


@st.composite
def careers(draw):
    """Stretches of service that follow each other, the last one open or not."""
    day, found = draw(st.dates(D(2015, 1, 1), D(2018, 1, 1))), []
    for _n in range(draw(st.integers(1, 4))):
        left = day + timedelta(days=draw(st.integers(0, 500)))
        found.append(Service(day, left))
        day = left + timedelta(days=draw(st.integers(1, 400)))
    return found


@given(careers(), st.integers(0, 12))
def test_counted_from_agrees_with_looking_back_from_the_last_entry(services, months):
    expected = services[-1].hired_on
    for before, after in reversed(list(zip(services, services[1:], strict=False))):
        if after.hired_on > before.left_on + relativedelta(months=months) + timedelta(days=1):
            break
        expected = before.hired_on
    assert counted_from(services[::-1], months) == expected


@given(days, days, st.integers(0, 60))
def test_deadline_agrees_with_dateutil(hired, starts_on, months):
    rule = DeadlineRule(months, starts_on, 6)
    assert due(hired, rule=rule, on=D(2036, 1, 1)) == max(hired, starts_on) + relativedelta(months=months)


def test_in_time_by_day_of_issue_falls_back_to_the_day_obtained():
    obtained, issued, day = D(2020, 3, 1), D(2020, 8, 1), D(2020, 3, 15)
    assert in_time(obtained, issued, day, "obtained")
    assert not in_time(obtained, issued, day, "issued")
    assert in_time(obtained, None, day, "issued")


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (D(2025, 3, 30), None),
        (D(2025, 3, 31), 12),
        (D(2025, 9, 29), 12),
        (D(2025, 9, 30), 6),
        (D(2025, 12, 31), 3),
        (D(2026, 2, 27), 3),
        (D(2026, 2, 28), 1),
        (D(2026, 3, 31), 1),
        (D(2026, 4, 1), 0),
    ],
)
def test_alert_stage_of_a_deadline_on_31_march(on, stage):
    assert alert_stage(D(2026, 3, 31), [12, 6, 3, 1], on) == stage


def test_alert_stage_without_months_is_only_overdue_or_none():
    assert alert_stage(D(2026, 3, 31), [], D(2026, 3, 31)) is None
    assert alert_stage(D(2026, 3, 31), [], D(2026, 4, 1)) == 0


@given(days, days, st.sets(st.integers(1, 24)))
def test_alert_stage_agrees_with_dateutil(due_on, on, months):
    near = [month for month in months if due_on - relativedelta(months=month) <= on]
    assert alert_stage(due_on, months, on) == (0 if on > due_on else min(near) if near else None)


def test_sittings_count_only_with_results_in_time():
    assert sittings_left(D(2026, 7, 24), D(2025, 1, 1), 5, 24, 2) == [D(2025, 5, 24), D(2026, 5, 24)]
    assert sittings_left(D(2026, 7, 23), D(2025, 1, 1), 5, 24, 2) == [D(2025, 5, 24)]


def test_sittings_today_counts_and_yesterday_does_not():
    assert sittings_left(D(2025, 12, 31), D(2025, 5, 24), 5, 24, 2) == [D(2025, 5, 24)]
    assert sittings_left(D(2025, 12, 31), D(2025, 5, 25), 5, 24, 2) == []
    assert sittings_left(D(2024, 12, 31), D(2025, 5, 24), 5, 24, 2) == []


@given(days, days, st.integers(1, 12), st.integers(1, 28), st.integers(0, 6))
def test_sittings_agree_with_a_recurrence_rule(due_on, on, month, day, results):
    start = datetime.combine(on.replace(month=1, day=1), time())
    yearly = rrule(YEARLY, dtstart=start, bymonth=month, bymonthday=day, count=30)
    expected = [
        one.date() for one in yearly if on <= one.date() and one.date() + relativedelta(months=results) <= due_on
    ]
    assert sittings_left(due_on, on, month, day, results) == expected


# Registration --------------------------------------------------------------------------------------------------------


def test_registration_of_the_rule_book():
    expires = registration_expires(D(2023, 5, 10), REGISTRATION)
    assert (expires, window_opens(expires, REGISTRATION)) == (D(2026, 5, 10), D(2026, 2, 10))
    assert hours_counted([Decimal(70)], 0, REGISTRATION) < hours_needed("assistant", REGISTRATION) == 72


def test_registration_of_29_february():
    assert first_registration_due(D(2024, 2, 29), REGISTRATION) == D(2025, 2, 28)
    assert registration_expires(D(2024, 2, 29), REGISTRATION) == D(2027, 2, 28)
    assert window_opens(D(2026, 5, 31), REGISTRATION) == D(2026, 2, 28)


def test_registration_is_first_due_a_year_after_the_certificate():
    assert first_registration_due(D(2025, 8, 1), REGISTRATION) == D(2026, 8, 1)


def test_hours_by_level_and_a_degree_once():
    assert [hours_needed(level, REGISTRATION) for level in ("social_worker", "senior")] == [90, 90]
    assert hours_counted([], 0, REGISTRATION) == 0
    assert hours_counted([Decimal("1.5"), Decimal("0.5")], 0, REGISTRATION) == 2
    assert hours_counted([Decimal("1.5")], 1, REGISTRATION) == Decimal("91.5")
    assert hours_counted([], 2, REGISTRATION) == 90


# Share of the certified ----------------------------------------------------------------------------------------------


def test_heads_needed_of_taizhou_and_yichang():
    assert heads_needed(0, 3310, 52) == 1722
    assert heads_needed(1659, 3310, 52) == 63
    assert [heads_needed(0, 1000, percent) for percent in (30, 45, 60, 100)] == [300, 450, 600, 1000]
    assert [heads_needed(0, 7, percent) for percent in (30, 45, 60, 100)] == [3, 4, 5, 7]


def test_heads_needed_is_never_below_zero():
    assert heads_needed(5, 7, 60) == 0
    assert heads_needed(0, 0, 100) == 0
    assert heads_needed(1722, 3310, 52) == 0


def test_share_met_compares_whole_numbers():
    assert share_met(1721, 3310, 52) is False
    assert share_met(1722, 3310, 52) is True
    assert share_met(0, 0, 52) is None
    assert share_met(0, 5, 0) is True


@given(st.integers(0, 5_000_000), st.integers(1, 5_000_000), st.integers(0, 100))
def test_share_agrees_with_fractions(certified, heads, percent):
    target = Fraction(percent, 100) * heads
    assert heads_needed(certified, heads, percent) == max(0, math.ceil(target) - certified)
    assert share_met(certified, heads, percent) is (Fraction(certified) >= target)
