"""Keeps a few processes alive from one foreground process, and takes them all down with it."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded import files, processes

QUICK_SECONDS = 30  # a process that ends sooner has not really run
QUICK_DEATHS = 3
WARM_SECONDS = 4  # for requests and tasks under way
COLD_SECONDS = 3
TICK_SECONDS = 0.2


class GivenUp(RuntimeError):
    """A process ended so often that starting it again is pointless; the text says which."""


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    again_at: float = 0.0
    quick_deaths: int = 0

    def alive(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Starts children, starts those again that die, writes down their numbers in `record`.

    The children stay in the process group of the caller. `inherited` are descriptors that they keep open.
    """

    record: Path
    log: Callable[[str], None]
    inherited: tuple[int, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    def start(self, *children: Child) -> None:
        """Start these too and keep them alive from now on."""
        for child in children:
            self.children.append(child)
            self._spawn(child)

    def watch(self) -> Iterator[None]:
        """Look after the children; yields at every tick, so that the caller can look at something too."""
        while True:
            for child in self.children:
                self._look_after(child)
            yield
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """End all: warmly, then coldly (Celery drops its task, which comes back later), then by force."""
        living = [child.process for child in self.children if child.process and child.process.poll() is None]
        families = {process.pid: processes.descendants(process.pid) for process in living}
        for how, seconds in ((signal.SIGTERM, WARM_SECONDS), (signal.SIGQUIT, COLD_SECONDS), (signal.SIGKILL, 5)):
            for process in living:
                if process.poll() is None:
                    process.send_signal(how)
                    if how == signal.SIGKILL:
                        _kill(families[process.pid])
            _wait_until(lambda: all(process.poll() is not None for process in living), seconds)
        self.record.unlink(missing_ok=True)

    def _look_after(self, child: Child) -> None:
        if child.alive():
            return
        if child.process is not None:
            self._bury(child)
        if time.monotonic() >= child.again_at:
            self._spawn(child)

    def _bury(self, child: Child) -> None:
        lived = time.monotonic() - child.began
        child.quick_deaths = child.quick_deaths + 1 if lived < QUICK_SECONDS else 0
        if child.quick_deaths >= QUICK_DEATHS:
            raise GivenUp(
                f"The {child.name} process ended {QUICK_DEATHS} times within {QUICK_SECONDS} seconds of its start "
                f"(exit status {child.process.returncode}). What it wrote above tells why."
            )
        status = child.process.returncode
        self.log(f"The {child.name} process ended after {lived:.0f} s (exit status {status}); starting it again.")
        child.again_at = time.monotonic() + child.quick_deaths
        child.process = None

    def _spawn(self, child: Child) -> None:
        child.began = time.monotonic()
        # Ctrl-C reaches the whole group; a child that still starts leaves the answer to this process.
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            env=os.environ | self.environment,
            pass_fds=self.inherited,
        )
        signal.signal(signal.SIGINT, handler)
        numbers = [child.process.pid for child in self.children if child.process]
        files.write(self.record, json.dumps({str(number): processes.birth_of(number) for number in numbers}))


def stop_orphans(record: Path) -> int:
    """End what a killed supervisor left running; returns how many processes that were."""
    try:
        births = json.loads(record.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return 0
    orphans = {int(number): birth for number, birth in births.items() if processes.is_same(int(number), birth)}
    families = {number: processes.descendants(number) for number in orphans}
    for how, seconds in ((signal.SIGTERM, WARM_SECONDS), (signal.SIGKILL, 5)):
        for number, birth in orphans.items():
            if processes.is_same(number, birth):
                processes.signal_to(number, how)
                if how == signal.SIGKILL:
                    _kill(families[number])
        _wait_until(lambda: not any(processes.is_same(*orphan) for orphan in orphans.items()), seconds)
    with contextlib.suppress(FileNotFoundError):
        record.unlink()
    return len(orphans)


def _kill(numbers: list[int]) -> None:
    for number in numbers:
        processes.signal_to(number, signal.SIGKILL)


def _wait_until(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
