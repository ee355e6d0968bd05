"""The dashboard as one workbook: a sheet for what it says in a sentence, then the tables of its parts."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.days import TooManyRows
from portal.core.sheets.columns import Column
from portal.core.sheets.columns import Kind as CellKind
from portal.core.sheets.exporting import Asked, Export, Found, NotExportable
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from portal.pages.dashboard import panels_of
from portal.pages.dashboard_tiles import query_of
from portal.pages.sentences import basis_line, standard
from workforce.enums import StaffingStatus

OVERVIEW = (
    Column("name", gettext_lazy("项目"), width=20),
    Column("number", gettext_lazy("数值"), kind=CellKind.NUMBER),
    Column("words", gettext_lazy("说明"), width=60),
)


def find(asked: Asked) -> Found:
    """All parts that the reader may see, or the one that the address names; the overview stands in front of all."""
    place = asked.chosen(Perm.VIEW_STAFFING, whole=True)
    wanted = asked.params.get("panel", "")
    panels = [
        panel
        for panel in panels_of(place).values()
        if wanted in ("", panel.key) and asked.user.can(panel.perm, place.code)
    ]
    try:
        sheets = [sheet for panel in panels for sheet in panel.sheets(asked.request, place)]
    except TooManyRows as error:
        raise NotExportable(str(error)) from error
    first, *more = sheets if wanted and sheets else [Sheet("", OVERVIEW, _overview(asked, place)), *sheets]
    rows = list(first.rows)
    return Found(len(rows), rows, about=place.label, columns=first.columns, more=more, sheet=first.title)


def _overview(asked: Asked, place: Division) -> list[list]:
    """The figure of the division itself, as its page says it in a sentence."""
    found = query_of(asked.request, place, codes=(place.code,)).rows()
    if not found:
        return []
    figure = found[0]
    return [
        [_("区划"), None, f"{place.label} {place.code}"],
        [_("统计日"), None, asked.on.isoformat()],
        [_("人口（人）"), figure.population, basis_line(figure)],
        [_("标准（每万人，人）"), standard(figure), figure.rule_source],
        [_("应配（人）"), figure.required, ""],
        [_("在岗（人）"), figure.workers, ""],
        [_("缺口（人，负数为多出）"), figure.gap, str(StaffingStatus(figure.status).label)],
        [_("每万人（人）"), figure.ratio, ""],
        [_("持证（人）"), figure.certified, ""],
        [_("持证率（%）"), figure.certified_share, ""],
    ]


DASHBOARD = Export(
    key="dashboard",
    label=gettext_lazy("看板"),
    perm=Perm.VIEW_STAFFING,
    page="division",
    page_needs=("place",),
    columns=OVERVIEW,
    find=find,
)
