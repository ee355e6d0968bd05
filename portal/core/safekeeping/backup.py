"""The whole portal as a folder: the database as of one moment, every sealed file, and a manifest that tells what it needs.

Keys are not part of it: whoever finds a backup must not be able to read personal data. The manifest names those that open
it and a mark of each, so that a restore with other keys is refused before it begins.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from portal.core.audit.actions import record
from portal.core.audit.models import AuditSeal
from portal.core.audit.sealing import seal_pending
from portal.core.lib.keyring import Keyring
from portal.core.safekeeping.programs import Refused, run

FORMAT = 1
DATABASE, MANIFEST = "database.dump", "manifest.json"
_MARK = "backup-mark"


@dataclass(frozen=True)
class Manifest:
    """What a backup is. `migrations` are all applied, `head` the newest link of the audit trail's seals,
    `keys` a mark of each key by its id, `files` the SHA-256 of each file by its path in the folder."""

    format: int
    taken_at: str
    postgresql: int
    migrations: list[str]
    head: str
    keys: dict[str, str]
    files: dict[str, str]


def folders() -> dict[str, Path]:
    """The folders of sealed files, by their name in a backup."""
    return {
        "uploads": Path(settings.UPLOADS_DIR),
        "evidence": Path(settings.EVIDENCE_DIR),
        "attachments": Path(settings.ATTACHMENT_DIR),
    }


def marks(keyring: Keyring) -> dict[str, str]:
    """By each key's id something that only the same key gives and that says nothing of it."""
    return {key_id: keyring.derive(_MARK, key_id, 8).hex() for key_id in keyring.ids}


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def take_backup(folder: Path, *, by=None) -> Manifest:
    """Writes the portal as it is now into a new folder, while it goes on working. Raises `Refused`.

    Nothing stands under that name before all of it is there. Files are copied before and after the database is read:
    whatever it knows of was there at one of the two, so none is missing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is there already and not empty. Name a folder that does not exist yet.")
    draft = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    try:
        record("backup_taken", by=by, subject=folder.name)
        seal_pending()
        _copy_files(draft)
        run("pg_dump", ["--format=custom", f"--file={draft / DATABASE}"])
        _copy_files(draft)
        manifest = _manifest(draft)
        (draft / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def _copy_files(draft: Path) -> None:
    """Sealed files are never changed once they are there, so one that was copied is done."""
    for name, source in folders().items():
        target = draft / name
        target.mkdir(mode=0o700, exist_ok=True)
        for path in source.glob("*.sealed"):
            if not (target / path.name).exists():
                try:
                    shutil.copyfile(path, target / path.name)
                except FileNotFoundError:  # an import that was closed in this moment
                    (target / path.name).unlink(missing_ok=True)


def _manifest(draft: Path) -> Manifest:
    newest = AuditSeal.objects.order_by("-id").values_list("chain", flat=True).first()
    return Manifest(
        format=FORMAT,
        taken_at=timezone.now().isoformat(timespec="seconds"),
        postgresql=connection.pg_version // 10_000,
        migrations=sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        head=bytes(newest or b"").hex(),
        keys=marks(settings.FIELD_KEYS),
        files={str(path.relative_to(draft)): digest_of(path) for path in sorted(draft.rglob("*")) if path.is_file()},
    )
