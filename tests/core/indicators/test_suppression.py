"""Small cells: what is withheld, and that nothing withheld can be worked out from what is published."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.indicators.suppression import Cell, withheld

UNKNOWN = (0, 10**9)


def table(**numbers: int) -> dict[str, Cell]:
    """A city "c" with districts, plain counts: c=10, c1=3, c2=7."""
    return {code: Cell(code[:-1], (number,)) for code, number in numbers.items()}


def test_nothing_small_means_nothing_withheld():
    assert withheld(table(c=30, c1=10, c2=20, c3=0), 5) == frozenset()


def test_a_small_number_takes_the_least_neighbour_with_it():
    assert withheld(table(c=40, c1=3, c2=20, c3=17), 5) == {"c1", "c3"}


def test_two_small_numbers_protect_each_other():
    assert withheld(table(c=27, c1=3, c2=4, c3=20), 5) == {"c1", "c2"}


def test_a_neighbour_without_anybody_is_taken_last():
    assert withheld(table(c=23, c1=3, c2=0, c3=20), 5) == {"c1", "c3"}


def test_a_small_number_with_empty_neighbours_is_that_of_the_sum_too():
    assert withheld(table(c=3, c1=3, c2=0), 5) == {"c", "c1"}


def test_a_companion_takes_one_of_its_own_parts_with_it():
    cells = table(c=40, c1=3, c2=37, c21=17, c22=20, c11=1, c12=2)
    assert withheld(cells, 5) == {"c1", "c11", "c12", "c2", "c21"}


def test_number_of_those_who_have_not_is_small_as_well():
    cells = {"c": Cell("", (60, 40, 100)), "c1": Cell("c", (48, 2, 50)), "c2": Cell("c", (12, 38, 50))}
    assert withheld(cells, 5) == {"c1", "c2"}


def test_the_limit_itself_is_published():
    assert withheld(table(c=15, c1=5, c2=10), 5) == frozenset()


COUNTS = st.tuples(st.integers(0, 12), st.integers(0, 12))


@st.composite
def trees(draw) -> dict[str, tuple[int, int]]:
    """Two numbers (with, without) of every leaf of a tree of up to three levels, and their sums above."""
    leaves: dict[str, tuple[int, int]] = {}
    for one in range(draw(st.integers(1, 4))):
        branches = draw(st.integers(0, 3))
        for two in range(branches):
            leaves[f"c{one}{two}"] = draw(COUNTS)
        if not branches:
            leaves[f"c{one}"] = draw(COUNTS)
    every = dict(leaves)
    for code, numbers in leaves.items():
        for length in range(1, len(code)):
            above = every.get(code[:length], (0, 0))
            every[code[:length]] = (above[0] + numbers[0], above[1] + numbers[1])
    return every


def bounds(published: dict[str, int | None]) -> dict[str, tuple[int, int]]:
    """The least and the greatest that every number can be, given what is published; exact, since the sums are a tree."""
    parts: dict[str, list[str]] = {}
    for code in published:
        parts.setdefault(code[:-1], []).append(code)
    found: dict[str, tuple[int, int]] = {}
    for code in sorted(published, key=len, reverse=True):
        number, below = published[code], parts.get(code, [])
        low, high = (sum(found[one][0] for one in below), sum(found[one][1] for one in below)) if below else UNKNOWN
        found[code] = (low, high) if number is None else (number, number)
    for code in sorted(published, key=len):
        if code[:-1] not in published:
            continue
        low, high = found[code[:-1]]
        others = [found[one] for one in parts[code[:-1]] if one != code]
        least, most = low - sum(one[1] for one in others), high - sum(one[0] for one in others)
        found[code] = (max(found[code][0], least), min(found[code][1], most))
    return found


@settings(deadline=None)
@given(trees(), st.integers(2, 8))
def test_nothing_withheld_can_be_worked_out_from_what_is_published(tree, under):
    cells = {code: Cell(code[:-1], (*numbers, sum(numbers))) for code, numbers in tree.items()}
    hidden = withheld(cells, under)
    assert {code for code, cell in cells.items() if cell.is_small(under)} <= hidden
    for which in range(3):
        published = {code: None if code in hidden else cell.counts[which] for code, cell in cells.items()}
        ranges = bounds(published)
        for code, cell in cells.items():
            if 1 <= cell.counts[which] < under:
                low, high = ranges[code]
                assert low < high, (code, which, sorted(hidden))


@settings(deadline=None)
@given(trees(), st.integers(2, 8))
def test_without_a_small_number_nothing_is_withheld(tree, under):
    cells = {code: Cell(code[:-1], (*numbers, sum(numbers))) for code, numbers in tree.items()}
    if not any(cell.is_small(under) for cell in cells.values()):
        assert withheld(cells, under) == frozenset()


@settings(deadline=None)
@given(trees(), st.integers(2, 8))
def test_every_sum_has_none_or_two_unknown(tree, under):
    cells = {code: Cell(code[:-1], (*numbers, sum(numbers))) for code, numbers in tree.items()}
    hidden = withheld(cells, under)
    for parent in cells:
        family = [code for code in cells if code == parent or code[:-1] == parent]
        if len(family) > 1:
            assert len(hidden.intersection(family)) != 1
