"""What every check of a sheet of plain records ends in: rows as found, their counts, the plan, and what it was based on."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from portal.core.lib.clock import today
from portal.core.sheets.importer import JudgedRow, Judgement
from portal.core.sheets.models import ImportBatch, RowStatus
from ratings.importers.flat import LONGEST_LABEL, FlatRow, stored

_DIGEST = "SELECT encode(sha256(coalesce(string_agg(part, ';'), '')::bytea), 'hex') FROM ({}) parts"


def fingerprint(batch: ImportBatch, reads: Iterable[str], given: Mapping[str, str], *, lock: str = "") -> str:
    """Of all that a check reads: the column `part` of each statement, the day, and what the user chose.

    The rows that the statement `lock` finds stay as they are to the end of the transaction.
    """
    parts = [today().isoformat(), json.dumps(batch.options, sort_keys=True)]
    with connection.cursor() as cursor:
        if lock:
            cursor.execute(lock, given)
        for sql in reads:
            cursor.execute(_DIGEST.format(sql), given)
            parts.append(cursor.fetchone()[0])
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def judged(row: FlatRow, label: str) -> JudgedRow:
    """A row whose check is over."""
    label = label[:LONGEST_LABEL]
    if row.errors:
        return JudgedRow(row.number, RowStatus.ERROR, label, row.code, row.errors, row.warnings)
    status = RowStatus.NEW if row.new else RowStatus.CHANGED if row.changes else RowStatus.UNCHANGED
    return JudgedRow(row.number, status, label, row.code, [], row.warnings, row.changes)


def judgement(rows: list[JudgedRow], plan: Mapping[str, Iterable[Mapping[str, Any]]], basis: str) -> Judgement:
    """The check of a sheet; records of the plan become lines of JSON, which `apply` reads again."""
    return Judgement(rows, _counts(rows), {name: _lines(records) for name, records in plan.items()}, basis)


def _lines(records: Iterable[Mapping[str, Any]]) -> list[bytes]:
    return [(json.dumps(record, ensure_ascii=False, default=stored) + "\n").encode() for record in records]


def _counts(rows: list[JudgedRow]) -> dict[str, Any]:
    """Rows by status, and problems by kind and code."""
    statuses = Counter(row.status for row in rows)
    return {
        "rows": len(rows),
        **{status.value: statuses[status] for status in RowStatus},
        "people": 0,
        "ending": 0,
        "warned": sum(1 for row in rows if row.warnings),
        "error_kinds": dict(Counter(error["code"] for row in rows for error in row.errors)),
        "warning_kinds": dict(Counter(warning["code"] for row in rows for warning in row.warnings)),
    }
