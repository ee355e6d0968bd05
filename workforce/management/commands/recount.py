import time

from django.core.management.base import CommandParser

from portal.core.findings import counts
from portal.core.indicators.rolling import differences, recount
from portal.core.management.reporting import ReportCommand, division_of
from portal.core.territory.models import Division
from workforce.models import Tally

SHOWN = 50


class Command(ReportCommand):
    help = "Rebuilds the stored figures and counts of findings from the rows; with --verify only compares, exit code 1 on a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--under", default="", metavar="CODE", help="only this division and what is under it")
        parser.add_argument("--verify", action="store_true", help="change nothing, list what differs")

    def handle(self, *args, under: str, verify: bool, **options) -> None:
        begun = time.monotonic()
        division = division_of(under)
        code = division.code if division else ""
        if verify:
            self._verify(code, begun, options["json"])
            return
        recount(code)
        counts.recount()
        facts = {"tallies": Tally.objects.filter(division__in=Division.objects.under(code)).count()}
        facts["seconds"] = round(time.monotonic() - begun, 2)
        self.answer(facts, "{tallies} tallies rebuilt, {seconds} s.".format(**facts), as_json=options["json"])

    def _verify(self, code: str, begun: float, as_json: bool) -> None:
        differing = [*differences(code), *counts.differences(code)]
        found = [{"code": place, "stored": stored, "counted": counted} for place, stored, counted in differing]
        facts = {"differences": found, "seconds": round(time.monotonic() - begun, 2)}
        self.answer(facts, _listed(found), as_json=as_json)
        if found:
            raise SystemExit(1)


def _listed(found: list[dict]) -> str:
    if not found:
        return "Every tally equals a fresh count."
    lines = [
        f"{row['code']}: stored {_numbers(row['stored'])}, counted {_numbers(row['counted'])}" for row in found[:SHOWN]
    ]
    return "\n".join([f"{len(found)} tallies differ; run recount without --verify to rebuild them.", *lines])


def _numbers(counters: dict) -> str:
    return ", ".join(f"{name} {value}" for name, value in counters.items())
