"""The command line: what needs services, and its exit codes."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

import manage


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["migrate"], True),
        (["load_divisions", "--under", "12"], True),
        (["load_divisions", "--help"], False),
        (["collectstatic"], False),
        (["check", "--deploy"], False),
        (["serve"], False),
        (["help", "migrate"], False),
        ([], False),
    ],
)
def test_commands_that_touch_rows_join_the_services(arguments, needed, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert manage.needs_services(arguments) is needed


def test_configured_database_is_not_started(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/portal")
    assert manage.needs_services(["migrate"]) is False


def test_lone_command_starts_services_and_leaves_none(tmp_path):
    done = run("showmigrations", "contenttypes", DATA_DIR=str(tmp_path / "data"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "[ ] 0001_initial" in done.stdout
    assert (tmp_path / "data" / "postgres" / "PG_VERSION").exists()
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()


def test_refusal_of_the_services_is_one_sentence(tmp_path):
    refused = run("migrate", DATA_DIR=str(tmp_path / "data"), PG_BIN="/nowhere")
    assert refused.returncode == 1
    assert refused.stderr.startswith("No PostgreSQL 15 or newer was found")
    assert refused.stderr.count("\n") == 1


def test_wrong_use_exits_2(tmp_path):
    wrong = run("serve", "--nonsense", DATA_DIR=str(tmp_path / "data"))
    assert wrong.returncode == 2
    assert "unrecognized arguments: --nonsense" in wrong.stderr


@pytest.mark.parametrize("port", ["abc", "0", "65536", "８０"])
def test_wrong_port_is_refused(port, tmp_path):
    refused = run("serve", DATA_DIR=str(tmp_path / "data"), PORT=port)
    assert refused.returncode == 1
    assert refused.stderr == f"CommandError: PORT={port} is not a port. Set it to a number from 1 to 65535.\n"
