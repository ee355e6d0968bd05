"""How many heads a place should have: the staffing ratio, and the allotment engines of communities.

Ratio: domain §1.B1, "每万城镇常住人口配备社区工作者18人".
Integers throughout: whether a division complies is never decided by a rounded ratio.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from typing import Literal

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


# Allotment engines (domain §1.B3 "4+N", §2.5 "Other staffing engines"): each tells how many heads a community should have.

Engine = Literal["per_population", "allotment", "brackets"]
Rounding = Literal["nearest", "ceil", "floor"]
Choice = Literal["largest", "smallest"]
Missing = Literal["", "population", "households"]
Certainty = Literal["exact", "least", "most", "none"]


@dataclass(frozen=True)
class PerPopulation:
    """`heads` per `per` residents, rounded up (domain §1.B1)."""

    heads: int
    per: int

    def allots(self, population: int) -> int:
        return required_heads(population, self.heads, self.per)


@dataclass(frozen=True)
class FixedPlusHouseholds:
    """A fixed number and one more per so many households, "4+N": the sources say 左右, so the rounding is a setting.

    `least` is the smallest N.
    """

    base: int
    households_per: int
    rounding: Rounding = "nearest"
    least: int = 0

    def allots(self, households: int) -> int:
        return self.base + max(self.least, _divided(households, self.households_per, self.rounding))


@dataclass(frozen=True)
class Bracket:
    """`heads` for a community of `households_from` households or more, up to the next bracket."""

    households_from: int
    heads: int


@dataclass(frozen=True)
class Brackets:
    """Heads by size class; above the start of the highest bracket `further_heads` for each full `further_households`.

    Below the lowest bracket nobody is allotted. Taiyuan (domain §2.5): 0: 3, 2000: 4, 3000: 5, 4000: 6, 5000: 6, then one
    more per 500.
    """

    rows: tuple[Bracket, ...]
    further_households: int = 0
    further_heads: int = 0

    def allots(self, households: int) -> int:
        rows = sorted(self.rows, key=lambda row: row.households_from)
        reached = [row for row in rows if row.households_from <= households]
        if not reached:
            return 0
        heads = reached[-1].heads
        if len(reached) == len(rows) and self.further_households:
            steps = (households - reached[-1].households_from) // self.further_households
            heads += steps * self.further_heads
        return heads


def _divided(number: int, by: int, rounding: Rounding) -> int:
    """`number / by` as a whole number; "nearest" rounds half up. Raises ValueError unless both can be counted."""
    if number < 0 or by <= 0:
        raise ValueError("households must not be negative, households_per must be positive")
    if rounding == "floor":
        return number // by
    if rounding == "ceil":
        return (number + by - 1) // by
    return (2 * number + by) // (2 * by)


@dataclass(frozen=True)
class EngineResult:
    """What one engine gives; `missing` names the input it lacks, then `heads` is None: "no data", never zero."""

    engine: Engine
    heads: int | None
    missing: Missing = ""


@dataclass(frozen=True)
class Allotment:
    """Heads allotted to a community, with what every engine in force gives and which rule binds.

    `heads` is None when no engine in force has its data. `chosen` is what the engines come to before the cap. `binding`:
    the engines that give `chosen`, or ("cap",) where the cap is below it.
    """

    results: tuple[EngineResult, ...]
    choice: Choice
    cap: int | None
    chosen: int | None
    heads: int | None
    binding: tuple[str, ...]

    @property
    def certainty(self) -> Certainty:
        """What `heads` is in the light of engines without data: exact, a least (largest of), a most (smallest of)."""
        if self.heads is None:
            return "none"
        if all(result.heads is not None for result in self.results):
            return "exact"
        if self.choice == "smallest":
            return "most"
        return "exact" if self.heads == self.cap else "least"


def allot(
    *,
    population: int | None,
    households: int | None,
    per_population: PerPopulation | None = None,
    allotment: FixedPlusHouseholds | None = None,
    brackets: Brackets | None = None,
    choice: Choice = "largest",
    cap: int | None = None,
) -> Allotment:
    """The largest or smallest of what the engines in force give, at most `cap`; an engine that is None is not in force.

    A population that is None or not positive is no data; so are households that are None or negative.
    """
    residents = population if population and population > 0 else None
    homes = households if households is not None and households >= 0 else None
    results: list[EngineResult] = []
    if per_population is not None:
        results.append(
            EngineResult("per_population", None, "population")
            if residents is None
            else EngineResult("per_population", per_population.allots(residents))
        )
    by_households: tuple[tuple[Engine, FixedPlusHouseholds | Brackets | None], ...] = (
        ("allotment", allotment),
        ("brackets", brackets),
    )
    for key, engine in by_households:
        if engine is not None:
            results.append(
                EngineResult(key, None, "households") if homes is None else EngineResult(key, engine.allots(homes))
            )
    return _combined(tuple(results), choice, cap)


def _combined(results: tuple[EngineResult, ...], choice: Choice, cap: int | None) -> Allotment:
    known = [result.heads for result in results if result.heads is not None]
    if not known:
        return Allotment(results, choice, cap, None, None, ())
    chosen = max(known) if choice == "largest" else min(known)
    if cap is not None and cap < chosen:
        return Allotment(results, choice, cap, chosen, cap, ("cap",))
    return Allotment(
        results, choice, cap, chosen, chosen, tuple(result.engine for result in results if result.heads == chosen)
    )


def break_even(
    population: int, households: int, per_population: PerPopulation, allotment: FixedPlusHouseholds
) -> int | None:
    """Households from which the ratio asks for at least as many heads as "4+N", at this many persons per household.

    Rounding left aside (domain §1.B3: 2.48 persons, 18 per 10,000 against 4 + households/300 meet at 3,538). None where
    the ratio grows no faster, so that they never meet.
    """
    if population <= 0 or households <= 0:
        raise ValueError("population and households must be positive")
    faster = Fraction(population * per_population.heads, households * per_population.per)
    faster -= Fraction(1, allotment.households_per)
    return ceil(allotment.base / faster) if faster > 0 else None
