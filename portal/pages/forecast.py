"""Forecast and plan of a place: who leaves when, how many to hire by a day, when the certified share is reached."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.export_menu import export_menu
from portal.core.web.later import rest_of
from portal.pages import forecast_tables as tables
from portal.pages.answers import page_or_part
from portal.pages.division_head import absence
from portal.pages.forecast_data import ForecastData
from portal.pages.forecast_export import FORECAST
from portal.pages.forecast_people import people
from portal.pages.forecast_words import assumption_rows, forecast_sentence
from portal.pages.places import at_division
from portal.pages.sentences import basis_line, cautions
from workforce.counters import BOOK
from workforce.queries.forecast import Forecast


@require_safe
@at_division(Perm.VIEW_STAFFING)
def forecast(request: HttpRequest, division: Division) -> HttpResponse:
    """The forecast under the assumptions in the address; 422 where one of them does not hold."""
    if division.formal:
        return redirect(keep.page_url(request, "forecast", division.parent_id))
    data = ForecastData(request.user, division, keep.day_of(request), request.GET)
    context = {"division": division, "on": data.on, "data": data}
    later = rest_of(request, BOOK, division.code)
    if later and later.people <= data.most and data.form.is_valid():
        context |= {"exports": _exports(request, division), "later": later}
    elif data.large:
        context |= {"most": data.most, "smaller": data.smaller}
    elif data.own is None:
        context["absent"] = absence(division, data.on)
    elif not data.own.urban:
        context["absent"] = _("%(name)s没有城镇社区，不适用社区工作者配备标准，没有可预测的内容。") % {
            "name": division.label
        }
    else:
        context |= {"form": data.form, "reset_url": keep.page_url(request, "forecast", division.code)}
        if data.forecast is not None:
            context |= {"exports": _exports(request, division), **_figures(request, data.forecast)}
    status = 422 if "form" in context and data.form.errors else 200
    return page_or_part(request, "portal/forecast.html", "portal/_forecast.html", context, status=status)


def _exports(request: HttpRequest, division: Division) -> list[dict]:
    return export_menu(request, FORECAST, place=division.code)


def _figures(request: HttpRequest, made: Forecast) -> dict:
    links = tables.Links(request, made.own.code)
    rule = made.staffing_rule(made.assumed.target)
    return {
        "forecast": made,
        "sentence": forecast_sentence(made),
        "basis": basis_line(made.own),
        "source": rule.source,
        "notes": cautions(made.own),
        "assumptions": assumption_rows(made, links.measured),
        "charts": tables.charts_of(made),
        "targets": tables.target_rows(made),
        "target_columns": tables.TARGET_COLUMNS,
        "months": tables.month_rows(made, links),
        "month_columns": tables.MONTH_COLUMNS,
        "below": tables.below_rows(request, made),
        "below_sums": tables.below_sums(request, made),
        "below_columns": tables.BELOW_COLUMNS,
    }


routes = [
    path("forecast/<str:code>/", forecast, name="forecast"),
    path("forecast/<str:code>/people/", people, name="forecast_people"),
]
