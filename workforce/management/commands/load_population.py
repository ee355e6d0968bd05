import time
from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from portal.core.management.reporting import ReportCommand
from portal.core.territory.population_file import PopulationFileError, read_populations
from workforce.actions.populations import load_populations

SHOWN = 200


class Command(ReportCommand):
    help = "Enters or corrects the populations of a csv; a file with any fault is refused whole, every fault is listed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="csv: code, date, basis, value, households, source")

    def handle(self, *args, file: Path, **options) -> None:
        begun = time.monotonic()
        try:
            rows = read_populations(file)
        except PopulationFileError as error:
            more = len(error.sentences) - SHOWN
            listed = error.sentences[:SHOWN] + ([f"... and {more} more."] if more > 0 else [])
            raise CommandError("\n".join([*listed, "Nothing was changed."])) from error
        facts = {"populations": load_populations(rows=rows, by=None), "seconds": round(time.monotonic() - begun, 2)}
        self.answer(facts, "{populations} populations entered, {seconds} s.".format(**facts), as_json=options["json"])
