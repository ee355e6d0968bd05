"""Back from a backup: everything or nothing, and nothing that does not fit the keys and the release at hand."""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import fields
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from portal.core.audit.actions import record
from portal.core.audit.append_only import protect
from portal.core.audit.sealing import Verified, verify
from portal.core.safekeeping.backup import DATABASE, FORMAT, MANIFEST, Manifest, digest_of, folders, marks
from portal.core.safekeeping.programs import Refused, run

# In one transaction: whoever reads meanwhile sees what was there before, or waits.
_EMPTIED = "SET lock_timeout = '30s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup all of whose files are there and unaltered. Raises `Refused`."""
    try:
        given = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**{field.name: given[field.name] for field in fields(Manifest)})
    except FileNotFoundError:
        raise Refused(f"{folder} is no backup: it holds no {MANIFEST}.") from None
    except (ValueError, KeyError, TypeError):
        raise Refused(f"{folder / MANIFEST} cannot be read. Use another backup.") from None
    if manifest.format != FORMAT:
        raise Refused(f"{folder} is a backup of format {manifest.format}; this release reads format {FORMAT}.")
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or digest_of(path) != digest:
            raise Refused(
                f"{path} is missing or was altered after the backup. Use another backup; nothing was changed."
            )
    return manifest


def restore(folder: Path, *, replace: bool = False, by=None) -> Verified:
    """Makes the portal what it was when the backup was taken; the answer is that of the audit trail's seals.

    Everybody is logged out. Raises `Refused`, and then nothing has changed: for a damaged backup, keys that are not at
    hand, a backup of a newer release, and a database with data in it where `replace` does not say so.
    """
    manifest = read_manifest(folder)
    _refuse_other_keys(manifest)
    _refuse_newer(manifest)
    if not replace and _is_filled():
        raise Refused(
            "The database holds accounts or divisions already. Stop web, worker and beat and add --replace to put the "
            "backup in its place; what is there now is lost then."
        )
    _put_files(folder)
    _put_database(folder)
    call_command("migrate", verbosity=0, interactive=False)
    protect()
    with transaction.atomic():
        Session.objects.all().delete()
        record("backup_restored", by=by, subject=folder.name, taken_at=manifest.taken_at)
    return verify(manifest.head)


def _refuse_other_keys(manifest: Manifest) -> None:
    mine = marks(settings.FIELD_KEYS)
    missing = sorted(key_id for key_id, mark in manifest.keys.items() if mine.get(key_id) != mark)
    if missing:
        raise Refused(
            f"The backup needs the key {', '.join(missing)}, which FIELD_KEYS does not hold (or with another content). Add "
            "it behind the current one; without FIELD_KEYS it is the line in secrets/field_key of the old DATA_DIR."
        )


def _refuse_newer(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if newer := [name for name in manifest.migrations if name not in known]:
        raise Refused(
            f"The backup was taken by a newer release (it knows {newer[-1]}). Install that release and restore with it."
        )


def _is_filled() -> bool:
    if "core_user" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM core_division) OR EXISTS (SELECT FROM core_user)")
        return cursor.fetchone()[0]


def _put_files(folder: Path) -> None:
    """Files first: one that the old database does not know does no harm, one that the new one misses would."""
    for name, target in folders().items():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (folder / name).glob("*.sealed"):
            draft = target / f".{path.name}.new"
            shutil.copyfile(path, draft)
            draft.chmod(0o600)
            os.replace(draft, target / path.name)


def _put_database(folder: Path) -> None:
    connection.close()
    with tempfile.NamedTemporaryFile("w+b", suffix=".sql") as script:
        script.write(_EMPTIED.encode())
        script.flush()
        run("pg_restore", ["--no-owner", "--no-privileges", "--file=-", folder / DATABASE], stdout=script)
        script.seek(0)
        run(
            "psql",
            ["--quiet", "--no-psqlrc", "--single-transaction", "-v", "ON_ERROR_STOP=1"],
            stdin=script,
            stdout=subprocess.DEVNULL,
        )
