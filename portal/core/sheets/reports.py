"""What the check of a file found, as people and programs read it: lists of problems with sentences, and as a sheet."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.problems import sentences
from portal.core.sheets.writing import Sheet, write_xlsx


def told(importer: Importer, issue: dict) -> str:
    """The sentence of a stored error or warning, in the language of the moment."""
    return importer.sentence(issue["code"], issue["params"])


def listed(batch: ImportBatch, importer: Importer, field: str) -> list[dict[str, Any]]:
    """Errors or warnings of all rows as {row, column, code, message}, in the order of the sheet; file errors first."""
    found = sentences(batch.problem) if field == "errors" else []
    rows = batch.rows.exclude(**{field: []}).order_by("number", "id").values_list("number", field)
    return found + [
        {"row": number, "column": issue["column"], "code": issue["code"], "message": told(importer, issue)}
        for number, issues in rows
        for issue in issues
    ]


def write_report(target: str | Path | IO[bytes], batch: ImportBatch, importer: Importer) -> int:
    """Every error and warning as an xlsx list; returns their number."""
    return write_xlsx(target, [Sheet(_("问题清单"), _columns(), _rows(batch, importer))])


def _columns() -> list[Column]:
    return [
        Column("row", _("行"), kind=Kind.NUMBER, width=8),
        Column("level", _("类别"), width=10),
        Column("label", _("姓名"), width=14),
        Column("column", _("列"), width=16),
        Column("cell", _("表中内容"), width=24),
        Column("kind", _("问题"), width=24),
        Column("message", _("说明与改法"), width=80),
    ]


def _rows(batch: ImportBatch, importer: Importer) -> Iterator[list[Any]]:
    for error in sentences(batch.problem):
        yield [error["row"], _("错误"), "", error["column"], "", "", error["message"]]
    for row in batch.rows.filter(number__gt=0).order_by("number", "id").iterator():
        yield from _issues(importer, row, _("错误"), row.errors)
        yield from _issues(importer, row, _("提示"), row.warnings)


def _issues(importer: Importer, row, level: str, issues: Iterable[dict]) -> Iterator[list[Any]]:
    for issue in issues:
        message = told(importer, issue)
        kind = importer.heading(issue["code"])
        yield [row.number, level, row.label, issue["column"], issue["cell"], kind, message]
