"""The full judgement of rows typed into the grid: compared with what is on record now, then judged like a file.

A recorded row goes on only while its person's version is the one that the page had read; otherwise somebody else has
saved meanwhile, and the reader is shown both and chooses. The versions go on with the rows: what somebody saves later
is found by the check of the import (see workforce/importers/meanwhile.py). ID numbers of recorded people are filled in
here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.core.accounts.roles import Perm
from portal.core.sheets import cells as sheet
from portal.core.sheets.errors import SheetError
from portal.core.sheets.importer import JudgedRow, Unusable
from portal.core.sheets.models import ImportBatch, Source
from portal.core.territory.models import Division
from portal.core.web.formats import moment
from portal.pages import grid_rows
from portal.pages.grid_input import BadInput, Typed
from workforce.importers import ROSTER
from workforce.importers.columns import COLUMNS, HEADER
from workforce.models import Person
from workforce.queries.people import history

OPTIONS = {"partial": True}
_HEADERS = [column.header for column in COLUMNS]
_TOLD_WHO = 50  # conflicts of which the page says who saved and when


@dataclass
class Resolved:
    """Rows ready for the check as (row, its cells), and those that somebody else has changed meanwhile."""

    rows: list[tuple[Typed, dict[str, str]]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def content(self) -> bytes:
        """The rows as the content of an import."""
        cells = ((row.number, [cells.get(column.key, "") for column in COLUMNS]) for row, cells in self.rows)
        versions = {
            row.number: (str(row.person), row.version) for row, _cells in self.rows if row.person and row.version
        }
        return sheet.to_bytes(_HEADERS, cells, versions)


def resolve(user, division: Division, rows: list[Typed]) -> Resolved:
    """Fills in what the page does not know and sets apart the rows whose person is no longer as the page had read it."""
    posts = grid_rows.posts_of(user, division).filter(pk__in=[row.post for row in rows if row.post])
    now = {row["post"]: row for row in grid_rows.rows_of(user, posts)}
    mine = Person.objects.for_user(user, Perm.CHANGE_ROSTER)
    people = mine.in_bulk({row.person for row in rows if row.person})
    found = Resolved()
    for row in rows:
        if row.person is None:
            found.rows.append((row, {key: text for key, text in row.cells.items() if text}))
            continue
        person, recorded = people.get(row.person), now.get(row.post) if row.post else None
        gone = person is None or (row.post and (recorded is None or recorded["person"] != str(row.person)))
        if gone or person.version != row.version:
            found.conflicts.append(_conflict(row, None if gone else person, recorded))
        elif recorded is None:
            cells = {key: text for key, text in row.cells.items() if text}
            found.rows.append((row, {**cells, "id_number": str(person.id_number)}))
        else:
            cells = {**recorded["cells"], **row.cells}
            found.rows.append((row, grid_rows.sent_on(cells, recorded["cells"], str(person.id_number))))
    _say_who(user, found.conflicts, people)
    return found


def _conflict(row: Typed, person: Person | None, recorded: dict | None) -> dict[str, Any]:
    """What the record says now; no version where the post is no longer there to change."""
    return {
        "key": row.key,
        "person": str(row.person),
        "version": person.version if person else None,
        "cells": recorded["cells"] if recorded and person else {},
    }


def _say_who(user, conflicts: list[dict[str, Any]], people: dict[UUID, Person]) -> None:
    for conflict in conflicts[:_TOLD_WHO]:
        person = people.get(UUID(conflict["person"]))
        last = next(iter(history(user, person, limit=1)), None) if person else None
        conflict["by"], conflict["at"] = (last.actor, moment(last.at)) if last else ("", "")


def judge(division: Division, resolved: Resolved) -> dict[str, Any]:
    """What the check finds, by row: status, errors, warnings, and the changes field by field; nothing is written."""
    batch = ImportBatch(kind=ROSTER.kind, division=division, source=Source.GRID, options=OPTIONS)
    with transaction.atomic():
        judged, counts = _judged(resolved, batch)
    keys = {row.number: row.key for row, _cells in resolved.rows}
    found = {keys[row.number]: _told(row) for row in judged if row.number in keys}
    for key in keys.values():  # a row that the check passed over as an example
        found.setdefault(key, _example())
    sentence = ROSTER.summary({**counts, "leaving": 0}) if counts else ""
    return {"rows": found, "sentence": sentence}


def _judged(resolved: Resolved, batch: ImportBatch) -> tuple[Sequence[JudgedRow], dict[str, Any]]:
    try:
        judgement = ROSTER.judge(sheet.to_grid(resolved.content), batch=batch)
    except Unusable as error:
        if {one.code for one in error.errors} == {"no_rows"}:  # nothing but rows that look like the template's example
            return [], {}
        raise BadInput(" ".join(one.message for one in error.errors), 422) from None
    except SheetError as error:
        raise BadInput(error.message, 422) from None
    return judgement.rows, judgement.counts


def _told(row: JudgedRow) -> dict[str, Any]:
    return {
        "status": str(row.status),
        "errors": [_issue(issue) for issue in row.errors],
        "warnings": [_issue(issue) for issue in row.warnings],
        "changes": [_change(change) for change in row.changes if change["key"] in HEADER],
    }


def _issue(issue: dict[str, Any]) -> dict[str, str]:
    """`suggestion` is a text for the cell where the intent is clear; it is offered, never filled in."""
    found = {"key": issue["key"], "message": ROSTER.sentence(issue["code"], issue["params"])}
    suggestion = issue["params"].get("suggestion")
    return {**found, "suggestion": suggestion} if suggestion else found


def _example() -> dict[str, Any]:
    error = {"key": "id_number", "message": ROSTER.sentence("example", {})}
    return {"status": "error", "errors": [error], "warnings": [], "changes": []}


def _change(change: dict[str, Any]) -> dict[str, str]:
    label = HEADER.get(change["key"], change["key"])
    return {
        "key": change["key"],
        "label": f"{change['of']} · {label}" if change.get("of") else label,
        "old": ROSTER.show(change["key"], change["old"]),
        "new": ROSTER.show(change["key"], change["new"]),
    }
