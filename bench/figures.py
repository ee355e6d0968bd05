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
from pathlib import Path

BAR, ROUNDS = 4.0, 5
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import flat_rows  # noqa: E402


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main(code: str) -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("make_national", "--workers-per-community", "7", "--under", code)
    from django.db import transaction  # noqa: PLC0415

    from portal.core.lib.clock import today  # noqa: PLC0415
    from workforce.actions.tallies import recount, take_snapshot  # noqa: PLC0415
    from workforce.models import Snapshot  # noqa: PLC0415

    with transaction.atomic():
        statements = flat_rows.lay_out()
    grouped = transaction.atomic(lambda: flat_rows.group(statements))
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
