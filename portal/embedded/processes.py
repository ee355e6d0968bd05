"""Tell processes apart by number: a number alone may belong to another program by now."""

import os
import subprocess
from pathlib import Path


def command_of(pid: int) -> str:
    """Name of the program that runs under a process number; empty when none does."""
    record = Path(f"/proc/{pid}/comm")
    return _read(record) if Path("/proc/self").exists() else _ps(pid, "comm=")


def birth_of(pid: int) -> str:
    """When a process began, in whatever form the system has; empty when it is gone or only waits to be reaped."""
    if not Path("/proc/self").exists():
        return _ps(pid, "lstart=")
    # The name in brackets may hold spaces and brackets itself, so count the fields behind it: state is 1st, start 20th.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return fields[19] if fields and fields[0] != "Z" else ""


def is_same(pid: int, birth: str) -> bool:
    """Whether the process that began at `birth` under this number still lives."""
    return bool(birth) and birth_of(pid) == birth


def descendants(pid: int) -> list[int]:
    """The children of a process, their children and so on."""
    if Path("/proc/self").exists():
        records = (
            _read(path).rpartition(")")[2].split() + [path.parent.name] for path in Path("/proc").glob("[0-9]*/stat")
        )
        pairs = [(int(record[-1]), int(record[1])) for record in records if len(record) > 2]
    else:
        lines = subprocess.run(
            ["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=False
        ).stdout.splitlines()
        pairs = [(int(child), int(parent)) for child, parent in map(str.split, lines)]
    family = [pid]
    for member in family:
        family += [child for child, parent in pairs if parent == member]
    return family[1:]


def signal_to(pid: int, number: int) -> None:
    """Send a signal; a process that is gone needs none."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _ps(pid: int, column: str) -> str:
    return subprocess.run(
        ["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
