"""Keeps the counters of proposals exact: every change of cases, promises and tasks ends with `refresh_tallies`."""

from collections.abc import Iterable

from portal.core.indicators.rolling import refresh
from proposals.counters import BOOK


def refresh_tallies(codes: Iterable[str]) -> None:
    """Recounts the offices `codes` and carries the difference up; the last step of every change of what they handle."""
    refresh(BOOK, codes)
