"""Files of proposals and of ledger tasks: checked, hashed, sealed on disk, taken out only as a download on record."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.lib.vault import FRAME_BYTES, read_sealed, write_sealed
from proposals.actions.walls import refuse_stranger
from proposals.models import CaseFile, Proposal
from ratings.actions.evidence import type_of

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 30
_LONGEST_NAME = 120


def path_of(pk: UUID) -> Path:
    return Path(settings.ATTACHMENT_DIR) / f"{pk}.sealed"


def _bound(pk: UUID) -> str:
    return f"proposals.file:{pk}"


def sealed_files() -> Iterator[tuple[Path, str]]:
    """Every file that is kept, with what it is bound to."""
    for path in Path(settings.ATTACHMENT_DIR).glob("*.sealed"):
        yield path, _bound(UUID(path.stem))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(FRAME_BYTES):
        yield piece


def keep_file(*, division_id: str, proposal: Proposal | None, file: BinaryIO, name: str, size: int, by) -> CaseFile:
    """Takes in a file, of a proposal or of a task of the ledger (None). A plain function of the caller's transaction,
    called last: what fails before leaves no file behind.

    Raises ValidationError for files that are empty, too large or of another type.
    """
    if not 0 < size <= MOST_BYTES:
        raise ValidationError({"file": _("文件不能为空，也不能超过 20 MB。")})
    content_type = type_of(file, name)
    digest = hashlib.sha256()
    for piece in _pieces(file):
        digest.update(piece)
    short = name.replace("\x00", "").rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    row = CaseFile.objects.create(
        division_id=division_id,
        proposal=proposal,
        filename=short if len(short) <= _LONGEST_NAME else f"…{short[1 - _LONGEST_NAME :]}",
        content_type=content_type,
        size=size,
        sha256=digest.hexdigest(),
        added_by=by,
    )
    record("case_file_added", by=by, subject=row.pk, division=division_id, digest=row.sha256)
    write_sealed(path_of(row.pk), _pieces(file), _bound(row.pk))
    return row


@action
def add_file(*, proposal: Proposal, file: BinaryIO, name: str, size: int, by) -> CaseFile:
    """Adds a file to a proposal. Raises ValidationError as `keep_file` does, and where it has enough of them."""
    refuse_stranger(by, proposal.division_id)
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.files.filter(taken_back=False).count() >= MOST_FILES:
        raise ValidationError({"file": _("每件最多 %(n)s 份附件。请合并材料或先撤回不用的。") % {"n": MOST_FILES}})
    return keep_file(division_id=proposal.division_id, proposal=proposal, file=file, name=name, size=size, by=by)


@action
def take_back_file(*, file: CaseFile, by) -> CaseFile:
    """Withdraws a file; row and sealed content stay."""
    refuse_stranger(by, file.division_id)
    file.taken_back = True
    file.save(update_fields=["taken_back"])
    return file


def taken_out(file: CaseFile, by) -> Iterator[bytes]:
    """The content of a file, on record before the first piece leaves. FileNotFoundError where it is gone."""
    path = path_of(file.pk)
    path.stat()
    record("case_file_taken", by=by, subject=file.pk, division=file.division_id, digest=file.sha256)
    return read_sealed(path, _bound(file.pk))
