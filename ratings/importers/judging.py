"""The check of a flat sheet: every error of every row in one pass, then the comparison with the records that are there."""

from typing import Any

from django.db import transaction

from portal.core.lib.codes import code_range
from portal.core.lib.dated import end_of, last_day
from portal.core.sheets.importer import JudgedRow, Judgement, Part, Progress, no_progress
from portal.core.sheets.mapping import mapping_of
from portal.core.sheets.models import ImportBatch, RowStatus
from portal.core.sheets.reading import Grid
from ratings.importers.context import Context, existing
from ratings.importers.flat import LONGEST_LABEL, Flat, FlatRow, stored, words_of
from ratings.importers.judged import fingerprint, judged, judgement
from ratings.importers.reading import read_rows
from workforce.importers.places import Places

PARTS = ("new", "changed")
_EVERY = 1000
# Whatever a check reads: the records themselves, what rows may name, rules and calendar.
_READ = (
    "SELECT r::text AS part FROM {table} r WHERE division_id >= %(low)s AND division_id < %(high)s ORDER BY id",
    "SELECT r::text AS part FROM ratings_premises r WHERE division_id >= %(low)s AND division_id < %(high)s ORDER BY id",
    "SELECT r::text AS part FROM workforce_grid r WHERE division_id >= %(low)s AND division_id < %(high)s ORDER BY id",
    """SELECT concat_ws(',', id, person_id, division_id, valid_from, valid_to) AS part FROM workforce_appointment
    WHERE division_id >= %(low)s AND division_id < %(high)s ORDER BY id""",
    "SELECT r::text AS part FROM core_policyrule r WHERE kind = 'service.requests' ORDER BY id",
    """SELECT concat_ws(',', code, label, level, urban, valid_to) AS part FROM core_division
    WHERE code >= %(near)s AND code < %(beyond)s ORDER BY code""",
)
_LOCK = "SELECT id FROM {table} WHERE division_id >= %(low)s AND division_id < %(high)s ORDER BY id FOR UPDATE"


def take_basis(flat: Flat, batch: ImportBatch, *, lock: bool) -> str:
    """The fingerprint of all that a check reads; with `lock` the records stay as they are to the end of the transaction."""
    low, high = code_range(batch.division_id)
    near, beyond = code_range(batch.division_id[:6])
    given, table = {"low": low, "high": high, "near": near, "beyond": beyond}, flat.model._meta.db_table
    reads = [sql.format(table=table) for sql in _READ]
    return fingerprint(batch, reads, given, lock=_LOCK.format(table=table) if lock else "")


def renewed_basis(*, flat: Flat, batch: ImportBatch, part: Part) -> str:
    """The fingerprint of a kept check as it is now, and what it is of held still."""
    return take_basis(flat, batch, lock=True)


@transaction.atomic
def judge(
    grid: Grid, *, flat: Flat, batch: ImportBatch, lock: bool = False, progress: Progress = no_progress
) -> Judgement:
    """Judges the sheet against the records of the batch's division. Raises `Unusable` where its header is not understood."""
    rows = list(read_rows(flat, grid, mapping_of(batch.kind, batch.division_id)))
    basis = take_basis(flat, batch, lock=lock)
    places, context = Places(batch.division, rows), Context(batch.division)
    for done, row in enumerate(rows):
        if not done % _EVERY:
            progress("checking", done, len(rows))
        place = places.find(row)
        row.code = place.code if place and not row.outside else ""
        if not row.outside:
            _fill(flat, row, context)
    progress("comparing", 0, len(rows))
    plan = _compared(flat, rows, context)
    return judgement([_judged(flat, row, batch.division.label) for row in rows], plan, basis)


def _fill(flat: Flat, row: FlatRow, context: Context) -> None:
    """The record that the row tells of, as far as it says; contradictions are noted on the row."""
    values, by_key = row.values, flat.by_key
    if "valid_from" in values and "valid_to" in values and values["valid_to"] < values["valid_from"]:
        start = row.headers["valid_from"]
        row.error("period_reversed", "valid_to", start_column=start, start=values["valid_from"])
    for key, value in values.items():
        one = by_key.get(key)
        if one is None or not one.attribute or one.type in ("grid", "premises", "worker"):
            continue
        row.record[one.attribute] = end_of(value) if one.type == "last_day" else value
    if row.code and "grid" in by_key and "grid" in values:
        row.record["grid_id"] = context.grid(row, values["grid"])
    if flat.complete is not None and row.code:
        flat.complete(row, row.record, context)


def _compared(flat: Flat, rows: list[FlatRow], context: Context) -> dict[str, list[dict]]:
    """What would be written: new records, and those that change with all their values."""
    plan: dict[str, list[dict]] = {name: [] for name in PARTS}
    there = existing(flat, {row.code for row in rows if row.code})
    first: dict[tuple, int] = {}
    for row in rows:
        if row.outside or row.errors:
            continue
        key = (row.code, *(row.record.get(name) for name in flat.key))
        if (other := first.setdefault(key, row.number)) != row.number:
            row.error("same_twice", "code" if "code" in row.values else "community", other=other)
            continue
        found = _meant(flat, row, there.get(key))
        before = found or {"division_id": row.code, **_defaults(flat), **row.fresh}
        record = {**before, **row.record}
        if flat.check is not None:
            flat.check(row, record)
        if row.errors:
            continue
        row.changes = _changes(flat, row, found, context)
        if found is None:
            row.new = True
            plan["new"].append(record)
        elif record != found:
            plan["changed"].append(record)
    return plan


def _meant(flat: Flat, row: FlatRow, found: dict[str, Any] | None) -> dict[str, Any] | None:
    """The record a row means; one that had ended before the row begins is another, earlier one."""
    if found is None or not flat.dated or found["valid_to"] is None:
        return found
    start = row.record.get("valid_from")
    return None if start is not None and start >= found["valid_to"] else found


def _defaults(flat: Flat) -> dict[str, Any]:
    empty = {one.attribute: one.default for one in flat.fields if one.attribute}
    return {**empty, **flat.constants}


def _changes(flat: Flat, row: FlatRow, found: dict[str, Any] | None, context: Context) -> list[dict[str, Any]]:
    """The fields as they were and will be; ends of periods as last days, what is looked up by its name."""
    changes = []
    for one in flat.fields:
        if one.key not in row.values or (
            found and (not one.attribute or found[one.attribute] == row.record[one.attribute])
        ):
            continue
        old = found[one.attribute] if found else None
        if one.type == "last_day":
            old = last_day(old)
        elif one.type in ("grid", "worker"):
            old = context.name_of(one.type, old)
        changes.append({"key": one.key, "old": stored(old), "new": stored(row.values[one.key])})
    return changes


def _judged(flat: Flat, row: FlatRow, division: str) -> JudgedRow:
    named, title = row.values.get(flat.title, ""), flat.by_key[flat.title]
    label = words_of(title.choices, named) if title.choices and named else str(named)
    if not row.outside:
        return judged(row, label)
    key = "code" if "code" in row.values else "community"
    row.warn("outside", key, division=division)
    return JudgedRow(row.number, RowStatus.OUTSIDE, label[:LONGEST_LABEL], warnings=row.warnings[-1:])
