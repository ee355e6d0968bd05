"""What hangs on the calendar in the apps above: counted again when a notice comes, and told to who entered it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class MovedDay:
    """A last day that a notice moved: what it is of, in which place, from when to when, and why."""

    label: str
    place: str
    before: date
    after: date
    why: str


@dataclass(frozen=True)
class Follower:
    """What counts again.

    `follow(changes=, by=)` does it and gives how many moved; `moved(user, since)` tells the user what they moved: the first
    of them, and how many there are.
    """

    follow: Callable[..., int]
    moved: Callable[[object, datetime], tuple[list[MovedDay], int]]
