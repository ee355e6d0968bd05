"""A backup and back: what was lost is there again, what came after is gone, and what does not fit is refused."""

import json
import subprocess

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from portal.core.accounts.models import User
from portal.core.audit.append_only import unprotected
from portal.core.audit.models import AuditEvent
from portal.core.lib import keyring
from portal.core.lib.vault import write_sealed
from portal.core.safekeeping.programs import program
from tests import factories
from workforce.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folders(settings, tmp_path):
    for name in ("UPLOADS_DIR", "EVIDENCE_DIR", "ATTACHMENT_DIR"):
        setattr(settings, name, tmp_path / "data" / name)
    write_sealed(settings.EVIDENCE_DIR / "a.sealed", [b"evidence"], "bound")
    return settings


@pytest.fixture
def backup(folders, tmp_path, capsys):
    """A backup with two people, a session and a file in it, after which one person is gone and another came."""
    gone = factories.person("甲去")
    factories.person("甲留")
    call_command("backup", tmp_path / "backup", "--json")
    gone.delete()
    factories.person("甲新")
    Client().force_login(factories.user("later"))
    (folders.EVIDENCE_DIR / "a.sealed").unlink()
    return tmp_path / "backup", json.loads(capsys.readouterr().out)


def test_restore_brings_back_rows_files_fences_and_the_trail(backup, folders, capsys):
    folder, told = backup
    call_command("restore", folder, "--replace", "--json")
    assert list(Person.objects.order_by("name").values_list("name", flat=True)) == ["甲去", "甲留"]
    assert not User.objects.filter(username="later").exists()
    assert (folders.EVIDENCE_DIR / "a.sealed").read_bytes()
    assert Session.objects.count() == 0
    assert unprotected() == []
    assert list(AuditEvent.objects.order_by("id").values_list("act", flat=True)) == ["backup_taken", "backup_restored"]
    answer = json.loads(capsys.readouterr().out)
    assert (answer["audit_problems"], told["files"], told["keys"]) == (0, 2, ["test"])
    factories.person("甲再")  # the triggers are at work again
    assert Person.pgh_event_model.objects.filter(name="甲再").count() == 1


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "is no backup"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "database.dump").write_bytes(b"PGDMP"), "was altered after the backup"),
        (lambda folder: (folder / "evidence" / "a.sealed").unlink(), "is missing or was altered"),
    ],
)
def test_damaged_backup_is_refused_and_nothing_changes(backup, spoil, sentence):
    spoil(backup[0])
    with pytest.raises(CommandError, match=sentence):
        call_command("restore", backup[0], "--replace")
    assert Person.objects.filter(name="甲新").exists()


def altered(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_what_does_not_fit_is_refused(backup, settings):
    folder = backup[0]
    with pytest.raises(CommandError, match="add --replace"):
        call_command("restore", folder)
    altered(folder, migrations=["core.0001_initial", "core.9999_of_a_later_release"])
    with pytest.raises(CommandError, match=r"newer release \(it knows core.9999_of_a_later_release\)"):
        call_command("restore", folder, "--replace")
    altered(folder, format=2)
    with pytest.raises(CommandError, match="this release reads format 1"):
        call_command("restore", folder, "--replace")
    assert Person.objects.filter(name="甲新").exists()


@pytest.mark.parametrize(
    "keys", ["other:0123456789abcdefghijklmnopqrstuvwxyz", "test:zyxwvutsrqponmlkjihgfedcba9876543210"]
)
def test_backup_of_other_keys_is_refused(backup, settings, keys):
    settings.FIELD_KEYS = keyring.parse(keys)
    with pytest.raises(CommandError, match="needs the key test"):
        call_command("restore", backup[0], "--replace")


def test_backup_never_writes_over_anything_and_leaves_no_half(folders, tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "note").touch()
    with pytest.raises(CommandError, match="not empty"):
        call_command("backup", tmp_path / "there")
    folders.POSTGRES_PROGRAMS = []
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pg_dump is not here"):
        call_command("backup", tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "there"]


def test_backup_holds_no_personal_data_and_no_key(backup):
    """The dump is unpacked, or compression would hide what stands in it."""
    dump = subprocess.run(
        [program("pg_restore"), "--file=-", backup[0] / "database.dump"], capture_output=True, check=True
    ).stdout.decode()
    assert "甲留" in dump
    assert factories.id_number("male", factories.BORN)[:14] not in dump
    assert "0123456789abcdefghijklmnopqrstuvwxyz" not in dump + (backup[0] / "manifest.json").read_text()
