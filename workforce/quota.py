"""Staffing rule: heads per number of urban permanent residents (domain §1.B1, "每万城镇常住人口配备社区工作者18人").

Integers throughout: whether a division complies is never decided by a rounded ratio.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

RATIO_PER = 10_000


def required_heads(population: int, heads: int, per: int) -> int:
    """Heads required for `population` residents at `heads` per `per`, rounded up. Raises ValueError without population."""
    if population <= 0 or heads < 0 or per <= 0:
        raise ValueError("population and per must be positive, heads must not be negative")
    return (population * heads + per - 1) // per


def complies(workers: int, population: int, heads: int, per: int) -> bool:
    """Whether `workers` heads reach the rule exactly."""
    return workers * per >= heads * population


def ratio_per_10k(workers: int, population: int) -> Decimal:
    """Heads per 10,000 residents with two decimals, cut off so that 17.996 shows as 17.99 and never as met."""
    if population <= 0:
        raise ValueError("population must be positive")
    return (Decimal(workers * RATIO_PER) / population).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def share(part: int, whole: int) -> Decimal | None:
    """Per cent with two decimals, half up; None where there is nobody to take a share of."""
    if whole <= 0:
        return None
    return (Decimal(part * 100) / whole).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
