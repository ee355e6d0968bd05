"""2,000 rows as a district brings them in: upload, check, preview, apply, over HTTP against the real web server and worker.

`python bench/browser_import.py` starts the portal with its demonstration in a temporary folder. The client does what
the page does: it posts the form, asks for the progress every half second and loads the page again when told to.
Meanwhile another reader turns the pages of the roster. Bars: upload to applied within 4 s; the reader's median at most
twice that of an idle portal. Medians of 5 rounds; each import is taken back before the next.
"""

import html
import http.cookiejar
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import uuid
from datetime import date, timedelta
from pathlib import Path

BAR_SECONDS, BAR_READER = 4.0, 2.0
ROWS, ROUNDS, IDLE_PAGES = 2000, 5, 60
DIVISION, POLL_SECONDS, PATIENCE = "120101", 0.5, 120
FIRST_SEQUENCE = 700  # invented people of the demonstration have lower ones
_SPENT = re.compile(r'<span class="fig">([0-9.]+ 秒)</span>')
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


class Client:
    """A logged-in browser without a screen."""

    def __init__(self, address: str, username: str, password: str) -> None:
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.post(self.get("/login/")[0], "/login/", username=username, password=password)

    def get(self, path: str, **headers: str) -> tuple[str, dict]:
        request = urllib.request.Request(urllib.parse.urljoin(self.address, path), headers=headers)
        with self.opener.open(request, timeout=PATIENCE) as answer:
            return answer.read().decode(), dict(answer.headers) | {"url": answer.url}

    def post(self, body: str, path: str, file: tuple[str, bytes] | None = None, **fields: str) -> tuple[str, dict]:
        """Posts a form of the page `body`, which is on the screen, and follows to where that leads."""
        fields["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1]
        content, kind = _multipart(fields, file)
        headers = {"Content-Type": kind, "Referer": urllib.parse.urljoin(self.address, path)}
        request = urllib.request.Request(urllib.parse.urljoin(self.address, path), content, headers)
        with self.opener.open(request, timeout=PATIENCE) as answer:
            return answer.read().decode(), dict(answer.headers) | {"url": answer.url}

    def until_done(self, path: str) -> str:
        """Asks for the progress as the page does, then gives the page that it loads at the end."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            _body, headers = self.get(path, **{"HX-Request": "true"})
            if headers.get("HX-Refresh") == "true":
                return self.get(path)[0]
            time.sleep(POLL_SECONDS)
        raise SystemExit(f"{path} was not done within {PATIENCE} s")


def _multipart(fields: dict[str, str], file: tuple[str, bytes] | None) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()
    ]
    if file:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n\r\n'
        parts.append(head.encode() + file[1] + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


class Reader(threading.Thread):
    """Turns the pages of the roster until told to stop; keeps how long each took."""

    def __init__(self, client: Client) -> None:
        super().__init__(daemon=True)
        self.client, self.seconds, self.over = client, [], threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            self.turn()

    def turn(self) -> None:
        began = time.perf_counter()
        self.client.get(f"/roster/?page={len(self.seconds) % 5 + 1}")
        self.seconds.append(time.perf_counter() - began)
        time.sleep(0.02)


def sheet(round_: int) -> bytes:
    """A workbook of people of that round in the communities of the division, all columns of the roster."""
    import roster_file  # noqa: PLC0415 - after the set-up

    from portal.core.lib.identity import synthetic  # noqa: PLC0415
    from portal.core.models import Division  # noqa: PLC0415
    from portal.core.sheets.writing import Sheet, write_xlsx  # noqa: PLC0415
    from workforce.importers.columns import COLUMNS  # noqa: PLC0415

    places = Division.objects.under(DIVISION).filter(level=5, urban=True, valid_to=None).order_by("code")
    places = list(places.values_list("code", "label"))
    lines = []
    for number, cells in enumerate(roster_file.people(ROWS)):
        birth = date(1975, 1, 1) + timedelta(days=number)
        id_number = synthetic(birth, FIRST_SEQUENCE + round_)
        code, community = places[number % len(places)]
        cells |= {"code": code, "community": community, "id_number": id_number, "birth_date": birth}
        cells |= {"sex": "男" if int(id_number[16]) % 2 else "女", "managed": "否"}
        lines.append([cells.get(column.key, "") for column in COLUMNS])
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, [Sheet("花名册", COLUMNS, lines)])
        file.seek(0)
        return file.read()


def brought_in(client: Client, content: bytes) -> tuple[float, float, str, str]:
    """Seconds from the click on upload to the preview, and to applied; the address of the import and its last page."""
    form, _headers = client.get("/imports/new/")
    began = time.perf_counter()
    _body, headers = client.post(form, "/imports/new/", ("名册.xlsx", content), division=DIVISION, replaces="")
    path = urllib.parse.urlparse(headers["url"]).path
    body = client.until_done(path)
    checked = time.perf_counter() - began
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', body)
    if not digest:
        raise SystemExit(_main(body))
    client.post(body, f"{path}apply/", digest=digest[1])
    body = client.until_done(path)
    spent = time.perf_counter() - began
    if f"新增 {ROWS:,} 个任职" not in body:
        raise SystemExit(_main(body))
    return checked, spent, path, body


def _main(body: str) -> str:
    """The words of a page, for a message that tells what was not as expected."""
    words = html.unescape(re.sub(r"<[^>]+>", " ", body[body.find("<main") :]))
    return " ".join(words.split())[:2000]


def rest_until_calm() -> None:
    """Waits for the inspections that follow an import, as a day of a clerk would."""
    from portal.core.findings.models import InspectionRun, RunState  # noqa: PLC0415

    time.sleep(2)
    while InspectionRun.objects.filter(state=RunState.RUNNING).exists():
        time.sleep(0.5)
    time.sleep(1)


def measure(address: str, logins: dict[str, str]) -> int:
    clerk = Client(address, "district-staff", logins["district-staff"])
    reader_client = Client(address, "city-admin", logins["city-admin"])
    sheets = [sheet(number) for number in range(ROUNDS)]
    rest_until_calm()
    idle = Reader(reader_client)
    for _page in range(IDLE_PAGES):
        idle.turn()
    quiet, checks, totals, busy, undone = statistics.median(idle.seconds[5:]), [], [], [], []
    for number, content in enumerate(sheets):
        reader = Reader(reader_client)
        reader.start()
        checked, spent, path, page = brought_in(clerk, content)
        reader.over.set()
        reader.join()
        rest_until_calm()
        began = time.perf_counter()
        clerk.post(clerk.get(f"{path}undo/")[0], f"{path}undo/", rest="")
        clerk.until_done(path)
        undone.append(time.perf_counter() - began)
        rest_until_calm()
        checks.append(checked)
        totals.append(spent)
        busy.append(statistics.median(reader.seconds))
        print(
            f"round {number + 1}: preview {checked:.2f} s, applied {spent:.2f} s, list page {busy[-1] * 1000:.0f} ms "
            f"({len(reader.seconds)} pages), taken back {undone[-1]:.2f} s; {' '.join(_SPENT.findall(page))} in the worker; "
            f"load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    total, ratio = statistics.median(totals), statistics.median(busy) / quiet
    print(
        f"{ROWS:,} rows: preview {statistics.median(checks):.2f} s, applied {total:.2f} s (bar {BAR_SECONDS} s), "
        f"taken back {statistics.median(undone):.2f} s"
    )
    print(
        f"list page: idle {quiet * 1000:.0f} ms, meanwhile {statistics.median(busy) * 1000:.0f} ms, "
        f"{ratio:.2f} x (bar {BAR_READER} x)"
    )
    good = total <= BAR_SECONDS and ratio <= BAR_READER
    print("within the bars" if good else "MISSES a bar")
    return 0 if good else 1


def started(folder: Path) -> tuple[subprocess.Popen, str, dict[str, str]]:
    """The portal with its demonstration on a free port, once it has announced itself: process, address, logins."""
    from portal.embedded import files  # noqa: PLC0415

    port, log = files.free_port(), folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--demo"],
            cwd=ROOT,
            env=os.environ | {"PORT": str(port)},
            stdout=out,
            stderr=out,
        )
    deadline = time.monotonic() + 300
    while "Ctrl-C stops everything" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(log.read_text())
        time.sleep(0.2)
    pairs = [line.split() for line in log.read_text().splitlines() if line.startswith("  ")]
    return process, f"http://127.0.0.1:{port}", {words[0]: words[1] for words in pairs if len(words) == 2}


def main() -> int:
    folder = Path(tempfile.mkdtemp())
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    process, address, logins = started(folder)
    try:
        import django  # noqa: PLC0415

        django.setup()
        return measure(address, logins)
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
