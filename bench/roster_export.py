"""Taking out a roster of 100,000 rows as csv and xlsx, against bare COPY with plain writers of the same cells.

`python bench/roster_export.py [ROWS]` uses a database of its own in a temporary folder. Bars: the first piece within a
second, 60,000 rows within 10 s (csv) and 40 s (xlsx), 100,000 rows with at most 200 MB more memory. The ratios of
medians against the bare way, which opens no sealed number and guards no cell, are shown for information.
"""

import csv
import io
import os
import resource
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS = 3
BAR_FIRST, BAR_MEGABYTES = 1.0, 200
BAR_SECONDS = {"csv": 10.0, "xlsx": 40.0}  # of 60,000 rows
DAY = date(2026, 11, 23)
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

BARE = """
COPY (
    SELECT a.division_id, d.label, p.name, encode(p.id_number, 'hex'), p.sex, p.birth_date, p.ethnicity, p.political_status,
        p.education, p.degree, p.major, encode(p.phone, 'hex'), a.tier, a.grade, a.body, a.title, a.entry, a.valid_from,
        a.valid_to, a.full_time, a.managed, p.hired_on, c.party, c.kind, c.valid_from, c.valid_to, f.level, f.number,
        f.obtained_on, r.registered_on, a.grid_worker, p.left_on, p.leaving_reason
    FROM workforce_appointment a JOIN workforce_person p ON p.id = a.person_id
    JOIN core_division d ON d.code = a.division_id
    LEFT JOIN workforce_contract c ON c.person_id = p.id LEFT JOIN workforce_certificate f ON f.person_id = p.id
    LEFT JOIN workforce_registration r ON r.certificate_id = f.id
    ORDER BY a.division_id, a.tier, p.name_pinyin, p.id
) TO STDOUT WITH (FORMAT csv)"""


def fill() -> None:
    """The people of the import benchmark, written straight into the tables."""
    from django.db import connection, transaction  # noqa: PLC0415 - after the set-up
    from roster_file import people  # noqa: PLC0415

    from portal.core.lib import bulk, text  # noqa: PLC0415
    from portal.core.lib.fields import index_of, sealer  # noqa: PLC0415
    from workforce import models as m  # noqa: PLC0415
    from workforce.importers.columns import MEANING  # noqa: PLC0415

    seals = {name: sealer(m.Person._meta.get_field(name).aad) for name in ("id_number", "phone")}
    rows: dict[Any, list[tuple]] = {model: [] for model in _COLUMNS}
    for number, one in enumerate(people(ROWS), 1):
        key = uuid.UUID(int=number)
        sealed = [seals["id_number"](one["id_number"]), index_of(one["id_number"]), seals["phone"](one["phone"])]
        name = [one["name"], text.pinyin_key(one["name"]), text.name_initials(one["name"])]
        about = [one[k] for k in ("birth_date", "ethnicity", "political_status", "education", "degree", "major")]
        rows["Person"].append((key, *name, *sealed, MEANING["性别"][one["sex"]], *about, one["hired_on"], None, "", 1))
        post = [MEANING["任职机构"][one["body"]], one["title"], MEANING["岗位层级"][one["tier"]], one["grade"]]
        flags = (True, True, one["grid_worker"] == "是", one["valid_from"])
        rows["Appointment"].append((key, one["code"], *post, MEANING["任职方式"][one["entry"]], *flags))
        rows["Contract"].append((key, "labour", "", one["party"], "", one["contract_from"], date(2028, 1, 1)))
        if one["level"]:
            level = MEANING["证书等级"][one["level"]]
            rows["Certificate"].append((number, key, level, one["number"], one["obtained_on"]))
            rows["Registration"].append((number, key, one["registered_on"], date(2030, 1, 1), ""))
    with transaction.atomic(), connection.cursor() as cursor:
        for name, columns in _COLUMNS.items():
            table = getattr(m, name)._meta.db_table
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # history is not measured here
            bulk.insert_rows(getattr(m, name), columns, rows[name])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_COLUMNS = {
    "Person": (
        "id", "name", "name_pinyin", "name_initials", "id_number", "id_number_index", "phone", "sex", "birth_date",
        "ethnicity", "political_status", "education", "degree", "major", "hired_on", "left_on", "leaving_reason", "version",
    ),
    "Appointment": (
        "person_id", "division_id", "body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker",
        "valid_from",
    ),
    "Contract": ("person_id", "kind", "number", "party", "party_kind", "valid_from", "valid_to"),
    "Certificate": ("id", "person_id", "level", "number", "obtained_on"),
    "Registration": ("certificate_id", "person_id", "registered_on", "valid_to", "number"),
}  # fmt: skip


def pieces(form: str) -> Iterator[bytes]:
    """What the page sends."""
    from django.http import QueryDict  # noqa: PLC0415

    from portal.core.models import Division, Grant, User  # noqa: PLC0415
    from portal.core.sheets.exporting import Asked, take_out  # noqa: PLC0415
    from workforce.exports import ROSTER  # noqa: PLC0415

    user, _made = User.objects.get_or_create(username="bench", defaults={"name": "bench"})
    Grant.objects.get_or_create(user=user, role="city", division=None, granted_by="bench")
    asked = Asked(user, DAY, QueryDict(), Division.objects.get(pk="12"), clear=True)
    return take_out(ROSTER, asked, form, reason="bench")[1]


def ours(form: str, out: Path) -> tuple[float, float]:
    """Seconds until the first piece, and until the file is whole."""
    began, first = time.perf_counter(), 0.0
    with out.open("wb") as file:
        for piece in pieces(form):
            first = first or time.perf_counter() - began
            file.write(piece)
    return first, time.perf_counter() - began


def bare(form: str, out: Path) -> float:
    """COPY, and the writers as they come."""
    import xlsxwriter  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    began = time.perf_counter()
    with tempfile.TemporaryFile() as copied, connection.cursor() as cursor:
        cursor.copy_expert(BARE, copied)
        copied.seek(0)
        rows = csv.reader(io.TextIOWrapper(copied, "utf-8", newline=""))
        if form == "csv":
            with out.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(rows)
        else:
            with xlsxwriter.Workbook(str(out), {"constant_memory": True}) as book:
                sheet = book.add_worksheet()
                for number, row in enumerate(rows):
                    for position, cell in enumerate(row):
                        sheet.write_string(number, position, cell)
    return time.perf_counter() - began


def memory(form: str, out: Path) -> int:
    """Megabytes by which a process of its own grows while it takes the roster out."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    reading, writing = os.pipe()
    if not os.fork():
        before = _resident()
        ours(form, out)
        os.write(writing, str(_peak() - before).encode())
        os._exit(0)
    os.wait()
    return int(os.read(reading, 32)) // 1024


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(folder: Path) -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    os.environ["EXPORTS_PER_HOUR"] = "1000"
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_divisions", verbosity=0)
    fill()
    good = True
    for form, bar in BAR_SECONDS.items():
        out = folder / f"roster.{form}"
        grown = memory(form, out)
        rounds = [(*ours(form, out), bare(form, out)) for _round in range(ROUNDS)]
        first, seconds, plain = (statistics.median(column) for column in zip(*rounds, strict=True))
        of_60_000 = seconds * 60_000 / ROWS
        good &= first <= BAR_FIRST and of_60_000 <= bar and grown <= BAR_MEGABYTES
        print(
            f"{form:4} {ROWS:,} rows {seconds:6.2f} s = {seconds / plain:.2f} x bare ({plain:.2f} s); 60,000 rows "
            f"{of_60_000:.2f} s (bar {bar:.0f} s); first piece {first:.2f} s (bar {BAR_FIRST:.0f} s); "
            f"memory +{grown} MB (bar {BAR_MEGABYTES} MB)",
            flush=True,
        )
    print("within the bars" if good else "MISSES a bar")
    return 0 if good else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(Path(folder)):
            sys.exit(main(Path(folder)))
