"""Keeps the tallies of every book at one day: refreshed with each change, recounted on demand, moved on with the day."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from portal.core.indicators import snapshots, tallies
from portal.core.indicators.books import books
from portal.core.indicators.counting import Book
from portal.core.lib.clock import today
from portal.core.territory.models import FiguresDay
from portal.core.territory.totals import refresh_totals


def _day() -> date | None:
    """The figures' day as the primary has it, which holds while the caller keeps its lock."""
    return FiguresDay.objects.values_list("on", flat=True).first()


@transaction.atomic
def refresh(book: Book, codes: Iterable[str]) -> dict[str, set[str]]:
    """Recounts the communities `codes` in one book and carries the difference up; ends every change of their records.

    Returns the counters that changed, by code.
    """
    tallies.share_day()
    on = _day()
    return tallies.refresh(book, codes, on) if on else {}


@transaction.atomic
def recount(code: str = "") -> None:
    """Rebuilds tallies and population totals under `code` from the rows, for the figures' day, and sums those above."""
    tallies.hold_day()
    on = _day()
    if on is None:
        roll_figures()
        return
    for book in books():
        tallies.recount(book, code, on)
    refresh_totals(code, on=on)


@transaction.atomic
def recount_book(book: Book, codes: Iterable[str]) -> None:
    """Rebuilds the tallies of one book under each of `codes`; for changes of rules, which touch everybody there."""
    tallies.hold_day()
    if on := _day():
        for code in sorted(set(codes)):
            tallies.recount(book, code, on)


@transaction.atomic
def differences(code: str = "") -> list[tuple[str, dict[str, int], dict[str, int]]]:
    """Tallies under `code` that differ from a fresh count: (code, counters stored, counted); empty when exact."""
    on = _day() or today()
    return [found for book in books() for found in tallies.differences(book, code, on)]


@transaction.atomic
def roll_figures(on: date | None = None) -> bool:
    """Moves the figures' day to `on` (default today) and recounts everything; False when it is that day already.

    Month ends that pass are kept as snapshots: the one the tallies stand at as they are, others counted from the rows.
    """
    on = on or today()
    tallies.hold_day()
    before = _day()
    if before == on:
        return False
    if before is not None:
        _keep_months(before, on)
    FiguresDay.objects.update_or_create(id=1, defaults={"on": on})
    for book in books():
        tallies.recount(book, "", on)
    refresh_totals(on=on)
    return True


def take_snapshot(on: date) -> bool:
    """Keeps the tallies as they stand as the snapshot of `on`, the day that they are true for; False where it is kept."""
    return any([snapshots.keep_tallies(book, on) for book in books()])


def _keep_months(before: date, on: date) -> None:
    for end in snapshots.month_ends(before, on - timedelta(days=1)):
        if end == before:
            take_snapshot(end)
        else:
            _keep_counted(end)


def _keep_counted(end: date) -> bool:
    return any([snapshots.keep_counted(book, end) for book in books()])


def is_kept(on: date) -> bool:
    """Whether the snapshots of the day have been taken in every book."""
    return all(snapshots.is_kept(book, on) for book in books())


def take_snapshots(first: date, last: date) -> dict[date, bool]:
    """Keeps the ends of the months from `first` to `last` that are past and not kept yet, counted from the rows.

    Month by month and book by book, each in a transaction of its own; returns whether any was taken now.
    """
    return {end: _keep_counted(end) for end in snapshots.month_ends(first, min(last, today() - timedelta(days=1)))}
