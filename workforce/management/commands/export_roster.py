"""`manage.py export_roster --division CODE --on DATE OUT.xlsx [--json]` (contract.md)."""

import json
import time
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.core.lib.clock import today
from portal.core.territory.queries import find_division
from workforce.exports.roster import roster_to_xlsx


class Command(BaseCommand):
    help = "Writes the roster of a division on a day, ID numbers in clear, in the columns of the import."

    def add_arguments(self, parser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.xlsx")
        parser.add_argument("--division", required=True, help="code of the division")
        parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help="today unless given")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options) -> None:
        began = time.monotonic()
        division = find_division(options["division"])
        if division is None:
            raise CommandError(f"There is no division {options['division']!r}.", returncode=1)
        on = options["on"] or today()
        try:
            rows = roster_to_xlsx(options["out"], division=division, on=on)
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error}.", returncode=1) from error
        result = {
            "division": division.code,
            "on": on.isoformat(),
            "rows": rows,
            "file": str(options["out"]),
            "seconds": round(time.monotonic() - began, 2),
        }
        self.stdout.write(
            json.dumps(result, ensure_ascii=False) if options["json"] else f"{rows} rows: {options['out']}"
        )
