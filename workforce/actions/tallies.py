"""Keeps tallies exact: every roster change ends with `refresh_tallies`, the day moves on by `roll_figures`."""

from collections.abc import Iterable

from portal.core.indicators.rolling import (
    differences,
    recount,
    refresh,
    roll_figures,
    take_snapshot,
    take_snapshots,
)
from workforce.counters import BOOK
from workforce.counters.allotment import BOOK as ALLOTMENT

__all__ = ["differences", "recount", "refresh_tallies", "roll_figures", "take_snapshot", "take_snapshots"]


def refresh_tallies(codes: Iterable[str]) -> None:
    """Recounts the communities `codes` and carries the difference up; the last step of every roster change.

    Where heads in post changed, so does how they stand against the allotment.
    """
    communities = set(codes)
    changed = refresh(BOOK, communities)
    refresh(ALLOTMENT, [code for code in communities if "workers" in changed.get(code, ())])
