import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser

from portal.core.audit.append_only import unprotected
from portal.core.audit.sealing import Verified, seal_pending, verify

SHOWN = 100
WHAT = {
    "altered": "was altered after it was sealed",
    "deleted": "was deleted after it was sealed",
    "inserted": "was slipped in among sealed rows",
    "columns": "cannot be compared: a sealed column is no longer there",
    "key": "cannot be checked: FIELD_KEYS no longer holds the key that made this seal",
    "chain": "is broken: this seal was altered, or one before it was altered or deleted",
    "head": "does not lead to the given head: the newest seals were cut off or replaced",
}


class Command(BaseCommand):
    help = "Compares the audit trail with its seals, then seals what is new. Exit code 1 where a row was tampered with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="the head an earlier run printed, kept outside the database")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, head: str, **options) -> None:
        verified = verify(head.strip().lower())
        counts, gaps = seal_pending(), unprotected()
        busy = sorted(table for table, count in counts.items() if count is None)
        sealed = sum(count or 0 for count in counts.values())
        if options["json"]:
            answer = {**asdict(verified), "sealed_now": sealed, "busy": busy, "unprotected": gaps}
            self.stdout.write(json.dumps(answer))
        else:
            self._say(verified, sealed, busy, gaps)
        if verified.problems or gaps:
            raise SystemExit(1)

    def _say(self, verified: Verified, sealed: int, busy: list[str], gaps: list[str]) -> None:
        for problem in verified.problems[:SHOWN]:
            self.stderr.write(f"{problem.table} row {problem.row} {WHAT[problem.what]}.")
        if len(verified.problems) > SHOWN:
            self.stderr.write(f"... and {len(verified.problems) - SHOWN} more; --json lists them all.")
        for table in gaps:
            self.stderr.write(f"{table} can be changed by the database role of the portal; run the migrations again.")
        for table in busy:
            self.stdout.write(f"{table} is being written to; it is sealed by the next run.")
        self.stdout.write(
            f"{verified.rows} sealed rows compared, {len(verified.problems)} problems, "
            f"{verified.unsealed} rows were not sealed yet, {sealed} sealed now."
        )
        self.stdout.write(f"Head of the chain: {verified.head or 'none yet'}")
