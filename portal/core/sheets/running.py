"""The work on an import, as tasks and commands do it: judge the file, apply what was confirmed, take over what was left.

A batch is claimed by one conditional UPDATE and finished by another that names the claim, so that two workers, or one
that came back from the dead, never both finish it. Whoever shows no sign of life for a minute has lost the batch.
"""

import contextlib
import functools
import gc
import json
import logging
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from portal.core.audit.actions import action, name_of
from portal.core.lib.codes import ancestors
from portal.core.sheets import files
from portal.core.sheets.errors import SheetError
from portal.core.sheets.guards import Limits
from portal.core.sheets.importer import Importer, Judgement, Unusable
from portal.core.sheets.models import OPEN_STATES, BatchState, ImportBatch, ImportRow
from portal.core.sheets.problems import problem
from portal.core.sheets.pulse import Pulse
from portal.core.sheets.reading import read_sheet
from portal.core.sheets.staging import copy_rows

log = logging.getLogger(__name__)

SILENCE = timedelta(seconds=60)
_ATTEMPTS = 3
_FIRST = {BatchState.JUDGING: BatchState.UPLOADED, BatchState.APPLYING: BatchState.APPLYING}


def _silent() -> Q:
    return Q(heartbeat__isnull=True) | Q(heartbeat__lt=timezone.now() - SILENCE)


def _claim(pk: uuid.UUID, state: str) -> ImportBatch | None:
    """Takes a batch for judging or applying; None when it is not to be had or is in other hands."""
    batch = ImportBatch.objects.filter(pk=pk, state__in=OPEN_STATES).first()
    if batch is None:
        return None
    attempts = batch.progress.get("attempts", 0) + 1
    progress = {
        "user": batch.progress.get("user", batch.uploaded_by_id),
        "claim": uuid.uuid4().hex,
        "attempts": attempts,
        "phase": "reading",
        "started": timezone.now().isoformat(),
    }
    free = Q(state=BatchState.UPLOADED) if state == BatchState.JUDGING else Q()
    free |= Q(state=state) & _silent()
    taken = ImportBatch.objects.filter(free, pk=pk, state__in=[state, _FIRST[state]])
    with pghistory.context(user="system", act="claim_import"):
        if not taken.update(state=state, heartbeat=timezone.now(), progress=progress):
            return None
    batch.refresh_from_db()
    if attempts > _ATTEMPTS:
        _fail(batch=batch, problem=problem("interrupted"), by=None)
        return None
    return batch


@action
def finish_import(*, batch: ImportBatch, state: str, by, **fields: Any) -> bool:
    """Ends the work on a claimed batch; False when it was taken away meanwhile."""
    claimed = ImportBatch.objects.filter(
        pk=batch.pk, progress__claim=batch.progress["claim"], state__in=[BatchState.JUDGING, BatchState.APPLYING]
    )
    rest = {key: batch.progress[key] for key in ("user", "started")}
    done = claimed.update(state=state, progress=rest, heartbeat=timezone.now(), **fields) == 1
    if done and state not in OPEN_STATES:
        transaction.on_commit(functools.partial(files.discard, batch.pk))
    return done


def _fail(*, batch: ImportBatch, problem: dict, by) -> None:
    finish_import(batch=batch, state=BatchState.FAILED, problem=problem, by=by)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Without the garbage collector, which walks all cells of a sheet again and again and finds none to free (40 %)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def judge_batch(batch_id: uuid.UUID, importer: Importer) -> ImportBatch | None:
    """Checks the file of a batch and keeps what was found; a file that cannot be read at all fails with a sentence.

    Safe to call twice and from two workers: the second call finds the batch taken and answers None.
    """
    batch = _claim(batch_id, BatchState.JUDGING)
    if batch is None:
        return None
    began = time.monotonic()
    try:
        with _no_collection(), transaction.atomic(), Pulse(batch.pk, batch.progress["claim"], batch.progress) as pulse:
            judgement = importer.judge(_grid(batch), batch=batch, progress=pulse)
    except SheetError as error:
        _fail(batch=batch, problem=problem_of(error), by=batch.uploaded_by)
    except Unusable as error:
        _fail(batch=batch, problem=problem_of(*error.errors), by=batch.uploaded_by)
    except FileNotFoundError:
        _fail(batch=batch, problem=problem("file_gone"), by=batch.uploaded_by)
    except Exception:
        _fail(batch=batch, problem=problem("unexpected"), by=batch.uploaded_by)
        raise
    else:
        keep_judgement(batch=batch, judgement=judgement, seconds=time.monotonic() - began, by=batch.uploaded_by)
    batch.refresh_from_db()
    return batch


def problem_of(*errors: SheetError) -> dict:
    """Errors of file or header as stored."""
    return {"errors": [{"code": e.code, "params": e.params, "row": e.row, "column": e.column} for e in errors]}


def _grid(batch: ImportBatch):
    limits = Limits(bytes=settings.IMPORT_MAX_BYTES)
    return read_sheet(files.content_of(batch), batch.filename, limits=limits)


@action
def keep_judgement(
    *, batch: ImportBatch, judgement: Judgement, seconds: float, problems: dict | None = None, by
) -> None:
    """Stores the check's result for the preview, in place of an earlier one."""
    shown = finish_import(
        batch=batch,
        state=BatchState.JUDGED,
        counts=judgement.counts,
        digest=judgement.digest,
        problem=problems or {},
        judged_at=timezone.now(),
        seconds=seconds,
        by=by,
    )
    if not shown:
        return
    ImportRow.objects.filter(batch=batch).delete()
    with connection.cursor() as cursor:
        names = "core_importrow (batch_id, number, status, label, division, errors, warnings, changes)"
        copy_rows(cursor, names, (_row(batch, row) for row in judgement.rows))


def _row(batch: ImportBatch, row) -> tuple:
    lists = (
        json.dumps(found, ensure_ascii=False) if found else "[]" for found in (row.errors, row.warnings, row.changes)
    )
    return batch.pk, row.number, str(row.status), row.label, row.division, *lists


class _Changed(Exception):
    """The roster is not what it was when the user saw the preview."""

    def __init__(self, judgement: Judgement | None = None) -> None:
        self.judgement = judgement


def apply_batch(batch_id: uuid.UUID, user, importer: Importer) -> ImportBatch | None:
    """Writes a confirmed import in one transaction: judged again under a lock, and only if nothing has changed.

    Where something has, the batch goes back to the preview with a sentence. None when another worker has the batch.
    """
    batch = _claim(batch_id, BatchState.APPLYING)
    if batch is None:
        return None
    began = time.monotonic()
    if not (user.is_active and user.can(importer.perm, batch.division_id)):
        finish_import(batch=batch, state=BatchState.JUDGED, problem=problem("not_allowed"), by=user)
        return _fresh(batch)
    try:
        _apply(batch, importer, user, began)
    except (_Changed, IntegrityError) as error:
        judgement = getattr(error, "judgement", None) or _judged_anew(batch, importer)
        seconds = time.monotonic() - began
        keep_judgement(batch=batch, judgement=judgement, seconds=seconds, problems=problem("changed"), by=user)
    except FileNotFoundError:
        _fail(batch=batch, problem=problem("file_gone"), by=user)
    except Exception:
        finish_import(batch=batch, state=BatchState.JUDGED, problem=problem("unexpected"), by=user)
        raise
    return _fresh(batch)


def _fresh(batch: ImportBatch) -> ImportBatch:
    batch.refresh_from_db()
    return batch


def _judged_anew(batch: ImportBatch, importer: Importer) -> Judgement:
    return importer.judge(_grid(batch), batch=batch)


def _apply(batch: ImportBatch, importer: Importer, user, began: float) -> None:
    context = pghistory.context(user=name_of(user), act="apply_import", batch=str(batch.pk))
    with transaction.atomic(), context, _no_collection():
        with Pulse(batch.pk, batch.progress["claim"], batch.progress) as pulse:
            grid = _grid(batch)
            _lock(batch)
            judgement = importer.judge(grid, batch=batch, lock=True, progress=pulse)
            if judgement.digest != batch.digest:
                raise _Changed(judgement)
            pulse("writing", 0, 0)
            importer.apply(plan=judgement.plan, batch=batch, by=user)
        mine = finish_import(
            batch=batch,
            state=BatchState.APPLIED,
            applied_at=timezone.now(),
            applied_by=name_of(user),
            seconds=time.monotonic() - began,
            problem={},
            by=user,
        )
        if not mine:
            raise RuntimeError(f"Import {batch.pk} was taken over by another worker; nothing of this attempt is kept.")


def _lock(batch: ImportBatch) -> None:
    """Imports of one division, and of a division and one that contains it, are applied one after the other."""
    with connection.cursor() as cursor:
        for code in reversed(ancestors(batch.division_id)):
            cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s), hashtext(%s))", [batch.kind, code])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [batch.kind, batch.division_id])


def abandoned() -> list[tuple[uuid.UUID, str, int]]:
    """Imports that nobody works on though somebody should: (batch, state, user to act for). Their task is sent again."""
    late = timezone.now() - SILENCE
    waiting = Q(state=BatchState.UPLOADED, uploaded_at__lt=late)
    silent = Q(state__in=[BatchState.JUDGING, BatchState.APPLYING]) & _silent()
    batches = ImportBatch.objects.filter(waiting | silent).order_by("uploaded_at")
    return [(batch.pk, batch.state, batch.progress.get("user", batch.uploaded_by_id)) for batch in batches]
