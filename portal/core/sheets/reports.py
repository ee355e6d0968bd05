"""What the check of a file found, as people and programs read it: lists of problems with sentences, and as a sheet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.core.sheets.columns import Column, Kind, column_number
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.problems import sentences
from portal.core.sheets.writing import Sheet, Stamp, write_xlsx

FIRST_CELL = -1  # the position of an issue whose cell is not known: the first cell of the row that holds something


def told(importer: Importer, issue: dict) -> str:
    """The sentence of a stored error or warning, in the language of the moment."""
    return importer.sentence(issue["code"], issue["params"])


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to say: of a row (None for the file as a whole) and, where it is known, a position in it."""

    row: int | None
    position: int
    error: bool
    label: str
    column: str
    cell: str
    kind: str
    text: str


def issues_of(batch: ImportBatch, importer: Importer, positions: Mapping[str, int]) -> Iterator[Issue]:
    """Everything the check found, in the order of the sheet; `positions` tells where the sheet has its columns."""
    for problem in batch.problem.get("errors", []):
        letter = (problem.get("params") or {}).get("letter", "")
        (said,) = sentences({"errors": [problem]})
        position = column_number(letter) - 1 if letter else FIRST_CELL
        yield Issue(problem.get("row"), position, True, "", said["column"], "", "", said["message"])
    rows = batch.rows.filter(number__gt=0).exclude(errors=[], warnings=[]).order_by("number", "id")
    for number, label, *found in rows.values_list("number", "label", "errors", "warnings").iterator():
        for error, issues in zip((True, False), found, strict=True):
            for one in issues:
                place, kind = positions.get(one["key"], FIRST_CELL), importer.heading(one["code"])
                yield Issue(number, place, error, label, one["column"], one["cell"], kind, told(importer, one))


def listed(batch: ImportBatch, importer: Importer, field: str) -> list[dict[str, Any]]:
    """Errors or warnings of all rows as {row, column, code, message}, in the order of the sheet; file errors first."""
    found = sentences(batch.problem) if field == "errors" else []
    rows = batch.rows.exclude(**{field: []}).order_by("number", "id").values_list("number", field)
    return found + [
        {"row": number, "column": issue["column"], "code": issue["code"], "message": told(importer, issue)}
        for number, issues in rows
        for issue in issues
    ]


def write_report(
    target: str | Path | IO[bytes], batch: ImportBatch, importer: Importer, stamp: Stamp | None = None
) -> int:
    """Every error and warning as an xlsx list; returns their number."""
    return write_xlsx(target, [Sheet(_("问题清单"), _columns(), _rows(batch, importer))], stamp)


def count_of(batch: ImportBatch) -> int:
    """How many rows the list of problems has."""
    told = sum(sum((batch.counts.get(kinds) or {}).values()) for kinds in ("error_kinds", "warning_kinds"))
    return told + len(batch.problem.get("errors", []))


def _columns() -> list[Column]:
    return [
        Column("row", pgettext("number", "行"), kind=Kind.NUMBER, width=8),
        Column("level", _("类别"), width=10),
        Column("label", _("姓名"), width=14),
        Column("column", _("列"), width=16),
        Column("cell", _("表中内容"), width=24),
        Column("kind", _("问题"), width=24),
        Column("message", _("说明与改法"), width=80),
    ]


def _rows(batch: ImportBatch, importer: Importer) -> Iterator[list[Any]]:
    for issue in issues_of(batch, importer, {}):
        level = _("错误") if issue.error else _("提示")
        yield [issue.row, level, issue.label, issue.column, issue.cell, issue.kind, issue.text]
