import time
from argparse import ArgumentTypeError
from datetime import date, timedelta

from django.core.management.base import CommandError, CommandParser

from portal.core.indicators.rolling import take_snapshots
from portal.core.lib.clock import today
from portal.core.management.reporting import USAGE, ReportCommand


def month(text: str) -> date:
    """The first day of a month written as 2025-03."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a month; write it as 2025-03.") from error


class Command(ReportCommand):
    help = "Keeps the figures of past month ends, counted from the records; months kept already stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", dest="first", type=month, metavar="MONTH", help="default: last month")
        parser.add_argument("--to", dest="last", type=month, metavar="MONTH", help="default: last month")

    def handle(self, *args, first: date | None, last: date | None, **options) -> None:
        begun = time.monotonic()
        before = today().replace(day=1) - timedelta(days=1)
        first = first or before
        last = before if last is None else min(before, _end(last))
        if first > last:
            raise CommandError("There is no past month between --from and --to.", returncode=USAGE)
        found = take_snapshots(first, last)
        facts = {
            "taken": [str(day) for day, new in found.items() if new],
            "kept": [str(day) for day, new in found.items() if not new],
            "seconds": round(time.monotonic() - begun, 2),
        }
        sentence = (
            f"{len(facts['taken'])} month ends taken, {len(facts['kept'])} were kept already, {facts['seconds']} s."
        )
        self.answer(facts, sentence, as_json=options["json"])


def _end(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
