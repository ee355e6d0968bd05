"""What people do with an import: upload a file, confirm what the check found, abandon it. The work is in `running`."""

import hashlib
from io import BytesIO
from pathlib import PurePath
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.lib.text import clean
from portal.core.sheets import files
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import OPEN_STATES, BatchState, ImportBatch, Source
from portal.core.territory.models import Division

_LONGEST_NAME = 255


@action
def create_batch(
    *,
    importer: Importer,
    division: Division,
    filename: str,
    content: bytes | BinaryIO,
    replaces: ImportBatch | None = None,
    source: str = Source.FILE,
    options: dict[str, Any] | None = None,
    by,
) -> ImportBatch:
    """Takes in an uploaded file, sealed, to be checked next.

    One import per division at a time: a second one is refused with the name of who is at it and since when. The user's
    own file that cannot be applied for its errors or would change nothing, or `replaces`, gives way. The same file twice is allowed.
    """
    _refuse_outsider(importer, division, by)
    _give_way(importer.kind, division, replaces, by)
    file = BytesIO(content) if isinstance(content, bytes) else content
    sha256, size = _measured(file)
    batch = ImportBatch(
        kind=importer.kind,
        division=division,
        filename=clean(PurePath(filename.replace("\\", "/")).name)[-_LONGEST_NAME:] or "?",
        sha256=sha256,
        size=size,
        source=source,
        options=options or {},
        uploaded_by=by,
    )
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError:
        _refuse_second(_open(importer.kind, division), division)
    files.keep(batch, files.pieces_of(file))
    record("import_uploaded", by=by, subject=batch.pk, division=division.code, file=batch.filename, size=batch.size)
    return batch


def _refuse_outsider(importer: Importer, division: Division, by) -> None:
    if not by.can(importer.perm, division.code):
        raise ValidationError(_("您不能为“%(division)s”导入。") % {"division": division.label}, code="not_allowed")


def _measured(file: BinaryIO) -> tuple[str, int]:
    """SHA-256 and bytes of an open file, read in pieces."""
    digest, size = hashlib.sha256(), 0
    for piece in files.pieces_of(file):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _open(kind: str, division: Division):
    return ImportBatch.objects.filter(kind=kind, division=division, state__in=OPEN_STATES)


_WAITING = ("new", "changed", "ending", "moved")  # rows that wait for what their reader decides


def _give_way(kind: str, division: Division, replaces: ImportBatch | None, by) -> None:
    """Closes the open import that the new file takes the place of, or refuses the new one."""
    batch = _open(kind, division).select_for_update().select_related("uploaded_by").first()
    if batch is None:
        return
    spent = batch.counts.get("error") or not any(batch.counts.get(key) for key in _WAITING)
    given_up = batch.uploaded_by_id == by.pk and spent
    replaced = replaces is not None and replaces.pk == batch.pk
    if batch.state != BatchState.JUDGED or not (given_up or replaced):
        _refuse_second(_open(kind, division), division)
    _closed(batch, by)


def _refuse_second(found, division: Division) -> None:
    batch = found.select_related("uploaded_by").first()
    if batch is None:
        raise ValidationError(_("另一份文件刚刚上传，请刷新后再试。"), code="open_import")
    raise ValidationError(
        _(
            "%(who)s 于 %(when)s 上传的《%(file)s》还在处理中（%(state)s），“%(division)s”同时只能有一份。请先应用或放弃那一份。"
        ),
        code="open_import",
        params={
            "who": str(batch.uploaded_by),
            "when": timezone.localtime(batch.uploaded_at).strftime("%Y-%m-%d %H:%M"),
            "file": batch.filename,
            "state": batch.get_state_display(),
            "division": division.label,
            "batch": batch.pk,
        },
    )


@action
def request_apply(*, batch: ImportBatch, importer: Importer, digest: str = "", by) -> ImportBatch:
    """Confirms what the check found; the work itself is `running.apply_batch`.

    `digest`, where given, is the fingerprint of the preview the user saw. Raises ValidationError with the reason when
    something is in error or the preview has changed.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    _refuse_outsider(importer, batch.division, by)
    if batch.state != BatchState.JUDGED:
        raise ValidationError(
            _("这份文件现在是“%(state)s”，不能应用。") % {"state": batch.get_state_display()}, code="state"
        )
    if batch.counts.get("error"):
        raise ValidationError(_("还有错误没有改正，不能应用。"), code="errors")
    if digest and digest != batch.digest:
        raise ValidationError(_("预览已经更新，请核对后再应用。"), code="digest")
    batch.state = BatchState.APPLYING
    batch.heartbeat = None
    batch.problem = {}
    batch.progress = {"user": by.pk, "phase": "waiting"}
    batch.save(update_fields=["state", "heartbeat", "problem", "progress"])
    return batch


@action
def rejudge(*, batch: ImportBatch, importer: Importer, options: dict[str, Any] | None = None, by) -> ImportBatch:
    """Sends a file back to the check, with `options` added to those chosen before; the check itself is a task.

    For a preview whose reader chooses something, and for a file whose columns have been explained meanwhile. Raises
    ValidationError where the batch is past that or another file of the division is open.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    _refuse_outsider(importer, batch.division, by)
    if batch.state not in (BatchState.JUDGED, BatchState.FAILED):
        raise ValidationError(
            _("这份文件现在是“%(state)s”，不能重新检查。") % {"state": batch.get_state_display()}, code="state"
        )
    if not files.exists(batch):
        raise ValidationError(_("上传的文件已不在服务器上。请重新上传。"), code="file_gone")
    batch.state = BatchState.UPLOADED
    batch.options = {**batch.options, **(options or {})}
    batch.problem, batch.digest, batch.progress, batch.heartbeat = {}, "", {}, timezone.now()
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError:
        _refuse_second(_open(batch.kind, batch.division).exclude(pk=batch.pk), batch.division)
    record("import_rejudged", by=by, subject=batch.pk, division=batch.division_id, options=sorted(options or {}))
    return batch


@action
def cancel(*, batch: ImportBatch, by) -> ImportBatch:
    """Abandons an import that is not being applied; nothing of it was written. Raises ValidationError otherwise."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == BatchState.CANCELLED:
        return batch
    if batch.state not in OPEN_STATES or batch.state in (BatchState.APPLYING, BatchState.UNDOING):
        raise ValidationError(
            _("这份文件现在是“%(state)s”，不能放弃。") % {"state": batch.get_state_display()}, code="state"
        )
    return _closed(batch, by)


def _closed(batch: ImportBatch, by) -> ImportBatch:
    batch.state = BatchState.CANCELLED
    batch.heartbeat = timezone.now()
    batch.save(update_fields=["state", "heartbeat"])
    record("import_cancelled", by=by, subject=batch.pk, division=batch.division_id, file=batch.filename)
    transaction.on_commit(lambda: files.discard(batch))
    return batch
