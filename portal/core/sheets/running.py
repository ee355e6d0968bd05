"""The work on an import, as tasks and commands do it: judge the file, apply what was confirmed, take over what was left."""

import contextlib
import gc
import logging
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pghistory
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from portal.core.audit.actions import action, name_of
from portal.core.sheets import files
from portal.core.sheets.cells import to_grid
from portal.core.sheets.claims import SILENCE, WORKING, claim, finish_import, lock, silent
from portal.core.sheets.errors import SheetError
from portal.core.sheets.guards import Limits
from portal.core.sheets.headers import recogniser
from portal.core.sheets.importer import Importer, Judgement, Part, Unusable
from portal.core.sheets.mapping import mapping_of
from portal.core.sheets.models import BatchState, ImportBatch, ImportRow, Source
from portal.core.sheets.outcome import ROW_COLUMNS, Outcome, fingerprint
from portal.core.sheets.problems import problem
from portal.core.sheets.pulse import Pulse
from portal.core.sheets.reading import Grid, read_sheet, shown_name
from portal.core.sheets.spans import spanned
from portal.core.sheets.staging import copy_pieces

log = logging.getLogger(__name__)

_NAMED_SHEETS = 30


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


@_no_collection()
def judge_batch(batch_id: uuid.UUID, importer: Importer) -> ImportBatch | None:
    """Checks the file of a batch and keeps what was found; a file that cannot be read at all fails with a sentence.

    Safe to call twice and from two workers: the second call finds the batch taken and answers None.
    """
    batch = claim(batch_id, BatchState.JUDGING)
    if batch is None:
        return None
    began = time.monotonic()
    try:
        with transaction.atomic(), Pulse(batch.pk, batch.progress["claim"], batch.progress) as pulse:
            judgement = _judged(batch, importer, progress=pulse)
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
        seconds = time.monotonic() - began
        _keep_or_tell(BatchState.FAILED, batch=batch, judgement=judgement, seconds=seconds, by=batch.uploaded_by)
    batch.refresh_from_db()
    return batch


def problem_of(*errors: SheetError) -> dict:
    """Errors of file or header as stored."""
    return {"errors": [{"code": e.code, "params": e.params, "row": e.row, "column": e.column} for e in errors]}


def _judged(batch: ImportBatch, importer: Importer, **how: Any) -> Judgement:
    """The check of a batch's file, with the names of the sheets that were read and were not."""
    grid = _grid(batch, importer)
    sheets = {"read": shown_name(grid.sheet), "others": _names(grid.other_sheets), "alike": _names(grid.alike)}
    judgement = importer.judge(grid, batch=batch, **how)
    if batch.source == Source.FILE and grid.sheet:
        judgement.counts["sheets"] = sheets
    return judgement


def _names(sheets: Sequence[str]) -> list[str]:
    return [shown_name(name) for name in sheets[:_NAMED_SHEETS]]


def _grid(batch: ImportBatch, importer: Importer) -> Grid:
    if batch.source == Source.GRID:
        return to_grid(files.content_of(batch))
    knows = recogniser(importer.columns, mapping_of(batch.kind, batch.division_id))
    limits = Limits(bytes=settings.IMPORT_MAX_BYTES)
    return read_sheet(files.content_of(batch), batch.filename, limits=limits, knows=knows)


def _keep_or_tell(otherwise: str, *, batch: ImportBatch, by, **found: Any) -> None:
    """Stores the check's result; where the disk has no room for its plan, the batch ends in `otherwise` and says so."""
    try:
        keep_judgement(batch=batch, by=by, **found)
    except OSError:
        log.exception("The plan of import %s could not be stored.", batch.pk)
        files.discard_plan(batch)
        finish_import(batch=batch, state=otherwise, problem=problem("storage"), by=by)


@action
def keep_judgement(
    *, batch: ImportBatch, judgement: Judgement, seconds: float, problems: dict | None = None, by
) -> None:
    """Stores the check's result for the preview, in place of an earlier one; nothing where the batch was taken away.

    The batch is finished first: that holds its row to the end, so that the plan of whoever took it over stays whole.
    """
    outcome = Outcome(batch, judgement.rows)
    shown = finish_import(
        batch=batch,
        state=BatchState.JUDGED,
        counts=judgement.counts,
        basis=judgement.basis,
        problem=problems or {},
        judged_at=timezone.now(),
        seconds=seconds,
        by=by,
    )
    if not shown:
        return
    if not judgement.counts["error"]:
        for part, pieces in judgement.plan.items():
            files.keep_part(batch, part, pieces)
    ImportRow.objects.filter(batch=batch).delete()
    with connection.cursor() as cursor:
        copy_pieces(cursor, f"core_importrow ({ROW_COLUMNS})", outcome)
    ImportBatch.objects.filter(pk=batch.pk).update(digest=outcome.digest)


class _Changed(Exception):
    """The roster is not what it was when the user saw the preview."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement


def apply_batch(batch_id: uuid.UUID, user, importer: Importer) -> ImportBatch | None:
    """Writes a confirmed import in one transaction: judged again under a lock, and only if nothing has changed.

    Where something has, the batch goes back to the preview with a sentence. None when another worker has the batch.
    """
    batch = claim(batch_id, BatchState.APPLYING)
    if batch is None:
        return None
    began = time.monotonic()
    if not (user.is_active and user.can(importer.perm, batch.division_id)):
        finish_import(batch=batch, state=BatchState.JUDGED, problem=problem("not_allowed"), by=user)
        return _fresh(batch)
    try:
        _apply(batch, importer, user, began)
    except (_Changed, IntegrityError) as error:
        judgement = getattr(error, "judgement", None) or _judged(batch, importer)
        again = {"judgement": judgement, "seconds": time.monotonic() - began}
        problems = problem(_why(error, batch, judgement))
        _keep_or_tell(BatchState.JUDGED, batch=batch, **again, problems=problems, by=user)
    except FileNotFoundError:
        _fail(batch=batch, problem=problem("file_gone"), by=user)
    except Exception:
        finish_import(batch=batch, state=BatchState.JUDGED, problem=problem("unexpected"), by=user)
        raise
    return _fresh(batch)


def _why(error: _Changed | IntegrityError, batch: ImportBatch, judgement: Judgement) -> str:
    """What an import that was not written is told: another preview, or that the database refuses the one that was seen.

    Of a refusal only the constraint is logged, for the message holds the row.
    """
    if isinstance(error, _Changed) or fingerprint(batch, judgement.rows) != batch.digest:
        return "changed"
    diagnosis = getattr(error.__cause__, "diag", None)
    log.error("Import %s contradicts the constraint %s.", batch.pk, getattr(diagnosis, "constraint_name", None))
    return "unexpected"


def _fresh(batch: ImportBatch) -> ImportBatch:
    batch.refresh_from_db()
    return batch


def _apply(batch: ImportBatch, importer: Importer, user, began: float) -> None:
    context = pghistory.context(user=name_of(user), act="apply_import", batch=str(batch.pk))
    with transaction.atomic(), context:
        with Pulse(batch.pk, batch.progress["claim"], batch.progress) as pulse:
            lock(batch)
            part = _confirmed(batch, importer, pulse)
            pulse("writing", 0, 0)
            with spanned(importer.undo.tables()) as written:
                importer.apply(part=part, batch=batch, by=user)
        mine = finish_import(
            batch=batch,
            state=BatchState.APPLIED,
            applied_at=timezone.now(),
            applied_by=name_of(user),
            seconds=time.monotonic() - began,
            written=written,
            problem={},
            by=user,
        )
        if not mine:
            raise RuntimeError(f"Import {batch.pk} was taken over by another worker; nothing of this attempt is kept.")


def _confirmed(batch: ImportBatch, importer: Importer, pulse: Pulse) -> Part:
    """The parts of the plan that the user has seen. Raises `_Changed` where the roster makes another one of it now.

    A kept plan holds as long as everything that the check read is as it was; else the file is judged again.
    """

    def kept(name: str) -> Iterable[bytes]:
        return files.part_of(batch, name)

    if files.has_parts(batch, importer.parts) and importer.basis(batch=batch, part=kept) == batch.basis:
        return kept
    with _no_collection():
        judgement = _judged(batch, importer, lock=True, progress=pulse)
    if fingerprint(batch, judgement.rows) != batch.digest:
        raise _Changed(judgement)
    return lambda name: judgement.plan[name]


def abandoned() -> list[tuple[uuid.UUID, str, int]]:
    """Imports that nobody works on though somebody should: (batch, state, user to act for). Their task is sent again."""
    late = timezone.now() - SILENCE
    waiting = Q(state=BatchState.UPLOADED, uploaded_at__lt=late) & silent()
    lost = Q(state__in=WORKING) & silent()
    batches = ImportBatch.objects.filter(waiting | lost).order_by("uploaded_at")
    return [(batch.pk, batch.state, batch.progress.get("user", batch.uploaded_by_id)) for batch in batches]
