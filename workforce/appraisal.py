"""Yearly assessment of community workers (domain §1.E1, §1.E2, §2.11).

Scores run from 0 to 100. Every shown figure is rounded half up to two decimals, and totals are reckoned from the lines
as shown, so that whoever checks a sheet by hand comes to the same result. What comes last is a list for review and
never a dismissal: coming last is not the same as being unfit (Supreme Court, guiding case 18).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeVar

LineKey = Literal["community", "grid"]
Rounding = Literal["floor", "ceil", "nearest"]
Fault = Literal[
    "no_indicators", "weights", "grid_weights", "no_grid_line", "grid_percent", "certificate", "satisfaction"
]
Subject = TypeVar("Subject", bound=Hashable)

HUNDRED = Decimal(100)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Indicator:
    """One thing that is scored, in one of the two lines, with its weight in per cent of that line."""

    key: str
    line: LineKey
    weight: int


@dataclass(frozen=True)
class Demands:
    """What the rules of a place ask of a scheme; None and False are "not in force".

    `community_least`: the least share of community work in the total of part-time grid workers, in per cent.
    """

    community_least: int | None = None
    certificate: bool = False
    satisfaction: bool = False


def round_half_up(value: Decimal) -> Decimal:
    """To two decimals, as shown."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def faults(indicators: Sequence[Indicator], grid_percent: int, demands: Demands) -> tuple[Fault, ...]:
    """What is wrong with a scheme, in the order in which a form shows it; empty when it may be opened.

    Weights of each line sum to 100; `grid_percent` is the share of the grid line, 0 without one.
    """
    sums = {line: sum(one.weight for one in indicators if one.line == line) for line in ("community", "grid")}
    keys = {one.key for one in indicators}
    has_community, has_grid = (any(one.line == line for one in indicators) for line in ("community", "grid"))
    checks: tuple[tuple[Fault, bool], ...] = (
        ("no_indicators", not has_community),
        ("weights", has_community and sums["community"] != 100),
        ("grid_weights", has_grid and sums["grid"] != 100),
        ("no_grid_line", has_grid != (grid_percent > 0)),
        ("grid_percent", demands.community_least is not None and 100 - grid_percent < demands.community_least),
        ("certificate", demands.certificate and "certificate" not in keys),
        ("satisfaction", demands.satisfaction and "satisfaction" not in keys),
    )
    return tuple(key for key, wrong in checks if wrong)


def line_score(indicators: Sequence[Indicator], line: LineKey, scores: Mapping[str, Decimal]) -> Decimal | None:
    """The weighted score of a line; None as long as an indicator of it is not scored."""
    mine = [one for one in indicators if one.line == line]
    if not mine or any(one.key not in scores for one in mine):
        return None
    return round_half_up(sum((scores[one.key] * one.weight for one in mine), Decimal(0)) / 100)


def total_score(
    community: Decimal | None, grid: Decimal | None, *, grid_percent: int, grid_worker: bool
) -> Decimal | None:
    """w x community + (1 - w) x grid for part-time grid workers, the community line alone for others.

    None as long as a line that counts is not complete.
    """
    if community is None or not grid_worker or not grid_percent:
        return community
    if grid is None:
        return None
    return round_half_up((community * (100 - grid_percent) + grid * grid_percent) / HUNDRED)


def grade_of(total: Decimal | None, bands: Iterable[tuple[str, Decimal]]) -> str:
    """The grade of the highest band that the total reaches (inclusive); empty without a total or below every band."""
    if total is None:
        return ""
    reached = [(least, grade) for grade, least in bands if total >= least]
    return max(reached, key=lambda one: one[0])[1] if reached else ""


def ranks(totals: Mapping[Subject, Decimal]) -> dict[Subject, int]:
    """Place of everybody in a group, the best first; equal totals share a place and the next one is left out."""
    ordered = sorted(totals.values(), reverse=True)
    first = {total: place for place, total in reversed(list(enumerate(ordered, 1)))}
    return {subject: first[total] for subject, total in totals.items()}


def bottom_count(number: int, percent: int, rounding: Rounding = "floor") -> int:
    """How many of `number` persons a share of `percent` is; "nearest" rounds a half up."""
    parts = number * percent
    if rounding == "ceil":
        return -(-parts // 100)
    return (parts + (50 if rounding == "nearest" else 0)) // 100


@dataclass(frozen=True)
class Bottom:
    """The lowest share of a group: how many the share asks for, the total at the cut, and who is to be reviewed.

    Everybody at the cut is listed, so `tied` more than asked for may be; nobody is where the share comes to no person.
    """

    asked: int
    cut: Decimal | None
    listed: frozenset[Hashable]

    @property
    def tied(self) -> int:
        return len(self.listed) - self.asked


def bottom(totals: Mapping[Subject, Decimal], percent: int, rounding: Rounding = "floor") -> Bottom:
    """The list for review of a group: the lowest share, with all ties at the cut (domain §1.E1)."""
    asked = bottom_count(len(totals), percent, rounding)
    if not asked:
        return Bottom(0, None, frozenset())
    cut = sorted(totals.values())[asked - 1]
    return Bottom(asked, cut, frozenset(subject for subject, total in totals.items() if total <= cut))


def renewal_ratio(left_after_review: int, assessed: int) -> Decimal | None:
    """Leavers by elimination of a year per assessed at its start, in per cent, two decimals half up; None of nobody."""
    if assessed <= 0:
        return None
    return round_half_up(Decimal(left_after_review * 100) / assessed)
