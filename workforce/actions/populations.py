"""Populations as people enter them: what rules allot to the communities follows at once (domain §1.B3)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from portal.core.indicators import tallies
from portal.core.indicators.rolling import recount_book, refresh
from portal.core.lib.codes import LENGTHS
from portal.core.territory import actions
from portal.core.territory.models import Division, Population
from workforce.counters.allotment import BOOK

MANY = 2000
"""Communities from which the book is counted anew by province."""


@transaction.atomic
def record_population(
    *, division: Division, on: date, basis: str, value: int, households: int | None = None, source: str, by
) -> Population:
    """Enters or corrects a population (`portal.core.territory.actions`) and counts the allotment of the community again."""
    tallies.share_day()  # first, as whoever moves the day on: it goes from the day to the totals too
    recorded = actions.record_population(
        division=division, on=on, basis=basis, value=value, households=households, source=source, by=by
    )
    _count_again([division.pk])
    return recorded


@transaction.atomic
def load_populations(*, rows: list[Population], by) -> int:
    """The same for many populations at once; returns their number."""
    codes = {row.division_id for row in rows}
    if len(codes) > MANY:
        tallies.hold_day()
    else:
        tallies.share_day()
    number = actions.load_populations(rows=rows, by=by)
    _count_again(codes)
    return number


def _count_again(codes: Iterable[str]) -> None:
    communities = {code for code in codes if len(code) == LENGTHS[-1]}
    if len(communities) > MANY:
        recount_book(BOOK, {code[:2] for code in communities})
    else:
        refresh(BOOK, communities)
