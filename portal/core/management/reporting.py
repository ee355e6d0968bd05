"""What the commands of this project share: an answer for people or, with --json, one JSON object; codes and days."""

import argparse
import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.territory.models import Division
from portal.core.territory.queries import find_division

USAGE = 2


class ReportCommand(BaseCommand):
    """A command that takes --json."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def answer(self, facts: dict, sentence: str, *, as_json: bool) -> None:
        """Prints the facts as JSON, else the sentence."""
        self.stdout.write(json.dumps(facts, ensure_ascii=False, default=str) if as_json else sentence)


def division_of(text: str) -> Division | None:
    """The division that a code on the command line names, trailing zeros or not; None for an empty text."""
    if not text:
        return None
    division = find_division(text)
    if division is None:
        raise CommandError(
            f"There is no division with the code {text!r}. Load the divisions first, or correct the code."
        )
    return division


def iso_day(text: str) -> date:
    """Argument type: a day such as 2026-11-22."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2026-11-22") from None
