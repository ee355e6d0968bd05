"""Uploaded files at rest, and what their check would write: sealed under UPLOADS_DIR, gone when the batch is closed."""

import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from portal.core.lib.vault import FRAME_BYTES, read_sealed, write_sealed
from portal.core.sheets.models import OPEN_STATES, BatchState, ImportBatch

_AAD = "uploads.file"
_YOUNG_SECONDS = 3600
KEPT_AFTER_FAILURE = timedelta(days=1)  # so that columns may be explained without another upload


def _path(batch: ImportBatch | UUID, part: str = "file") -> Path:
    return Path(settings.UPLOADS_DIR) / f"{getattr(batch, 'pk', batch)}.{part}.sealed"


def keep(batch: ImportBatch, content: Iterable[bytes]) -> None:
    """Seals the content of a batch's file, given in pieces."""
    write_sealed(_path(batch), content, _bound(batch, "file"))


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """An open file in pieces from its beginning."""
    file.seek(0)
    while piece := file.read(FRAME_BYTES):
        yield piece


def content_of(batch: ImportBatch) -> bytes:
    """The file of a batch in clear. FileNotFoundError when it is gone."""
    return b"".join(read_sealed(_path(batch), _bound(batch, "file")))


def exists(batch: ImportBatch) -> bool:
    return _path(batch).exists()


def keep_part(batch: ImportBatch, part: str, pieces: Iterable[bytes]) -> None:
    """Seals one part of what applying the batch would write, in place of an earlier one."""
    write_sealed(_path(batch, part), pieces, _bound(batch, part))


def discard_plan(batch: ImportBatch) -> None:
    """Removes every part of what applying would write, for a plan is whole or it is none; the uploaded file stays."""
    for path in Path(settings.UPLOADS_DIR).glob(f"{batch.pk}.*.sealed"):
        if path != _path(batch):
            path.unlink(missing_ok=True)


def has_parts(batch: ImportBatch, parts: Iterable[str]) -> bool:
    """Whether all of these parts are there."""
    return all(_path(batch, part).exists() for part in parts)


def part_of(batch: ImportBatch, part: str) -> Iterator[bytes]:
    """A part of what applying would write, in pieces."""
    return read_sealed(_path(batch, part), _bound(batch, part))


def _bound(batch: ImportBatch, part: str) -> str:
    return f"{_AAD}:{batch.pk}:{part}"


def sealed_files() -> Iterator[tuple[Path, str]]:
    """Every file that is kept, with what it is bound to."""
    for path in Path(settings.UPLOADS_DIR).glob("*.sealed"):
        pk, part, _sealed = path.name.split(".")
        yield path, f"{_AAD}:{pk}:{part}"


def discard(batch: ImportBatch | UUID) -> None:
    """Removes the files of a closed batch."""
    for path in Path(settings.UPLOADS_DIR).glob(f"{getattr(batch, 'pk', batch)}.*.sealed"):
        path.unlink(missing_ok=True)


def sweep() -> int:
    """Removes files whose batch is closed or was never recorded, as a process killed at the wrong moment leaves them."""
    folder = Path(settings.UPLOADS_DIR)
    if not folder.is_dir():
        return 0
    old = [path for path in folder.glob("*.sealed") if time.time() - path.stat().st_mtime > _YOUNG_SECONDS]
    names = {path.name.partition(".")[0] for path in old}
    needed = Q(state__in=OPEN_STATES) | Q(state=BatchState.FAILED, heartbeat__gt=timezone.now() - KEPT_AFTER_FAILURE)
    kept = {str(pk) for pk in ImportBatch.objects.filter(needed, pk__in=names).values_list("pk", flat=True)}
    gone = [path for path in old if path.name.partition(".")[0] not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
