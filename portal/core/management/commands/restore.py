from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from portal.core.management.reporting import ReportCommand
from portal.core.safekeeping.programs import Refused
from portal.core.safekeeping.restore import restore


class Command(ReportCommand):
    help = (
        "Makes the portal what it was when the backup DIR was taken, all of it or nothing, migrates it to this release and "
        "compares the audit trail with its seals. Everybody is logged out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, metavar="DIR", help="what the command backup wrote")
        parser.add_argument("--replace", action="store_true", help="give up the data that is in the database now")

    def handle(self, *args, folder: Path, replace: bool, **options) -> None:
        try:
            verified = restore(folder.absolute(), replace=replace)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        facts = {"folder": str(folder), "audit_rows": verified.rows, "audit_problems": len(verified.problems)}
        self.answer(
            facts,
            f"Restored. {verified.rows} rows of the audit trail compared with their seals, {len(verified.problems)} problems.",
            as_json=options["json"],
        )
        if verified.problems:
            raise SystemExit(1)
