import time
from datetime import date

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from portal.core.lib.clock import today
from portal.core.management.reporting import USAGE, ReportCommand
from portal.core.policy.actions import set_rule
from portal.core.policy.kinds import GRADE_AMOUNTS
from portal.core.policy.presets import PRESETS, load_presets, read_presets
from portal.core.territory.loading import load_divisions, read_divisions
from portal.core.territory.models import Division, Population
from workforce.actions.tallies import recount
from workforce.management.national import fill
from workforce.management.national_sql import TABLES
from workforce.models import Appointment, Person

# Invented: no source gives the amounts of the grades.
AMOUNTS = {"rows": [{"grade": grade, "amount": 3000 + 200 * grade} for grade in range(1, 19)]}


class Command(ReportCommand):
    help = "Fills an empty database with the data of the benchmarks: all divisions, and N people in every community."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--workers-per-community", type=int, required=True, metavar="N", help="7 gives 4.34 million"
        )
        parser.add_argument("--under", default="", metavar="CODE", help="only this division and what is under it")

    def handle(self, *args, workers_per_community: int, under: str, **options) -> None:
        begun = time.monotonic()
        if not 1 <= workers_per_community <= 19:
            raise CommandError("--workers-per-community is a number from 1 to 19.", returncode=USAGE)
        if Person.objects.exists() or Population.objects.exists():
            raise CommandError("This database holds people or populations already; use one that was only migrated.")
        if not Division.objects.exists():
            load_divisions(read_divisions(under=under), under=under, on=today())
        load_presets(read_presets(PRESETS / "national.json"), by=None)
        set_rule(
            kind=GRADE_AMOUNTS.key,
            division=None,
            valid_from=date(2020, 1, 1),
            value=AMOUNTS,
            document="benchmark",
            by=None,
        )
        people = fill(workers_per_community, under)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE core_division, core_population, {', '.join(TABLES)}")
        recount()
        facts = {
            "divisions": Division.objects.count(),
            "workers": people,
            "appointments": Appointment.objects.count(),
            "seconds": round(time.monotonic() - begun, 1),
        }
        sentence = "{divisions} divisions, {workers} people in {appointments} posts, {seconds} s.".format(**facts)
        self.answer(facts, sentence, as_json=options["json"])
