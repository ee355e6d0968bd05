"""The table of staffing figures as xlsx and CSV: the whole list with its filters and order, not just the page shown."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.writing import Sheet, csv_lines, write_xlsx
from portal.core.territory.models import Division
from portal.pages.places import at_division
from portal.pages.sentences import standard
from portal.pages.staffing_table import StaffingTable, divisions_between, within_of
from workforce.enums import StaffingStatus
from workforce.queries.staffing import Staffing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def _columns() -> list[Column]:
    """The columns of the file with their units, in the reader's language."""
    return [
        Column("code", _("区划代码"), width=14),
        Column("name", _("区划"), width=24),
        Column("within", _("所属"), width=24),
        Column("population", _("人口（人）"), kind=Kind.NUMBER),
        Column("basis", _("口径"), width=14),
        Column("population_on", _("时点"), kind=Kind.DATE),
        Column("origin", _("人口取自")),
        Column("population_source", _("人口来源"), width=28),
        Column("standard", _("标准（每万人，人）"), kind=Kind.NUMBER),
        Column("required", _("应配（人）"), kind=Kind.NUMBER),
        Column("workers", _("在岗（人）"), kind=Kind.NUMBER),
        Column("gap", _("缺口（人，负数为多出）"), kind=Kind.NUMBER),
        Column("ratio", _("每万人（人）"), kind=Kind.NUMBER),
        Column("certified", _("持证（人）"), kind=Kind.NUMBER),
        Column("certified_share", _("持证率（%）"), kind=Kind.NUMBER),
        Column("status", _("状态")),
        Column("rule", _("依据"), width=30),
        Column("on", _("统计日"), kind=Kind.DATE),
    ]


def _cells(row: Staffing, within: str) -> list[Any]:
    """One row in the order of `_columns`; what is not known stays empty, the status says why."""
    origin = "" if row.population is None else _("本级数据") if row.population_own else _("下级合计")
    population = [row.population, row.basis_label, row.population_on, origin, row.population_source]
    figures = [standard(row), row.required, row.workers, row.gap, row.ratio, row.certified, row.certified_share]
    return [
        row.code,
        row.name,
        within,
        *population,
        *figures,
        StaffingStatus(row.status).label,
        row.rule_source,
        row.on,
    ]


def _rows(table: StaffingTable) -> Iterator[list[Any]]:
    rows = table.all_rows()
    within = within_of(rows, divisions_between(table.division, rows))
    for row in rows:
        yield _cells(row, within[row.code])


@require_safe
@at_division(Perm.VIEW_STAFFING)
def division_export(request: HttpRequest, division: Division, form: str) -> HttpResponseBase:
    """The table under a division as a file."""
    writers = {"xlsx": _as_xlsx, "csv": _as_csv}
    if form not in writers:
        raise Http404
    table = StaffingTable(request, division)
    title = _("%(name)s配备情况 %(day)s") % {"name": division.label, "day": table.on.isoformat()}
    return writers[form](title, _rows(table))


def _as_xlsx(title: str, rows: Iterable[list[Any]]) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_xlsx(file, [Sheet(title, _columns(), rows)])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)


def _as_csv(title: str, rows: Iterable[list[Any]]) -> HttpResponseBase:
    lines = csv_lines([[column.header for column in _columns()], *rows])
    disposition = content_disposition_header(as_attachment=True, filename=f"{title}.csv")
    return StreamingHttpResponse(lines, content_type=CSV, headers={"Content-Disposition": disposition})


routes = [path("divisions/<str:code>/staffing.<str:form>", division_export, name="division_export")]
