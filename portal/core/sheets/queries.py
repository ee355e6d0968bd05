"""Reads over the rows of an import that a screen or a list asks for: the first of every kind, rows by filter."""

import json
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from portal.core.sheets.models import ImportBatch, ImportRow

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
