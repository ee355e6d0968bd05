"""All nightly checks over a city of 5,617 communities and some 24,000 workers, and over two and four such cities.

`python bench/inspections.py` uses a database of its own in a temporary folder and fills it with the demonstration. The
city is then copied under other codes. Bars: one city within 5 s; the cost of twice the data at most 2.3 times as much.
Every round runs on standing findings, as every night but the first does; the first one is shown for information.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

BAR_SECONDS, BAR_GROWTH = 5.0, 2.3
ROUNDS = 3
CITY, COPIES = "12", ("92", "93", "94")
OFFSET = 100_000_000
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def copy_city(code: str, number: int) -> None:
    """Copies everything under CITY to the same codes under `code`; people and rows get new keys."""
    from django.db import connection, transaction  # noqa: PLC0415 - after the set-up

    from portal.core.models import Division, PolicyRule, Population, PopulationTotal  # noqa: PLC0415
    from workforce import models  # noqa: PLC0415

    tables = [Division, Population, PopulationTotal, PolicyRule]
    tables += [getattr(models, name) for name in models.__all__ if name not in ("ReviewCase", "ReviewStep")]
    with transaction.atomic(), connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")  # no history of copies
            cursor.execute(_copy(model, code, number))
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")


def _copy(model, code: str, number: int) -> str:
    from portal.core.models import Division  # noqa: PLC0415

    names, values = [], []
    owner = ""
    for field in model._meta.concrete_fields:
        column, value = field.column, f'"{field.column}"'
        target = field.related_model or (model if field.primary_key else None)
        if target is Division or column == "parent_id":
            value = f"CASE WHEN {value} IS NOT NULL THEN '{code}' || substr({value}, 3) END"
            owner = owner or f"\"{column}\" LIKE '{CITY}%'"
        elif target is not None and target._meta.pk.get_internal_type() == "UUIDField":
            value = f"md5({value}::text || '{code}')::uuid"
            owner = owner or f'true AND "{column}" IN (SELECT id FROM city_people)'
        elif target is not None:
            value = f"{value} + {OFFSET * number}"
        elif column == "id_number_index":
            value = f"sha256({value} || '\\x{code}'::bytea)"
        names.append(f'"{column}"')
        values.append(value)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} WHERE {owner or 'false'}"


def run_all() -> dict[str, float]:
    from portal.core.findings.reconcile import reconcile  # noqa: PLC0415
    from portal.core.lib.clock import today  # noqa: PLC0415
    from portal.registry import INSPECTIONS  # noqa: PLC0415

    spent = {}
    for key, inspection in INSPECTIONS.items():
        began = time.perf_counter()
        reconcile(inspection=inspection, on=today(), by=None)
        spent[key] = time.perf_counter() - began
    return spent


def measured(label: str) -> float:
    """Median seconds of all checks together after a first round."""
    first = sum(run_all().values())
    rounds = [run_all() for _round in range(ROUNDS)]
    slowest = sorted(rounds[-1].items(), key=lambda item: -item[1])[:3]
    median = statistics.median(sum(round_.values()) for round_ in rounds)
    words = ", ".join(f"{key} {seconds:.2f} s" for key, seconds in slowest)
    print(f"{label:12} {median:6.2f} s (first night {first:.2f} s); slowest: {words}", flush=True)
    return median


def main() -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    from django.db import connection  # noqa: PLC0415

    call_command("load_demo", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE city_people AS SELECT id FROM workforce_person")
        cursor.execute("ANALYZE")
    one = measured("one city")
    copy_city(COPIES[0], 1)
    two = measured("two cities")
    copy_city(COPIES[1], 2)
    copy_city(COPIES[2], 3)
    four = measured("four cities")
    growth = max(two / one, four / two)
    good = one <= BAR_SECONDS and growth <= BAR_GROWTH
    print(f"one city {one:.2f} s (bar {BAR_SECONDS} s), doubling costs up to {growth:.2f} x (bar {BAR_GROWTH} x)")
    print("within the bars" if good else "MISSES a bar")
    return 0 if good else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(Path(folder)):
            sys.exit(main())
