"""Who is withheld with whom: from all that is published of one day, no withheld small number can be worked out."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.indicators.disclosure import Disclosure, Number, told_by
from portal.core.indicators.suppression import Cell
from portal.registry import COMPOSITIONS, DISCLOSURE, INDICATORS
from workforce.indicators import SUMS

BOOK = INDICATORS["workers"].book
PRIME = (1 << 61) - 1
NUMBERS = list(dict.fromkeys(number for one in INDICATORS.values() for number in told_by(one)))
ATOMS = {
    "sex": ("women", "men"),
    "age": ("young", "aged_to_45", "aged_46_55", "aged_over_55"),
    "tier": ("tier_principal", "tier_deputy", "tier_staff"),
    "body": ("body_party", "body_committee", "body_station", "body_centre"),
    "level": ("certified_senior", "certified_social_worker", "certified_assistant", "certified_local", "uncertified"),
    "schooling": (
        "schooling_doctor",
        "schooling_master",
        "schooling_bachelor",
        "schooling_college",
        "schooling_below",
        "schooling_unknown",
    ),
    "tenure": ("tenure_under_1", "tenure_1_3", "tenure_3_5", "tenure_5_10", "tenure_10_up", "tenure_unknown"),
    "seat": ("members_party_only", "members_both", "members_committee_only"),
}


def number(counter: str) -> Number:
    return Number(BOOK, counter)


def names(numbers) -> set[str]:
    return {one.counter for one in numbers}


def people(chance: random.Random, many: int) -> Counter:
    """The counters of some invented people; a few kinds are rare, as they are in life."""
    found: Counter = Counter()
    for _person in range(many):
        for kinds in ATOMS.values():
            found[chance.choices(kinds, weights=[chance.choice((1, 1, 9)) for _kind in kinds])[0]] += 1
    return found


def complete(found: Counter) -> Counter:
    """With every counter that is the sum of others, from the declared sums."""
    while True:
        missing = [one for one in DISCLOSURE.sums if names(one[:-1]) <= set(found) and one[-1].counter not in found]
        if not missing:
            return found
        for one in missing:
            found[one[-1].counter] = sum(found[part.counter] for part in one[:-1])


def world(seed: int, branches: list[int], most: int) -> dict[str, Counter]:
    """A tree of divisions, "c" above "c0" above "c00", with the counters of each."""
    chance, found = random.Random(seed), {}
    known = {name for kinds in ATOMS.values() for name in kinds}
    for one, leaves in enumerate(branches):
        for two in range(leaves):
            found[f"c{one}{two}"] = people(chance, chance.randint(0, most))
        found[f"c{one}"] = sum((found[f"c{one}{two}"] for two in range(leaves)), Counter())
    found["c"] = sum((found[f"c{one}"] for one in range(len(branches))), Counter())
    return {
        code: complete(Counter({name: 0 for name in known}) + count | zeros(known)) for code, count in found.items()
    }


def zeros(known: set[str]) -> Counter:
    return Counter(dict.fromkeys(known, 0))


def small_at(place: Counter, one: Number, under: int) -> bool:
    wholes = DISCLOSURE.wholes.get(one, ())
    rest = [sum(place[part.counter] for part in whole) - place[one.counter] for whole in wholes]
    return any(1 <= count < under for count in (place[one.counter], *rest))


def tables_of(places: dict[str, Counter], numbers: list[Number]) -> dict[Number, dict[str, Cell]]:
    def cell(code: str, one: Number) -> Cell:
        count = places[code][one.counter]
        wholes = DISCLOSURE.wholes.get(one, ())
        rest = [sum(places[code][part.counter] for part in whole) - count for whole in wholes]
        return Cell(code[:-1], (count, *rest))

    return {one: {code: cell(code, one) for code in places} for one in numbers}


def worked_out(places: dict[str, Counter], hidden: set[tuple[str, str]], counters: set[str]) -> set[tuple[str, str]]:
    """What of the hidden follows from everything else by the sums within divisions and from one to the next above."""
    order = {one: at for at, one in enumerate(sorted(hidden))}
    rows = []
    for code in places:
        for one in DISCLOSURE.sums:
            if names(one) <= counters:
                rows.append({(code, part.counter): 1 for part in one[:-1]} | {(code, one[-1].counter): -1})
        below = [other for other in places if other[:-1] == code]
        rows += [{(code, name): -1} | {(other, name): 1 for other in below} for name in counters if below]
    kept: dict[int, dict[int, int]] = {}
    for row in rows:
        left = {order[one]: factor % PRIME for one, factor in row.items() if one in order}
        for pivot in sorted(set(left) & set(kept)):
            _less(left, kept[pivot], pivot)
        if left:
            pivot = min(left)
            inverse = pow(left[pivot], -1, PRIME)
            made = {at: factor * inverse % PRIME for at, factor in left.items()}
            for other in kept.values():
                if pivot in other:
                    _less(other, made, pivot)
            kept[pivot] = made
    alone = {pivot for pivot, row in kept.items() if set(row) == {pivot}}
    return {one for one, at in order.items() if at in alone}


def _less(row: dict[int, int], other: dict[int, int], pivot: int) -> None:
    """Takes `other` from `row` so often that `pivot` is gone."""
    factor = row[pivot]
    for at, value in other.items():
        if rest := (row.get(at, 0) - factor * value) % PRIME:
            row[at] = rest
        else:
            row.pop(at, None)


TREES = st.lists(st.integers(1, 3), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), TREES, st.integers(3, 25), st.integers(2, 8))
def test_nothing_small_that_is_withheld_can_be_worked_out(seed, branches, most, under):
    places = world(seed, branches, most)
    counters = set(places["c"])
    numbers = [one for one in NUMBERS if one.counter in counters]
    hidden = DISCLOSURE.hidden(tables_of(places, numbers), under)
    closed = {(code, one.counter) for one in numbers for code in hidden[one]}
    small = {(code, one.counter) for code in places for one in numbers if small_at(places[code], one, under)}
    assert small <= closed
    # Whatever is no figure at all is not published either.
    unseen = {(code, name) for code in places for name in counters - names(numbers)}
    assert not worked_out(places, closed | unseen, counters) & small


def test_companion_is_a_part_of_the_same_composition():
    assert names(DISCLOSURE.companions(number("tier_principal"))) == {"tier_principal", "tier_deputy"}
    assert names(DISCLOSURE.companions(number("women"))) == {"women", "men"}
    assert names(DISCLOSURE.companions(number("certificate_overdue"))) == {"certificate_overdue"}


def test_those_who_have_and_those_who_have_not_are_withheld_together():
    assert {"certified", "uncertified"} < names(DISCLOSURE.companions(number("uncertified")))
    assert {"certified", "uncertified"} < names(DISCLOSURE.companions(number("certified")))


@pytest.mark.parametrize("key", INDICATORS)
def test_companions_cancel_out_in_every_sum(key):
    for one in told_by(INDICATORS[key]):
        shifts = DISCLOSURE._shifts(one)
        assert shifts[one] == 1 and all(shifts.values())
        for *parts, whole in DISCLOSURE.sums:
            assert sum(shifts.get(part, 0) for part in parts) == shifts.get(whole, 0)


def test_a_number_that_is_a_sum_of_one_part_alone_goes_with_it():
    young = INDICATORS["young_share"]
    found = Disclosure([young], [], [])
    assert names(found.companions(number("young"))) == {"young"}
    assert found.deciding([number("workers")]) == [number("workers")]


def test_figures_tell_the_numbers_they_are_made_of():
    assert names(told_by(INDICATORS["turnover_rate"])) == {"exits_12m", "workers"}
    assert names(told_by(INDICATORS["staffing_gap"])) == {"workers"}
    assert names(told_by(INDICATORS["mean_age"])) == {"workers"}
    assert told_by(INDICATORS["grids"]) == []


def test_every_declared_sum_is_known():
    assert len(DISCLOSURE.sums) == len(SUMS) + len(COMPOSITIONS)
