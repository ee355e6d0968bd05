"""What a forecast is made from and what it is made of: assumptions, the year measured, months, targets, divisions below."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.core.policy.queries import RuleInForce
from workforce.forecast import Hiring, Pace, Point
from workforce.queries.staffing import Staffing

YEAR_MONTHS = 12


@dataclass(frozen=True)
class Assumed:
    """What the reader assumes. `leavers` a year, `hires` and `certificates` a month; None takes the measured pace."""

    months: int
    target: date
    leavers: Decimal | None = None
    hires: Decimal | None = None
    certificates: Decimal | None = None
    growth: Decimal = Decimal(0)


@dataclass(frozen=True)
class Measured:
    """What the twelve months up to the day were like. `left` holds no post any more, `retired` of those by age.

    `joined` held none then, `gained` is certified now and was not then. Without heads a year before there is no pace.
    """

    earlier: int
    earlier_certified: int
    left: int
    retired: int
    joined: int
    gained: int

    @property
    def pace(self) -> Pace:
        if not self.earlier:
            return Pace(None, None, None)
        return Pace(Fraction(self.left), Fraction(self.joined, YEAR_MONTHS), Fraction(self.gained, YEAR_MONTHS))


@dataclass(frozen=True)
class Month:
    """What falls into one month, and what is expected at its end. `first` is the first day that it covers."""

    first: date
    aged: int
    aged_certified: int
    contracts: Counter[str]
    point: Point
    population: int | None
    required: int | None

    @property
    def last(self) -> date:
        return self.point.day

    @property
    def gap(self) -> int | None:
        """Heads expected to be missing; negative is a surplus."""
        return None if self.required is None else self.required - self.point.whole_heads


@dataclass(frozen=True)
class Target:
    """A share of certified heads that is due, with the rule that sets it."""

    rule: RuleInForce
    percent: int
    due: date
    met: bool | None
    reached: date | None
    pace: Fraction | None


@dataclass(frozen=True)
class Below:
    """A division under the place: what it will have and need on the target day."""

    figure: Staffing
    heads: int
    aged: int
    leavers: Fraction | None
    hiring: Hiring
    ruled: bool

    @property
    def leavers_by_then(self) -> int | None:
        """Whole persons who leave for other reasons, as the plan counts them."""
        return None if self.leavers is None else self.heads - self.aged - self.hiring.remaining
