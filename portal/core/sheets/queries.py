"""Reads over the rows of an import that a screen or a list asks for: the first of every kind, rows by filter."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from portal.core.sheets.models import BatchState, ImportBatch, ImportRow, RowStatus, Source

ISSUES = ("errors", "warnings")


def first_issues(batch: ImportBatch, field: str, most: int) -> dict[str, list[dict[str, Any]]]:
    """By code, the first `most` errors or warnings with the row they stand in: {number, label, issue}.

    One query that sends no more than is shown, however many rows are at fault.
    """
    if field not in ISSUES:
        raise ValueError(field)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT code, number, label, issue FROM (
                SELECT issue->>'code' AS code, r.number, r.label, issue,
                    row_number() OVER (PARTITION BY issue->>'code' ORDER BY r.number, r.id, place) AS rank
                FROM core_importrow r, jsonb_array_elements(r.{field}) WITH ORDINALITY AS i(issue, place)
                WHERE r.batch_id = %s AND r.{field} <> '[]'
            ) AS ranked WHERE rank <= %s ORDER BY number""",
            [batch.pk, most],
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for code, number, label, issue in cursor.fetchall():
            issue = issue if isinstance(issue, dict) else json.loads(issue)
            found.setdefault(code, []).append({"number": number, "label": label, "issue": issue})
    return found


def rows_where(batch: ImportBatch, *, status: str = "", codes: tuple[str, ...] = (), text: str = "") -> QuerySet:
    """Rows of one status, with any of these errors or warnings, whose name contains the text; all that is given."""
    rows: QuerySet = ImportRow.objects.filter(batch=batch)
    if status:
        rows = rows.filter(status=status)
    if codes:
        condition = Q()
        for code in codes:
            condition |= Q(errors__contains=[{"code": code}]) | Q(warnings__contains=[{"code": code}])
        rows = rows.filter(condition)
    if text:
        rows = rows.filter(label__contains=text)
    return rows.order_by("number", "id")


@dataclass(frozen=True)
class Mending:
    """What became of the errors of the sheet uploaded `before`: how many are gone, still there, and new."""

    before: ImportBatch
    gone: int
    left: int
    new: int


def mending_of(batch: ImportBatch) -> Mending | None:
    """Errors of a sheet against those of the faulty one that its uploader had checked just before; None without one.

    An error is the same where it says the same of the same name and column, wherever the row has gone.
    """
    earlier = ImportBatch.objects.filter(kind=batch.kind, division=batch.division, uploaded_at__lt=batch.uploaded_at)
    before = earlier.order_by("-uploaded_at").first()
    if before is None or before.uploaded_by_id != batch.uploaded_by_id or batch.source != Source.FILE:
        return None
    if before.state != BatchState.CANCELLED or before.source != Source.FILE or not before.counts.get("error"):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH issue AS (
                SELECT r.label, i->>'key' AS key, i->>'code' AS code, count(*) FILTER (WHERE batch_id = %(before)s) AS old,
                    count(*) FILTER (WHERE batch_id = %(now)s) AS new
                FROM core_importrow r, jsonb_array_elements(r.errors) i
                WHERE r.batch_id IN (%(before)s, %(now)s) AND r.status = %(error)s GROUP BY 1, 2, 3
            )
            SELECT sum(greatest(old - new, 0)), sum(least(old, new)), sum(greatest(new - old, 0)) FROM issue""",
            {"before": before.pk, "now": batch.pk, "error": RowStatus.ERROR},
        )
        return Mending(before, *(int(number or 0) for number in cursor.fetchone()))
