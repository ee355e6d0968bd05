"""Health checks of the containers: `python deploy/health.py web|worker|beat`. Exit code 0 healthy, 1 not, 2 wrong use."""

import os
import subprocess
import sys
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PORT = os.environ.get("WEB_BIND", "127.0.0.1:8000").rpartition(":")[2]


def web() -> bool:
    """The web server answers under the name it is meant to have."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*") or "localhost"
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return False


def worker() -> bool:
    """The worker of this container answers a ping through Redis."""
    ping = ["celery", "-A", "portal", "inspect", "ping", "--timeout", "10"]
    return _succeeds(*ping, "--destination", f"celery@{os.uname().nodename}")


def beat() -> bool:
    """The last heartbeat, which goes through a worker, is recent."""
    return _succeeds("portal.broker")


def _succeeds(*module: str) -> bool:
    environment = {"DJANGO_SETTINGS_MODULE": "portal.settings"} | os.environ
    return subprocess.run([sys.executable, "-m", *module], cwd=ROOT, env=environment, check=False).returncode == 0


CHECKS = {"web": web, "worker": worker, "beat": beat}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in CHECKS:
        sys.stderr.write(f"Usage: python deploy/health.py {'|'.join(CHECKS)}\n")
        sys.exit(2)
    sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
