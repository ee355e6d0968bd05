"""Monthly pay of a community worker from the rules of a place (domain §1.C2 to C4, §2.5). Money is whole yuan.

A rule may exist without an amount, because its source names none. Such a part is None, never 0, and a total says which
parts it lacks. A person counts in a month when in post on its last day.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from workforce.ladder import LEVELS

Key = Literal["grade", "post", "certificate"]
Post = Literal["secretary_chair", "deputy", "member"]
Verdict = Literal["within", "below", "above_cap", "above_exceptional", "unknown"]

# Keys of the rules that the parts rest on.
RULES: dict[Key, str] = {
    "grade": "pay.grade_amounts",
    "post": "pay.post_amounts",
    "certificate": "pay.certificate_allowance",
}
# Most senior first: where amounts are not given, seniority says which of several posts is the highest.
POSTS: tuple[Post, ...] = ("secretary_chair", "deputy", "member")
FEN = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """One part of a month's pay; `amount` None where its rule gives no amount for the case that `facts` describe."""

    key: Key
    amount: int | None
    facts: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        return RULES[self.key]


@dataclass(frozen=True)
class Pay:
    """The parts of one person's month. A part whose rule is not in force, or that the person has no claim to, is absent."""

    parts: tuple[Part, ...]

    @property
    def known(self) -> int | None:
        """Sum of the amounts given; None where none is."""
        given = [part.amount for part in self.parts if part.amount is not None]
        return sum(given) if given else None

    @property
    def missing(self) -> tuple[Key, ...]:
        """Parts that are due but whose amount the rules do not give."""
        return tuple(part.key for part in self.parts if part.amount is None)

    @property
    def total(self) -> int | None:
        """The whole pay; None as long as a part is missing or no rule gives any amount."""
        return None if self.missing else self.known

    def part(self, key: Key) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)


def last_of_month(year: int, month: int) -> date:
    """The day on which a month's pay is judged: who is in post on it is paid for the month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def grade_part(amounts: Mapping[int, int | None] | None, grade: int | None) -> Part | None:
    """Pay of the grade; None without a rule. A person without a grade lacks an amount."""
    if amounts is None:
        return None
    return Part("grade", None if grade is None else amounts.get(grade), {"grade": grade or ""})


def post_of(body: str, tier: int) -> Post | None:
    """The kind of post that post amounts name: those of the two committees (domain §1.C3); None for the station's."""
    if body not in ("party", "committee"):
        return None
    return POSTS[tier - 1]


def post_part(amounts: Mapping[Post, int | None] | None, posts: Iterable[Post]) -> Part | None:
    """Pay of the highest applicable post, once (domain §1.C3); None without a rule or such a post.

    `posts` are those that give a claim: full-time posts of the two committees of somebody not on institutional staffing.
    Where one of several amounts is not given, the most senior post decides.
    """
    held = [post for post in POSTS if amounts is not None and post in amounts and post in set(posts)]
    if amounts is None or not held:
        return None
    given = [(amount, post) for post in held if (amount := amounts[post]) is not None]
    if len(given) < len(held):
        return Part("post", amounts[held[0]], {"post": held[0]})
    amount, post = max(given, key=lambda one: one[0])
    return Part("post", amount, {"post": post})


@dataclass(frozen=True)
class Allowance:
    """Certificate allowance by level (domain §1.C4); `least` and `most` are what a source says instead of amounts."""

    amounts: Mapping[str, int | None]
    highest_only: bool = True
    registered_only: bool = False
    least: int | None = None
    most: int | None = None


def certificate_part(rule: Allowance | None, held: Sequence[str], registered: Sequence[str]) -> Part | None:
    """The allowance for the certificates held; None without a rule or a certificate with a claim.

    `registered`: levels whose registration is in force; only they count where the rule says so.
    """
    if rule is None:
        return None
    named = {level for level in held if level in rule.amounts and (not rule.registered_only or level in registered)}
    if not named:
        return None
    counted = sorted(named, key=LEVELS.index, reverse=True)[: 1 if rule.highest_only else None]
    amounts = [rule.amounts[level] for level in counted]
    known = [amount for amount in amounts if amount is not None]
    facts: dict[str, int | str] = {"level": counted[0], "certificates": len(counted)}
    if len(known) == len(amounts):
        return Part("certificate", sum(known), facts)
    return Part("certificate", None, {**facts, "least": _word(rule.least), "most": _word(rule.most)})


def _word(amount: int | None) -> int | str:
    return "" if amount is None else amount


def pay_of(*parts: Part | None) -> Pay:
    """The month of one person."""
    return Pay(tuple(part for part in parts if part is not None))


def split(total: int, basic_percent: int) -> tuple[Decimal, Decimal]:
    """Basic and performance pay of a total, to the fen, the basic part half up; together always the total."""
    basic = (Decimal(total * basic_percent) / 100).quantize(FEN, rounding=ROUND_HALF_UP)
    return basic, total - basic


@dataclass(frozen=True)
class Bounds:
    """From a new civil servant's pay to the cap; beyond it a few principals to the exceptional cap (domain §1.C2)."""

    start: int | None = None
    cap: int | None = None
    exceptional_cap: int | None = None


def within(total: int, bounds: Bounds, *, tier: int, approved: int | None = None) -> Verdict:
    """Where a total stands. Beyond the cap it needs an approval of at least that amount, and the post of a principal.

    Beyond the exceptional cap no approval helps. A bound that is not given judges nothing: "unknown" without any.
    """
    if bounds.start is None and bounds.cap is None and bounds.exceptional_cap is None:
        return "unknown"
    if bounds.start is not None and total < bounds.start:
        return "below"
    if bounds.exceptional_cap is not None and total > bounds.exceptional_cap:
        return "above_exceptional"
    if bounds.cap is not None and total > bounds.cap and not (tier == 1 and approved is not None and approved >= total):
        return "above_cap"
    return "within"


def before_raise(now: int, raised_by: int) -> tuple[int, Decimal | None]:
    """The amount before a raise and the raise in per cent of it, one decimal half up; None where it was nothing."""
    before = now - raised_by
    if before <= 0:
        return before, None
    return before, (Decimal(raised_by * 100) / before).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def average(sums: Iterable[tuple[int, int]]) -> Decimal | None:
    """Mean pay of (persons, amount each) to the fen, half up; None without anybody."""
    pairs = list(sums)
    persons = sum(number for number, _amount in pairs)
    if not persons:
        return None
    whole = sum(number * amount for number, amount in pairs)
    return (Decimal(whole) / persons).quantize(FEN, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Shift:
    """What became of a person's pay since the month before; None on a side where the person was not paid."""

    kind: Literal["new", "left", "changed"]
    before: Pay | None
    now: Pay | None

    @property
    def parts(self) -> tuple[tuple[Part | None, Part | None], ...]:
        """The parts that differ, before and now; None where there was or is no such part."""
        keys: tuple[Key, ...] = ("grade", "post", "certificate")
        pairs = ((_part(self.before, key), _part(self.now, key)) for key in keys)
        return tuple(pair for pair in pairs if pair[0] != pair[1])

    @property
    def difference(self) -> int:
        """Of the amounts given; what is missing on either side counts for nothing."""
        return _known(self.now) - _known(self.before)


def _part(pay: Pay | None, key: Key) -> Part | None:
    return None if pay is None else pay.part(key)


def _known(pay: Pay | None) -> int:
    return 0 if pay is None else pay.known or 0


def shift(before: Pay | None, now: Pay | None) -> Shift | None:
    """The change of one person between two months; None where nothing changed."""
    if before == now:
        return None
    return Shift("new" if before is None else "left" if now is None else "changed", before, now)
