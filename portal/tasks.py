"""All Celery tasks: thin, ids in, one call; each may run twice, late or in parallel without harm."""

from uuid import UUID

from celery import shared_task
from celery.utils.log import get_task_logger
from kombu.exceptions import OperationalError

from portal.broker import record_beat
from portal.core.accounts.actions import disable_dormant
from portal.core.accounts.models import User
from portal.core.audit.sealing import seal_pending
from portal.core.findings.reconcile import reconcile
from portal.core.lib.clock import today
from portal.core.sheets.files import sweep
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.running import abandoned, apply_batch, judge_batch
from portal.core.web.idempotency import purge
from portal.registry import IMPORTERS, INSPECTIONS
from workforce.actions.tallies import roll_figures

log = get_task_logger(__name__)

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
def run_inspections(keys: list[str] | None = None) -> None:
    """Runs the checks named, or all; one that fails does not keep the others from running."""
    roll_figures()
    failed = []
    for key in keys or INSPECTIONS:
        try:
            reconcile(inspection=INSPECTIONS[key], on=today(), by=None)
        except Exception:
            log.exception("inspection %s failed", key)
            failed.append(key)
    if failed:
        raise RuntimeError(f"inspections failed: {', '.join(failed)}")


@shared_task(name="portal.seal_audit")
def seal_audit() -> None:
    seal_pending()


@shared_task(name="portal.tidy_up")
def tidy_up() -> None:
    """Switches off accounts long unused and forgets answers kept for retries."""
    disable_dormant()
    purge()


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
        run_inspections.delay()


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
        else:
            judge_import.delay(str(batch_id))
    sweep()
