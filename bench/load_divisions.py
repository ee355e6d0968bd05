"""Loading all 665,276 divisions against bare COPY into an indexed table, as a ratio of medians in one run.

`python bench/load_divisions.py` uses a database of its own in a temporary folder. Everything is rolled back after each
round, so every round starts with an empty tree. Two baselines: the same nine columns with the same indexes, which is
the bar, and the file's own two columns with a primary key, for information.
"""

import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BAR = 3.0
ROUNDS = 5
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def seconds(work: Callable[[], object]) -> float:
    from django.db import transaction  # noqa: PLC0415 - after the set-up

    with transaction.atomic():
        began = time.perf_counter()
        work()
        spent = time.perf_counter() - began
        transaction.set_rollback(True)
    return spent


def main() -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    from django.db import connection  # noqa: PLC0415

    from portal.core.territory import loading  # noqa: PLC0415

    names = loading.read_divisions()
    wide = "".join(loading._lines(names))
    narrow = "".join(f"{code}\t{name}\n" for code, name in names.items())

    def copy(table: str, definition: str, columns: str, text: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {table} ({definition})")
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(text))

    works = {
        "load_divisions, reading included": lambda: loading.load_divisions(loading.read_divisions()),
        "bare COPY, same columns and indexes": lambda: copy(
            "bare", "LIKE core_division INCLUDING INDEXES", loading._COLUMNS, wide
        ),
        "bare COPY, code and name": lambda: copy(
            "narrow", 'code varchar(12) COLLATE "C" PRIMARY KEY, name varchar(60)', "code, name", narrow
        ),
    }
    spent = {label: [] for label in works}
    for _round in range(ROUNDS):
        for label, work in works.items():
            spent[label].append(seconds(work))
    medians = {label: statistics.median(times) for label, times in spent.items()}
    for label, median in medians.items():
        print(f"{label:40} {median:6.2f} s  ({min(spent[label]):.2f} to {max(spent[label]):.2f})")
    ours, same, two = medians.values()
    print(f"for information: {ours / two:.2f} x the COPY of two columns")
    verdict = "within" if ours / same <= BAR else "MISSES"
    print(f"{ours / same:.2f} x, {verdict} the bar of {BAR} x")
    return 0 if ours / same <= BAR else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(Path(folder)):
            sys.exit(main())
