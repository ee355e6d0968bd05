from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from portal.core.management.reporting import ReportCommand
from portal.core.workdays.actions import load_calendar
from portal.core.workdays.files import SHIPPED, CalendarFileError, read_calendar
from portal.registry import CALENDAR_FOLLOWERS


class Command(ReportCommand):
    help = (
        "Loads the working calendar of the years in FILE (day,is_workday,name,source), or the shipped one; a year in the "
        "file is replaced whole, loading it again changes nothing. "
        "Open last days are counted again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="csv; without it the shipped calendar")

    def handle(self, *args, file: Path | None, **options) -> None:
        try:
            days = read_calendar((file or SHIPPED).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read as UTF-8 text: {error}.") from error
        except CalendarFileError as error:
            raise CommandError(f"{file}: {error}") from error
        with transaction.atomic():
            changes = load_calendar(days=days, by=None)
            moved = sum(follower.follow(changes=changes, by=None) for follower in CALENDAR_FOLLOWERS)
        facts = {
            "years": changes.years,
            "added": len(changes.added),
            "changed": len(changes.changed),
            "removed": len(changes.removed),
            "unchanged": changes.unchanged,
            "moved": moved,
        }
        line = "Years {}: {} added, {} changed, {} removed, {} unchanged.".format(
            ", ".join(map(str, changes.years)), *list(facts.values())[1:5]
        )
        if moved:
            line += f" {moved} last days moved."
        self.answer(facts, line, as_json=options["json"])
