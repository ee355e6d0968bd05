"""Domain §1.A3, A4, B2, B3 and §1.M: sizes, the four posts, one-shoulder, cross-appointment, positions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.committee import (
    CoreFault,
    CorePosts,
    Excess,
    OneShoulder,
    Size,
    Step,
    Taken,
    TwoCommittees,
    core_faults,
    first_excess,
    gained,
    judge_size,
    one_shoulder,
    one_shoulder_rate,
    peak,
    taken_on,
    vacancy,
)

FOUR = CorePosts(secretaries=1, deputy_secretaries=1, vice_chairs=2, one_shoulder=True)
DAY = date(2026, 1, 1)


def on(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("members", "least", "most", "found"),
    [
        (6, 3, 5, "above"),
        (5, 3, 5, "within"),
        (3, 3, 5, "within"),
        (2, 3, 5, "below"),
        (4, 5, 9, "below"),
        (9, 5, 9, "within"),
        (10, 5, 9, "above"),
        (0, 5, 7, "below"),
    ],
)
def test_sizes(members, least, most, found):
    assert judge_size(members, least, most) == Size(found)


@pytest.mark.parametrize(
    ("secretaries", "chairs", "state"),
    [
        ([1], [1], "yes"),
        ([1], [2], "apart"),
        ([1, 2], [2], "yes"),
        ([], [1], "no_secretary"),
        ([1], [], "no_chair"),
        ([], [], "neither"),
    ],
)
def test_vacant_secretary_or_chair_is_a_vacancy_and_not_one_shoulder(secretaries, chairs, state):
    assert one_shoulder(secretaries, chairs) == OneShoulder(state)


def test_one_shoulder_rate_keeps_vacancies_in_the_denominator():
    states = [OneShoulder.YES] * 2 + [OneShoulder.APART, OneShoulder.NO_CHAIR]
    assert one_shoulder_rate(states) == Decimal("50.00")
    assert one_shoulder_rate([OneShoulder.YES] * 202) == Decimal("100.00")
    assert one_shoulder_rate([]) is None


def faults(rule=FOUR, *, secretaries=(1,), chairs=(1,), deputies=(2,), vice_chairs=(3, 4)):
    return core_faults(rule, secretaries=secretaries, chairs=chairs, deputies=deputies, vice_chairs=vice_chairs)


@pytest.mark.parametrize(
    ("posts", "found"),
    [
        ({}, []),
        ({"secretaries": ()}, ["secretary_missing"]),
        ({"secretaries": (1, 5)}, ["secretary_surplus"]),
        ({"deputies": ()}, ["deputy_missing"]),
        ({"deputies": (2, 5)}, ["deputy_surplus"]),
        ({"vice_chairs": (3,)}, ["vice_chair_missing"]),
        ({"vice_chairs": (3, 3)}, ["vice_chair_missing"]),
        ({"vice_chairs": (3, 4, 5)}, ["vice_chair_surplus"]),
        ({"chairs": (9,)}, ["apart"]),
        ({"chairs": ()}, []),
        ({"secretaries": (), "chairs": (9,), "deputies": (), "vice_chairs": ()},
         ["secretary_missing", "deputy_missing", "vice_chair_missing"]),
    ],
)  # fmt: skip
def test_the_four_posts(posts, found):
    assert faults(**posts) == [CoreFault(fault) for fault in found]


def test_without_the_clause_two_persons_may_share_the_posts():
    assert faults(CorePosts(1, 1, 2, one_shoulder=False), chairs=(9,)) == []


@given(st.lists(st.sets(st.integers(1, 6)), min_size=4, max_size=4), st.tuples(*[st.integers(0, 3)] * 3), st.booleans())
def test_core_faults_against_plain_counting(held, wanted, shoulder):
    secretaries, chairs, deputies, vice_chairs = held
    found = core_faults(
        CorePosts(*wanted, one_shoulder=shoulder),
        secretaries=list(secretaries) * 2,
        chairs=chairs,
        deputies=deputies,
        vice_chairs=vice_chairs,
    )
    by_name = {fault.value for fault in found}
    for name, people, number in zip(
        ("secretary", "deputy", "vice_chair"), (secretaries, deputies, vice_chairs), wanted, strict=True
    ):
        assert (f"{name}_missing" in by_name) == (len(people) < number)
        assert (f"{name}_surplus" in by_name) == (len(people) > number)
    separate = bool(secretaries and chairs) and secretaries.isdisjoint(chairs)
    assert ("apart" in by_name) == (shoulder and separate)


def test_chaoyang_cross_appointment_is_of_the_union():
    """1004 + 1341 - 704 = 1641; 704 of 1641 = 42.90 % (domain §1.M)."""
    found = TwoCommittees(1004, 1341, 704)
    assert (found.total, found.cross_rate) == (1641, Decimal("42.90"))
    assert TwoCommittees(0, 0, 0).cross_rate is None


@pytest.mark.parametrize(("party", "committee", "both"), [(1, 5, 2), (5, 1, 2), (1, 1, -1)])
def test_more_in_both_than_in_either_is_nonsense(party, committee, both):
    with pytest.raises(ValueError, match="cannot be more"):
        TwoCommittees(party, committee, both)


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_two_committees_against_sets(party, committee):
    found = TwoCommittees(len(party), len(committee), len(party & committee))
    assert found.total == len(party | committee)


def test_positions_are_persons_and_those_that_start_later_count_when_they_do():
    held = [Taken("a", on(0), None), Taken("a", on(5), None), Taken("b", on(10), on(20)), Taken("c", on(20), None)]
    assert [taken_on(held, on(n)) for n in (-1, 0, 9, 10, 19, 20)] == [0, 1, 1, 2, 2, 2]
    assert peak(held, on(0), on(10)) == 1
    assert peak(held, on(0), None) == 2
    assert peak(held, on(0), on(0)) == 0


def test_excess_is_found_on_its_own_day_over_the_whole_period():
    """The quota of two is kept until an approved post starts: the appointment that overlaps it is too many from then."""
    steps = [Step(2, on(0), on(100)), Step(3, on(100), None)]
    held = [Taken("a", on(0), None), Taken("future", on(30), None), Taken("new", on(10), None)]
    assert first_excess(held, steps, on(10), None) == Excess(on(30), 3, 2)
    assert first_excess(held, steps, on(10), on(30)) is None
    assert first_excess(held, steps, on(100), None) is None


def test_a_smaller_establishment_that_is_already_decided_counts_from_its_day():
    steps = [Step(2, on(0), on(50)), Step(1, on(50), None)]
    held = [Taken("a", on(0), None), Taken("b", on(0), None)]
    assert first_excess(held, steps, on(0), None) == Excess(on(50), 2, 1)


def test_no_establishment_is_no_control():
    held = [Taken(number, on(0), None) for number in range(99)]
    assert first_excess(held, [], on(0), None) is None
    assert first_excess(held, [Step(0, on(5), on(6))], on(6), None) is None
    assert first_excess(held, [Step(0, on(5), on(6))], on(0), None) == Excess(on(5), 99, 0)


_ranges = st.tuples(st.integers(0, 20), st.integers(1, 12), st.booleans())


@given(
    st.lists(st.tuples(st.integers(1, 4), _ranges), max_size=8),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), max_size=3),
    st.integers(0, 20),
    st.one_of(st.none(), st.integers(0, 25)),
)
def test_peak_and_excess_against_day_by_day(held, steps, start, length):
    """The oracle looks at every single day, beyond the last change where the end is open."""
    positions = [Taken(who, on(a), None if open_end else on(a + n)) for who, (a, n, open_end) in held]
    established, day = [], 0
    for posts, days in steps:
        established.append(Step(posts, on(day), on(day + days)))
        day += days + 1
    end = None if length is None else start + length
    days = range(start, 60 if end is None else end)
    occupied = {n: len({who for who, (a, m, open_end) in held if a <= n and (open_end or n < a + m)}) for n in days}
    posts_on = {n: [s.posts for s in established if s.valid_from <= on(n) < s.valid_to] for n in days}
    assert peak(positions, on(start), None if end is None else on(end)) == max(occupied.values(), default=0)
    expected = next(
        (Excess(on(n), occupied[n], posts_on[n][0]) for n in days if posts_on[n] and occupied[n] > posts_on[n][0]), None
    )
    assert first_excess(positions, established, on(start), None if end is None else on(end)) == expected


@pytest.mark.parametrize(("established", "taken", "empty"), [(5, 3, 2), (3, 3, 0), (3, 5, 0), (0, 0, 0)])
def test_vacancy(established, taken, empty):
    assert vacancy(established, taken) == empty


def days_of(periods, last=70):
    return {n for n in range(last) for a, b in periods if a <= on(n) and (b is None or on(n) < b)}


def test_gained_days_are_those_not_held_before():
    assert gained([], [(on(0), None)]) == [(on(0), None)]
    assert gained([(on(0), on(5))], [(on(0), on(9))]) == [(on(5), on(9))]
    assert gained([(on(3), on(5))], [(on(0), None)]) == [(on(0), on(3)), (on(5), None)]
    assert gained([(on(0), None)], [(on(2), on(5))]) == []
    assert gained([], [(on(0), on(3)), (on(3), on(6)), (on(4), on(4))]) == [(on(0), on(6))]
    assert gained([], []) == []


_periods = st.lists(
    st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 20))).map(
        lambda pair: (on(pair[0]), None if pair[1] is None else on(pair[0] + pair[1]))
    ),
    max_size=4,
)


@given(_periods, _periods)
def test_gained_against_day_by_day(before, after):
    found = gained(before, after)
    assert days_of(found) == days_of(after) - days_of(before)
    assert all(end is not None and end < start for (_, end), (start, _) in zip(found, found[1:], strict=False))
