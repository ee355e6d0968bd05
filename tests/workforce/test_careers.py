"""Domain §1.G: full terms from records, directed posts, service with breaks, ages; oracles count single days."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from workforce import careers as c
from workforce.careers import Breach, Service, TermRecord

DAY = timedelta(days=1)
START = date(2020, 1, 1)
SMALL = st.integers(0, 60).map(lambda n: START + n * DAY)
PERIODS = st.lists(st.tuples(SMALL, st.none() | SMALL), max_size=6)

FIFTH = TermRecord(date(2009, 7, 1), date(2012, 6, 20), 5)
SIXTH = TermRecord(date(2012, 6, 20), date(2015, 6, 15), 6)
SEVENTH = TermRecord(date(2015, 6, 15), date(2018, 8, 1), 7)
EIGHTH = TermRecord(date(2018, 8, 1), date(2021, 3, 27), 8)
NINTH = TermRecord(date(2021, 3, 27), None, 9)


def days_of(periods, until=START + 80 * DAY):
    """Every single day that lies in one of the periods."""
    found = set()
    for start, end in periods:
        day = start
        while day < (end or until):
            found.add(day)
            day += DAY
    return found


@pytest.mark.parametrize(
    ("began", "years"), [(date(2018, 12, 28), 3), (date(2018, 12, 29), 5), (date(2009, 7, 1), 3), (date(2026, 1, 1), 5)]
)
def test_term_is_five_years_since_the_amendment_and_three_before(began, years):
    assert c.term_years(began) == years


def test_length_of_a_term_before_the_first_rule_is_unknown():
    with pytest.raises(ValueError, match="No length of a term"):
        c.term_years(date(2000, 1, 1), [(date(2001, 1, 1), 3)])


@given(PERIODS)
def test_merged_keeps_every_day_in_fewest_periods(periods):
    found = c.merged(periods)
    assert days_of(found) == days_of(periods)
    ends = [end for _start, end in found[:-1]]
    assert all(end is not None and end < start for end, (start, _last) in zip(ends, found[1:], strict=True))


@given(PERIODS, SMALL, SMALL)
def test_covers_agrees_with_single_days(periods, start, end):
    if start < end:
        assert c.covers(periods, start, end) is (days_of([(start, end)]) <= days_of(periods))


def test_two_short_terms_of_the_old_law_are_two_full_terms():
    assert c.full_terms_in_a_row([FIFTH, SIXTH], [(date(2009, 7, 1), None)], date(2015, 6, 15)) == 2
    assert c.full_terms_in_a_row([FIFTH, SIXTH], [(date(2009, 7, 1), None)], date(2015, 6, 14)) == 1


def test_running_term_counts_once_its_five_years_have_passed():
    held = [(date(2018, 8, 1), None)]
    assert c.full_terms_in_a_row([EIGHTH, NINTH], held, date(2026, 3, 26)) == 1
    assert c.full_terms_in_a_row([EIGHTH, NINTH], held, date(2026, 3, 27)) == 2


@pytest.mark.parametrize(
    "held",
    [
        [(date(2009, 7, 2), None)],
        [(date(2009, 7, 1), date(2015, 6, 14))],
        [(date(2009, 7, 1), date(2012, 1, 1)), (date(2012, 1, 2), None)],
    ],
)
def test_one_missing_day_takes_a_full_term(held):
    assert c.full_terms_in_a_row([FIFTH, SIXTH], held, date(2018, 1, 1)) == 1


def test_rows_of_one_office_that_follow_each_other_are_one_time_in_office():
    held = [(date(2012, 1, 1), None), (date(2009, 7, 1), date(2012, 1, 1))]
    assert c.full_terms_in_a_row([SIXTH, FIFTH], held, date(2018, 1, 1)) == 2


def test_a_term_left_out_breaks_the_row():
    away = [(date(2009, 7, 1), date(2012, 6, 20)), (date(2015, 6, 15), None)]
    assert c.full_terms_in_a_row([FIFTH, SIXTH, SEVENTH], away, date(2020, 1, 1)) == 1


def test_a_term_without_a_record_breaks_the_row():
    held = [(date(2009, 7, 1), None)]
    assert c.full_terms_in_a_row([FIFTH, SEVENTH], held, date(2020, 1, 1)) == 1
    unnumbered = [term._replace(number=None) for term in (FIFTH, SEVENTH)]
    assert c.full_terms_in_a_row(unnumbered, held, date(2020, 1, 1)) == 1
    assert c.full_terms_in_a_row([unnumbered[0], SIXTH], held, date(2020, 1, 1)) == 2


def test_a_term_cut_short_by_a_merger_is_no_full_term():
    merged_away = TermRecord(date(2021, 3, 27), date(2024, 1, 1), 9)
    assert c.served_in_full(merged_away, [(date(2018, 1, 1), None)], date(2026, 1, 1)) is False
    early = TermRecord(date(2021, 3, 27), date(2025, 12, 1), 9)
    assert c.served_in_full(early, [(date(2018, 1, 1), None)], date(2026, 1, 1)) is True


def test_no_terms_on_record_are_no_full_terms():
    assert c.full_terms_in_a_row([], [(date(2000, 1, 1), None)], date(2026, 1, 1)) == 0


TERMS = st.lists(st.sampled_from([3, 5]), min_size=1, max_size=5)


@given(TERMS, PERIODS, st.data())
def test_full_terms_agree_with_a_walk_over_the_days(lengths, _periods, data):
    """Terms back to back in a calendar where a "year" is nine days; the post is held on a random set of days."""
    starts = [START]
    for days in lengths:
        starts.append(starts[-1] + 9 * days * DAY)
    terms = [TermRecord(a, b) for a, b in zip(starts, starts[1:], strict=False)]
    inside = st.integers(0, (starts[-1] - START).days).map(lambda n: START + n * DAY)
    held = data.draw(st.lists(st.tuples(inside, st.none() | inside), max_size=4))
    on = data.draw(inside)
    days = days_of(held, starts[-1] + DAY)
    best = run = 0
    for term in terms:
        whole = term.end <= on and all(term.start + n * DAY in days for n in range((term.end - term.start).days))
        run = run + 1 if whole else 0
        best = max(best, run)
    assert c.full_terms_in_a_row(terms, held, on, [(date.min, 0)]) == best


def test_directed_posts_of_both_kinds_add_up_and_zero_or_nothing_is_a_breach():
    entered = [("960101", "heads", 0), ("960101", "heads", 2), ("960101", "workers", 0), ("970101", "heads", 9)]
    found = c.directed_breaches(["960102", "960101"], 2026, entered, {"heads": 1, "workers": 1})
    assert found == [
        Breach("960101", 2026, "workers", 0, 1),
        Breach("960102", 2026, "heads", None, 1),
        Breach("960102", 2026, "workers", None, 1),
    ]


def test_directed_posts_without_a_least_number_break_nothing():
    assert c.directed_breaches(["960101"], 2026, [], {}) == []


COUNTS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["heads", "workers"]), st.integers(0, 3)))


@given(COUNTS, st.integers(0, 4), st.integers(0, 4))
def test_directed_breaches_agree_with_a_table(entered, heads, workers):
    least = {"heads": heads, "workers": workers}
    expected = {
        (district, group)
        for district in "abc"
        for group in least
        if sum(posts for d, g, posts in entered if (d, g) == (district, group)) < least[group]
    }
    found = c.directed_breaches("abc", 2026, entered, least)
    assert {(breach.district, breach.group) for breach in found} == expected
    assert found == sorted(found, key=lambda breach: (breach.district, breach.group))


@pytest.mark.parametrize(
    ("back", "since"),
    [(date(2022, 7, 1), date(2020, 1, 1)), (date(2022, 7, 2), date(2022, 7, 2))],
)
def test_break_of_exactly_six_months_keeps_the_service(back, since):
    """Left on 2021-12-31; the sixth month ends on 2022-06-30."""
    found = c.service([(date(2020, 1, 1), date(2022, 1, 1)), (back, None)], date(2023, 1, 1), 6)
    assert (found.since, found.serving) == (since, True)
    assert found.days == 731 + (date(2023, 1, 2) - back).days


def test_service_that_ended_lasts_until_the_break_is_too_long():
    held = [(date(2020, 1, 1), date(2022, 1, 1))]
    assert c.service(held, date(2021, 12, 31), 6) == Service(date(2020, 1, 1), 731, True)
    assert c.service(held, date(2022, 6, 30), 6) == Service(date(2020, 1, 1), 731, False)
    assert c.service(held, date(2022, 7, 1), 6) == Service(None, 731, False)


def test_service_not_begun_is_none():
    assert c.service([(date(2024, 1, 1), None)], date(2023, 12, 31), 6) == Service(None, 0, False)
    assert c.service([], date(2023, 12, 31), 6) == Service(None, 0, False)


@given(PERIODS, SMALL, st.integers(0, 2))
def test_service_agrees_with_a_walk_over_the_days(periods, on, months):
    worked = sorted(day for day in days_of(periods) if day <= on)
    since = worked[0] if worked else None
    last = since
    for day in worked:
        if day - DAY > last + relativedelta(months=months) and day - DAY > last:
            since = day
        last = day
    if worked and on > last + relativedelta(months=months):
        since = None
    assert c.service(periods, on, months) == Service(since, len(worked), on in worked)


@pytest.mark.parametrize(
    ("birth", "years", "day"),
    [(date(2000, 2, 29), 16, date(2016, 2, 29)), (date(2000, 2, 29), 18, date(2018, 2, 28)),
     (date(1966, 11, 22), 60, date(2026, 11, 22))],
)  # fmt: skip
def test_age_is_reached_on_the_corresponding_day(birth, years, day):
    assert c.age_reached_on(birth, years) == day


def test_employment_age_ends_on_the_day_the_limit_is_reached():
    birth = date(1966, 11, 22)
    assert c.of_employment_age(birth, date(2026, 11, 21), least=16, until=60) is True
    assert c.of_employment_age(birth, date(2026, 11, 22), least=16, until=60) is False
    assert c.of_employment_age(birth, date(1982, 11, 21), least=16, until=60) is False
    assert c.of_employment_age(birth, date(1982, 11, 22), least=16, until=60) is True


@pytest.mark.parametrize(
    ("on", "sight"), [(date(2026, 5, 21), False), (date(2026, 5, 22), True), (date(2027, 1, 1), True)]
)
def test_retirement_is_in_sight_six_months_ahead(on, sight):
    assert c.retirement_in_sight(date(1966, 11, 22), on, until=60, months=6) is sight


@pytest.mark.parametrize(
    ("on", "day", "months"),
    [
        (date(2026, 5, 22), date(2026, 11, 22), 6),
        (date(2026, 5, 23), date(2026, 11, 22), 5),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
        (date(2026, 11, 23), date(2026, 11, 22), -1),
        (date(2026, 8, 31), date(2027, 2, 28), 6),
    ],
)
def test_months_until_counts_full_months(on, day, months):
    assert c.months_until(on, day) == months


DAYS = st.dates(date(1950, 1, 1), date(2080, 12, 31))


@given(DAYS, DAYS)
def test_months_until_agrees_with_dateutil(on, day):
    months = c.months_until(on, day)
    assert on + relativedelta(months=months) <= day < on + relativedelta(months=months + 1)


@given(DAYS, DAYS, st.integers(0, 65), st.integers(0, 24))
def test_ages_agree_with_dateutil(birth, on, years, months):
    reached = birth + relativedelta(years=years)
    assert c.age_reached_on(birth, years) == reached
    assert c.of_employment_age(birth, on, least=0, until=years) is (birth <= on < reached)
    assert c.retirement_in_sight(birth, on, until=years, months=months) is (
        reached <= on + relativedelta(months=months)
    )
