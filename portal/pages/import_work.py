"""What pages and REST alike have done with an import: the act, then the task that carries it out once the act is kept."""

import datetime as dt
from typing import Any, BinaryIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal import registry, tasks
from portal.core.accounts.models import User
from portal.core.accounts.roles import Perm
from portal.core.lib import clock
from portal.core.lib.codes import Level
from portal.core.sheets import actions, undoing
from portal.core.sheets.errors import message_of
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import ImportBatch, Source
from portal.core.territory.models import Division, DivisionQuerySet
from workforce.importers import ROSTER

PERM = Perm.IMPORT_ROSTER
# Whoever may import any kind of sheet opens the pages of imports; each kind asks for its own right besides.
PERMS = tuple(dict.fromkeys(importer.perm for importer in registry.IMPORTERS.values()))
REASON_LENGTH = 100
_EARLIEST, _AHEAD = dt.date(2000, 1, 1), dt.timedelta(days=366)


def offices(user: User) -> DivisionQuerySet:
    """The divisions for which a user may import: streets and above, and a community whose own account it is."""
    above = Q(formal=False, level__lt=Level.COMMUNITY) | Q(code__in=user.territories(PERM))
    return Division.objects.for_user(user, PERM).filter(above)


def kinds_of(user: User) -> list[Importer]:
    """The kinds of sheet that a user may import somewhere, the roster first."""
    return [importer for importer in registry.IMPORTERS.values() if user.can(importer.perm)]


def importer_named(user: User, kind: str) -> Importer:
    """The kind of sheet chosen, where the user may import it; else the first that the user may."""
    mine = kinds_of(user)
    return next((importer for importer in mine if importer.kind == kind), mine[0])


def batches_of(user: User) -> QuerySet:
    """The imports of the user's territory, of the kinds that the user may import there."""
    found = ImportBatch.objects.none()
    for perm in PERMS:
        kinds = [importer.kind for importer in registry.IMPORTERS.values() if importer.perm == perm]
        found = found | ImportBatch.objects.for_user(user, perm).filter(kind__in=kinds)
    return found


def batch_of(user: User, pk: UUID) -> ImportBatch:
    """An import of the user's territory; any other answers like one that never was."""
    return get_object_or_404(batches_of(user).select_related("division", "uploaded_by"), pk=pk)


def take_in(
    *,
    division: Division,
    filename: str,
    content: bytes | BinaryIO,
    importer: Importer = ROSTER,
    replaces: ImportBatch | None = None,
    source: str = Source.FILE,
    options=None,
    by: User,
) -> ImportBatch:
    """Keeps what was uploaded or typed and sends its check. ValidationError with the reason when it cannot be taken."""
    try:
        batch = actions.create_batch(
            importer=importer,
            division=division,
            filename=filename,
            content=content,
            replaces=replaces,
            source=source,
            options=options,
            by=by,
        )
    except OSError as error:
        raise ValidationError(
            _("服务器暂时存不下这份文件，什么也没有留下。请稍后再传；仍不行请告诉系统管理员。"), code="storage"
        ) from error
    _send(lambda: tasks.judge_import.delay(str(batch.pk)))
    return batch


def apply(batch: ImportBatch, digest: str, by: User) -> ImportBatch:
    """Confirms the preview of that fingerprint; a worker writes it."""
    batch = actions.request_apply(batch=batch, importer=registry.IMPORTERS[batch.kind], digest=digest, by=by)
    _send(lambda: tasks.apply_import.delay(str(batch.pk), by.pk))
    return batch


def judge_again(batch: ImportBatch, options: dict[str, Any], by: User) -> ImportBatch:
    """Checks the file anew with other options. ValidationError where it cannot be, or the file holds a second roster
    whose people would be ended."""
    importer = registry.IMPORTERS[batch.kind]
    if options.get("leaving_on") and (alike := sheets_of(batch).get("alike")):
        told = {"sheet": sheets_of(batch)["read"], "others": "、".join(alike)}
        raise ValidationError(message_of("sheets_alike", told), code="sheets_alike")
    batch = actions.rejudge(batch=batch, importer=importer, options=options, by=by)
    _send(lambda: tasks.judge_import.delay(str(batch.pk)))
    return batch


def sheets_of(batch: ImportBatch) -> dict[str, Any]:
    """The worksheets of a checked workbook: the one `read`, the `others`, and those of them that look `alike`."""
    return batch.counts.get("sheets") or {}


def undo(batch: ImportBatch, rest: bool, by: User) -> ImportBatch:
    """Has an applied import taken back, with `rest` all of it but the rows that were edited since."""
    importer = registry.IMPORTERS[batch.kind]
    batch = undoing.request_undo(batch=batch, importer=importer, rest=rest, by=by)
    _send(lambda: tasks.undo_import.delay(str(batch.pk), by.pk, rest))
    return batch


def days() -> tuple[dt.date, dt.date]:
    """The first and the last day that anybody may choose for a whole sheet."""
    return _EARLIEST, clock.today() + _AHEAD


def leaving_options(day: dt.date | None, reason: str = "") -> dict[str, Any]:
    """The options that say what becomes of people whom the sheet does not name: kept, or ended on their last day."""
    if day is None:
        return {"leaving_on": None, "leaving_reason": ""}
    first, last = days()
    if not first <= day <= last:
        raise ValidationError(
            {"leaving_on": _("截止日期应在 %(first)s 至 %(last)s 之间。") % {"first": first, "last": last}}
        )
    if not reason.strip():
        raise ValidationError({"leaving_reason": _("请填写原因，会记入每个人的离职记录。")})
    return {"leaving_on": day.isoformat(), "leaving_reason": reason.strip()}


def _send(send) -> None:
    """A broker that is away loses nothing: the timetable sends the task again."""
    transaction.on_commit(send, robust=True)
