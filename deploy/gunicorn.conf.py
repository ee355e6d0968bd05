"""The web server, the same under `serve`, under compose and by hand."""

import os

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
