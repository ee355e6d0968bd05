"""The web server, the same under `serve`, under compose and by hand."""

import os
import signal
import sys

wsgi_app = "portal.wsgi"
bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loaded once and shared: half the memory and half the start of two separate copies.
preload_app = True
timeout = 60
# Longer addresses are answered by the portal itself, with a problem document under /api/.
limit_request_line = 8190
graceful_timeout = int(os.environ.get("WEB_GRACE", "25"))
keepalive = 5
# A worker is replaced after this many requests, so that a slow leak never grows large.
max_requests = 5000
max_requests_jitter = 500
# The heartbeat file must lie in memory: on a busy disk a worker would be taken for dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
loglevel = "warning"


def _again(_number, _frame):
    """A second order changes nothing."""


def worker_int(worker):
    """One order to end is enough: Ctrl-C comes from the terminal and again from the master, in the middle of ending."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, _again)  # Python complains of one that came before it is ignored


def worker_exit(server, worker):
    """Ends a worker that is done at once, when its last request is answered.

    To take apart all that the portal has loaded takes the interpreter a second, several on a busy machine, which is
    longer than the master waits before it kills. A worker that failed ends as it would, with its own status; the master
    too calls this, for a worker that is gone.
    """
    ending = sys.exc_info()[1]
    if worker.pid == os.getpid() and isinstance(ending, SystemExit) and not ending.code:
        worker_int(worker)
        worker.tpool.shutdown(wait=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
