"""Figures: the catalogue of a place on a day, and the page of one figure with its ranking."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Indicator
from portal.core.indicators.models import Publication
from portal.core.lib.clock import today
from portal.core.lib.codes import COUNTRY
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import counting
from portal.pages import indicator_page as parts
from portal.pages.answers import page_or_part
from portal.pages.indicator_catalogue import Catalogue
from portal.pages.indicator_exports import CATALOGUE, RANKING
from portal.pages.indicator_figures import indicator_or_404, place_of_figures, year_before
from portal.pages.indicator_ranking import Ranking
from portal.pages.publication_words import Told
from workforce.counters import BOOK

PUBLISHED = 3


@require_safe
@requires(Perm.VIEW_STAFFING)
def indicators(request: HttpRequest) -> HttpResponse:
    """Every figure of the place chosen."""
    place = place_of_figures(request)
    if (page := counting(request, BOOK, place.code, keep.day_of(request))) is not None:
        return page
    table = Catalogue(request, place)
    context = {"place": place, "table": table, "on": table.on}
    if not request.htmx:
        context["actions"] = _acts(request)
        context["exports"] = export_menu(request, CATALOGUE, place=place.code)
    return page_or_part(request, "indicators/catalogue.html", "indicators/_catalogue.html", context)


def _acts(request: HttpRequest) -> list[dict]:
    return [
        {"label": _("多地比较"), "icon": "table", "url": keep.page_url(request, "indicators_compare")},
        {"label": _("已发布的数"), "icon": "journal-text", "url": keep.page_url(request, "publications")},
    ]


@require_safe
@requires(Perm.VIEW_STAFFING)
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One figure: in a sentence, how it is made, over two years, and for every division below."""
    place = place_of_figures(request)
    one = indicator_or_404(request, key, place)
    if (page := counting(request, BOOK, place.code, keep.day_of(request))) is not None:
        return page
    table = Ranking(request, one, place)
    context = {"indicator": one, "place": place, "table": table, "on": table.on}
    if not request.htmx:
        context |= _head(request, one, place, table)
    return page_or_part(request, "indicators/indicator.html", "indicators/_ranking.html", context)


def _head(request: HttpRequest, one: Indicator, place: Division, table: Ranking) -> dict:
    code = place.code
    context = {"definition": parts.definition(request, one, code), "actions": _figure_acts(request, one, code)}
    if one.target:
        context["rule_links"] = parts.rule_links(request, one.target.kind, code)
    if table.whole is None:
        return context
    last_year = year_before((one,), place, table.on)
    before = last_year[one.key] if last_year else None
    return (
        context
        | parts.told(request, table.whole, before)
        | {
            "stats": parts.stats(request, table.whole, before),
            "chart": parts.chart_of(request, one, place, table.on),
            "published": _published(request, one, code),
            "exports": export_menu(request, RANKING, place=code, key=one.key),
        }
    )


def _figure_acts(request: HttpRequest, one: Indicator, code: str) -> list[dict]:
    acts = [{"label": _("全部指标"), "icon": "activity", "url": keep.page_url(request, "indicators", place=code)}]
    if code != COUNTRY and request.user.can(Perm.SIGN_REPORTS, code) and keep.day_of(request) <= today():
        url = keep.page_url(request, "indicator_publish", one.key, place=code)
        acts.insert(0, {"label": pgettext("figure", "发布"), "icon": "send", "url": url})
    return acts


def _published(request: HttpRequest, one: Indicator, code: str) -> list[dict]:
    """The latest publications of the figure at the place, each leading to what has changed since."""
    rows = Publication.objects.for_user(request.user, Perm.VIEW_STAFFING).valid().brief()
    rows = rows.filter(indicator=one.key, division=code).order_by("-on", "-id")[:PUBLISHED]
    return [
        {
            "on": row.on,
            "value": Told(row).value,
            "title": row.title,
            "url": keep.page_url(request, "publication_compare", row.pk, on=None),
        }
        for row in rows
    ]


routes = [
    path("indicators/", indicators, name="indicators"),
    path("indicators/<slug:key>/", indicator, name="indicator"),
]
