import time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from portal.core.management.reporting import ReportCommand
from portal.core.policy.presets import PRESETS, PresetError, read_presets
from workforce.actions.rules import load_rules


class Command(ReportCommand):
    help = "Enters the rules of preset files; without FILE those of the source documents. Again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="json as described beside the presets")

    def handle(self, *args, files: list[Path], **options) -> None:
        begun = time.monotonic()
        try:
            presets = [preset for file in files or sorted(PRESETS.glob("*.json")) for preset in read_presets(file)]
            loaded = load_rules(presets, by=None)
        except PresetError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        facts = {"rules": len(presets), **loaded.facts(), "seconds": round(time.monotonic() - begun, 2)}
        self.answer(facts, _sentence(facts), as_json=options["json"])


def _sentence(facts: dict) -> str:
    lines = ["{added} rules entered, {unchanged} were there already, {seconds} s.".format(**facts)]
    lines += [f"Left out, for its division is not loaded: {name}" for name in facts["skipped"]]
    return "\n".join(lines)
