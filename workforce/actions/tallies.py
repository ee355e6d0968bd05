"""Keeps tallies exact: every roster change ends with `refresh_tallies`, the day moves on by `roll_figures`."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from portal.core.indicators import snapshots, tallies
from portal.core.lib.clock import today
from portal.core.territory.models import FiguresDay
from portal.core.territory.totals import refresh_totals
from workforce.counters import BOOK


def _day() -> date | None:
    """The figures' day as the primary has it, which holds while the caller keeps its lock."""
    return FiguresDay.objects.values_list("on", flat=True).first()


@transaction.atomic
def refresh_tallies(codes: Iterable[str]) -> None:
    """Recounts the communities `codes` and carries the difference up; the last step of every roster change."""
    tallies.share_day()
    if on := _day():
        tallies.refresh(BOOK, codes, on)


@transaction.atomic
def recount(code: str = "") -> None:
    """Rebuilds tallies and population totals under `code` from the rows, for the figures' day, and sums those above."""
    tallies.hold_day()
    on = _day()
    if on is None:
        roll_figures()
        return
    tallies.recount(BOOK, code, on)
    refresh_totals(code, on=on)


@transaction.atomic
def differences(code: str = "") -> list[tuple[str, dict[str, int], dict[str, int]]]:
    """Tallies under `code` that differ from a fresh count: (code, counters stored, counted); empty when exact."""
    return tallies.differences(BOOK, code, _day() or today())


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
    tallies.recount(BOOK, "", on)
    refresh_totals(on=on)
    return True


def take_snapshot(on: date) -> bool:
    """Keeps the tallies as they stand as the snapshot of `on`, the day that they are true for; False where it is kept."""
    return snapshots.keep_tallies(BOOK, on)


def _keep_months(before: date, on: date) -> None:
    for end in snapshots.month_ends(before, on - timedelta(days=1)):
        if end == before:
            take_snapshot(end)
        else:
            snapshots.keep_counted(BOOK, end)


def take_snapshots(first: date, last: date) -> dict[date, bool]:
    """Keeps the ends of the months from `first` to `last` that are past and not kept yet, counted from the rows.

    Month by month, each in a transaction of its own; returns whether each was taken now.
    """
    return {
        end: snapshots.keep_counted(BOOK, end)
        for end in snapshots.month_ends(first, min(last, today() - timedelta(days=1)))
    }
