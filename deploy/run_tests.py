"""Every test of the portal, as runs of pytest side by side: one for each list of `BESIDE`, and the rest.

Run by `make test`; with arguments it is one plain pytest with these. Each run has a folder of its own for database,
broker and uploads, so that a running demo is not touched, and nothing of either is left however this ends. The output
of the rest is shown as it comes, that of the others before the closing line of the rest.

The database with all its tables is made once, before, and kept until a migration changes; every run begins with a copy.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = dict(os.environ)  # as it was given: the portal adds its settings, which the tests choose themselves
sys.path.insert(0, str(ROOT))

from portal import embedded  # noqa: E402  (the folder comes first)
from portal.translation.catalogue import compile_catalogue  # noqa: E402
from tests import services  # noqa: E402

# Dozens of processes start, most of them the whole portal: each would compile every module anew where none may be kept.
if ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", ""):
    ENVIRONMENT["PYTHONPYCACHEPREFIX"] = str(ROOT / ".cache" / "python")

# So cut that all end at about the same time; the seconds are of the processor, all three together.
BESIDE = (
    # In a browser and from outside: about 500 s.
    ("tests/e2e", "tests/api/test_conformance.py", "tests/pages/test_developers.py"),
    # Starting, stopping and killing of processes, which is partly waiting, the demonstration with all its people, and
    # counting: about 420 s. The rest takes about 480 s.
    ("tests/portal", "tests/workforce"),
)
MADE = services.FOLDERS / "made"
KEPT = ("postgres", "secrets", services.MADE_BY)  # the last one last: it says that the others are whole
ONLY_DATABASE = "--database"  # to be made while the code is read by linters
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 60
COLOR = b"\x1b[;m0123456789"  # the signs of which the colours of a terminal are made


class Stopped(Exception):
    """This script was told to end, by the signal of that number."""


def stopped(number, _frame):
    raise Stopped(number)


class Run:
    """One pytest with a folder of its own."""

    def __init__(self, arguments, output=None, alone=False):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-test."))
        self.alone = alone
        if not alone and (MADE / services.MADE_BY).exists():
            copy(MADE, self.folder)
        self.pytest = subprocess.Popen(
            [ROOT / ".venv" / "bin" / "pytest", *arguments],
            cwd=ROOT,
            env=ENVIRONMENT | {"DATA_DIR": str(self.folder), "TEST_DATA_DIR": str(self.folder)},
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=not alone,  # Ctrl-C comes from here then, and once
        )

    def stop(self, number):
        """Let pytest end its services, as after Ctrl-C; the terminal has told the one that runs alone already."""
        if self.pytest.poll() is None and not (self.alone and number == signal.SIGINT):
            self.pytest.send_signal(signal.SIGINT)

    def remove(self):
        """End pytest where it has not ended, its services and its folder."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.pytest.communicate(timeout=STOP_SECONDS)  # reads on, or a full pipe would hold it up
        self.pytest.kill()
        self.pytest.wait()
        embedded.remove(self.folder)


def copy(source, target):
    """A cluster that nobody runs, with owners and rights."""
    for name in KEPT:
        subprocess.run(["cp", "-a", source / name, target], check=True)


def make_database(runs):
    """Keeps a cluster with the migrated database, unless it is there; where that fails, every run says so itself."""
    made_by = MADE / services.MADE_BY
    services.FOLDERS.mkdir(parents=True, exist_ok=True)
    with (services.FOLDERS / "made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made_by.exists() and made_by.read_text() == services.schema():
            return
        shutil.rmtree(MADE, ignore_errors=True)
        run = Run(["--quiet", "tests/test_world.py"], subprocess.DEVNULL)
        runs.append(run)
        if run.pytest.wait() == 0:
            embedded.stop(run.folder)
            MADE.mkdir()
            copy(run.folder, MADE)


def show(stream):
    """Passes on what comes, but holds back a last line that begins as pytest's headings do; returns it at the end."""
    held = b""
    while piece := stream.read1():
        piece = held + piece
        cut = piece.rfind(b"\n", 0, -1) + 1
        if not piece[cut:].lstrip(COLOR).startswith(b"="):
            cut = len(piece)
        held = piece[cut:]
        sys.stdout.buffer.write(piece[:cut])
        sys.stdout.buffer.flush()
    return held


def side_by_side(runs):
    """All runs of pytest; the exit code of the rest, or of the others where only those fail."""
    color = ["--color=yes"] if sys.stdout.isatty() else []
    with contextlib.ExitStack() as files:
        beside = []
        for paths in BESIDE:
            said = files.enter_context(tempfile.TemporaryFile())
            beside.append((paths, said, Run([*paths, "-p", "no:cacheprovider", *color], said)))
            runs.append(beside[-1][-1])
        rest = Run([f"--ignore={path}" for paths in BESIDE for path in paths] + color, subprocess.PIPE)
        runs.append(rest)
        last = show(rest.pytest.stdout)
        failed = 0
        for paths, said, run in beside:
            failed = report(paths, said, run) or failed
        sys.stdout.buffer.write(b"\n" + last)
        sys.stdout.buffer.flush()
    return rest.pytest.wait() or failed


def report(paths, said, run):
    """Waits for a run beside the rest and shows what it said; its exit code."""
    failed = run.pytest.wait()
    said.seek(0)
    print(f"\nAt the same time, {' and '.join(paths)}:", flush=True)
    shutil.copyfileobj(said, sys.stdout.buffer)
    if failed:
        sys.stdout.buffer.write(b"\nThese FAILED, whatever the rest says:\n")
    return failed


def main(arguments):
    for number in SIGNALS:
        signal.signal(number, stopped)
    runs = []
    try:
        compile_catalogue(ROOT)  # by one, before both want it
        # A server of somebody else's choice has one database for tests.
        plain = os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL")
        if not plain and arguments in ([], [ONLY_DATABASE]):
            make_database(runs)
        if arguments == [ONLY_DATABASE]:
            return 0
        if arguments or plain:
            runs.append(Run(arguments, alone=True))
            return runs[0].pytest.wait()
        return side_by_side(runs)
    except Stopped as signalled:
        for run in runs:
            run.stop(signalled.args[0])
        return 128 + signalled.args[0]
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for run in runs:
            run.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
