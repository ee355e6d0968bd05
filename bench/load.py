"""Clients that read pages of the portal's own server at the same time, as the speed of a list is asked for.

The server is gunicorn with `deploy/gunicorn.conf.py` (two workers of four threads unless WEB_WORKERS and WEB_THREADS say
otherwise), over the database that DATA_DIR names. Each client asks for the next page as soon as it has the last one, so
clients and PostgreSQL take their share of the same processors. Bars are those of lists for 8 clients on 2 cores; as
an absolute number depends on the machine, only three times the bar is a miss.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
CLIENTS, WARM, SECONDS = 8, 1.5, 6.0
P50, P95, RATE, LOOSE = 0.100, 0.300, 50.0, 3.0


@contextmanager
def served() -> Iterator[int]:
    """The server; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py")]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"WEB_BIND": f"127.0.0.1:{port}"})
    try:
        for _try in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def read(port: int, address: str, cookie: str, until: float, spent: list[float]) -> None:
    """Adds the seconds of each answer that one client gets."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Accept-Language": "zh-hans"}
    while (began := time.perf_counter()) < until:
        connection.request("GET", quote(address, safe="/?=&"), headers=headers)
        answer = connection.getresponse()
        answer.read()
        spent.append(time.perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"{address} answered {answer.status}")
    connection.close()


def measured(port: int, address: str, cookie: str) -> tuple[float, float, float]:
    """Median and 95th percentile of the seconds that an answer takes, and answers a second, of all clients together."""
    for seconds in (WARM, SECONDS):
        began, found = time.perf_counter(), []
        asked = (port, address, cookie, began + seconds, found)
        clients = [threading.Thread(target=read, args=asked) for _client in range(CLIENTS)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        spent = time.perf_counter() - began
    return statistics.median(found), statistics.quantiles(found, n=20)[-1], len(found) / spent


def report(port: int, name: str, address: str, cookie: str) -> bool:
    """Prints the figures of a page beside the bars; whether they hold, loosely."""
    middle, slow, rate = measured(port, address, cookie)
    within = middle <= P50 and slow <= P95 and rate >= RATE
    loosely = middle <= P50 * LOOSE and slow <= P95 * LOOSE and rate >= RATE / LOOSE
    print(
        f"{name:<11}{address:<46}{CLIENTS} clients: p50 {middle * 1000:4.0f} ms (bar {P50 * 1000:.0f}), "
        f"p95 {slow * 1000:4.0f} ms (bar {P95 * 1000:.0f}), {rate:5.1f} a second (bar {RATE:.0f})  "
        + ("" if within else f"within {LOOSE:.0f} times the bars" if loosely else "MISSED"),
        flush=True,
    )
    return loosely
