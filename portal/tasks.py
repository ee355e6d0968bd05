"""All Celery tasks: thin, ids in, one call; each may run twice, late or in parallel without harm."""

import time
from uuid import UUID

from celery import shared_task
from celery.utils.log import get_task_logger
from kombu.exceptions import OperationalError

from portal.broker import record_beat
from portal.core.accounts.actions import disable_dormant
from portal.core.accounts.models import User
from portal.core.audit.sealing import seal_pending
from portal.core.findings import counts, runs
from portal.core.findings.models import Trigger
from portal.core.findings.notices import digest, ledger
from portal.core.findings.notices.messages import webhook_body
from portal.core.findings.runs import run_all, run_is_due
from portal.core.findings.upkeep import keep_up
from portal.core.indicators.rolling import roll_figures
from portal.core.letters import batches
from portal.core.lib.clock import now, today
from portal.core.reports.timetable import make_due
from portal.core.sheets import drafts
from portal.core.sheets.files import sweep
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.running import abandoned, apply_batch, judge_batch
from portal.core.sheets.undoing import asked_for_rest, undo_batch
from portal.core.web.idempotency import purge
from portal.registry import AFTER_INSPECTIONS, DIGEST_PARTS, IMPORTERS, INSPECTIONS, REPORTS

log = get_task_logger(__name__)

DIGEST_UNTIL = 12  # o'clock
DELIVERY_SECONDS = 45  # of the minute until the next tick

BrokerDown = OperationalError
"""Raised by `.delay()` while the broker is away; pages tell the user instead of failing."""


@shared_task(name="portal.heartbeat")
def heartbeat() -> None:
    record_beat()


@shared_task(name="portal.roll_tallies")
def roll_tallies() -> None:
    """Moves the figures on to today; does nothing when they are there already."""
    if roll_figures():
        log.info("figures moved to %s", today())


@shared_task(name="portal.run_inspections")
def run_inspections(keys: list[str] | None = None, trigger: str = Trigger.NIGHTLY) -> None:
    """Runs the checks named, or all; one that fails does not keep the others, or the daily upkeep, from running."""
    roll_figures()
    try:
        run_all([INSPECTIONS[key] for key in keys or INSPECTIONS], on=today(), trigger=trigger)
    finally:
        _follow_up()


@shared_task(name="portal.catch_up")
def catch_up() -> None:
    """Every hour: does what the night should have done and has not."""
    if run_is_due():
        roll_figures()
        try:
            runs.catch_up(INSPECTIONS.values(), today())
        finally:
            _follow_up()


def _follow_up() -> None:
    """What the day and the findings bring with them; all of it may be done again."""
    keep_up(today())
    for follow in AFTER_INSPECTIONS:
        follow(on=today())


@shared_task(name="portal.make_reports")
def make_reports() -> None:
    """Every hour from the early morning: makes the drafts of reports whose period is over and that are not there yet."""
    make_due(REPORTS, today())


@shared_task(name="portal.send_digests")
def send_digests() -> None:
    """The morning e-mails; late in the day they are left out, tomorrow's says the same."""
    if now().hour < DIGEST_UNTIL:
        digest.send_digests(today(), INSPECTIONS, DIGEST_PARTS)


@shared_task(name="portal.deliver_notices")
def deliver_notices() -> None:
    """Sends the webhook messages that are due, for most of a minute; what is left waits for the next."""
    ledger.tell_unclear()
    ends = time.monotonic() + DELIVERY_SECONDS
    while time.monotonic() < ends and (claimed := ledger.claim_webhook()):
        ledger.send_webhook(claimed, lambda delivery: webhook_body(delivery, INSPECTIONS))


@shared_task(name="portal.seal_audit")
def seal_audit() -> None:
    seal_pending()


@shared_task(name="portal.tidy_up")
def tidy_up() -> None:
    """Switches off accounts long unused, forgets answers kept for retries, runs and notices of years ago, folds counts."""
    disable_dormant()
    purge()
    runs.forget_old()
    ledger.forget_old()
    counts.fold()


@shared_task(name="portal.judge_import")
def judge_import(batch_id: str) -> None:
    """Checks an uploaded file; one that another worker has taken is left alone."""
    if importer := _importer_of(batch_id):
        judge_batch(UUID(batch_id), importer)


@shared_task(name="portal.apply_import")
def apply_import(batch_id: str, user_id: int) -> None:
    """Writes a confirmed import, then looks again at what it may have mended."""
    importer = _importer_of(batch_id)
    if importer is None:
        return
    batch = apply_batch(UUID(batch_id), User.objects.get(pk=user_id), importer)
    if batch is not None and batch.state == BatchState.APPLIED:
        run_inspections.delay(trigger=Trigger.IMPORT)


@shared_task(name="portal.undo_import")
def undo_import(batch_id: str, user_id: int, rest: bool = False) -> None:
    """Takes an import back, then looks again at what that may have opened or closed."""
    importer = _importer_of(batch_id)
    if importer is None:
        return
    batch = undo_batch(UUID(batch_id), User.objects.get(pk=user_id), importer, rest)
    if batch is not None and batch.state == BatchState.UNDONE:
        run_inspections.delay(trigger=Trigger.IMPORT)


def _importer_of(batch_id: str):
    kind = ImportBatch.objects.filter(pk=batch_id).values_list("kind", flat=True).first()
    if kind is None:
        log.warning("import %s is gone", batch_id)
    return IMPORTERS.get(kind)


@shared_task(name="portal.resume_imports")
def resume_imports() -> None:
    """Sends the task of every import again that no worker is busy with though one should be; clears left-over files."""
    for batch_id, state, user_id in abandoned():
        if state == BatchState.APPLYING:
            apply_import.delay(str(batch_id), user_id)
        elif state == BatchState.UNDOING:
            undo_import.delay(str(batch_id), user_id, asked_for_rest(batch_id))
        else:
            judge_import.delay(str(batch_id))
    sweep()
    drafts.sweep()


@shared_task(name="portal.render_letters")
def render_letters(batch_id: str) -> None:
    """Makes the files of a batch of letters; one that another worker has is left alone."""
    batches.run_batch(UUID(batch_id))


@shared_task(name="portal.resume_letters")
def resume_letters() -> None:
    """Sends the task of every batch of letters again that may have lost its worker."""
    for batch_id in batches.left_over():
        render_letters.delay(str(batch_id))
