"""Uploaded files at rest: sealed under UPLOADS_DIR, one per open batch, gone when the batch is closed."""

import base64
import os
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from portal.core.lib.fields import open_text, seal_text
from portal.core.sheets.models import OPEN_STATES, ImportBatch

_AAD = "uploads.file"
_YOUNG_SECONDS = 3600


def _path(batch: ImportBatch | UUID) -> Path:
    return Path(settings.UPLOADS_DIR) / f"{getattr(batch, 'pk', batch)}.sealed"


def keep(batch: ImportBatch, content: bytes) -> None:
    """Seals the content of a batch's file; on disk before the function returns."""
    path = _path(batch)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(seal_text(_AAD, base64.b64encode(content).decode()))
        file.flush()
        os.fsync(file.fileno())


def content_of(batch: ImportBatch) -> bytes:
    """The file of a batch in clear. FileNotFoundError when it is gone."""
    return base64.b64decode(open_text(_AAD, _path(batch).read_bytes()))


def exists(batch: ImportBatch) -> bool:
    return _path(batch).exists()


def discard(batch: ImportBatch | UUID) -> None:
    """Removes the file of a closed batch."""
    _path(batch).unlink(missing_ok=True)


def sweep() -> int:
    """Removes files whose batch is closed or was never recorded, as a process killed at the wrong moment leaves them."""
    folder = Path(settings.UPLOADS_DIR)
    if not folder.is_dir():
        return 0
    old = [path for path in folder.glob("*.sealed") if time.time() - path.stat().st_mtime > _YOUNG_SECONDS]
    names = {path.stem: path for path in old}
    kept = ImportBatch.objects.filter(pk__in=list(names), state__in=OPEN_STATES).values_list("pk", flat=True)
    gone = set(names) - {str(pk) for pk in kept}
    for name in gone:
        names[name].unlink(missing_ok=True)
    return len(gone)
