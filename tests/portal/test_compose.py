"""docker-compose.yml without Docker: the same commands, environment and health checks against a PostgreSQL and a Redis."""

import contextlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import yaml
from django.conf import settings

from portal import embedded
from portal.embedded import files
from portal.embedded.postgres import Postgres

pytestmark = [pytest.mark.redis, pytest.mark.fault]

COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
SECRETS = {"DB_PASSWORD", "DB_ADMIN_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "TLS_DIR"}
OURS = ("migrate", "web", "worker", "beat")


def substitute(text, values):
    """${NAME}, ${NAME:-default}, ${NAME:?sentence} and $$ as compose reads them."""

    def one(match):
        name, rule, rest = match["name"], match["rule"], match["rest"]
        if name is None:
            return "$"
        if value := values.get(name):
            return value
        assert rule != ":?", f"{name} must be set"
        return rest or ""

    return re.sub(r"\$\$|\$\{(?P<name>\w+)(?:(?P<rule>:[-?])(?P<rest>[^}]*))?\}", one, str(text))


def test_no_secret_has_a_default():
    text = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    required = set(re.findall(r"\$\{(\w+):\?", text))
    assert required == SECRETS
    assert SECRETS.isdisjoint(re.findall(r"\$\{(\w+)(?::-[^}]*)?\}", text))


def test_every_lasting_service_has_a_health_check_and_starts_in_order():
    assert set(SERVICES) == {"db", "redis", "migrate", "web", "worker", "beat", "proxy"}
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == ["migrate"]
    started: list[str] = []
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in started
            assert how["condition"] == ("service_completed_successfully" if other == "migrate" else "service_healthy")
        started.append(name)


def test_only_the_proxy_is_reached_from_outside():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["proxy"]


def test_example_environment_names_every_secret():
    example = (settings.BASE_DIR / "deploy" / "environment.example").read_text(encoding="utf-8")
    named = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))
    assert named.keys() >= SECRETS
    assert {named[name] for name in SECRETS} == {""}


class Server:
    """A PostgreSQL prepared by the init script of the compose file, a Redis, and the environment of its services."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        # A path too long for sockets makes both listen on ports, as containers do.
        self.folder = folder / ("server" * 16)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.delenv("REDIS_URL", raising=False)
        embedded.ensure_started(self.folder, durable=False)
        self.values = {name: "x" * 64 for name in SECRETS} | {
            "FIELD_KEYS": "first:" + "0123456789abcdef" * 3,
            "ALLOWED_HOSTS": "portal.example",
            "DB_PASSWORD": "Chosen0Password1",
            "WEB_WORKERS": "1",
        }
        self._prepare_database()

    def _prepare_database(self) -> None:
        cluster = Postgres(self.folder)
        host, port = cluster.address()
        with contextlib.closing(cluster._connect("postgres", "postgres", "database_admin_password")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("DROP DATABASE portal")
                cursor.execute("DROP ROLE portal")
        subprocess.run(
            ["sh", settings.BASE_DIR / "deploy" / "postgres" / "portal.sh"],
            env=os.environ
            | {
                "PATH": f"{cluster.binaries()}:{os.environ['PATH']}",
                "PGHOST": host,
                "PGPORT": str(port),
                "PGPASSWORD": files.secret(self.folder, "database_admin_password"),
                "POSTGRES_USER": "postgres",
                "PORTAL_PASSWORD": self.values["DB_PASSWORD"],
            },
            check=True,
            capture_output=True,
        )
        self.database = f"{host}:{port}"

    def environment(self, service: str, port: int) -> dict[str, str]:
        named = {name: substitute(value, self.values) for name, value in SERVICES[service]["environment"].items()}
        named["DATABASE_URL"] = named["DATABASE_URL"].replace("db:5432", self.database)
        named["REDIS_URL"] = embedded.redis_url(self.folder)
        named |= {"WEB_BIND": f"127.0.0.1:{port}", "DATA_DIR": str(self.folder / "files")}
        kept = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": "/nonexistent"}
        return kept | named

    def command(self, service: str) -> list[str]:
        return [substitute(part, self.values) for part in SERVICES[service]["command"]]


@pytest.fixture
def server(tmp_path, monkeypatch):
    made = Server(tmp_path, monkeypatch)
    yield made
    embedded.remove(made.folder)


def healthy(service, environment):
    """Ask the health check of a service until it is content, for two minutes."""
    check = [part for part in SERVICES[service]["healthcheck"]["test"] if part != "CMD"]
    deadline = time.monotonic() + 120
    while True:
        done = subprocess.run(
            check, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode == 0 or time.monotonic() > deadline:
            return done.returncode == 0
        time.sleep(0.5)


def test_every_role_of_the_compose_file_runs_and_is_healthy(server, tmp_path):
    port = files.free_port()
    environments = {service: server.environment(service, port) for service in OURS}
    migrate = subprocess.run(
        server.command("migrate"), cwd=settings.BASE_DIR, env=environments["migrate"], capture_output=True, check=False
    )
    assert (migrate.returncode, migrate.stderr) == (0, b"")
    login = psycopg2.extensions.parse_dsn(environments["web"]["DATABASE_URL"])
    with contextlib.closing(psycopg2.connect(**login)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchall() == [(False,)]

    running = []
    with contextlib.ExitStack() as stack:
        for service in ("web", "worker", "beat"):
            log = stack.enter_context((tmp_path / f"{service}.log").open("wb"))
            process = subprocess.Popen(
                server.command(service),
                cwd=settings.BASE_DIR,
                env=environments[service],
                stdout=log,
                stderr=log,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            running.append(process)
            assert healthy(service, environments[service]), (tmp_path / f"{service}.log").read_text()
        assert [process.poll() for process in running] == [None, None, None]
