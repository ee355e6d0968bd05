"""The services of a test run: a PostgreSQL and a Redis of its own, and how many tests used which.

Each run takes the first free folder under .cache/tests, so several may run at once, and finds its database there from
last time. TEST_DATA_DIR names another folder; a DATABASE_URL takes the place of the embedded PostgreSQL.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ROOT / ".cache" / "tests"
MADE_BY = "tests.schema"  # of which migrations the database of a folder was made
APPS = ("portal", "workforce", "ratings", "proposals")
# The first has no windows of its own, so that it opens a page for a quarter of the processor time that the others take.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OWN_BROWSERS = ("chromium_headless_shell-*/*/*headless?shell", "chromium-*/chrome-linux*/chrome")
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}

_locks = contextlib.ExitStack()


def data_dir() -> Path:
    """The folder of this run, locked until the process ends."""
    if given := os.environ.get("TEST_DATA_DIR"):
        return Path(given).resolve()
    FOLDERS.mkdir(parents=True, exist_ok=True)
    number = 0
    while True:
        lock = _locks.enter_context((FOLDERS / f"{number}.lock").open("w"))
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return FOLDERS / str(number)
        number += 1


def chromium() -> str | None:
    """The browser of this machine: CHROMIUM, else the system's, else playwright's; None without any."""
    found = filter(None, (os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)))
    own = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next(found, None) or next(
        (str(path) for pattern in OWN_BROWSERS for path in sorted(own.glob(pattern), reverse=True)), None
    )


class Services:
    """Plugin of pytest: holds the services for the run, counts who used them, and says so at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.held = contextlib.ExitStack()
        self.users: dict[str, set[str]] = {"PostgreSQL": set(), "Redis": set(), "Chromium": set()}
        self.ran: set[str] = set()
        self.browser = chromium()

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Start what is not running; drop a database that an older schema or a killed run has left behind."""
        from portal import embedded  # noqa: PLC0415 - the environment comes first

        self.held.enter_context(embedded.running(self.folder, durable=False))
        if not os.environ.get("DATABASE_URL"):
            self._forget_old_database(embedded.database(self.folder))

    def _forget_old_database(self, database: dict) -> None:
        made_by, unfinished = self.folder / MADE_BY, self.folder / "tests.unfinished"
        current = schema()
        if unfinished.exists() or not made_by.exists() or made_by.read_text() != current:
            login = {name.lower(): database[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
            with contextlib.closing(psycopg2.connect(dbname="postgres", **login)) as connection:
                connection.autocommit = True
                connection.cursor().execute("DROP DATABASE IF EXISTS test_portal WITH (FORCE)")
            made_by.write_text(current)
        unfinished.touch()
        self.held.callback(unfinished.unlink)

    def pytest_unconfigure(self) -> None:
        """Stop what nobody else uses."""
        self.held.close()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note who needs what; leave out what needs a browser where there is none."""
        for item in items:
            marks = {mark.name for mark in item.iter_markers()}
            if "django_db" in marks or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
                self.users["PostgreSQL"].add(item.nodeid)
            if "redis" in marks:
                self.users["Redis"].add(item.nodeid)
            if "browser" in marks:
                self.users["Chromium"].add(item.nodeid)
                if not self.browser:
                    item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test that ran, whatever came of it."""
        if report.when == "call" and not report.skipped:
            self.ran.add(report.nodeid)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line: how many tests ran against which real service."""
        counts = ", ".join(f"{len(users & self.ran)} against {name}" for name, users in self.users.items())
        terminalreporter.write_line(f"Real services: {counts} ({len(self.ran)} tests ran).")
        if self.users["Chromium"] and not self.browser:
            terminalreporter.write_line(
                f"{len(self.users['Chromium'])} browser tests were left out: no Chromium. apt-get install chromium, "
                "or set CHROMIUM to its path.",
                yellow=True,
            )


def schema() -> str:
    """Fingerprint of every migration of this release and of the packages that bring their own."""
    files = [
        ROOT / "requirements.lock",
        *sorted(path for app in APPS for path in (ROOT / app).glob("**/migrations/*.py")),
    ]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()
