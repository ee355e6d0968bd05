"""Running inspections so that nothing is done twice, nothing is left half done, and every run leaves a line.

A run holds a session lock of PostgreSQL for its inspection; the lock dies with its process. So a row that still says
`running` while nobody holds the lock belongs to a dead process: the next run marks it lost. Findings and the row's end
are one transaction. Of the timetable's runs the database admits one per inspection and day (`run_scheduled_once`).

A look never goes backwards: a run for a day before the last look changes nothing (docs/adr/0009).
"""

import contextlib
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.core.findings.inspection import Inspection
from portal.core.findings.models import SCHEDULED, InspectionRun, RunState, Trigger
from portal.core.findings.reconcile import look, reconcile
from portal.core.lib.clock import now, today

NIGHTLY_AT = (1, 30)  # the timetable's hour and minute in settings.py
GRACE = timedelta(minutes=30)
GAP_DAYS = 14
KEPT_FOR = timedelta(days=800)

log = logging.getLogger(__name__)

_TRY = "SELECT pg_try_advisory_lock(hashtext('core.inspection'), hashtext(%s))"
_WAIT = "SELECT pg_advisory_lock(hashtext('core.inspection'), hashtext(%s))"
_RELEASE = "SELECT pg_advisory_unlock(hashtext('core.inspection'), hashtext(%s))"


class RunFailed(Exception):
    """An inspection broke; the run is on record with the reason."""


def run(inspection: Inspection, *, on: date, trigger: str) -> InspectionRun | None:
    """Runs one inspection for a day. None when the timetable's run of that day is under way or done already.

    Raises RunFailed when the inspection breaks; the findings are then as they were.
    """
    scheduled = trigger in SCHEDULED
    with _alone(inspection.key, wait=not scheduled) as mine:
        if not mine:
            return None
        _bury(inspection.key)
        entry = _begin(inspection.key, on, trigger)
        if entry is None:
            return None
        begun = time.monotonic()
        try:
            return _work(inspection, entry, begun)
        except Exception as error:
            _fail(entry, begun, error)
            raise RunFailed(f"{inspection.key}: {error}") from error


def run_all(inspections: Iterable[Inspection], *, on: date, trigger: str) -> list[InspectionRun]:
    """Runs several; one that breaks does not keep the others from running, and is told at the end by RunFailed."""
    done, failed = [], []
    for inspection in inspections:
        try:
            if (entry := run(inspection, on=on, trigger=trigger)) is not None:
                done.append(entry)
        except RunFailed as error:
            log.exception("inspection %s failed", inspection.key)
            failed.append(str(error))
    if failed:
        raise RunFailed("; ".join(failed))
    return done


def acts_on(key: str, on: date) -> bool:
    """Whether a run for the day may change findings: no look at a later day, up to today, has been there before."""
    last = InspectionRun.objects.filter(key=key, state=RunState.DONE, on__lte=today()).order_by("-on").first()
    return last is None or on >= last.on


@contextlib.contextmanager
def _alone(key: str, *, wait: bool) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute(_WAIT if wait else _TRY, [key])
        mine = wait or cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_RELEASE, [key])


def _bury(key: str) -> None:
    """Rows left running by processes that are gone: whoever holds the lock knows that nobody else is at it."""
    InspectionRun.objects.filter(key=key, state=RunState.RUNNING).update(
        state=RunState.LOST, finished_at=timezone.now(), error="process ended"
    )


def _begin(key: str, on: date, trigger: str) -> InspectionRun | None:
    try:
        with transaction.atomic():
            return InspectionRun.objects.create(key=key, on=on, trigger=trigger, started_at=timezone.now())
    except IntegrityError:
        return None


def _work(inspection: Inspection, entry: InspectionRun, begun: float) -> InspectionRun:
    with transaction.atomic():
        entry.subjects = inspection.subjects(entry.on)
        if acts_on(inspection.key, entry.on):
            done = reconcile(inspection=inspection, on=entry.on, by=None)
            entry.opened, entry.refreshed, entry.resolved = done.opened, done.refreshed, done.resolved
            entry.problems, entry.state = done.opened + done.refreshed, RunState.DONE
        else:
            entry.problems, entry.state = look(inspection=inspection, on=entry.on), RunState.LOOKED
            entry.opened = entry.refreshed = entry.resolved = 0
        _finish(entry, begun)
    return entry


def _finish(entry: InspectionRun, begun: float) -> None:
    entry.seconds = round(time.monotonic() - begun, 2)
    entry.finished_at = timezone.now()
    entry.save()


def _fail(entry: InspectionRun, begun: float, error: Exception) -> None:
    entry.subjects = entry.problems = entry.opened = entry.refreshed = entry.resolved = None
    entry.state, entry.error = RunState.FAILED, f"{type(error).__name__}: {error}"[:300]
    with contextlib.suppress(Exception):  # the database itself may be what broke
        _finish(entry, begun)


def missing(inspections: Iterable[Inspection], on: date) -> list[Inspection]:
    """Those that the timetable has not run on a day: never begun, broken, or lost with their process."""
    there = InspectionRun.objects.filter(on=on, trigger__in=SCHEDULED, state__in=[RunState.DONE, RunState.LOOKED])
    done = set(there.values_list("key", flat=True))
    return [inspection for inspection in inspections if inspection.key not in done]


def catch_up(inspections: Iterable[Inspection], on: date) -> list[InspectionRun]:
    """Runs what the night left out; what another process is at, or has done meanwhile, is left to it."""
    return run_all(missing(inspections, on), on=on, trigger=Trigger.CATCH_UP)


def run_is_due(at: datetime | None = None) -> bool:
    """Whether the night's run of the day should be through by now."""
    at = at or now()
    hour, minute = NIGHTLY_AT
    return at >= at.replace(hour=hour, minute=minute, second=0, microsecond=0) + GRACE


@dataclass(frozen=True)
class Outlook:
    """How the nightly runs stand: the last one done, those not done though due, days of late without any run."""

    last: InspectionRun | None
    missing: list[Inspection]
    gaps: list[date]

    @property
    def ok(self) -> bool:
        return not self.missing


def outlook(inspections: Iterable[Inspection], at: datetime | None = None) -> Outlook:
    """The state of the nightly runs; two queries. Before the first run ever, nothing is late."""
    at = at or now()
    day = at.date()
    first = day - timedelta(days=GAP_DAYS)
    done = InspectionRun.objects.filter(trigger__in=SCHEDULED, state__in=[RunState.DONE, RunState.LOOKED])
    last = done.order_by("-id").first()
    if last is None:
        return Outlook(None, [], [])
    rows = set(done.filter(on__gte=first).values_list("key", "on"))
    days = {on for _key, on in rows}
    began = min(days, default=day)
    gaps = [one for one in (first + timedelta(days=n) for n in range(GAP_DAYS)) if one not in days and one > began]
    late = [i for i in inspections if (i.key, day) not in rows] if run_is_due(at) else []
    return Outlook(last, late, gaps)


def forget_old() -> int:
    """Deletes lines of the run log that nobody asks for any more; returns their number."""
    return InspectionRun.objects.filter(started_at__lt=timezone.now() - KEPT_FOR).delete()[0]
