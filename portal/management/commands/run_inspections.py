import time
from datetime import date

from django.core.management.base import CommandError, CommandParser

from portal.core.findings.reconcile import Inspection, reconcile
from portal.core.lib.clock import today
from portal.core.management.reporting import USAGE, ReportCommand, iso_day
from portal.registry import INSPECTIONS


class Command(ReportCommand):
    help = "Runs checks in this process and brings the findings in line with what they see; without KEY, all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("keys", nargs="*", metavar="KEY", help=", ".join(INSPECTIONS))
        parser.add_argument("--on", type=iso_day, metavar="DATE", help="the day to look at; today when left out")

    def handle(self, *args, keys: list[str], on: date | None, **options) -> None:
        if unknown := [key for key in keys if key not in INSPECTIONS]:
            known = ", ".join(INSPECTIONS)
            raise CommandError(f"There is no inspection {', '.join(unknown)}; there is {known}.", returncode=USAGE)
        facts = {key: _run(INSPECTIONS[key], on or today()) for key in dict.fromkeys(keys or INSPECTIONS)}
        lines = [
            "{}: {subjects} seen, {opened} opened, {refreshed} refreshed, {resolved} resolved, {seconds} s.".format(
                key, **row
            )
            for key, row in facts.items()
        ]
        self.answer(facts, "\n".join(lines), as_json=options["json"])


def _run(inspection: Inspection, on: date) -> dict:
    begun = time.monotonic()
    done = reconcile(inspection=inspection, on=on, by=None)
    return {
        "subjects": inspection.subjects(on),
        "opened": done.opened,
        "refreshed": done.refreshed,
        "resolved": done.resolved,
        "seconds": round(time.monotonic() - begun, 2),
    }
