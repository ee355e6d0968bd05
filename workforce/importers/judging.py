"""The check of a whole roster sheet: every error of every row in one pass, then the comparison with the roster."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.db import transaction

from portal.core.lib.clock import today
from portal.core.lib.fields import indexer
from portal.core.sheets.columns import Column
from portal.core.sheets.errors import SheetError
from portal.core.sheets.headers import Layout
from portal.core.sheets.importer import JudgedRow, Judgement, Progress, Unusable, no_progress
from portal.core.sheets.mapping import mapping_of
from portal.core.sheets.models import ImportBatch, RowStatus
from portal.core.sheets.reading import Grid, shown_name
from workforce.actions.plan_text import PlanText
from workforce.importers import known
from workforce.importers.basis import absent, sheet_text, take_basis
from workforce.importers.checking import Ages, check_row
from workforce.importers.columns import EXAMPLE_ID
from workforce.importers.communities import look_at_communities
from workforce.importers.comparing import Comparison
from workforce.importers.known import Known
from workforce.importers.layout import lay_out
from workforce.importers.leaving import Leaving
from workforce.importers.meanwhile import note_changed
from workforce.importers.parsing import parse_rows
from workforce.importers.people import Human, humans_of, index_rows
from workforce.importers.places import Places
from workforce.importers.positions import judge_positions
from workforce.importers.rows import Row, issue, shown_cell
from workforce.queries.certificates import registration_rule

_EVERY = 1000
_NAMED = 10  # sheets of a sentence
_PART = 5000  # people compared at a time: what is known of them is loaded and let go together


@transaction.atomic
def judge(grid: Grid, *, batch: ImportBatch, lock: bool = False, progress: Progress = no_progress) -> Judgement:
    """Judges the sheet against the roster of the batch's division as it stands now.

    With `lock` the people it read stay locked to the end of the transaction. Raises `Unusable` where the headers cannot be
    understood, and where posts are to end that another sheet of the file may name.
    """
    columns, layout = lay_out(grid, mapping_of(batch.kind, batch.division_id))
    if batch.options.get("leaving_on") and grid.alike:
        others = "、".join(map(shown_name, grid.alike[:_NAMED]))
        raise Unusable([SheetError("sheets_alike", {"sheet": shown_name(grid.sheet), "others": others})])
    rows, versions = list(_parsed(columns, layout, grid.epoch_1904, progress)), grid.versions
    del grid, layout  # a hundred thousand rows of cells
    sheet = sheet_text(dict.fromkeys(index_rows(rows, indexer())))
    basis = take_basis(batch, sheet, lock=lock)
    places = Places(batch.division, rows)
    _check(rows, places, Ages.of(batch.division_id, today()))
    note_changed(rows, versions)
    humans = humans_of(rows)
    comparison = Comparison(batch, places.inside, today(), registration_rule(batch.division_id, today()))
    leaving = Leaving(comparison, {(row.values.get("name"), row.code) for row in rows if row.errors})
    plan = _compared(humans, comparison, leaving, progress)
    judge_positions(comparison.written, comparison.held, lock=lock)
    look_at_communities(rows, places.inside, comparison.held, today())
    judged = [_judged(row, batch.division.label) for row in rows] + leaving.rows()
    plan.sections["sheet"] = sheet
    return Judgement(judged, _counts(judged, comparison), plan.sections, basis)


def _parsed(columns: list[tuple[int, Column]], layout: Layout, epoch_1904: bool, progress: Progress) -> Iterator[Row]:
    total = len(layout.rows)
    for done, row in enumerate(parse_rows(columns, layout.rows, epoch_1904=epoch_1904)):
        if not done % _EVERY:
            progress("checking", done, total)
        yield row


def _compared(humans: dict[bytes, Human], comparison: Comparison, leaving: Leaving, progress: Progress) -> PlanText:
    """Compares everybody of the sheet, then those whom it does not name, part by part."""
    plan, done, division = PlanText(), 0, comparison.division
    for part, roster in known.read_ahead(partial(_roster, division), _parts(humans.values())):
        progress("comparing", done, len(humans))
        for human in part:
            person = roster.get(human.index)
            comparison.take(human, person)
            if person is not None and not any(row.errors for row in human.rows):
                leaving.look(person, named=True)
        plan.add(comparison.taken())
        done += len(part)
    if not comparison.partial:
        for _ids, people in known.read_ahead(partial(known.by_id, division), _parts(absent())):
            for person in people:
                leaving.look(person, named=False)
            plan.add(comparison.taken())
    return plan


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while part := list(itertools.islice(iterator, _PART)):
        yield part


def _roster(division: str, cursor: Any, humans: list[Human]) -> dict[bytes, Known]:
    """The roster by the current blind index of each person; older keys of a rotation are looked up as well."""
    current: dict[bytes, bytes] = {}
    for human in humans:
        for index in human.indexes:
            current[index] = human.index
    found = known.by_index(division, cursor, current)
    return {current[index]: person for index, person in found.items()}


def _check(rows: list[Row], places: Places, ages: Ages) -> None:
    for row in rows:
        if row.nobody:
            continue
        place = places.find(row)
        if row.outside:
            continue
        row.code = place.code if place else ""
        check_row(row, place, ages)
        number = row.values.get("id_number")
        if number is not None and number.number == EXAMPLE_ID:
            row.error("example", "id_number", cell=EXAMPLE_ID)


def _judged(row: Row, division: str) -> JudgedRow:
    label = row.values.get("name", "")
    if row.outside:
        key = "code" if "code" in row.values else "community"
        told = issue("outside", key, shown_cell(key, row.values[key]), {"division": division})
        return JudgedRow(row.number, RowStatus.OUTSIDE, label, warnings=[told])
    if row.moved:
        return JudgedRow(row.number, RowStatus.MOVED, label, row.code, [], row.warnings, row.changes)
    if row.errors:
        return JudgedRow(row.number, RowStatus.ERROR, label, row.code, row.errors, row.warnings)
    status = RowStatus.NEW if row.new else RowStatus.CHANGED if row.changes else RowStatus.UNCHANGED
    return JudgedRow(row.number, status, label, row.code, [], row.warnings, row.changes)


def _counts(judged: list[JudgedRow], comparison: Comparison) -> dict[str, Any]:
    """Rows by status, problems by kind and code, and what applying will write."""
    statuses = Counter(row.status for row in judged)
    return {
        "rows": sum(1 for row in judged if row.number),
        **{status.value: statuses[status] for status in RowStatus},
        "people": comparison.new_people,
        "ending": comparison.ending,
        "warned": sum(1 for row in judged if row.warnings),
        "error_kinds": dict(Counter(error["code"] for row in judged for error in row.errors)),
        "warning_kinds": dict(Counter(warning["code"] for row in judged for warning in row.warnings)),
    }
