import lzma
import time
from pathlib import Path

import pghistory
from django.core.management.base import CommandError, CommandParser
from psycopg2 import DataError  # Django does not translate what COPY raises

from portal.core.audit.actions import SYSTEM
from portal.core.lib.clock import today
from portal.core.lib.codes import candidates
from portal.core.management.reporting import USAGE, ReportCommand
from portal.core.territory.loading import NATIONAL_FILE, load_divisions, read_divisions


class Command(ReportCommand):
    help = "Loads or updates the tree of divisions; running it again changes nothing, withdrawn divisions are closed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--under", default="", metavar="CODE", help="only this division, what is under it and above it"
        )
        parser.add_argument("file", nargs="?", type=Path, default=NATIONAL_FILE, help="code,name; plain or .xz")

    def handle(self, *args, under: str, file: Path, **options) -> None:
        begun = time.monotonic()
        names, code = _read(file, under)
        try:
            with pghistory.context(user=SYSTEM, act="load_divisions"):
                facts = load_divisions(names, under=code, on=today())
        except DataError as error:
            raise CommandError(f"{file} does not fit the tree of divisions: {error}".strip()) from error
        facts["seconds"] = round(time.monotonic() - begun, 2)
        sentence = "{divisions} divisions read, {written} written, {closed} closed, {seconds} s.".format(**facts)
        self.answer(facts, sentence, as_json=options["json"])


def _read(file: Path, under: str) -> tuple[dict[str, str], str]:
    """Names by code, and the code that `under` stands for in this file."""
    codes = candidates(under)
    if under and not codes:
        raise CommandError(f"--under {under} is not a division code of 2, 4, 6, 9 or 12 digits.", returncode=USAGE)
    for code in codes or [""]:
        names = _names(file, code)
        if code in names or (not code and names):
            return names, code
    what = f"no division {under}" if under else "no divisions"
    raise CommandError(f"{file} holds {what}; nothing was changed.")


def _names(file: Path, code: str) -> dict[str, str]:
    try:
        return read_divisions(file, code)
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise CommandError(
            f"{file} cannot be read as a list of divisions: {error}. Expected code,name in UTF-8."
        ) from error
    except ValueError as error:
        raise CommandError(f"{file}: {error}") from error
