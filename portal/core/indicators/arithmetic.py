"""Exact arithmetic of figures: shares and means rounded half up, cut-off ratios, differences in percentage points."""

from decimal import Decimal
from fractions import Fraction


def rounded(value: Fraction, decimals: int, *, floor: bool = False) -> Decimal:
    """`value` with `decimals` places, half away from zero, or cut off towards zero where `floor` (domain §1.M).

    Worked out on integers: neither binary floats nor banker's rounding come near it.
    """
    scaled = abs(value) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    if not floor and 2 * (scaled - whole) >= 1:
        whole += 1
    return Decimal(-whole if value < 0 else whole).scaleb(-decimals)


def quotient(numerator: int, denominator: int, scale: int = 1) -> Fraction | None:
    """`numerator` per `scale` of `denominator`; None where there is nothing to divide by."""
    return Fraction(numerator * scale, denominator) if denominator else None


def difference(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """How far a figure moved, from the figures as printed: of two shares that is 个百分点, never a per cent of a per cent."""
    return None if now is None or before is None else now - before
