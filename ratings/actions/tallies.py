"""Keeps the counters of service records and stars exact: every change of them ends with `refresh_tallies`."""

from collections.abc import Iterable

from portal.core.indicators.rolling import refresh
from ratings.counters import BOOK


def refresh_tallies(codes: Iterable[str]) -> None:
    """Recounts the communities `codes` and carries the difference up; the last step of every change of their records."""
    refresh(BOOK, codes)
