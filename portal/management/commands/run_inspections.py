from datetime import date

from django.core.management.base import CommandError, CommandParser

from portal.core.findings.inspection import Inspection
from portal.core.findings.models import InspectionRun, RunState, Trigger
from portal.core.findings.runs import RunFailed, run
from portal.core.findings.upkeep import keep_up
from portal.core.lib.clock import today
from portal.core.management.reporting import USAGE, ReportCommand, iso_day
from portal.registry import AFTER_INSPECTIONS, INSPECTIONS


class Command(ReportCommand):
    help = (
        "Runs checks in this process and brings the findings in line with what they see; without KEY, all of them. "
        "A day before the last run is only looked at: findings of later days stay as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("keys", nargs="*", metavar="KEY", help=", ".join(INSPECTIONS))
        parser.add_argument("--on", type=iso_day, metavar="DATE", help="the day to look at; today when left out")

    def handle(self, *args, keys: list[str], on: date | None, **options) -> None:
        if unknown := [key for key in keys if key not in INSPECTIONS]:
            known = ", ".join(INSPECTIONS)
            raise CommandError(f"There is no inspection {', '.join(unknown)}; there is {known}.", returncode=USAGE)
        on = on or today()
        entries, broken = [], []
        for key in dict.fromkeys(keys or INSPECTIONS):
            try:
                entries.append(_run(INSPECTIONS[key], on))
            except RunFailed as error:
                broken.append(str(error))
        if not keys and any(entry.state == RunState.DONE for entry in entries):
            keep_up(on)
            for follow in AFTER_INSPECTIONS:
                follow(on=on)
        facts = {entry.key: _facts(entry) for entry in entries}
        self.answer(facts, "\n".join(map(_line, entries)), as_json=options["json"])
        if broken:
            raise CommandError("These checks failed: " + "; ".join(broken))


def _run(inspection: Inspection, on: date) -> InspectionRun:
    entry = run(inspection, on=on, trigger=Trigger.MANUAL)
    assert entry is not None, "only the timetable's runs are left out"
    return entry


def _facts(entry: InspectionRun) -> dict:
    numbers = {name: getattr(entry, name) for name in ("subjects", "opened", "refreshed", "resolved")}
    return {**numbers, "seconds": float(entry.seconds)}


def _line(entry: InspectionRun) -> str:
    if entry.state == RunState.LOOKED:
        return f"{entry.key}: {entry.subjects} seen, {entry.problems} problems on {entry.on}; a later day was looked at before, nothing changed."
    words = "{}: {subjects} seen, {opened} opened, {refreshed} refreshed, {resolved} resolved, {seconds} s."
    return words.format(entry.key, **_facts(entry))
