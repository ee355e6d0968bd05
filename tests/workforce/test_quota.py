"""Domain §1.B1: examples, edges, and a property test against fractions."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.quota import complies, ratio_per_10k, required_heads, share


@pytest.mark.parametrize(
    ("population", "required"),
    [(10_000, 18), (10_001, 19), (9_999, 18), (5_555, 10), (5_556, 11), (555, 1), (556, 2), (7_666_000, 13_799)],
)
def test_required_heads_examples(population, required):
    assert required_heads(population, 18, 10_000) == required


def test_nation_2019():
    assert required_heads(848_430_000, 18, 10_000) == 1_527_174


def test_17996_shows_as_1799_and_is_short():
    assert ratio_per_10k(4_499, 2_500_000) == Decimal("17.99")
    assert not complies(4_499, 2_500_000, 18, 10_000)
    assert complies(4_500, 2_500_000, 18, 10_000)


@given(st.integers(1, 2_000_000_000), st.integers(0, 5_000_000), st.integers(1, 1000), st.integers(1, 100_000))
def test_against_fractions(population, workers, heads, per):
    rule = Fraction(heads, per)
    assert required_heads(population, heads, per) == ceil(rule * population)
    assert complies(workers, population, heads, per) == (Fraction(workers, population) >= rule)
    assert complies(workers, population, heads, per) == (workers >= required_heads(population, heads, per))
    assert ratio_per_10k(workers, population) == Decimal(floor(Fraction(workers * 1_000_000, population))) / 100


@pytest.mark.parametrize("bad", [(0, 18, 10_000), (-1, 18, 10_000), (1, -1, 10_000), (1, 18, 0)])
def test_nonsense_is_refused(bad):
    with pytest.raises(ValueError, match="must be positive"):
        required_heads(*bad)


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1659, 3310, "50.12"), (1658, 3310, "50.09"), (2383, 3310, "71.99"), (0, 5, "0.00")]
)
def test_share_rounds_half_up(part, whole, expected):
    assert share(part, whole) == Decimal(expected)


def test_share_of_nobody_is_no_data():
    assert share(0, 0) is None


def test_ratio_without_population_is_refused():
    with pytest.raises(ValueError, match="population must be positive"):
        ratio_per_10k(3, 0)
