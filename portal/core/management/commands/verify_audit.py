from dataclasses import asdict

from django.core.management.base import CommandParser

from portal.core.audit.append_only import unprotected
from portal.core.audit.sealing import Verified, seal_pending, verify
from portal.core.management.reporting import ReportCommand

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


class Command(ReportCommand):
    help = "Compares the audit trail with its seals, then seals what is new. Exit code 1 where a row was tampered with."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--head", default="", help="the head an earlier run printed, kept outside the database")

    def handle(self, *args, head: str, **options) -> None:
        verified = verify(head.strip().lower())
        counts, gaps = seal_pending(), unprotected()
        busy = sorted(table for table, count in counts.items() if count is None)
        sealed = sum(count or 0 for count in counts.values())
        facts = {**asdict(verified), "sealed_now": sealed, "busy": busy, "unprotected": gaps}
        if not options["json"]:
            self._complain(verified, busy, gaps)
        self.answer(facts, self._summary(verified, sealed), as_json=options["json"])
        if verified.problems or gaps:
            raise SystemExit(1)

    def _complain(self, verified: Verified, busy: list[str], gaps: list[str]) -> None:
        for problem in verified.problems[:SHOWN]:
            self.stderr.write(f"{problem.table} row {problem.row} {WHAT[problem.what]}.")
        if len(verified.problems) > SHOWN:
            self.stderr.write(f"... and {len(verified.problems) - SHOWN} more; --json lists them all.")
        for table in gaps:
            self.stderr.write(f"{table} can be changed by the database role of the portal; run the migrations again.")
        for table in busy:
            self.stdout.write(f"{table} is being written to; it is sealed by the next run.")

    def _summary(self, verified: Verified, sealed: int) -> str:
        return (
            f"{verified.rows} sealed rows compared, {len(verified.problems)} problems, "
            f"{verified.unsealed} rows were not sealed yet, {sealed} sealed now.\n"
            f"Head of the chain: {verified.head or 'none yet'}"
        )
