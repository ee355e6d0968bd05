"""`manage.py import_roster FILE --division CODE --by USER [--apply] [--report OUT.xlsx] [--leaving-on DAY] [--json]` (contract.md)."""

import json
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.core.accounts.models import User
from portal.core.findings.reconcile import reconcile
from portal.core.lib.clock import today
from portal.core.sheets.actions import cancel, create_batch, request_apply
from portal.core.sheets.claims import settled
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.problems import sentences
from portal.core.sheets.reports import listed, write_report
from portal.core.sheets.running import apply_batch, judge_batch
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from workforce.importers import ROSTER
from workforce.inspections.staffing import STAFFING

_COUNTS = ("rows", "new", "changed", "unchanged", "leaving", "moved", "outside")


class Command(BaseCommand):
    help = "Checks a roster sheet against the roster of a division; with --apply applies it when there is no error."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="the sheet: xlsx, xls or csv")
        parser.add_argument("--division", required=True, help="code of the division the sheet is for")
        parser.add_argument("--by", required=True, metavar="USER", help="user name in whose name it is done")
        parser.add_argument("--apply", action="store_true", help="apply when there is no error")
        parser.add_argument(
            "--report", type=Path, metavar="OUT.xlsx", help="write every error and warning to this sheet"
        )
        parser.add_argument(
            "--leaving-on",
            type=date.fromisoformat,
            metavar="DAY",
            help="end the posts that the sheet does not name on this last day; they are kept when left out",
        )
        parser.add_argument("--leaving-reason", default="", metavar="TEXT", help="why, as in the column 离职原因")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options) -> None:
        began = time.monotonic()
        user, division = _user(options["by"]), _division(options["division"])
        try:
            with _opened(options["file"]) as file:
                batch = create_batch(
                    importer=ROSTER,
                    division=division,
                    filename=options["file"].name,
                    content=file,
                    options=_chosen(options),
                    by=user,
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=1) from error
        batch = judge_batch(batch.pk, ROSTER) or settled(batch)
        found = {field: listed(batch, ROSTER, field) for field in ("errors", "warnings")}
        if options["report"]:
            write_report(options["report"], batch, ROSTER)
        reason = _finish(batch, user, options["apply"], bool(found["errors"]))
        batch.refresh_from_db()
        result = {
            **{key: batch.counts.get(key, 0) for key in _COUNTS},
            **found,
            "sheets": batch.counts.get("sheets"),
            "applied": batch.state == BatchState.APPLIED,
            "batch": str(batch.pk),
            "seconds": round(time.monotonic() - began, 2),
        }
        self._tell(result, options["json"])
        if reason:
            raise CommandError(reason, returncode=1)

    def _tell(self, result: dict, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for issue in [*result["errors"], *result["warnings"]]:
            self.stdout.write(f"{issue['row'] or '-'}\t{issue['column']}\t{issue['code']}\t{issue['message']}")
        if (sheets := result["sheets"]) and sheets["others"]:
            self.stdout.write(f"sheet read: {sheets['read']}; not read: {', '.join(sheets['others'])}")
        counts = ", ".join(f"{key} {result[key]}" for key in _COUNTS)
        self.stdout.write(f"{counts}, errors {len(result['errors'])}, warnings {len(result['warnings'])}")
        self.stdout.write("applied" if result["applied"] else "not applied")


def _finish(batch: ImportBatch, user: User, apply: bool, errors: bool) -> str:
    """Applies or closes the checked batch; returns why it was refused, empty when it was not."""
    if batch.state == BatchState.FAILED:
        return " ".join(error["message"] for error in sentences(batch.problem))
    if not apply or errors:
        cancel(batch=batch, by=user)
        return "The sheet has errors; nothing was written." if apply else ""
    request_apply(batch=batch, importer=ROSTER, by=user)
    batch = apply_batch(batch.pk, user, ROSTER) or settled(batch)
    if batch.state == BatchState.APPLIED:
        reconcile(inspection=STAFFING, on=today(), by=None)
        return ""
    cancel(batch=batch, by=user)
    return " ".join(error["message"] for error in sentences(batch.problem))


def _user(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {name!r}.", returncode=1)
    return user


def _division(code: str) -> Division:
    division = find_division(code)
    if division is None:
        raise CommandError(f"There is no division {code!r}; load_divisions loads the tree.", returncode=1)
    return division


def _chosen(options: dict) -> dict[str, str]:
    """What becomes of people whom the sheet does not name."""
    if options["leaving_on"] is None:
        return {}
    return {"leaving_on": options["leaving_on"].isoformat(), "leaving_reason": options["leaving_reason"]}


def _opened(path: Path) -> BinaryIO:
    """The file; one byte more than is allowed stands for one that is larger: the check then says so."""
    try:
        if path.stat().st_size <= settings.IMPORT_MAX_BYTES:
            return path.open("rb")
        return BytesIO(bytes(settings.IMPORT_MAX_BYTES + 1))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=1) from error
