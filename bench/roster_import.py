"""A roster of 100,000 rows from file to tables, and back, against the bare limit of the same machine in the same run.

`python bench/roster_import.py` uses a database of its own in a temporary folder, with all divisions of the country. The
bare limit is reading the file with the same parser and COPY of the rows that the import wrote, into tables with the same
columns, indexes and constraints, without history, checks, encryption or tallies. Medians of five rounds, each of which
starts with empty tables. `ROWS` and `ROUNDS` in the environment make it smaller.

Bars: the whole import 2.0 x the bare limit and 20 x the rows a second of django-import-export; the same file again
1.2 x, and a file with 30 % faulty rows 1.3 x the first judging; undo 1.5 x applying; 600 MB.
"""

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROWS, ROUNDS = int(os.environ.get("ROWS", "100000")), int(os.environ.get("ROUNDS", "5"))
SAMPLE = 1_000  # rows for the other library, which takes seconds for each thousand
BARS = {"whole": 2.0, "again": 1.2, "faulty": 1.3, "undo": 1.5}
BAR_OTHER, BAR_MEGABYTES = 20, 600
TABLES = [
    f"workforce_{noun}" for noun in ("person", "appointment", "contract", "certificate", "registration", "graderecord")
]
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]


class Bench:
    """The files, the user, and what each kind of work took, in seconds of each round."""

    def __init__(self, folder: Path) -> None:
        import roster_file  # noqa: PLC0415 - after the set-up

        from portal.core.models import Division  # noqa: PLC0415

        self.clean, self.faulty, self.sample = (folder / f"{name}.xlsx" for name in ("clean", "faulty", "sample"))
        roster_file.write(self.clean, ROWS)
        roster_file.write(self.faulty, ROWS, ROWS * 3 // 10)
        roster_file.write(self.sample, SAMPLE)
        self.division = Division.objects.get(code=roster_file.DIVISION.rstrip("0"))
        self.user = make_user(self.division)
        self.took: dict[str, list[float]] = {}

    def timed(self, name: str, work: Callable[[], object]) -> object:
        began = time.perf_counter()
        answer = work()
        self.took.setdefault(name, []).append(time.perf_counter() - began)
        return answer

    def median(self, name: str) -> float:
        return statistics.median(self.took[name])

    def judged(self, name: str, path: Path):
        from portal.core.sheets.actions import create_batch  # noqa: PLC0415
        from portal.core.sheets.running import judge_batch  # noqa: PLC0415
        from workforce.importers import ROSTER  # noqa: PLC0415

        with path.open("rb") as file:
            batch = create_batch(
                importer=ROSTER, division=self.division, filename=path.name, content=file, by=self.user
            )
        return self.timed(name, lambda: judge_batch(batch.pk, ROSTER))

    def round(self) -> None:
        from portal.core.sheets.actions import cancel, request_apply  # noqa: PLC0415
        from portal.core.sheets.running import apply_batch  # noqa: PLC0415
        from portal.core.sheets.undoing import request_undo, undo_batch  # noqa: PLC0415
        from workforce.importers import ROSTER  # noqa: PLC0415

        empty()
        faulty = self.judged("faulty", self.faulty)
        assert faulty.counts["error"] == ROWS * 3 // 10, faulty.counts
        cancel(batch=faulty, by=self.user)
        batch = self.judged("judge", self.clean)
        assert (batch.counts["new"], batch.counts["error"]) == (ROWS, 0), batch.counts
        request_apply(batch=batch, importer=ROSTER, by=self.user)
        self.timed("apply", lambda: apply_batch(batch.pk, self.user, ROSTER))
        self.took.setdefault("whole", []).append(self.took["judge"][-1] + self.took["apply"][-1])
        texts = written()
        self.timed("parse", lambda: parse(self.clean))
        self.timed("copy", lambda: copy(texts))
        self.took.setdefault("bare", []).append(self.took["parse"][-1] + self.took["copy"][-1])
        again = self.judged("again", self.clean)
        assert again.counts["unchanged"] == ROWS, again.counts
        cancel(batch=again, by=self.user)
        request_undo(batch=batch, importer=ROSTER, rest=False, by=self.user)
        self.timed("undo", lambda: undo_batch(batch.pk, self.user, ROSTER))
        assert not any(written().values()), "something is left after the undo"


def make_user(division):
    from portal.core.accounts.models import Grant, User  # noqa: PLC0415

    user = User.objects.create(username="bench", name="bench")
    Grant.objects.create(user=user, role="street", division=division)
    return user


def empty() -> None:
    """Tables and history as on the first day, so that no round is slower for the ones before it."""
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'workforce%event'")
        events = [name for (name,) in cursor.fetchall()]
        for table in events:
            cursor.execute(
                f"ALTER TABLE {table} DISABLE TRIGGER USER; TRUNCATE {table}; ALTER TABLE {table} ENABLE TRIGGER USER"
            )
        cursor.execute("TRUNCATE workforce_person CASCADE; TRUNCATE core_importrow, workforce_tally")
        cursor.execute("UPDATE core_importbatch SET state = 'cancelled' WHERE state NOT IN ('cancelled', 'undone')")


def parse(path: Path) -> int:
    from python_calamine import load_workbook  # noqa: PLC0415

    return sum(1 for _row in load_workbook(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).iter_rows())


def written() -> dict[str, str]:
    """The rows that stand in the tables, as COPY text."""
    from django.db import connection  # noqa: PLC0415

    texts = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            out = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", out)
            texts[table] = out.getvalue()
    return texts


def copy(texts: dict[str, str]) -> None:
    """The same rows into bare tables of the same make."""
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        for table, text in texts.items():
            cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING INDEXES INCLUDING CONSTRAINTS)")
            cursor.copy_expert("COPY bare FROM STDIN", io.StringIO(text))
            cursor.execute("DROP TABLE bare")


def other_library(path: Path) -> tuple[float, float]:
    """Rows a second of django-import-export, its defaults kept, for a thousand rows of the same kind.

    The first number is for what its pages do and an import here does: read the file, show the differences of a trial run,
    import. The second is for the last of these alone. It writes the same tables: the person by the resource itself, post,
    contract, certificate, registration and grade in its hook after each row, as its documentation has it.
    """
    import openpyxl  # noqa: PLC0415
    from import_export.formats.base_formats import XLSX  # noqa: PLC0415
    from import_export.resources import ModelResource  # noqa: PLC0415

    from portal.core.lib.fields import index_of  # noqa: PLC0415
    from portal.core.lib.text import name_initials, pinyin_key  # noqa: PLC0415
    from workforce.importers.columns import BY_KEY, COLUMNS, MEANING  # noqa: PLC0415
    from workforce.models import Person  # noqa: PLC0415

    class People(ModelResource):
        class Meta:
            model = Person
            fields = ("name", "sex", "birth_date", "ethnicity", "political_status", "education", "degree", "major")
            fields += ("hired_on",)
            import_id_fields = ("name",)

        def get_instance(self, instance_loader, row):
            return Person.objects.filter(id_number_index=index_of(row["id_number"])).first()

        def before_save_instance(self, instance, row, **kwargs):
            instance.id_number, instance.phone = row["id_number"], row["phone"]
            instance.id_number_index = index_of(row["id_number"])
            instance.name_pinyin, instance.name_initials = pinyin_key(instance.name), name_initials(instance.name)

        def after_save_instance(self, instance, row, **kwargs):
            add_records(instance, row)

    keys = [column.key for column in COLUMNS]
    openpyxl.load_workbook(path).save(path)  # with rows as wide as the sheet, which its reader needs
    began = time.perf_counter()
    read = XLSX().create_dataset(path.read_bytes())
    reading = time.perf_counter() - began
    data = type(read)(headers=keys)
    for row in read:
        cells = zip(keys, row, strict=True)
        data.append(
            [MEANING[BY_KEY[key].choices].get(cell, cell) if BY_KEY[key].choices else cell for key, cell in cells]
        )
    took = []
    for dry_run in (True, False):
        began = time.perf_counter()
        result = People().import_data(data, dry_run=dry_run, raise_errors=True)
        took.append(time.perf_counter() - began)
        assert result.totals["new"] == SAMPLE, result.totals
    return SAMPLE / (reading + sum(took)), SAMPLE / took[-1]


def add_records(person, row) -> None:
    """What a row says beside the person, by the ORM."""
    from workforce import models  # noqa: PLC0415

    day = row["valid_from"]
    post = {key: row[key] for key in ("body", "title", "tier", "entry", "full_time", "managed", "grid_worker")}
    grade = int(row["grade"])
    models.Appointment.objects.create(person=person, division_id=row["code"], grade=grade, valid_from=day, **post)
    models.GradeRecord.objects.create(person=person, tier=row["tier"], grade=grade, valid_from=day, reason="roster")
    models.Contract.objects.create(
        person=person, kind=row["contract_kind"], party=row["party"], valid_from=row["contract_from"]
    )
    if row["level"]:
        certificate = models.Certificate.objects.create(
            person=person, level=row["level"], number=row["number"], obtained_on=row["obtained_on"]
        )
        models.Registration.objects.create(
            person=person, certificate=certificate, registered_on=day, valid_to=day.replace(year=day.year + 3)
        )


def megabytes(folder: Path, path: Path) -> int:
    """Peak memory of a process of its own that judges and applies the file."""
    empty()
    done = subprocess.run(
        [sys.executable, __file__, "--alone", str(path)], capture_output=True, text=True, check=True, env=os.environ
    )
    return int(done.stdout.split()[-1])


def alone(path: Path) -> None:
    """Judges and applies in this process, then prints its peak memory."""
    from portal.core.accounts.models import User  # noqa: PLC0415
    from portal.core.models import Division  # noqa: PLC0415
    from portal.core.sheets.actions import create_batch, request_apply  # noqa: PLC0415
    from portal.core.sheets.running import apply_batch, judge_batch  # noqa: PLC0415
    from workforce.importers import ROSTER  # noqa: PLC0415

    user = User.objects.get(username="bench")
    with path.open("rb") as file:
        batch = create_batch(
            importer=ROSTER, division=Division.objects.get(code="12"), filename=path.name, content=file, by=user
        )
    batch = judge_batch(batch.pk, ROSTER)
    request_apply(batch=batch, importer=ROSTER, by=user)
    assert apply_batch(batch.pk, user, ROSTER).state == "applied"
    status = Path("/proc/self/status").read_text()  # the peak that getrusage tells is the parent's where that is higher
    print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)


def main(folder: Path) -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    if "--alone" in sys.argv:
        alone(Path(sys.argv[-1]))
        return 0
    call_command("migrate", verbosity=0)
    call_command("load_divisions", verbosity=0)
    call_command("load_policies", verbosity=0)
    bench = Bench(folder)
    for _round in range(ROUNDS):
        bench.round()
    for name, times in bench.took.items():
        print(f"{name:8} {bench.median(name):7.2f} s  ({min(times):.2f} to {max(times):.2f})")
    ratios = {
        "whole": bench.median("whole") / bench.median("bare"),
        "again": bench.median("again") / bench.median("judge"),
        "faulty": bench.median("faulty") / bench.median("judge"),
        "undo": bench.median("undo") / bench.median("apply"),
    }
    good = True
    for name, ratio in ratios.items():
        good &= ratio <= BARS[name]
        print(f"{name:8} {ratio:5.2f} x  {'within' if ratio <= BARS[name] else 'MISSES'} the bar of {BARS[name]} x")
    empty()
    ours = ROWS / bench.median("whole")
    whole, last = other_library(bench.sample)
    good &= ours / whole >= BAR_OTHER
    print(f"{ours / whole:.0f} x the rows a second of django-import-export ({whole:.0f}); bar {BAR_OTHER} x")
    print(
        f"{ours / last:.0f} x those of its last step alone, without reading the file and showing what will change ({last:.0f})"
    )
    peak = megabytes(folder, bench.clean)
    good &= peak <= BAR_MEGABYTES
    print(f"peak memory {peak} MB; bar {BAR_MEGABYTES} MB")
    return 0 if good else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.environ["DATA_DIR"] if "--alone" in sys.argv else name)
        os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(folder):
            sys.exit(main(folder))
