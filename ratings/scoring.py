"""Points, totals, grades and the guide distribution of star ratings (domain §1.J, §2.6).

Points and totals have two decimals, rounded half up once, at the end; figures are judged unrounded. Bounds belong to the
better side ("以上" includes the bound). Grades are 5, 4, 3 and 0 and nothing else.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, Protocol

GRADES = (5, 4, 3, 0)
NO_STAR = 0
HUNDRED = Decimal(100)
CENT = Decimal("0.01")

EventKind = Literal["bonus", "penalty", "veto"]
Fault = Literal["no_items", "weights", "bands", "label_twice", "unknown_indicator", "no_target"]


@dataclass(frozen=True)
class Step:
    """What part of an item's points, in per cent, a figure earns that reaches `bound`."""

    bound: Decimal
    percent: Decimal


@dataclass(frozen=True)
class Band:
    """The least total of a grade."""

    grade: int
    least: Decimal


@dataclass(frozen=True)
class Item:
    """What the rules ask of an item of a scheme; `indicator` is "" where it is scored by hand."""

    label: str
    scored: bool
    points: Decimal
    indicator: str = ""
    steps: bool = False


@dataclass(frozen=True)
class Line:
    """One scored item of a unit: its points in force, and whether it is automatic and was read from its figure.

    An automatic item whose figure has no value (no data, not in force, not applicable) was read and has no points.
    """

    points: Decimal | None
    automatic: bool = False
    read: bool = False

    @property
    def open(self) -> bool:
        """Whether the item still waits for a score."""
        return not self.read if self.automatic else self.points is None


@dataclass(frozen=True)
class Event:
    """A confirmed bonus, penalty or veto under an item; `cap` bounds what all events of the item come to."""

    item: Hashable
    kind: EventKind
    points: Decimal = Decimal(0)
    cap: Decimal | None = None


class Scored(Protocol):
    """The points of an item as the stages gave them; an automatic item has `auto_points` and no other."""

    auto_points: Decimal | None
    self_points: Decimal | None
    street_points: Decimal | None
    district_points: Decimal | None


def faults(items: Sequence[Item], bands: Sequence[Band], known: Mapping[str, bool]) -> tuple[Fault, ...]:
    """What keeps a scheme from being approved, in the order in which a page shows it.

    `known` are the declared indicators, with whether they have a target of their own. Scored items come to 100 points.
    """
    scored = [one for one in items if one.scored]
    automatic = [one for one in scored if one.indicator]
    labels = [one.label for one in items]
    checks: tuple[tuple[Fault, bool], ...] = (
        ("no_items", not scored),
        ("weights", bool(scored) and sum((one.points for one in scored), Decimal(0)) != HUNDRED),
        ("label_twice", len(set(labels)) < len(labels)),
        ("unknown_indicator", any(one.indicator not in known for one in automatic)),
        ("no_target", any(known.get(one.indicator) is False and not one.steps for one in automatic)),
        ("bands", not bands_fit(bands)),
    )
    return tuple(key for key, wrong in checks if wrong)


def bands_fit(bands: Sequence[Band]) -> bool:
    """Whether five, four and three stars each have a least total, one below the other, from 100 down to above 0."""
    leasts = [one.least for one in bands]
    falling = all(above > below for above, below in zip(leasts, leasts[1:], strict=False))
    return [one.grade for one in bands] == [5, 4, 3] and falling and leasts[0] <= HUNDRED and leasts[-1] > 0


def two_places(value: Fraction | Decimal) -> Decimal:
    """To two decimals, half up (away from zero), whatever the sign."""
    exact = Fraction(value) * 100
    whole, rest = divmod(abs(exact), 1)
    cents = whole + (1 if rest >= Fraction(1, 2) else 0)
    return Decimal(-cents if exact < 0 else cents).scaleb(-2).quantize(CENT, rounding=ROUND_HALF_UP)


def points_of(
    points: Decimal,
    steps: Sequence[Step],
    value: Fraction | Decimal | None,
    met: bool | None,
    *,
    lower: bool = False,
) -> Decimal | None:
    """The points of an automatic item with `points` at most, from the value of its figure.

    With steps: the highest share of those whose bound the value reaches, at least the bound, or at most where `lower` is
    better; below all of them none. Without: all points where the figure's own target is met, else none.
    None where there is no value, or no target in force to judge by: nothing was shown, so nothing is earned or lost.
    """
    if value is None or (not steps and met is None):
        return None
    if not steps:
        return two_places(points if met else Decimal(0))
    exact = Fraction(value)
    reached = [s.percent for s in steps if (exact <= Fraction(s.bound) if lower else exact >= Fraction(s.bound))]
    return two_places(Fraction(points) * Fraction(max(reached, default=Decimal(0))) / 100)


def in_force(score: Scored) -> Decimal | None:
    """The points that count: the automatic ones, else those of the latest stage; None while nobody has scored."""
    for points in (score.auto_points, score.district_points, score.street_points, score.self_points):
        if points is not None:
            return points
    return None


def events_sum(events: Iterable[Event]) -> Decimal:
    """What bonus and penalty events add, each item bounded by its cap; vetoes add nothing."""
    sums: dict[Hashable, Decimal] = {}
    seen: dict[Hashable, Event] = {}
    for event in events:
        seen[event.item] = event
        sums[event.item] = sums.get(event.item, Decimal(0)) + event.points
    found = Decimal(0)
    for item, event in seen.items():
        amount = sums[item] if event.cap is None else min(sums[item], event.cap)
        found += {"bonus": amount, "penalty": -amount, "veto": Decimal(0)}[event.kind]
    return found


def total(scores: Iterable[Line], incidents: Iterable[Event] = ()) -> Decimal | None:
    """The total of a unit: points in force, plus bonuses, less penalties, never below 0.

    None as long as an item waits for its score. A total above 100 is possible by bonuses.
    """
    lines = list(scores)
    if not lines or any(line.open for line in lines):
        return None
    points = sum((line.points for line in lines if line.points is not None), Decimal(0))
    return max(two_places(points + events_sum(incidents)), Decimal("0.00"))


def vetoed(incidents: Iterable[Event]) -> bool:
    """Whether any event is a veto (一票否决): the unit gets no star, whatever its total."""
    return any(event.kind == "veto" for event in incidents)


def band(total: Decimal, bands: Sequence[Band]) -> int:
    """The best grade whose least total is reached; no star below all of them."""
    return max((one.grade for one in bands if total >= one.least), default=NO_STAR)


@dataclass(frozen=True)
class Outcome:
    """What a unit's scores come to: `banded` by score alone, `provisional` after the veto."""

    total: Decimal | None
    vetoed: bool
    banded: int | None
    provisional: int | None


def outcome(scores: Iterable[Line], incidents: Sequence[Event], bands: Sequence[Band]) -> Outcome:
    """Total and grades of a unit; a veto gives no star even before all items are scored."""
    found, veto = total(scores, incidents), vetoed(incidents)
    banded = None if found is None else band(found, bands)
    return Outcome(found, veto, banded, NO_STAR if veto else banded)


@dataclass(frozen=True)
class Deviation:
    """A grade's part of the units rated beside the guide: shares in per cent, `points` in percentage points.

    `guide` and what follows from it are None where no guide distribution is in force.
    """

    grade: int
    count: int
    share: Decimal
    guide: Decimal | None
    expected: Decimal | None
    points: Decimal | None


def deviation(counts: Mapping[int, int], shares: Mapping[int, int | Decimal] | None) -> tuple[Deviation, ...]:
    """How far grades are from the guide distribution, best first; shown and never enforced (domain §2.6).

    `counts` are units by grade; `shares` per cent by grade, None where the rule is not in force. Empty without units.
    """
    number = sum(counts.get(grade, 0) for grade in GRADES)
    if not number:
        return ()
    found = []
    for grade in GRADES:
        count = counts.get(grade, 0)
        share = Fraction(count * 100, number)
        if shares is None:
            found.append(Deviation(grade, count, _one_place(share), None, None, None))
            continue
        guide = Fraction(shares.get(grade, 0))
        expected = _one_place(guide * number / 100)
        found.append(
            Deviation(
                grade, count, _one_place(share), Decimal(shares.get(grade, 0)), expected, _one_place(share - guide)
            )
        )
    return tuple(found)


def _one_place(value: Fraction) -> Decimal:
    return (two_places(value * 10) / 10).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
