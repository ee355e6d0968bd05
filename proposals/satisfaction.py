"""How content proposers are: counts of returned forms and the rates made of them (domain §2.2).

The state formula is satisfied and basically satisfied of those returned; satisfied alone stands beside it. A form that
did not come back is not satisfied: it is in no numerator, and how many came back is told with each rate. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SATISFIED, BASIC, DISSATISFIED = "satisfied", "basic", "dissatisfied"


def percent(part: int, whole: int, decimals: int = 2) -> Decimal | None:
    """A share in per cent, rounded half up: 22 of 92 is 23.91. Shares of a whole are not forced to add up to 100.

    None of nothing. ValueError where the part is not within the whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    if not whole:
        return None
    return (Decimal(part * 100) / whole).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Returns:
    """Forms asked for, and what those that came back say of the result."""

    asked: int = 0
    satisfied: int = 0
    basic: int = 0
    dissatisfied: int = 0

    def __post_init__(self) -> None:
        if min(self.satisfied, self.basic, self.dissatisfied) < 0 or self.returned > self.asked:
            raise ValueError("more forms came back than were asked for")

    @property
    def returned(self) -> int:
        return self.satisfied + self.basic + self.dissatisfied

    @property
    def unreturned(self) -> int:
        return self.asked - self.returned

    @property
    def return_rate(self) -> Decimal | None:
        """反馈率: of those asked, in per cent."""
        return percent(self.returned, self.asked)

    @property
    def content_rate(self) -> Decimal | None:
        """满意和基本满意率: satisfied and basically satisfied of those returned, in per cent."""
        return percent(self.satisfied + self.basic, self.returned)

    @property
    def satisfied_rate(self) -> Decimal | None:
        """满意率: satisfied alone of those returned, in per cent."""
        return percent(self.satisfied, self.returned)

    def __add__(self, other: "Returns") -> "Returns":
        return Returns(
            self.asked + other.asked,
            self.satisfied + other.satisfied,
            self.basic + other.basic,
            self.dissatisfied + other.dissatisfied,
        )


def returns(results: Iterable[str]) -> Returns:
    """Counts forms by their result; an empty one did not come back. ValueError for any other word."""
    held = list(results)
    if unknown := {one for one in held if one not in ("", SATISFIED, BASIC, DISSATISFIED)}:
        raise ValueError(f"{sorted(unknown)} are no results of a form")
    return Returns(len(held), held.count(SATISFIED), held.count(BASIC), held.count(DISSATISFIED))


def verdict(results: Iterable[str]) -> str:
    """What the forms of one round decide: dissatisfied as soon as one says so, satisfied when all are back, else ''."""
    made = returns(results)
    if made.dissatisfied:
        return DISSATISFIED
    return SATISFIED if made.asked and not made.unreturned else ""
