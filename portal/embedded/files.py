"""Small files under DATA_DIR: secrets made once, remembered ports, locks, logs."""

import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# sockaddr_un holds 108 bytes on Linux and 104 on macOS; a longer path cannot be bound.
MAX_SOCKET_BYTES = 100
LOG_BYTES = 10 * 1024 * 1024


class EmbeddedError(RuntimeError):
    """The embedded services cannot run; the text tells why and how to mend it."""


def folder(path: Path) -> Path:
    """`path`, made private to this account when it is missing."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(
            f"The folder {path} cannot be made ({error.strerror}). Set DATA_DIR to a folder that you may write."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise EmbeddedError(
            f"The folder {path} belongs to another account. Run as that account or set DATA_DIR to one of your own."
        )
    return path


@contextmanager
def open_lock(root: Path, name: str) -> Iterator[int]:
    """Descriptor of the lock file `name`; nothing is locked yet."""
    path = folder(folder(root) / "run") / f"{name}.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise EmbeddedError(
            f"{path} belongs to another account. Run as that account or set DATA_DIR to one of your own."
        ) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def lock(root: Path, name: str) -> Iterator[None]:
    """Hold the lock `name` for the block; other processes wait."""
    with open_lock(root, name) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def write(path: Path, text: str) -> None:
    """Write a private file in one step: a reader sees the old text or the new, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def secret(root: Path, name: str) -> str:
    """The secret `name`: 32 random bytes as URL-safe base64, made at the first call and the same ever after."""
    path = folder(root) / "secrets" / name
    if not path.exists():
        with lock(root, "secrets"):
            if not path.exists():
                folder(path.parent)
                write(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8").strip()


def free_port() -> int:
    """A TCP port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def remembered_port(root: Path, name: str, *, renew: bool = False) -> int:
    """The port `name` of this DATA_DIR; chosen at the first call, or again when another program has taken it."""
    path = folder(folder(root) / "run") / f"{name}.port"
    if renew or not path.exists():
        with lock(root, "ports"):
            if renew or not path.exists():
                write(path, str(free_port()))
    return int(path.read_text(encoding="utf-8"))


def accepts(address: str | tuple[str, int]) -> bool:
    """Whether anybody listens at a socket path or at (host, port)."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as probe:
        probe.settimeout(2)
        return probe.connect_ex(address) == 0


def trim_log(path: Path) -> int:
    """Empty a log that has grown too long; returns its size, so that a caller can read what is added from here on."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.write_text("")
    return path.stat().st_size if path.exists() else 0


def log_since(path: Path, offset: int) -> str:
    """The last 15 lines that were added to a log since `offset`."""
    if not path.exists():
        return ""
    with path.open("rb") as stream:
        stream.seek(offset)
        return "\n".join(stream.read().decode("utf-8", "replace").splitlines()[-15:])
