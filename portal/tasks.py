"""All Celery tasks: thin, ids in, one call; each may run twice, late or in parallel without harm."""

from celery import shared_task
from celery.utils.log import get_task_logger

from portal.broker import record_beat
from portal.core.accounts.actions import disable_dormant
from portal.core.audit.sealing import seal_pending
from portal.core.findings.reconcile import reconcile
from portal.core.lib.clock import today
from portal.registry import INSPECTIONS
from workforce.actions.tallies import roll_figures

log = get_task_logger(__name__)


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


@shared_task(name="portal.disable_dormant")
def disable_dormant_accounts() -> None:
    disable_dormant()
