"""Who works on an import: claimed by one conditional UPDATE, finished by another that names the claim.

So two workers, or one that came back from the dead, never both finish it. Whoever shows no sign of life for a minute
has lost the batch.
"""

import functools
import time
import uuid
from datetime import timedelta
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from portal.core.audit.actions import action
from portal.core.lib.codes import ancestors
from portal.core.sheets import files
from portal.core.sheets.models import OPEN_STATES, BatchState, ImportBatch
from portal.core.sheets.problems import problem

SILENCE = timedelta(seconds=60)
WORKING = [BatchState.JUDGING, BatchState.APPLYING, BatchState.UNDOING]
_ATTEMPTS = 3
_LOOK_AGAIN = 0.5  # seconds
# What work that was interrupted three times ends in, with the sentence that says so.
_GIVEN_UP = {
    BatchState.JUDGING: (BatchState.FAILED, "interrupted"),
    BatchState.APPLYING: (BatchState.FAILED, "interrupted"),
    BatchState.UNDOING: (BatchState.APPLIED, "undo_interrupted"),
}


def silent() -> Q:
    """Batches without a sign of life."""
    return Q(heartbeat__isnull=True) | Q(heartbeat__lt=timezone.now() - SILENCE)


def claim(pk: uuid.UUID, state: str) -> ImportBatch | None:
    """Takes a batch for the work of a state; None when it is not to be had or is in other hands."""
    batch = ImportBatch.objects.filter(pk=pk, state__in=OPEN_STATES).first()
    if batch is None:
        return None
    attempts = batch.progress.get("attempts", 0) + 1
    progress = {
        "user": batch.progress.get("user", batch.uploaded_by_id),
        "claim": uuid.uuid4().hex,
        "attempts": attempts,
        "phase": "undoing" if state == BatchState.UNDOING else "reading",
        "started": timezone.now().isoformat(),
    }
    free = Q(state=state) & silent()
    if state == BatchState.JUDGING:
        free |= Q(state=BatchState.UPLOADED)
    with pghistory.context(user="system", act="claim_import"):
        taken = ImportBatch.objects.filter(free, pk=pk)
        if not taken.update(state=state, heartbeat=timezone.now(), progress=progress):
            return None
    batch.refresh_from_db()
    if attempts > _ATTEMPTS:
        ends, reason = _GIVEN_UP[BatchState(state)]
        finish_import(batch=batch, state=ends, problem=problem(reason), by=None)
        return None
    return batch


def settled(batch: ImportBatch) -> ImportBatch:
    """The batch once whoever took it is done with it, or has died: for commands, which a worker may have forestalled."""
    while True:
        batch.refresh_from_db()
        lively = batch.heartbeat is None or timezone.now() - batch.heartbeat < 2 * SILENCE
        if batch.state not in (BatchState.UPLOADED, *WORKING) or not lively:
            return batch
        time.sleep(_LOOK_AGAIN)


@action
def finish_import(*, batch: ImportBatch, state: str, by, **fields: Any) -> bool:
    """Ends the work on a claimed batch; False when it was taken away meanwhile."""
    claimed = ImportBatch.objects.filter(pk=batch.pk, progress__claim=batch.progress["claim"], state__in=WORKING)
    rest = {key: batch.progress[key] for key in ("user", "started")}
    done = claimed.update(state=state, progress=rest, heartbeat=timezone.now(), **fields) == 1
    if done and state not in (*OPEN_STATES, BatchState.FAILED):
        transaction.on_commit(functools.partial(files.discard, batch.pk))
    return done


def lock(batch: ImportBatch) -> None:
    """Imports of one division, and of a division and one that contains it, write one after the other."""
    with connection.cursor() as cursor:
        for code in reversed(ancestors(batch.division_id)):
            cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s), hashtext(%s))", [batch.kind, code])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [batch.kind, batch.division_id])
