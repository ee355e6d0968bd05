"""What stands behind a number of the term before: every community with its own last day of that term."""

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure, State
from portal.core.indicators.parts import number_of, parts_of
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.later import counting
from portal.core.web.paginator import Paginator
from workforce.indicators.committees import COMMITTEES
from workforce.queries.term_before import MEMBERS, communities_before, place_of, term_before
from workforce.views.places import at_place

INDICATORS = {indicator.key: indicator for indicator in COMMITTEES}
PAGE_ROWS = 50


def before_url(request: HttpRequest, code: str, key: str) -> str:
    """The communities behind a figure of the term before."""
    return keep.page_url(request, "terms_before", code, figure=key)


@require_safe
@at_place(Perm.VIEW_STAFFING)
@never_cache
def terms_before(request: HttpRequest, division: Division) -> HttpResponse:
    """A figure of the term before, community by community, and what it comes to."""
    on = keep.day_of(request)
    indicator = INDICATORS.get(request.GET.get("figure") or "committee_members")
    if indicator is None:
        raise Http404
    if (waiting := counting(request, MEMBERS, division.code, on, kept=False)) is not None:
        return waiting
    before = term_before((indicator,), place_of(division), on)
    context = {"division": division, "on": on, "indicator": indicator, "before": before}
    if before is not None:
        page = Paginator(range(before.communities), PAGE_ROWS).get_page(request.GET.get("page"))
        context |= {"page": page, "lines": _lines(request, indicator, division.code, page)}
        context["total"] = _cells(before.figures[indicator.key])
    return render(request, "workforce/terms_before.html", context)


def _lines(request: HttpRequest, indicator: Indicator, code: str, page: Page) -> list[dict]:
    limit, offset = len(page.object_list), page.start_index() - 1
    found = communities_before(indicator, code, keep.day_of(request), limit=limit, offset=offset)
    return [{"place": figure.place, "day": figure.on, **_cells(figure, request)} for figure in found]


def _cells(figure: Figure, request: HttpRequest | None = None) -> dict:
    """The value of a figure and the numbers it is made of; of a community each leads to its rows on its own day."""
    parts = [
        {"label": part.label, "number": formats.number(number_of(figure, part)), "url": _rows_url(request, figure, key)}
        for key, part in parts_of(figure.indicator).items()
    ]
    url = "" if figure.indicator.divided else parts[0]["url"]
    value = {"number": figure.text, "known": figure.state == State.VALUE, "url": url}
    return {"parts": parts if figure.indicator.divided else [], "value": value}


def _rows_url(request: HttpRequest | None, figure: Figure, part: str) -> str:
    if request is None:
        return ""
    day = figure.on.isoformat() if figure.on != today() else None
    return keep.page_url(request, "indicator_rows", figure.indicator.key, part=part, place=figure.code, on=day)
