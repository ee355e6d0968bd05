"""Domain §1.B3 and §2.5: allotment engines, examples, edges, and property tests against oracles written another way."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.quota import (
    Bracket,
    Brackets,
    EngineResult,
    FixedPlusHouseholds,
    PerPopulation,
    allot,
    break_even,
    required_heads,
)

RATIO = PerPopulation(18, 10_000)
TAIYUAN = Brackets((Bracket(0, 3), Bracket(2000, 4), Bracket(3000, 5), Bracket(4000, 6), Bracket(5000, 6)), 500, 1)


def four_plus(rounding="nearest", least=0):
    return FixedPlusHouseholds(4, 300, rounding, least)


@pytest.mark.parametrize(
    ("households", "nearest", "up", "down"),
    [
        (0, 4, 4, 4),
        (1, 4, 5, 4),
        (149, 4, 5, 4),
        (150, 5, 5, 4),
        (900, 7, 7, 7),
        (1000, 7, 8, 7),
        (1200, 8, 8, 8),
        (3000, 14, 14, 14),
        (3200, 15, 15, 14),
    ],
)
def test_four_plus_n_examples(households, nearest, up, down):
    given_heads = [four_plus(mode).allots(households) for mode in ("nearest", "ceil", "floor")]
    assert given_heads == [nearest, up, down]


def test_half_is_rounded_up_and_never_to_even():
    """Banker's rounding would give 4 for 0.5 and 6 for 1.5."""
    assert [four_plus().allots(households) for households in (150, 450, 750)] == [5, 6, 7]


def test_n_has_a_least():
    assert [four_plus(least=2).allots(households) for households in (0, 600, 900)] == [6, 6, 7]


@given(st.integers(0, 1_000_000), st.integers(1, 5000), st.integers(0, 20), st.integers(0, 9))
def test_rounding_against_fractions(households, per, base, least):
    exact = Fraction(households, per)
    for mode, n in (("ceil", ceil(exact)), ("floor", floor(exact)), ("nearest", floor(exact + Fraction(1, 2)))):
        assert FixedPlusHouseholds(base, per, mode, least).allots(households) == base + max(n, least)


@pytest.mark.parametrize(("households", "per"), [(-1, 300), (100, 0), (100, -1)])
def test_nonsense_is_refused(households, per):
    with pytest.raises(ValueError, match="must"):
        FixedPlusHouseholds(4, per).allots(households)


@pytest.mark.parametrize(
    ("households", "heads"),
    [
        (0, 3),
        (1999, 3),
        (2000, 4),
        (2999, 4),
        (3000, 5),
        (4000, 6),
        (4999, 6),
        (5499, 6),
        (5500, 7),
        (5999, 7),
        (6000, 8),
    ],
)
def test_taiyuan_brackets(households, heads):
    assert TAIYUAN.allots(households) == heads


def test_brackets_need_no_order_and_below_the_lowest_nobody_is_allotted():
    rows = Brackets((Bracket(1000, 6), Bracket(500, 4)))
    assert [rows.allots(households) for households in (499, 500, 999, 1000, 99_999)] == [0, 4, 4, 6, 6]
    assert Brackets(()).allots(100) == 0


@given(
    st.lists(st.integers(0, 4000), min_size=1, max_size=6, unique=True),
    st.data(),
    st.integers(0, 700),
    st.integers(0, 3),
    st.integers(0, 9000),
)
def test_brackets_against_counting_upwards(starts, data, step, more, households):
    """The oracle walks from household to household and adds what each new one brings."""
    rows = {start: data.draw(st.integers(0, 20)) for start in starts}
    heads, above = 0, None
    for number in range(households + 1):
        if number in rows:
            heads = rows[number]
        if number == max(starts):
            above = 0
        elif above is not None:
            above += 1
            if step and above % step == 0:
                heads += more
    engine = Brackets(tuple(Bracket(start, number) for start, number in rows.items()), step, more)
    assert engine.allots(households) == heads


def test_every_engine_is_told_and_the_one_that_binds():
    found = allot(population=3000, households=1200, per_population=RATIO, allotment=four_plus())
    assert found.results == (EngineResult("per_population", 6), EngineResult("allotment", 8))
    assert (found.heads, found.chosen, found.binding, found.certainty) == (8, 8, ("allotment",), "exact")


def test_smallest_of_and_a_tie():
    both = {"per_population": RATIO, "allotment": four_plus()}
    smallest = allot(population=3000, households=1200, choice="smallest", **both)
    assert (smallest.heads, smallest.binding) == (6, ("per_population",))
    tie = allot(population=4000, households=1200, **both)
    assert (tie.heads, tie.binding) == (8, ("per_population", "allotment"))


def test_cap_binds_only_when_it_is_below():
    engine = {"population": None, "households": 3200, "allotment": four_plus()}
    assert [(f.chosen, f.heads, f.binding) for f in (allot(**engine, cap=cap) for cap in (14, 15, 17))] == [
        (15, 14, ("cap",)),
        (15, 15, ("allotment",)),
        (15, 15, ("allotment",)),
    ]


def test_taiyuan_cap_of_17():
    assert allot(population=None, households=20_000, brackets=TAIYUAN, cap=17).heads == 17


def test_missing_input_is_no_data_of_its_engine_and_not_zero():
    found = allot(population=None, households=1200, per_population=RATIO, allotment=four_plus(), brackets=TAIYUAN)
    assert found.results[0] == EngineResult("per_population", None, "population")
    assert (found.heads, found.certainty) == (8, "least")
    found = allot(population=10_000, households=None, per_population=RATIO, allotment=four_plus(), brackets=TAIYUAN)
    assert [result.missing for result in found.results] == ["", "households", "households"]
    assert (found.heads, found.binding, found.certainty) == (18, ("per_population",), "least")


def test_smallest_with_an_engine_missing_is_a_most():
    found = allot(population=10_000, households=None, per_population=RATIO, allotment=four_plus(), choice="smallest")
    assert (found.heads, found.certainty) == (18, "most")


def test_cap_reached_makes_a_missing_engine_indifferent():
    found = allot(population=10_000, households=None, per_population=RATIO, allotment=four_plus(), cap=17)
    assert (found.heads, found.binding, found.certainty) == (17, ("cap",), "exact")


@pytest.mark.parametrize(("population", "households"), [(None, None), (0, None), (-5, -1)])
def test_no_input_at_all_is_no_data(population, households):
    found = allot(
        population=population,
        households=households,
        per_population=RATIO,
        allotment=four_plus(),
        brackets=TAIYUAN,
        cap=3,
    )
    assert (found.heads, found.chosen, found.binding, found.certainty) == (None, None, (), "none")


def test_nothing_in_force_is_nothing_even_under_a_cap():
    assert allot(population=1000, households=400, cap=5).heads is None
    assert allot(population=1000, households=400).results == ()


def test_no_households_at_all_still_has_its_fixed_posts():
    assert allot(population=None, households=0, allotment=four_plus()).heads == 4


_numbers = st.one_of(st.none(), st.integers(-1, 60_000))


@given(
    _numbers,
    _numbers,
    st.sets(st.sampled_from(["per_population", "allotment", "brackets"])),
    st.sampled_from(["largest", "smallest"]),
    st.one_of(st.none(), st.integers(0, 40)),
)
def test_combination_against_sorting(population, households, in_force, choice, cap):
    engines = {"per_population": RATIO, "allotment": four_plus("ceil", 1), "brackets": TAIYUAN}
    engines = {key: engine for key, engine in engines.items() if key in in_force}
    found = allot(population=population, households=households, choice=choice, cap=cap, **engines)
    usable = {"per_population": bool(population and population > 0)}
    usable |= dict.fromkeys(("allotment", "brackets"), households is not None and households >= 0)
    values = sorted(
        engine.allots(population if key == "per_population" else households)
        for key, engine in engines.items()
        if usable[key]
    )
    assert [result.engine for result in found.results] == [key for key in engines if key in in_force]
    assert [result.heads is None for result in found.results] == [not usable[key] for key in engines]
    if not values:
        assert (found.heads, found.binding) == (None, ())
        return
    chosen = values[-1] if choice == "largest" else values[0]
    assert found.heads == sorted([chosen, *([] if cap is None else [cap])])[0]
    assert (found.binding == ("cap",)) == (cap is not None and cap < chosen)


@given(
    st.integers(1, 60_000),
    st.integers(0, 20_000),
    st.sampled_from(["largest", "smallest"]),
    st.one_of(st.none(), st.integers(0, 40)),
    st.booleans(),
)
def test_certainty_holds_whatever_the_missing_number_is(population, households, choice, cap, hides_population):
    """With the hidden number known the result is never on the wrong side of what was promised without it."""
    rules = {"per_population": RATIO, "allotment": four_plus(), "choice": choice, "cap": cap}
    whole = allot(population=population, households=households, **rules)
    known = {"households": households, "population": None} if hides_population else {"population": population}
    part = allot(**{"households": None, **known}, **rules)
    promise = {"exact": int.__eq__, "least": int.__le__, "most": int.__ge__}[part.certainty]
    assert promise(part.heads, whole.heads)
    assert whole.certainty == "exact"


def test_both_standards_meet_where_the_rule_book_says():
    """2.48 persons per household (Taizhou census): 3,538 households (domain §1.B3)."""
    assert break_even(248, 100, RATIO, four_plus()) == 3538
    assert break_even(6_622_888, 2_670_519, RATIO, four_plus()) == 3538


def test_standards_never_meet_where_the_ratio_grows_no_faster():
    assert break_even(185, 100, RATIO, four_plus()) is None
    assert break_even(186, 100, RATIO, four_plus()) == 272_728


@given(st.integers(1, 900), st.integers(100, 200), st.integers(1, 40), st.integers(100, 900))
def test_break_even_against_trying_out(population, households, heads, per):
    ratio, fixed = PerPopulation(heads, 10_000), FixedPlusHouseholds(4, per)
    found = break_even(population, households, ratio, fixed)

    def asks_enough(number):
        return Fraction(population * number * heads, households * 10_000) >= 4 + Fraction(number, per)

    if found is None:
        assert not any(map(asks_enough, (1, 1000, 10**9, 10**15)))
    else:
        assert asks_enough(found)
        assert not asks_enough(found - 1)


@pytest.mark.parametrize(("population", "households"), [(0, 10), (10, 0)])
def test_break_even_needs_both_numbers(population, households):
    with pytest.raises(ValueError, match="must be positive"):
        break_even(population, households, RATIO, four_plus())


def test_ratio_engine_is_the_staffing_rule():
    assert [RATIO.allots(population) for population in (1, 555, 556, 10_001)] == [
        required_heads(population, 18, 10_000) for population in (1, 555, 556, 10_001)
    ]
