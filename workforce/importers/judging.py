"""The check of a whole roster sheet: every error of every row in one pass, then the comparison with the roster."""

import hashlib
import json
from collections import Counter
from typing import Any

from portal.core.lib.clock import today
from portal.core.lib.fields import index_candidates
from portal.core.sheets.importer import JudgedRow, Judgement, Progress, no_progress
from portal.core.sheets.models import ImportBatch, RowStatus
from portal.core.sheets.reading import Grid
from workforce.importers import known
from workforce.importers.checking import Ages, check_row
from workforce.importers.columns import EXAMPLE_ID
from workforce.importers.comparing import Comparison
from workforce.importers.known import Known
from workforce.importers.layout import lay_out
from workforce.importers.matching import change
from workforce.importers.parsing import parse_rows
from workforce.importers.people import Human, humans_of
from workforce.importers.places import Places
from workforce.importers.positions import judge_positions
from workforce.importers.rows import Row, issue, shown_cell
from workforce.queries.certificates import registration_rule

_EVERY = 500


def judge(grid: Grid, *, batch: ImportBatch, lock: bool = False, progress: Progress = no_progress) -> Judgement:
    """Judges the sheet against the roster of the batch's division as it stands now.

    With `lock` the people it read stay locked to the end of the transaction. Raises `Unusable` where the headers cannot be
    understood.
    """
    columns, layout = lay_out(grid)
    rows = []
    for row in parse_rows(columns, layout.rows, epoch_1904=grid.epoch_1904):
        rows.append(row)
        if not len(rows) % _EVERY:
            progress("checking", len(rows), len(layout.rows))
    places = Places(batch.division, rows)
    _check(rows, places, Ages.of(batch.division_id, today()))
    humans = humans_of(rows, lambda number: index_candidates(number)[0])
    progress("comparing", 0, len(rows))
    roster = _roster(batch.division_id, humans, lock)
    terms = registration_rule(batch.division_id, today())
    comparison = Comparison(batch.division_id, places.inside, today(), terms)
    for done, human in enumerate(humans.values()):
        comparison.take(human, roster.get(human.index))
        if not done % _EVERY:
            progress("comparing", done, len(humans))
    judge_positions(comparison.written, comparison.plan.posts, lock=lock)
    judged = [_judged(row, batch.division.label) for row in rows] + _leaving(rows, humans, roster, comparison)
    return Judgement(judged, _counts(judged, comparison), _digest(judged, comparison), comparison.plan)


def _check(rows: list[Row], places: Places, ages: Ages) -> None:
    for row in rows:
        place = places.find(row)
        if row.outside:
            continue
        row.code = place.code if place else ""
        check_row(row, place, ages)
        number = row.values.get("id_number")
        if number is not None and number.number == EXAMPLE_ID:
            row.error("example", "id_number", cell=EXAMPLE_ID)


def _roster(division: str, humans: dict[bytes, Human], lock: bool) -> dict[bytes, Known]:
    """The roster by the current blind index of each person; older keys of a rotation are looked up as well."""
    current: dict[bytes, bytes] = {}
    for human in humans.values():
        for index in index_candidates(human.rows[0].values["id_number"].number):
            current[index] = human.index
    found = known.load(division, current, lock=lock)
    return {current.get(index, index): person for index, person in found.items()}


def _judged(row: Row, division: str) -> JudgedRow:
    label = row.values.get("name", "")
    if row.outside:
        key = "code" if "code" in row.values else "community"
        told = issue("outside", key, shown_cell(key, row.values[key]), {"division": division})
        return JudgedRow(row.number, RowStatus.OUTSIDE, label, warnings=[told])
    if row.errors:
        return JudgedRow(row.number, RowStatus.ERROR, label, row.code, row.errors, row.warnings)
    status = RowStatus.NEW if row.new else RowStatus.CHANGED if row.changes else RowStatus.UNCHANGED
    return JudgedRow(row.number, status, label, row.code, [], row.warnings, row.changes)


def _leaving(
    rows: list[Row], humans: dict[bytes, Human], roster: dict[bytes, Known], comparison: Comparison
) -> list[JudgedRow]:
    """Posts in force in the division that the sheet does not name; people whose row is in error are not among them."""
    unclear = {(row.values.get("name"), row.code) for row in rows if row.errors}
    found = []
    for index, person in roster.items():
        if index in humans and any(row.errors for row in humans[index].rows):
            continue
        name = person.values["name"]
        for post in comparison.missing(person):
            if (name, post.division) not in unclear:
                gone = [change(key, getattr(post, key), None) for key in ("body", "title", "valid_from")]
                found.append(JudgedRow(0, RowStatus.LEAVING, name, post.division, changes=gone))
    return sorted(found, key=lambda row: (row.division, row.label))


def _counts(judged: list[JudgedRow], comparison: Comparison) -> dict[str, Any]:
    """Rows by status, problems by kind and code, and what applying will write."""
    statuses = Counter(row.status for row in judged)
    plan = comparison.plan
    return {
        "rows": sum(1 for row in judged if row.number),
        **{status.value: statuses[status] for status in RowStatus},
        "people": sum(1 for person in plan.people if person.new),
        "warned": sum(1 for row in judged if row.warnings),
        "error_kinds": dict(Counter(error["code"] for row in judged for error in row.errors)),
        "warning_kinds": dict(Counter(warning["code"] for row in judged for warning in row.warnings)),
    }


def _digest(judged: list[JudgedRow], comparison: Comparison) -> str:
    """A fingerprint of everything the reader is shown and of everything that would be written."""
    text = hashlib.sha256()
    for row in judged:
        codes = [error["code"] for error in row.errors]
        text.update(json.dumps([row.number, row.status, row.division, codes, row.changes], default=str).encode())
    for person in comparison.plan.people:
        fields = [str(value) for value in person.fields.values()]
        text.update(json.dumps([person.index.hex(), person.new, fields]).encode())
    return text.hexdigest()
