"""Drill-through: what stands behind a number, as a list that equals it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Indicator
from portal.core.indicators.parts import Part, listed_parts
from portal.core.territory.models import Division
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.pages import indicator_words as words
from portal.pages.answers import page_or_part
from portal.pages.indicator_exports import export_of
from portal.pages.indicator_figures import indicator_or_404, line_at, part_or_404, place_of_figures
from portal.pages.indicator_links import figure_page, figure_url
from portal.pages.indicator_row_list import RowList


@require_safe
@requires(Perm.VIEW_STAFFING)
def indicator_rows(request: HttpRequest, key: str) -> HttpResponse:
    """The rows behind the numerator, the denominator or another number of a figure."""
    place = place_of_figures(request)
    one = indicator_or_404(request, key, place)
    part = part_or_404(one, request.GET.get("part", ""))
    table = RowList(request, part, place)
    context = {"indicator": one, "place": place, "table": table, "on": table.on}
    if not request.htmx:
        context |= _head(request, one, place, table)
    return page_or_part(request, "indicators/rows.html", "indicators/_rows.html", context)


def _head(request: HttpRequest, one: Indicator, place: Division, table: RowList) -> dict:
    """Title, the figure that the number belongs to, its other numbers, the files."""
    line = line_at((one,), place, table.on)
    exports = []
    if table.part.counter and table.territories:
        fixed = {"place": place.code, "key": one.key, "part": table.part.key}
        exports = export_menu(request, export_of(table.part), **fixed)
    return {
        "exports": exports,
        "tabs": [_tab(request, part, place, table.part.key) for part in listed_parts(one).values()],
        "figure_words": words.sentence(line[one.key]) if line else "",
        "actions": [{"label": _("返回指标"), "icon": "bar-chart", "url": figure_page(request, one.key, place.code)}],
    }


def _tab(request: HttpRequest, part: Part, place: Division, shown: str) -> dict:
    url = figure_url(request, part.indicator.key, part.key, place.code)
    return {"label": part.label, "url": url, "current": part.key == shown}


routes = [path("indicators/<slug:key>/rows/", indicator_rows, name="indicator_rows")]
