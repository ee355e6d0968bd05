"""Counting every figure anew, against one sequential scan of the same rows with the same grouping; a snapshot of a month.

`python bench/figures.py [CODE]` fills a database of its own in a temporary folder with the benchmark's people of one
province (default 33: 27,000 communities). The scan is the least that any count can cost: the rows of every family of
counters lie ready in a table each, are read once, and make the same counters for the same divisions. Bar: the recount
takes at most 4 times as long. Both take turns, medians of five rounds; exit code 1 where the bar is missed.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

BAR, ROUNDS = 4.0, 5
SETTINGS = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def lay_out() -> list[str]:
    """Puts the rows of every family into a table and returns the statements, one a book, that only group them."""
    from django.db import connection  # noqa: PLC0415 - after the set-up

    from portal.core.indicators.books import books  # noqa: PLC0415
    from portal.core.indicators.counting import Scope  # noqa: PLC0415
    from portal.core.lib.clock import today  # noqa: PLC0415
    from portal.core.policy.queries import RULES_CTE  # noqa: PLC0415

    here, scans = Scope.EVERYWHERE, []
    with connection.cursor() as cursor:
        for book in books():
            for family in book.families:
                rows = f"SELECT * FROM ({family.rows(here)}) q"
                made = f"CREATE TABLE flat_{family.name} AS WITH {RULES_CTE}, {book.shared(here)} {rows}"
                cursor.execute(made, {"on": today()})
            families = (
                replace(one, rows=lambda _scope, one=one: f"SELECT * FROM flat_{one.name}") for one in book.families
            )
            flat = replace(book, families=tuple(families), shared=lambda _scope: "nothing AS (SELECT 1)")
            table = f"CREATE TEMP TABLE scanned_{len(scans)} ON COMMIT DROP"
            scans.append(f"{table} AS WITH {flat.recounted(here)} SELECT * FROM tallies")
        cursor.execute("ANALYZE")
    return scans


def main(code: str) -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("make_national", "--workers-per-community", "7", "--under", code)
    from django.db import connection, transaction  # noqa: PLC0415

    from portal.core.lib.clock import today  # noqa: PLC0415
    from workforce.actions.tallies import recount, take_snapshot  # noqa: PLC0415
    from workforce.models import Snapshot  # noqa: PLC0415

    scans = lay_out()

    def grouped() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SETTINGS)
            for scan in scans:
                cursor.execute(scan, {"on": today()})

    rounds = [(timed(grouped), timed(recount)) for _round in range(ROUNDS)]
    bare, anew = (statistics.median(column) for column in zip(*rounds, strict=True))
    seconds = timed(lambda: take_snapshot(today()))
    print(f"snapshot of {Snapshot.objects.count():,} divisions: {seconds:.2f} s")
    print(f"one scan, grouped: {bare:.2f} s; recount: {anew:.2f} s, {anew / bare:.2f} x (bar {BAR} x)")
    print("within the bar" if anew <= BAR * bare else "MISSES the bar")
    return 0 if anew <= BAR * bare else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(Path(folder)):
            sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "33"))
