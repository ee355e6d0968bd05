"""Taking an applied import back as a whole: what it would do, the request, and the work itself.

The work is one transaction: a worker killed in the middle leaves the import applied, and the next one begins anew.
"""

import time
import uuid

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, name_of, record
from portal.core.audit.rewind import UNDO_ACT
from portal.core.sheets.claims import claim, finish_import, lock
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import OPEN_STATES, BatchState, ImportBatch
from portal.core.sheets.problems import problem
from portal.core.sheets.pulse import Pulse
from portal.core.sheets.undo import Edited, UndoPreview

_NAMED = 5


def preview(batch: ImportBatch, importer: Importer) -> UndoPreview:
    """What taking `batch` back would do now; writes nothing. Seconds for a hundred thousand rows."""
    return importer.undo.look(batch)


@action
def request_undo(*, batch: ImportBatch, importer: Importer, rest: bool = False, by) -> ImportBatch:
    """Confirms that an applied import is to be taken back; the work itself is `undo_batch`.

    With `rest`, people who were edited since stay as they are; without, they make the request refused. Raises
    ValidationError (codes not_allowed, state, not_undoable, open_import, edited) with the reason.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if not by.can(importer.perm, batch.division_id):
        raise ValidationError(
            _("您不能撤销“%(division)s”的导入。") % {"division": batch.division.label}, code="not_allowed"
        )
    if batch.state != BatchState.APPLIED:
        raise ValidationError(
            _("这份文件现在是“%(state)s”，不能撤销。") % {"state": batch.get_state_display()}, code="state"
        )
    if not batch.written:
        raise ValidationError(_("应用这份文件时还没有记下它写了什么，不能整批撤销。"), code="not_undoable")
    if not rest and (found := preview(batch, importer)).kept_count:
        refuse_edited(found)
    batch.state, batch.heartbeat, batch.problem = BatchState.UNDOING, None, {}
    batch.progress = {"user": by.pk, "phase": "waiting"}
    batch.options = {**batch.options, "undo_rest": rest}
    try:
        with transaction.atomic():
            batch.save(update_fields=["state", "heartbeat", "problem", "progress", "options"])
    except IntegrityError:
        _refuse_second(batch)
    return batch


def asked_for_rest(batch_id: uuid.UUID) -> bool:
    """Whether people who were edited since are to be kept, as the request for this undo said."""
    return bool(ImportBatch.objects.get(pk=batch_id).options.get("undo_rest"))


def refuse_edited(found: UndoPreview) -> None:
    """Raises ValidationError that names the people who were edited since: the first in its sentence, `named` all that
    the preview names."""
    everybody = [_("%(label)s（%(reason)s）") % one for one in found.kept]
    named = everybody[:_NAMED]
    if found.kept_count > _NAMED:
        named.append(_("另有 %(more)s 人") % {"more": found.kept_count - _NAMED})
    raise ValidationError(
        _("导入之后又有改动，不能整批撤销：%(people)s。可以只撤销其余人员，这些人保持现状。"),
        code="edited",
        params={"people": _("；").join(named), "kept": found.kept_count, "named": everybody},
    )


def _refuse_second(batch: ImportBatch) -> None:
    at_it = ImportBatch.objects.filter(kind=batch.kind, division=batch.division_id, state__in=OPEN_STATES)
    other = at_it.select_related("uploaded_by").first()
    if other is None:
        raise ValidationError(_("这个范围的另一份导入刚刚结束，请再试一次。"), code="open_import")
    raise ValidationError(
        _("%(who)s 上传的《%(file)s》还在处理中（%(state)s）。请先应用或放弃那一份，再撤销这一份。"),
        code="open_import",
        params={"who": str(other.uploaded_by), "file": other.filename, "state": other.get_state_display()},
    )


def undo_batch(batch_id: uuid.UUID, user, importer: Importer, rest: bool = False) -> ImportBatch | None:
    """Takes an import back that `request_undo` has confirmed; all of it, but for people kept with `rest`, or nothing.

    Where that cannot be done it stays applied, with a sentence. None when another worker has the batch.
    """
    batch = claim(batch_id, BatchState.UNDOING)
    if batch is None:
        return None
    if not (user.is_active and user.can(importer.perm, batch.division_id)):
        return _back(batch, "undo_not_allowed", user)
    try:
        _undo(batch, importer, user, rest)
    except (Edited, IntegrityError):
        return _back(batch, "undo_edited", user)
    except Exception:
        _back(batch, "undo_unexpected", user)
        raise
    batch.refresh_from_db()
    return batch


def _back(batch: ImportBatch, reason: str, user) -> ImportBatch:
    finish_import(batch=batch, state=BatchState.APPLIED, problem=problem(reason), by=user)
    batch.refresh_from_db()
    return batch


def _undo(batch: ImportBatch, importer: Importer, user, rest: bool) -> None:
    began = time.monotonic()
    context = pghistory.context(user=name_of(user), act=UNDO_ACT, batch=str(batch.pk))
    with transaction.atomic(), context:
        with Pulse(batch.pk, batch.progress["claim"], batch.progress) as pulse:
            lock(batch)
            done = importer.undo.write(batch=batch, rest=rest, by=user, progress=pulse)
        undone = {"people": done.people, "rows": done.rows, "kept": done.kept_count}
        counts = {**batch.counts, "undone": {**undone, "seconds": round(time.monotonic() - began, 2)}}
        record("import_undone", by=user, subject=batch.pk, division=batch.division_id, file=batch.filename, **undone)
        fields = {"undone_at": timezone.now(), "undone_by": name_of(user), "counts": counts, "problem": {}}
        if not finish_import(batch=batch, state=BatchState.UNDONE, by=user, **fields):
            raise RuntimeError(f"The undo of {batch.pk} was taken over by another worker; nothing of this one is kept.")
