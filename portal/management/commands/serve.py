"""The whole portal in one foreground process group: database, broker, web server, worker and timetable."""

import contextlib
import fcntl
import hashlib
import io
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from portal import embedded
from portal.embedded import files
from portal.supervisor import Child, GivenUp, Supervisor, stop_orphans

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "portal"]
WORKER = [*CELERY, "worker", "--concurrency=2", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
BEAT = [*CELERY, "beat", "--loglevel=WARNING"]
# Celery warns in eight lines when root starts it; on a newcomer's own machine that helps nobody.
ENVIRONMENT = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser", "WEB_GRACE": "3"}


class Command(BaseCommand):
    help = (
        "Run web server, worker and timetable in the foreground, with the embedded database where none is configured."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument(
            "--demo", action="store_true", help="load the demonstration data first and print its logins"
        )

    def handle(self, *args, demo: bool, **options):
        port = _port()
        host = os.environ.get("HOST") or "127.0.0.1"
        for number in SIGNALS:
            signal.signal(number, signal.default_int_handler)
        with contextlib.ExitStack() as stack:
            try:
                self._alone(stack)
                if orphans := stop_orphans(self._record()):
                    self.stdout.write(f"Ended {orphans} processes that a killed run had left behind.")
                _refuse_taken_port(host, port)
                inherited = self._services(stack)
                logins = self._prepare(demo)
                self._run(stack, host, port, logins, inherited)
            except KeyboardInterrupt:
                _ignore_signals()
                self.stdout.write("\nStopping ...")
            except (GivenUp, embedded.EmbeddedError) as error:
                raise CommandError(str(error)) from error
            finally:
                _ignore_signals()
        self.stdout.write("Stopped.")

    def _record(self) -> Path:
        return settings.DATA_DIR / "run" / "serve.json"

    def _alone(self, stack: contextlib.ExitStack) -> None:
        """One `serve` per DATA_DIR; the lock goes with the process, however it ends."""
        descriptor = stack.enter_context(files.open_lock(settings.DATA_DIR, "serve"))
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(
                f"The portal runs already on {settings.DATA_DIR}. Stop it first (Ctrl-C in its window), or set "
                "DATA_DIR and PORT to run a second one."
            ) from error

    def _services(self, stack: contextlib.ExitStack) -> tuple[int, ...]:
        if not embedded.needed():
            return ()
        if sentence := embedded.shortcoming(settings.DATA_DIR):
            self.stderr.write(self.style.WARNING(sentence))
        return (stack.enter_context(embedded.running(settings.DATA_DIR)),)

    def _prepare(self, demo: bool) -> dict[str, str]:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("messages", "--compile", stdout=io.StringIO())
        _collect_static()
        logins = self._demo() if demo else {}
        connections.close_all()
        return logins

    def _demo(self) -> dict[str, str]:
        os.environ["PORTAL_DEMO"] = "1"
        settings.DEMO = True
        return call_command("load_demo") or {}

    def _run(
        self, stack: contextlib.ExitStack, host: str, port: int, logins: dict[str, str], inherited: tuple[int, ...]
    ):
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py")]
        supervisor = Supervisor(self._record(), self.stdout.write, inherited, ENVIRONMENT)
        stack.callback(supervisor.stop)
        supervisor.start(Child("web", [*gunicorn, "--bind", f"{host}:{port}"]))
        announced = False
        for _tick in supervisor.watch():
            if not announced and _answers(host, port):
                # Worker and timetable come second, so that the address is there as soon as can be.
                announced = True
                supervisor.start(Child("worker", WORKER), Child("beat", BEAT))
                self._announce(host, port, logins)

    def _announce(self, host: str, port: int, logins: dict[str, str]) -> None:
        lines = [f"The portal runs at http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/"]
        width = max(map(len, logins), default=0)
        lines += [f"  {name:<{width}}  {password}" for name, password in logins.items()]
        lines.append(f"Its data lie in {settings.DATA_DIR}. Ctrl-C stops everything.")
        self.stdout.write("\n".join(["", *lines, ""]))
        self.stdout.flush()


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CommandError(f"PORT={text} is not a port. Set it to a number from 1 to 65535.")
    return int(text)


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"The portal cannot listen on {host}:{port} ({error.strerror}). Another program may use the port: "
                f"choose another one, for instance `make demo PORT={port + 1 if port < 65535 else 8001}`."
            ) from error


def _answers(host: str, port: int) -> bool:
    """Whether a worker of the web server answers; any status will do."""
    try:
        urllib.request.urlopen(f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/healthz", timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _collect_static() -> None:
    """collectstatic with compression takes many seconds, so it is left out while no file has changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=stamp.parent.is_dir())
    stamp.write_text(digest.hexdigest())


def _ignore_signals() -> None:
    """From here on all is being stopped; a second Ctrl-C must not leave half of it running."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
