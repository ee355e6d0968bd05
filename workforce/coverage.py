"""Training in numbers: persons and person-times apart, and how much of a place the yearly rotation reached (domain §1.F).

Persons are whatever identifies them (their id); a person who sits in three classes is one person and three person-times.
"""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Trained(NamedTuple):
    """How many different people attended (人数), and how many seats they filled (人次)."""

    persons: int
    person_times: int


def trained(attendances: Iterable[tuple[Hashable, Hashable]]) -> Trained:
    """Counts (person, class) pairs; the same pair twice is one attendance, however it came to be listed twice."""
    seats = set(attendances)
    return Trained(persons=len({person for person, _class in seats}), person_times=len(seats))


def mean_per_class(person_times: int, classes: int) -> Decimal | None:
    """Person-times per class with two decimals, half up; None without a class (8,119 in 201 classes are 40.39)."""
    if classes <= 0:
        return None
    return (Decimal(person_times) / classes).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def reference_day(year: int, on: date) -> date:
    """The day on which people count as in post for a year's rotation: its last, or `on` while the year still runs."""
    return min(on, date(year, 12, 31))


@dataclass(frozen=True)
class Rotation:
    """How far a year's full rotation (全员轮训) got: of `in_post` people, `reached` have been trained.

    Somebody trained who has left since counts for neither, so that leavers never hide those who are still missing.
    """

    in_post: int
    reached: int

    @property
    def missing(self) -> int:
        return self.in_post - self.reached

    @property
    def share(self) -> Decimal | None:
        """Per cent with two decimals, cut off so that 99.999 never shows as 100; None where nobody is in post."""
        if not self.in_post:
            return None
        return Decimal(self.reached * 10_000 // self.in_post) / 100

    def needed(self, percent: int) -> int:
        """How many people still have to be trained to reach `percent` of those in post; never negative."""
        return max(0, -(-percent * self.in_post // 100) - self.reached)

    def meets(self, percent: int) -> bool:
        """Whether `percent` is reached exactly, in integers; a place where nobody is in post breaks no rule."""
        return self.reached * 100 >= percent * self.in_post


def rotation(trainees: Iterable[Hashable], in_post: Collection[Hashable]) -> Rotation:
    """Coverage = distinct trainees of the year among those in post on the reference day / those in post."""
    staff = set(in_post)
    return Rotation(in_post=len(staff), reached=len(staff.intersection(trainees)))


def missing_from(trainees: Iterable[Hashable], in_post: Collection[Hashable]) -> set[Hashable]:
    """Who is in post and has not been trained in the year."""
    return set(in_post).difference(trainees)
