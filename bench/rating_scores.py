"""Automatic scoring of all 5,617 units of a city, against the bare INSERT of the same rows into a table like theirs.

`python bench/rating_scores.py` uses a database of its own in a temporary folder and fills it with the demonstration.
Bar: a city within 3 s, figures, frozen JSON, row history and totals included; the ratio is shown for information.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

BAR_SECONDS = 3.0
ROUNDS = 3
CITY = "12"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def open_cycle():
    """A cycle of today with every community and village of the city in it."""
    from portal.core.lib.clock import today  # noqa: PLC0415 - after the set-up
    from portal.core.models import Division, User  # noqa: PLC0415
    from portal.demo.rating_schemes import make_default_schemes  # noqa: PLC0415
    from ratings.models import RatingCycle, UnitRating  # noqa: PLC0415

    by, approver = User.objects.order_by("pk")[:2]
    year = today().year + 1
    schemes = make_default_schemes(Division.objects.get(pk=CITY), year, by, approver)
    stages = ("self", "street", "district", "joint", "calibration", "decision")
    days = {f"{stage}_due": date(year, 12, 31) for stage in stages}
    cycle = RatingCycle.objects.create(
        division_id=CITY, year=year, name="bench", reference_on=today(), opened_on=today(), opened_by=by, **days
    )
    units = Division.objects.under(CITY).filter(level=5).values_list("code", "urban")
    UnitRating.objects.bulk_create(
        UnitRating(cycle=cycle, division_id=code, year=year, unit_kind=kind, scheme=schemes[kind])
        for code, urban in units
        for kind in ["community" if urban else "village"]
    )
    return cycle, by


def seconds(work) -> float:
    """Median of several rounds, each rolled back."""
    from django.db import connection, transaction  # noqa: PLC0415

    spent = []
    for _round in range(ROUNDS):
        with transaction.atomic():
            began = time.perf_counter()
            work()
            connection.check_constraints()
            spent.append(time.perf_counter() - began)
            transaction.set_rollback(True)
    return statistics.median(spent)


def bare() -> None:
    """The rows as they came out, into a table with the same indexes and no history."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_scores (LIKE ratings_itemscore INCLUDING INDEXES)")
        cursor.execute("INSERT INTO bare_scores SELECT * FROM ratings_itemscore")


def main() -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    from portal.registry import INDICATORS  # noqa: PLC0415
    from ratings.actions.scoring import score_automatically  # noqa: PLC0415

    cycle, by = open_cycle()

    def score():
        return score_automatically(cycle=cycle, indicators=INDICATORS, by=by)

    scoring = seconds(score)
    done = score()
    plain = seconds(bare)
    print(f"{done.units:,} units, {done.scores:,} scores, {done.without:,} of them without a value")
    print(
        f"automatic scoring {scoring:.2f} s (bar {BAR_SECONDS} s); bare INSERT {plain:.2f} s; ratio {scoring / plain:.1f}"
    )
    print("within the bar" if scoring <= BAR_SECONDS else "MISSES the bar")
    return 0 if scoring <= BAR_SECONDS else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(Path(folder)):
            sys.exit(main())
