"""Writes of imports of proposals: one after the other by the rules of intake, and taking an import back as a whole."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from portal.core.audit.actions import action
from portal.core.audit.rewind import Part, Tie, events_of, gather, look_later
from portal.core.audit.rewinding import remove_made, restore
from portal.core.sheets.importer import Part as PlanPart
from portal.core.sheets.importer import Progress
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.table_undo import preview_of
from portal.core.sheets.undo import Edited, UndoPreview
from proposals.actions.intake import Signer, bring
from proposals.actions.tallies import refresh_tallies
from proposals.models import Proposal, Proposer, Session
from proposals.queries.cases import search_text, search_vector

# The tables that an import writes; the history of each tells what was written.
TABLES: tuple[type[models.Model], ...] = (Proposal, Proposer)
_DAYS = ("received_on", "filed_on")


@action
def apply_proposal_sheet(*, part: PlanPart, batch: ImportBatch, by) -> None:
    """Writes the proposals of a checked sheet and brings the figures up to date; all or nothing.

    Raises ValidationError or IntegrityError where what is registered has come to contradict the plan.
    """
    lines = [*_lines(part("new")), *_lines(part("changed"))]
    held = Session.objects.in_bulk({line["session"] for line in lines})
    for line in lines:
        facts = {name: _value(name, value) for name, value in line["facts"].items()}
        signers = [Signer(name) for name in line["signers"]]
        bring(held[line["session"]], line["number"], signers, facts, by)
    refresh_tallies([batch.division_id])


def _lines(pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, b"".join(pieces).decode().splitlines())


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DAYS and value is not None else value


@cache
def _ties() -> tuple[Tie, ...]:
    """The proposals and what hangs on them: whatever was done to them since keeps them from being taken back."""
    relations = (one for one in Proposal._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete)
    tracked = [one for one in relations if hasattr(one.related_model, "pgh_event_model")]
    hanging = [Tie(one.related_model, f"e.{one.field.column}") for one in tracked if one.related_model is not Proposer]
    return (Tie(Proposal, "e.id", always=True), Tie(Proposer, "e.proposal_id", always=True), *hanging)


def look(batch: ImportBatch) -> UndoPreview:
    """What would be taken back now, and what would be kept; writes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        return preview_of(cursor, _gathered(cursor, batch))


@action
def undo_import(*, batch: ImportBatch, rest: bool, progress: Progress, by) -> UndoPreview:
    """Puts the proposals of an import back to what they were before it, and the figures with them.

    What was edited since is kept; without `rest` that raises `Edited` and nothing is written.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE proposals_proposal IN SHARE ROW EXCLUSIVE MODE")
        parts = cases, _signers = _gathered(cursor, batch)
        found = preview_of(cursor, parts)
        if found.kept_count and not rest:
            raise Edited(found)
        progress("undoing", 0, found.rows)
        _take_back_signers(cursor, batch)
        remove_made(cursor, cases)
        restore(cursor, cases, given={"version": "t.version + 1", "search": "t.search"})
        cursor.execute(f"SELECT id FROM {cases.gathered} WHERE NOT made")
        _search_anew([pk for (pk,) in cursor.fetchall()])
        progress("undoing", found.rows, found.rows)
    refresh_tallies([batch.division_id])
    return found


def _gathered(cursor: Any, batch: ImportBatch) -> tuple[Part, Part]:
    """Makes the temporary tables of `rewind`; a proposal and its signers go back together."""
    parts = (Part(Proposal, "pgh_obj_id"), Part(Proposer, "proposal_id"))
    gather(cursor, parts, batch.written, str(batch.pk))
    look_later(cursor, parts, _ties(), batch.written)
    return parts


def _take_back_signers(cursor: Any, batch: ImportBatch) -> None:
    """The signers as they were before the import, from their history: intake writes them anew with every change."""
    events, table = events_of(Proposer), Proposer._meta.db_table
    columns = ", ".join(connection.ops.quote_name(field.column) for field in Proposer._meta.concrete_fields)
    first = batch.written.get(events, [1, 0])[0]
    cursor.execute(f"DELETE FROM {table} WHERE proposal_id IN (SELECT owner FROM rewind_proposer)")
    cursor.execute(
        f"""INSERT INTO {table} ({columns}) SELECT {columns} FROM (
            SELECT DISTINCT ON (e.pgh_obj_id) e.* FROM {events} e
            WHERE e.pgh_id < %s AND e.proposal_id IN (SELECT owner FROM rewind_proposer)
            ORDER BY e.pgh_obj_id, e.pgh_id DESC
        ) before WHERE pgh_label <> 'delete'""",
        [first],
    )


def _search_anew(keys: list[int]) -> None:
    """The terms of proposals that were put back: history does not keep them."""
    for one in Proposal.objects.filter(pk__in=keys).prefetch_related("proposers"):
        names = [signer.name for signer in one.proposers.all()]
        vector = search_vector(search_text(one.number, one.title, one.text, names))
        Proposal.objects.filter(pk=one.pk).update(search=vector)
