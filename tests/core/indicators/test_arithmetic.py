"""Rounding of figures: half up on exact numbers, the shares of domain §1.M, percentage points."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.indicators.arithmetic import difference, quotient, rounded


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (704, 1641, "42.9"),
        (1360, 1641, "82.9"),
        (802, 1641, "48.9"),
        (1446, 1641, "88.1"),
        (194, 202, "96.0"),
        (194, 203, "95.6"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 8, "12.5"),
        (0, 5, "0.0"),
    ],
)
def test_share_is_rounded_half_up_to_one_decimal(numerator, denominator, printed):
    assert str(rounded(quotient(numerator, denominator, 100), 1)) == printed


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (Fraction(5, 100), 1, "0.1"),  # the half itself goes up: 0.05 is 0.1
        (Fraction(25, 100), 1, "0.3"),  # where a banker would say 0.2
        (Fraction(-25, 100), 1, "-0.3"),  # away from zero on both sides
        (Fraction(999, 1000), 2, "1.00"),
        (Fraction(7), 0, "7"),
    ],
)
def test_halves_go_away_from_zero(value, decimals, printed):
    assert str(rounded(value, decimals)) == printed


def test_ratio_per_10k_is_cut_off_and_never_rounded_up_into_compliance():
    assert str(rounded(quotient(17_996, 10_000_000, 10_000), 2, floor=True)) == "17.99"


def test_nothing_to_divide_by_has_no_quotient():
    assert quotient(5, 0, 100) is None


def test_difference_of_shares_is_in_percentage_points_of_the_figures_as_printed():
    assert difference(Decimal("42.9"), Decimal("31.4")) == Decimal("11.5")
    assert difference(Decimal("37.4"), Decimal("42.3")) == Decimal("-4.9")
    assert difference(None, Decimal("31.4")) is None


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9), st.integers(0, 4), st.booleans())
def test_rounding_agrees_with_decimal_at_great_precision(numerator, denominator, decimals, floor):
    with localcontext() as context:
        context.prec = 80
        exact = Decimal(numerator) / Decimal(denominator)
        mode = ROUND_DOWN if floor else ROUND_HALF_UP
        oracle = exact.quantize(Decimal(1).scaleb(-decimals), rounding=mode)
    assert rounded(Fraction(numerator, denominator), decimals, floor=floor) == oracle
