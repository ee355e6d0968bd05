"""Files handed in with a score: checked, hashed, sealed on disk, taken out only as a download on record."""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.lib.vault import FRAME_BYTES, read_sealed, write_sealed
from ratings import stages
from ratings.actions import course
from ratings.enums import ItemKind
from ratings.models import Evidence, RatingCycle, SchemeItem, UnitRating

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 60
_LONGEST_NAME = 120
_BEGINNINGS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))
# What a file is told by its content; its name has to say the same.
ENDINGS = {"pdf": (".pdf",), "png": (".png",), "jpeg": (".jpg", ".jpeg"), "docx": (".docx",), "xlsx": (".xlsx",)}
_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


def path_of(pk: UUID) -> Path:
    return Path(settings.EVIDENCE_DIR) / f"{pk}.sealed"


def _bound(pk: UUID) -> str:
    return f"ratings.evidence:{pk}"


def type_of(file: BinaryIO, name: str) -> str:
    """The type of a file by its content. Raises ValidationError where it is none of those accepted, or named as another."""
    file.seek(0)
    start = file.read(16)
    found = next((kind for mark, kind in _BEGINNINGS if start.startswith(mark)), "")
    if not found and start.startswith(b"PK\x03\x04"):
        found = _office_type(file)
    if not found or not name.lower().endswith(ENDINGS[found]):
        raise ValidationError({"file": _("只接受 PDF、JPG、PNG、DOCX 和 XLSX 文件，扩展名应与内容一致。")})
    return found


def _office_type(file: BinaryIO) -> str:
    """Word or Excel without macros; only the list of parts is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ValidationError({"file": _("文件含有宏，不能作为佐证。请另存为不含宏的文件。")})
    return next((kind for part, kind in _PARTS.items() if part in names), "")


def sealed_files() -> Iterator[tuple[Path, str]]:
    """Every file that is kept, with what it is bound to."""
    for path in Path(settings.EVIDENCE_DIR).glob("*.sealed"):
        yield path, _bound(UUID(path.stem))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(FRAME_BYTES):
        yield piece


@action
def add_evidence(*, unit: UnitRating, item: SchemeItem, file: BinaryIO, name: str, size: int, by) -> Evidence:
    """Takes in a file for a scored item of a unit, at the stage whose scorer the user is.

    Raises ValidationError for another item, another's stage, after its deadline, and for files that are empty, too large,
    too many or of another type.
    """
    cycle = _writable(unit, by)
    if item.scheme_id != unit.scheme_id or item.kind != ItemKind.SCORE:
        raise ValidationError({"item": _("请选择方案中的评分项。")})
    if not 0 < size <= MOST_BYTES:
        raise ValidationError({"file": _("文件不能为空，也不能超过 10 MB。")})
    if unit.evidence.filter(taken_back=False).count() >= MOST_FILES:
        raise ValidationError({"file": _("每个单位最多 %(n)s 份佐证。请合并材料或先撤回不用的。") % {"n": MOST_FILES}})
    content_type = type_of(file, name)
    digest = hashlib.sha256()
    for piece in _pieces(file):
        digest.update(piece)
    short = name.replace("\x00", "").rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    short = short if len(short) <= _LONGEST_NAME else f"…{short[1 - _LONGEST_NAME :]}"
    row = Evidence.objects.create(
        unit=unit,
        item=item,
        filename=short,
        content_type=content_type,
        size=size,
        sha256=digest.hexdigest(),
        added_by=by,
    )
    record("evidence_added", by=by, subject=row.pk, division=unit.division_id, digest=row.sha256, year=cycle.year)
    write_sealed(path_of(row.pk), _pieces(file), _bound(row.pk))  # last: what fails before leaves no file behind
    return row


@action
def take_back_evidence(*, evidence: Evidence, by) -> Evidence:
    """Withdraws a file; row and sealed content stay. Raises ValidationError once the unit has moved on."""
    _writable(evidence.unit, by)
    Evidence.objects.filter(pk=evidence.pk).update(taken_back=True)
    evidence.refresh_from_db()
    return evidence


def _writable(unit: UnitRating, by) -> RatingCycle:
    cycle = course.held(unit.cycle_id)
    course.refuse_unless(cycle, stages.SELF)
    if unit.stage not in stages.SCORING:
        raise ValidationError(_("复核已完成，佐证不能再改。"))
    course.refuse_stranger(by, stages.RATERS[unit.stage], unit.division_id)
    course.refuse_left_out([unit])
    course.refuse_late(cycle, unit.stage)
    return cycle


def taken_out(evidence: Evidence, by) -> Iterator[bytes]:
    """The content of a file, on record before the first piece leaves. FileNotFoundError where it is gone."""
    path = path_of(evidence.pk)
    path.stat()
    detail = {"digest": evidence.sha256, "unit": evidence.unit_id}
    record("evidence_taken", by=by, subject=evidence.pk, division=evidence.unit.division_id, **detail)
    return read_sealed(path, _bound(evidence.pk))
