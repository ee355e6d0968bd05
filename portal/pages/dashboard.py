"""The dashboard of a division: parts that the page asks for one by one after it has come, each a page of its own too."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.days import TooManyRows
from portal.core.lib.codes import Level, level_of
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.pages import (
    dashboard_needs,
    dashboard_people,
    dashboard_ranking,
    dashboard_tables,
    dashboard_tiles,
    dashboard_trend,
)
from portal.pages.answers import page_or_part
from portal.pages.places import at_division


@dataclass(frozen=True)
class Panel:
    """One part of a dashboard. `context` is what `portal/_panel_<key>.html` shows, `sheets` the same as worksheets.

    `until` is the lowest level of division that has the part; `wide` parts take the whole width. A part that is a single
    chart is exported at the chart.
    """

    key: str
    label: str | Promise
    context: Callable[[HttpRequest, Division], dict]
    sheets: Callable[[HttpRequest, Division], list[Sheet]]
    perm: Perm = Perm.VIEW_STAFFING
    until: Level = Level.STREET
    wide: bool = False
    chart: bool = False

    @property
    def template(self) -> str:
        return f"portal/_panel_{self.key}.html"


PANELS = (
    Panel(
        "needs",
        gettext_lazy("需要处理"),
        dashboard_needs.context,
        dashboard_needs.sheets,
        perm=Perm.VIEW_FINDINGS,
    ),
    Panel(
        "trend",
        gettext_lazy("人数与标准"),
        dashboard_trend.heads_context,
        dashboard_trend.heads_sheets,
        until=Level.COMMUNITY,
        chart=True,
    ),
    Panel(
        "certificates",
        pgettext_lazy("section", "证书"),
        dashboard_trend.certificates_context,
        dashboard_trend.certificates_sheets,
        chart=True,
    ),
    Panel("tiles", gettext_lazy("达标分布"), dashboard_tiles.context, dashboard_tiles.sheets),
    Panel("ranking", pgettext_lazy("divisions", "排名"), dashboard_ranking.context, dashboard_ranking.sheets),
    Panel(
        "committees",
        gettext_lazy("社区“两委”"),
        dashboard_tables.committees_context,
        dashboard_tables.committees_sheets,
    ),
    Panel("allotment", gettext_lazy("应配职数"), dashboard_tables.allotment_context, dashboard_tables.allotment_sheets),
    Panel("grids", gettext_lazy("网格力量"), dashboard_tables.grids_context, dashboard_tables.grids_sheets),
    Panel("people", gettext_lazy("队伍构成"), dashboard_people.context, dashboard_people.sheets, wide=True),
)

SHORT = ("trend", "certificates")


def panels_of(division: Division) -> dict[str, Panel]:
    """The parts that the dashboard of a division has."""
    return {panel.key: panel for panel in PANELS if division.level <= panel.until}


def slots(request: HttpRequest, division: Division) -> list[dict]:
    """The places of the parts on the page, each with the address that fills it."""
    return [_slot(request, division.code, panel) for panel in panels_of(division).values()]


def short_slots(request: HttpRequest, code: str) -> list[dict]:
    """The two lines of a dashboard, for the first page; a community has the first of them."""
    return [_slot(request, code, panel) for panel in PANELS if panel.key in SHORT and level_of(code) <= panel.until]


def workbook_choice(request: HttpRequest, division: Division) -> dict:
    """The dashboard as a workbook, for the menu 导出."""
    url = dashboard_trend.export_url(request, division, "")
    return {"label": _("看板全部表格（xlsx）"), "icon": "file-earmark-spreadsheet", "url": url}


def _slot(request: HttpRequest, code: str, panel: Panel) -> dict:
    url = keep.page_url(request, "division_panel", code, panel.key)
    return {"key": panel.key, "label": panel.label, "url": url, "wide": panel.wide}


@require_safe
@at_division(Perm.VIEW_STAFFING, whole=True)
def division_panel(request: HttpRequest, division: Division, panel: str) -> HttpResponse:
    """One part of the dashboard: its inside for htmx, else as a page of its own."""
    found = panels_of(division).get(panel)
    if found is None:
        raise Http404
    context = {"division": division, "panel": found, "on": keep.day_of(request)}
    if request.user.can(found.perm, division.code):
        try:
            context |= found.context(request, division)
        except TooManyRows as error:
            context["sorry"] = str(error)
        context["export_url"] = "" if found.chart else dashboard_trend.export_url(request, division, found.key)
    else:
        context["refused"] = True
    return page_or_part(request, "portal/panel.html", "portal/_panel.html", context)


routes = [path("divisions/<str:code>/panels/<slug:panel>/", division_panel, name="division_panel")]
