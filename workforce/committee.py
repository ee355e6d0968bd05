"""Posts and bodies of a community: committee sizes, the four named posts, one-shoulder 一肩挑, cross-appointment, positions.

Domain §1.A3 and A4, §1.B2 and B3, §1.M; positions 核定, 实有, 空缺 after the headcount control of §1.B3 (总量调控).
People are whatever tells them apart (an id); nothing here looks anything up.
"""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain

from workforce.quota import share


class Size(StrEnum):
    """A number of members against the size that is "generally" 一般 set: out of range is a warning, never an error."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


def judge_size(members: int, least: int, most: int) -> Size:
    """Seats filled, part-time and cross-appointed members included, against `least` to `most` (domain §1.B2)."""
    if members < least:
        return Size.BELOW
    return Size.ABOVE if members > most else Size.WITHIN


class OneShoulder(StrEnum):
    """Whether the sitting secretary is also the sitting chair; with one of them vacant it is a vacancy (domain §1.A3)."""

    YES = "yes"
    APART = "apart"
    NO_SECRETARY = "no_secretary"
    NO_CHAIR = "no_chair"
    NEITHER = "neither"


def one_shoulder(secretaries: Collection[Hashable], chairs: Collection[Hashable]) -> OneShoulder:
    """The state of one community on a day, from who sits as secretary and who as chair."""
    if not secretaries and not chairs:
        return OneShoulder.NEITHER
    if not secretaries:
        return OneShoulder.NO_SECRETARY
    if not chairs:
        return OneShoulder.NO_CHAIR
    return OneShoulder.YES if set(secretaries) & set(chairs) else OneShoulder.APART


def one_shoulder_rate(states: Iterable[OneShoulder]) -> Decimal | None:
    """Per cent, two decimals half up, of the communities with a formed committee given by their states; None without any.

    A community whose secretary or chair is vacant stays in the denominator and is not one-shoulder.
    """
    found = list(states)
    return share(sum(state is OneShoulder.YES for state in found), len(found))


@dataclass(frozen=True)
class CorePosts:
    """How often each named post is filled: Tianjin's four are 1 secretary (also chair), 1 deputy, 2 vice chairs (§1.B3)."""

    secretaries: int
    deputy_secretaries: int
    vice_chairs: int
    one_shoulder: bool


class CoreFault(StrEnum):
    """What is wrong with the named posts of a community."""

    SECRETARY_MISSING = "secretary_missing"
    SECRETARY_SURPLUS = "secretary_surplus"
    DEPUTY_MISSING = "deputy_missing"
    DEPUTY_SURPLUS = "deputy_surplus"
    VICE_CHAIR_MISSING = "vice_chair_missing"
    VICE_CHAIR_SURPLUS = "vice_chair_surplus"
    APART = "apart"


def core_faults(
    rule: CorePosts,
    *,
    secretaries: Collection[Hashable],
    chairs: Collection[Hashable],
    deputies: Collection[Hashable],
    vice_chairs: Collection[Hashable],
) -> list[CoreFault]:
    """Faults of the named posts: each filled exactly as often as the rule says, the secretary being the chair (§1.B3).

    A vacant chair is no breach of the 兼 clause: it is a vacancy, told by `one_shoulder`.
    """
    found = []
    for filled, wanted, missing, surplus in (
        (secretaries, rule.secretaries, CoreFault.SECRETARY_MISSING, CoreFault.SECRETARY_SURPLUS),
        (deputies, rule.deputy_secretaries, CoreFault.DEPUTY_MISSING, CoreFault.DEPUTY_SURPLUS),
        (vice_chairs, rule.vice_chairs, CoreFault.VICE_CHAIR_MISSING, CoreFault.VICE_CHAIR_SURPLUS),
    ):
        number = len(set(filled))
        if number != wanted:
            found.append(missing if number < wanted else surplus)
    if rule.one_shoulder and one_shoulder(secretaries, chairs) is OneShoulder.APART:
        found.append(CoreFault.APART)
    return found


@dataclass(frozen=True)
class TwoCommittees:
    """Members of the two committees 两委 in distinct persons (domain §1.M: 1004 + 1341 - 704 = 1641)."""

    party: int
    committee: int
    both: int

    def __post_init__(self) -> None:
        if not 0 <= self.both <= min(self.party, self.committee):
            raise ValueError("those in both committees cannot be more than those in either")

    @property
    def total(self) -> int:
        return self.party + self.committee - self.both

    @property
    def cross_rate(self) -> Decimal | None:
        """交叉任职: per cent of all members who sit in both; the denominator is the union. None without members."""
        return share(self.both, self.total)


@dataclass(frozen=True)
class Taken:
    """A position taken by a person over [valid_from, valid_to)."""

    person: Hashable
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Step:
    """Posts established 核定 over [valid_from, valid_to)."""

    posts: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Excess:
    """A day on which more positions are taken than posts are established."""

    on: date
    taken: int
    posts: int


def taken_on(positions: Iterable[Taken], on: date) -> int:
    """Positions taken on a day: a person with several posts of a class takes one."""
    return len({one.person for one in positions if _holds(one, on)})


def peak(positions: Collection[Taken], start: date, end: date | None) -> int:
    """The most positions taken at the same time on any day of [start, end); those that start later count when they do."""
    return max((taken_on(positions, day) for day in _turns(positions, start, end)), default=0)


def first_excess(
    positions: Collection[Taken], established: Collection[Step], start: date, end: date | None
) -> Excess | None:
    """The first day of [start, end) on which more positions are taken than established; None where there is none.

    Where no establishment is recorded there is no control.
    """
    for day in _turns([*positions, *established], start, end):
        posts = next((step.posts for step in established if _holds(step, day)), None)
        taken = taken_on(positions, day)
        if posts is not None and taken > posts:
            return Excess(day, taken, posts)
    return None


Period = tuple[date, date | None]


def gained(before: Collection[Period], after: Collection[Period]) -> list[Period]:
    """The days of the periods `after` that lie in none of the periods `before`, as periods in their order."""
    edges = sorted({day for period in chain(before, after) for day in period if day is not None})
    found: list[Period] = []
    for start, end in zip(edges, [*edges[1:], None], strict=False):
        if _lies_in(after, start) and not _lies_in(before, start):
            if found and found[-1][1] == start:
                start = found.pop()[0]
            found.append((start, end))
    return found


def _lies_in(periods: Iterable[Period], on: date) -> bool:
    return any(start <= on and (end is None or on < end) for start, end in periods)


def vacancy(established: int, taken: int) -> int:
    """Posts established and not taken 空缺; taken beyond the establishment leaves none."""
    return max(0, established - taken)


def _holds(one: Taken | Step, on: date) -> bool:
    return one.valid_from <= on and (one.valid_to is None or on < one.valid_to)


def _turns(dated: Iterable[Taken | Step], start: date, end: date | None) -> list[date]:
    """The days of [start, end) on which anything may begin: between them numbers only fall or stay."""
    days = set(chain([start], (one.valid_from for one in dated)))
    return sorted(day for day in days if start <= day and (end is None or day < end))
