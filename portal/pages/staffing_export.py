"""The table of staffing figures: the whole list with its filters and order, not just the page shown."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from portal.pages.sentences import standard
from portal.pages.staffing_table import StaffingTable, divisions_between, within_of
from workforce.enums import StaffingStatus
from workforce.queries.staffing import Staffing

# With their units; what is not known stays empty, and the status says why.
COLUMNS = [
    Column("code", gettext_lazy("区划代码"), width=14),
    Column("name", gettext_lazy("区划"), width=24),
    Column("within", gettext_lazy("所属"), width=24),
    Column("population", gettext_lazy("人口（人）"), kind=Kind.NUMBER),
    Column("basis", gettext_lazy("口径"), width=14),
    Column("population_on", gettext_lazy("时点"), kind=Kind.DATE),
    Column("origin", gettext_lazy("人口取自")),
    Column("population_source", gettext_lazy("人口来源"), width=28),
    Column("standard", gettext_lazy("标准（每万人，人）"), kind=Kind.NUMBER),
    Column("required", gettext_lazy("应配（人）"), kind=Kind.NUMBER),
    Column("workers", gettext_lazy("在岗（人）"), kind=Kind.NUMBER),
    Column("gap", gettext_lazy("缺口（人，负数为多出）"), kind=Kind.NUMBER),
    Column("ratio", gettext_lazy("每万人（人）"), kind=Kind.NUMBER),
    Column("certified", gettext_lazy("持证（人）"), kind=Kind.NUMBER),
    Column("certified_share", gettext_lazy("持证率（%）"), kind=Kind.NUMBER),
    Column("status", gettext_lazy("状态")),
    Column("rule", gettext_lazy("依据"), width=30),
    Column("on", gettext_lazy("统计日"), kind=Kind.DATE),
]


def _cells(row: Staffing, within: str) -> list[Any]:
    """One row in the order of `COLUMNS`; what is not known stays empty, the status says why."""
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


def _rows(table: StaffingTable, rows: list[Staffing]) -> Iterator[list[Any]]:
    within = within_of(rows, divisions_between(table.division, rows))
    for row in rows:
        yield _cells(row, within[row.code])


def find(asked: Asked) -> Found:
    """The table under the place as the address filters and orders it."""
    table = StaffingTable(asked.request, asked.chosen(Perm.VIEW_STAFFING, whole=True))
    rows = table.all_rows()
    return Found(len(rows), _rows(table, rows), about=table.division.label)


STAFFING = Export(
    key="staffing",
    label=gettext_lazy("配备情况"),
    perm=Perm.VIEW_STAFFING,
    page="division",
    page_needs=("place",),
    columns=COLUMNS,
    find=find,
)
