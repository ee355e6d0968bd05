"""Figures by REST against an empty view of the same server process: kept ready, 304, and all of one level in one call.

`python bench/rest_figures.py` fills a database of its own in a temporary folder with the demonstration (a city of 5,617
communities) and asks one gunicorn process over HTTP, the addresses in turn, so that whatever else the machine does
falls on all of them alike. The empty view asks for the same token, scope and permission and answers {}. Bars: a warm
figure at most 2 times the empty view, a 304 at most 1.2 times; every street of the city in one call, counted anew from
the stored figures, at most 50 times one division.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS, COLD_ROUNDS = 400, 40
WARM, NOT_MODIFIED, MANY = 2.0, 1.2, 50.0
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

CITY, DISTRICT = "12", "120101"
EMPTY = "/api/v1/empty/"
FIGURES = {
    "staffing/ of a district": f"/api/v1/staffing/?division={DISTRICT}&level=district",
    "indicators/{key}/ of a district": f"/api/v1/indicators/staffing_ratio/?division={DISTRICT}",
    "indicators/{key}/ of the city": f"/api/v1/indicators/certified_share/?division={CITY}",
}
ONE = f"/api/v1/indicators/staffing_ratio/?division={DISTRICT}"
LEVEL = f"/api/v1/indicators/staffing_ratio/?division={CITY}&level=street"


def served():
    """The portal with one more address, for gunicorn: `rest_figures:application`."""
    import django  # noqa: PLC0415 - the environment comes first

    django.setup(set_prefix=False)
    from django.urls import include, path  # noqa: PLC0415
    from rest_framework.response import Response  # noqa: PLC0415

    from portal.core.accounts.roles import Perm, Scope  # noqa: PLC0415
    from portal.core.web.operations import Operation  # noqa: PLC0415
    from portal.core.web.viewsets import PortalViewSet  # noqa: PLC0415
    from portal.core.web.wsgi import Handler  # noqa: PLC0415

    class EmptyViewSet(PortalViewSet):
        operations = {"index": Operation(summary="", description="", scope=Scope.STATS_READ, perm=Perm.VIEW_STAFFING)}

        def index(self, request) -> Response:
            return Response({})

    global urlpatterns
    urlpatterns = [
        path(EMPTY.strip("/") + "/", EmptyViewSet.as_view({"get": "index"})),
        path("", include("portal.urls")),
    ]
    from django.conf import settings  # noqa: PLC0415

    settings.ROOT_URLCONF = __name__
    return Handler()


if __name__ != "__main__":
    application = served()


class Caller:
    """One connection that stays open."""

    def __init__(self, port: int, token: str):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Accept-Language": "zh-hans"}

    def get(self, address: str, expected: int = 200, tag: str = "") -> tuple[float, str]:
        """Milliseconds of a call, and its ETag."""
        headers = self.headers | ({"If-None-Match": tag} if tag else {})
        began = time.perf_counter()
        self.connection.request("GET", address, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        spent = (time.perf_counter() - began) * 1000
        if answer.status != expected:
            raise SystemExit(f"{address} answered {answer.status}: {body[:300]!r}")
        return spent, answer.headers["ETag"]


def compare(caller: Caller) -> list[tuple[str, float, float, float]]:
    """Name, milliseconds, times the empty view, bar: of every address warm and as 304."""
    calls = {"empty view": (EMPTY, 200, "")}
    for name, address in FIGURES.items():
        _spent, tag = caller.get(address)
        calls[f"{name}, warm"] = (address, 200, "")
        calls[f"{name}, 304"] = (address, 304, tag)
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(ROUNDS + 20):
        for name, (address, status, tag) in calls.items():
            milliseconds, _tag = caller.get(address, status, tag)
            if number >= 20:
                spent[name].append(milliseconds)
    medians = {name: statistics.median(found) for name, found in spent.items()}
    empty = medians.pop("empty view")
    print(f"{'empty view':42} {empty:7.2f} ms")
    return [(name, ms, ms / empty, NOT_MODIFIED if name.endswith("304") else WARM) for name, ms in medians.items()]


def whole_level(caller: Caller) -> tuple[str, float, float, float]:
    """All streets of the city against one division, neither kept: every call has another page size."""
    one, many = [], []
    for number in range(COLD_ROUNDS):
        one.append(caller.get(f"{ONE}&page_size={500 - number}")[0])
        many.append(caller.get(f"{LEVEL}&page_size={500 - number}")[0])
    single, level = statistics.median(one[3:]), statistics.median(many[3:])
    print(f"{'one division, not kept':42} {single:7.2f} ms")
    return "every street of the city in one call", level, level / single, MANY


def prepared() -> str:
    """Fills the database; gives a token."""
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from portal.core.accounts.models import ApiToken, User  # noqa: PLC0415
    from portal.core.accounts.roles import Scope  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    secret = ApiToken.new_secret()
    ApiToken.objects.create(
        user=User.objects.get(username="city-admin"),
        name="bench",
        prefix=secret[:12],
        digest=ApiToken.digest_of(secret),
        scopes=[Scope.STATS_READ],
        expires_at=timezone.now() + timezone.timedelta(days=1),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()
    return secret


def main() -> int:
    token = prepared()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "rest_figures:application", "--pythonpath", str(Path(__file__).parent)),
            *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "2", "--keep-alive", "60"),
            *("--log-level", "warning"),
        ],
        cwd=ROOT,
    )
    try:
        _wait(port)
        found = compare(Caller(port, token))
        found.append(whole_level(Caller(port, token)))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)
    for name, milliseconds, ratio, bar in found:
        print(f"{name:42} {milliseconds:7.2f} ms  {ratio:6.2f} x (bar {bar:g} x){'' if ratio <= bar else '  SHORT'}")
    good = all(ratio <= bar for _name, _ms, ratio, bar in found)
    print("within the bars" if good else "MISSES a bar")
    return 0 if good else 1


def _wait(port: int) -> None:
    for _try in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "REST_RATE_LIMIT": "10000000",
            "REST_CONCURRENT": "8",
        }
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(Path(folder)):
            sys.exit(main())
