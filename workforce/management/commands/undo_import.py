"""`manage.py undo_import BATCH --by USER [--rest] [--json]` (contract.md)."""

import time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from portal.core.accounts.models import User
from portal.core.findings.reconcile import reconcile
from portal.core.lib.clock import today
from portal.core.management.reporting import ReportCommand
from portal.core.sheets.claims import settled
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.problems import sentences
from portal.core.sheets.undo import UndoPreview
from portal.core.sheets.undoing import preview, request_undo, undo_batch
from workforce.importers import ROSTER
from workforce.inspections.staffing import STAFFING


class Command(ReportCommand):
    help = "Takes an applied import back whole, or refuses and says who was edited since; --rest takes back the others."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", help="id of the import")
        parser.add_argument("--by", required=True, metavar="USER", help="user name in whose name it is done")
        parser.add_argument("--rest", action="store_true", help="keep who was edited since, take back the others")

    def handle(self, *args, batch: str, by: str, rest: bool, **options) -> None:
        began = time.monotonic()
        user, found = _user(by), _batch(batch)
        kept, reason = UndoPreview(people=0, rows=0, kept_count=0), ""
        try:
            request_undo(batch=found, importer=ROSTER, rest=rest, by=user)
            kept = preview(found, ROSTER) if rest else kept
            undo_batch(found.pk, user, ROSTER, rest) or settled(found)
        except ValidationError as error:
            reason = " ".join(error.messages)
            kept = preview(found, ROSTER) if error.code == "edited" else kept
        found.refresh_from_db()
        undone = found.state == BatchState.UNDONE and not reason
        if undone:
            reconcile(inspection=STAFFING, on=today(), by=None)
        reason = reason or " ".join(error["message"] for error in sentences(found.problem))
        self._tell(found, undone, kept, round(time.monotonic() - began, 2), options["json"])
        if not undone:
            raise CommandError(reason, returncode=1)

    def _tell(self, batch: ImportBatch, undone: bool, kept: UndoPreview, seconds: float, as_json: bool) -> None:
        counts = batch.counts["undone"] if undone else {"people": 0, "rows": 0}
        facts = {
            "batch": str(batch.pk),
            "undone": undone,
            "people": counts["people"],
            "rows": counts["rows"],
            "kept": kept.kept,
            "seconds": seconds,
        }
        if not as_json:
            for one in kept.kept:
                self.stdout.write(f"{one['label']}\t{one['reason']}")
        state = "taken back: {people} people, {rows} rows" if undone else "nothing was taken back"
        self.answer(facts, state.format(**facts), as_json=as_json)


def _user(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {name!r}.", returncode=1)
    return user


def _batch(text: str) -> ImportBatch:
    try:
        return ImportBatch.objects.get(pk=UUID(text))
    except (ValueError, ImportBatch.DoesNotExist):
        raise CommandError(f"There is no import {text!r}.", returncode=1) from None
