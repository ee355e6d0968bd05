"""The embedded default: a private PostgreSQL and Redis under DATA_DIR for when DATABASE_URL and REDIS_URL are unset.

Every process that needs the services stands inside `running()`. They start for the first user and stop with the last
one: the users are counted by a shared file lock, which the kernel drops with a killed process, so nothing can leak.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.files import EmbeddedError, lock, open_lock, secret
from portal.embedded.postgres import Postgres
from portal.embedded.redis import FILESYSTEM, NO_SERVER, Redis

__all__ = [
    "EmbeddedError",
    "broker_options",
    "data_dir",
    "database",
    "ensure_started",
    "needed",
    "redis_url",
    "running",
    "secret",
    "shortcoming",
    "stop",
]

BASE_DIR = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """The folder of the embedded database, the generated secrets and the uploads: DATA_DIR, else `.data` here."""
    return Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()


def needed() -> bool:
    """Whether this process has to find a service of its own under DATA_DIR."""
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def database(root: Path) -> dict:
    """Django's DATABASES entry of the embedded database; starts nothing."""
    return Postgres(root).settings()


def redis_url(root: Path) -> str:
    """Broker address for Celery; starts nothing. `filesystem://localhost` where no Redis binary exists."""
    return Redis(root).url()


def broker_options(root: Path, url: str) -> dict:
    """Extra CELERY_BROKER_TRANSPORT_OPTIONS for an address: folders for the filesystem transport, else nothing."""
    if not url.startswith(FILESYSTEM):
        return {}
    folder = root / "queue"
    for name in ("messages", "processed", "control"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "processed_folder": str(folder / "processed"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.2,
    }


def shortcoming(root: Path) -> str:
    """A sentence for whoever starts the portal when it has to do without Redis; else empty."""
    return NO_SERVER if not os.environ.get("REDIS_URL") and redis_url(root).startswith(FILESYSTEM) else ""


def ensure_started(root: Path, *, durable: bool = True) -> None:
    """Start what is not running. Safe to call again and from several processes at once.

    `durable=False` gives up crash safety for speed (tests only). Raises EmbeddedError with a sentence for the user.
    """
    with lock(root, "start"):
        if not os.environ.get("DATABASE_URL"):
            Postgres(root).start(durable=durable)
        if not os.environ.get("REDIS_URL"):
            Redis(root).start()


def stop(root: Path) -> None:
    """Stop both services in order, whoever uses them; a service that is not running is left alone."""
    with lock(root, "start"):
        Redis(root).stop()
        Postgres(root).stop()


@contextmanager
def running(root: Path, *, durable: bool = True) -> Iterator[int]:
    """Hold the services for the length of the block; whoever leaves last stops them.

    Yields the descriptor of the user lock: a child process that inherits it counts as a user for as long as it lives.
    """
    with open_lock(root, "users") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            ensure_started(root, durable=durable)
            yield users
        finally:
            try:
                if _is_last(users) and root.is_dir():
                    stop(root)
            finally:
                fcntl.flock(users, fcntl.LOCK_UN)


def _is_last(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove(root: Path) -> None:
    """Stop the services and delete everything under `root` (throw-away folders of tests)."""
    if root.is_dir():
        stop(root)
        shutil.rmtree(root, ignore_errors=True)
