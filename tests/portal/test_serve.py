"""The whole portal as a newcomer starts it: up, killed hard, up again, stopped. Slow, so it is one story."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings

from portal import embedded
from portal.embedded import files, processes

pytestmark = [pytest.mark.redis, pytest.mark.fault]


class Portal:
    """A `serve` process of its own folder and port, in a process group of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.port = files.free_port()
        self.environment = os.environ | {"DATA_DIR": str(folder), "PORT": str(self.port)}
        self.log = folder.parent / "log"

    def start(self):
        with self.log.open("w") as log:  # a file: orphans of a killed run would hold a pipe open
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 180
        while "Ctrl-C stops everything" not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.2)

    def ready(self):
        """What /readyz says once it is content, or after a minute."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refusal:
                last = json.load(refusal)
            except TimeoutError:
                last = {}
            if time.monotonic() > deadline:
                return last
            time.sleep(0.5)

    def members(self):
        """Numbers of every process that belongs to this folder."""
        record = json.loads((self.folder / "run" / "serve.json").read_text())
        server = int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])
        return [self.process.pid, server, *map(int, record)]

    def end(self, how):
        os.killpg(self.process.pid, how)
        return self.process.wait(60)


@pytest.fixture
def portal(tmp_path):
    made = Portal(tmp_path / "data")
    yield made
    if made.process.poll() is None:
        made.end(signal.SIGKILL)
    embedded.remove(made.folder)


def test_portal_starts_survives_kills_and_stops_clean(portal):
    portal.start()
    assert portal.ready() == {
        "status": "ready",
        "checks": {"database": "ok", "broker": "ok", "disk": "ok", "beat": "ok"},
        "inspections": "ok",
    }
    second = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=portal.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (second.returncode, second.stderr.split(".")[0]) == (
        1,
        f"CommandError: The portal runs already on {portal.folder}",
    )

    # Only the foreground process is killed; its children live on and hold the port.
    members = portal.members()
    os.kill(portal.process.pid, signal.SIGKILL)
    portal.process.wait()
    portal.start()
    assert "Ended 3 processes that a killed run had left behind." in portal.log.read_text()
    assert portal.ready()["status"] == "ready"
    assert set(portal.members()) & set(members) == {members[1]}  # PostgreSQL was simply joined again

    # The whole group is killed, and PostgreSQL with it.
    server = portal.members()[1]
    portal.end(signal.SIGKILL)
    os.kill(server, signal.SIGKILL)
    portal.start()
    assert portal.ready()["status"] == "ready"

    members = portal.members()
    assert portal.end(signal.SIGINT) == 0
    assert portal.log.read_text().endswith("Stopping ...\nStopped.\n")
    assert [pid for pid in members if processes.birth_of(pid)] == []
    assert not embedded.Redis(portal.folder)._listens()
