"""Figures from a replica: two real PostgreSQL servers, one following the other, and a web process beside them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest

from portal import embedded
from portal.embedded import accounts, files
from portal.embedded.postgres import ADMIN, TUNING, Postgres
from tests import world as w

ROOT = Path(__file__).resolve().parents[2]
MAX_LAG = 1
STAFFING = f"/api/v1/staffing/?division={w.SPRING}&fields=workers"
ON_PRIMARY, ON_REPLICA = "default", "replica"
PATIENCE = 120

pytestmark = [pytest.mark.fault, pytest.mark.redis]


def ask(host: str, port: int, password: str, statement: str):
    """The one value that a server answers to its administrator."""
    connection = psycopg2.connect(host=host, port=port, user=ADMIN, password=password, dbname="portal")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


class Standby:
    """A copy of the server under `root`, which follows it from a folder of its own."""

    def __init__(self, root: Path):
        self.primary = Postgres(root)
        self.account = accounts.service_account(root)
        self.binaries = self.primary.binaries()
        self.home = root / "standby"
        self.socket = root / "follow"
        self.password = files.secret(root, "database_admin_password")

    def make(self) -> None:
        host, port = self.primary.address()
        self.account.make(self.socket)
        source = f"host={host} port={port} user={ADMIN} password={self.password}"
        self._run("pg_basebackup", "-d", source, "-D", self.home, "-R", "-X", "stream", "--checkpoint=fast")
        place = f"listen_addresses = ''\nport = 5432\nunix_socket_directories = '\"{self.socket}\"'\n"
        room = f"shared_buffers = 32MB\nmax_locks_per_transaction = {TUNING['max_locks_per_transaction']}\n"
        (self.home / "portal.conf").write_text(place + room, encoding="utf-8")

    def start(self) -> None:
        """Starts it; after a kill once its last processes are gone."""
        deadline = time.monotonic() + PATIENCE
        command = [self.binaries / "pg_ctl", "-D", self.home, "-l", self.home / "log", "-w", "start"]
        while (done := self.account.run(command)).returncode:
            assert time.monotonic() < deadline, done.stdout
            time.sleep(0.3)

    def kill(self) -> None:
        os.kill(int((self.home / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def stop(self) -> None:
        self.account.run([self.binaries / "pg_ctl", "-D", self.home, "-m", "immediate", "-w", "stop"])

    def ask(self, statement: str):
        return ask(str(self.socket), 5432, self.password, statement)

    def _run(self, program: str, *arguments) -> None:
        done = self.account.run([self.binaries / program, *arguments])
        assert done.returncode == 0, done.stdout


class Web:
    """The web process, and what it answers."""

    def __init__(self, process: subprocess.Popen):
        self.process = process

    def __call__(self, *command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.said()

    def said(self):
        line = self.process.stdout.readline()
        assert line, "the web process has ended"
        return json.loads(line)

    def get(self, address: str = STAFFING, user: str = "city") -> dict:
        """An answer with the server that gave all of its figures."""
        found = self("get", address, user)
        assert found["status"] == 200
        (server,) = (name for name, number in found["figures"].items() if number)
        return found | {"server": server}

    def workers(self) -> tuple[str, int]:
        found = self.get()
        return found["server"], found["body"]["results"][0]["workers"]

    def until(self, server: str, user: str = "city") -> dict:
        """Asks until the figures come from that server."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.get(user=user))["server"] != server:
            assert time.monotonic() < deadline, f"no figures from {server}"
            time.sleep(0.2)
        return found


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder with the first server and a Redis."""
    kept = {name: os.environ.pop(name) for name in ("DATABASE_URL", "REDIS_URL") if name in os.environ}
    folder = tmp_path_factory.mktemp("two") / "data"
    embedded.ensure_started(folder)
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):  # only time
        ask(*Postgres(folder).address(), files.secret(folder, "database_admin_password"), statement)
    yield folder
    embedded.remove(folder)
    os.environ |= kept


@pytest.fixture(scope="module")
def standby(root):
    server = Standby(root)
    server.make()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def web(root, standby):
    host, port = Postgres(root).address()
    user = f"portal:{files.secret(root, 'database_password')}"
    environment = os.environ | {
        "DATA_DIR": str(root),
        "DATABASE_URL": f"postgresql://{user}@/portal?host={quote(host, safe='')}&port={port}",
        "REPLICA_URL": f"postgresql://{user}@/portal?host={quote(str(standby.socket), safe='')}&port=5432",
        "REPLICA_MAX_LAG": str(MAX_LAG),
        "REDIS_URL": embedded.redis_url(root),
        "SSL_REDIRECT": "false",
        "LOG_LEVEL": "CRITICAL",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.portal.replica_probe"],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        web = Web(process)
        assert web.said() == "ready"
        yield web
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


def test_figures_come_from_the_replica(web, standby):
    assert standby.ask("SELECT pg_is_in_recovery()") is True
    found = web.until(ON_REPLICA)
    assert found["body"]["results"] == [{"workers": 2}]
    assert web.get(f"/divisions/{w.STREET}/")["server"] == ON_REPLICA


def test_nothing_but_figures_is_asked_of_the_replica(web):
    web.until(ON_REPLICA)
    for address in (STAFFING, f"/divisions/{w.STREET}/", "/", "/api/v1/staffing/?level=community&on=2025-12-31"):
        for text in web("get", address, "city")["replica"]:
            assert text.lstrip().startswith(("SELECT", "WITH")), text
            for table in ("core_user", "core_apitoken", "core_grant", "django_session", "core_auditevent"):
                assert table not in text


def test_who_has_just_written_reads_the_primary(web):
    web.until(ON_REPLICA)
    web.until(ON_REPLICA, "street")
    web("act", "city")
    assert web.get()["server"] == ON_PRIMARY
    assert web.get(user="street")["server"] == ON_REPLICA
    web.until(ON_REPLICA)


def test_replica_that_lags_is_not_read(web, standby):
    web.until(ON_REPLICA)
    standby.ask("SELECT pg_wal_replay_pause()::text")
    web("hire", "新一")
    time.sleep(MAX_LAG + 1.5)
    assert web.workers() == (ON_PRIMARY, 3)
    standby.ask("SELECT pg_wal_replay_resume()::text")
    assert web.until(ON_REPLICA)["body"]["results"] == [{"workers": 3}]


def test_quiet_primary_does_not_look_like_a_lagging_replica(web):
    web.until(ON_REPLICA)
    time.sleep(MAX_LAG + 2)
    assert web.workers() == (ON_REPLICA, 3)


def test_replica_that_dies_costs_nobody_an_answer(web, standby):
    web.until(ON_REPLICA)
    standby.kill()
    for _ in range(5):
        found = web("get", STAFFING, "city")  # the first may have begun with the replica
        assert (found["status"], found["body"]["results"]) == (200, [{"workers": 3}])
    assert web.workers() == (ON_PRIMARY, 3)
    assert web.get(f"/divisions/{w.STREET}/")["server"] == ON_PRIMARY
    standby.start()
    assert web.until(ON_REPLICA)["body"]["results"] == [{"workers": 3}]


def test_replica_that_became_a_primary_is_not_read(web, standby):
    web.until(ON_REPLICA)
    assert standby.ask("SELECT pg_promote()") is True
    time.sleep(1.2)
    assert web.workers() == (ON_PRIMARY, 3)
