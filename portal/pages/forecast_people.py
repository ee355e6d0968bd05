"""The people behind a number of the forecast, for readers of the roster."""

from functools import cached_property

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.export_menu import export_menu
from portal.core.web.later import rest_of
from portal.core.web.paginator import CountedPaginator
from portal.pages.answers import page_or_part
from portal.pages.forecast_data import crowded
from portal.pages.forecast_export import FORECAST_PEOPLE
from portal.pages.forecast_list import DAYS, LABELS, PeopleAsked
from portal.pages.places import at_division
from workforce.counters import BOOK

PAGE_ROWS = 50


class PeopleTable:
    """The list as the address asks for it."""

    def __init__(self, request: HttpRequest, division: Division) -> None:
        self.request, self.division = request, division
        self.asked = PeopleAsked(request.GET, division.code, keep.day_of(request))

    @cached_property
    def page(self) -> Page:
        return CountedPaginator(self.asked.people, PAGE_ROWS).get_page(self.request.GET.get("page"))

    @cached_property
    def lines(self) -> list[dict]:
        return [{"row": line, "day": self.asked.day_of(line)} for line in self.page]

    @property
    def columns(self) -> list[dict]:
        found = [
            {"key": "name", "label": gettext_lazy("姓名")},
            {"key": "place", "label": gettext_lazy("社区")},
            {"key": "day", "label": DAYS[self.asked.show]},
        ]
        return [*found, {"key": "note", "label": gettext_lazy("用工主体")}] if self.has_notes else found

    @property
    def has_notes(self) -> bool:
        return self.asked.show == "contracts"

    @property
    def chips(self) -> list[dict]:
        def url(show: str) -> str:
            return keep.page_url(self.request, "forecast_people", self.division.code, show=show)

        return [
            {"label": label, "url": url(show), "current": show == self.asked.show} for show, label in LABELS.items()
        ]


@require_safe
@at_division(Perm.VIEW_ROSTER)
def people(request: HttpRequest, division: Division) -> HttpResponse:
    """Names, places and days of the people of one list."""
    if crowded(division.code):
        return redirect(keep.page_url(request, "forecast", division.code))
    if later := rest_of(request, BOOK, division.code):
        return render(request, "portal/counting.html", {"later": later, "on": keep.day_of(request)})
    table = PeopleTable(request, division)
    context = {"division": division, "table": table, "on": table.asked.on}
    if not request.htmx:
        context["exports"] = export_menu(request, FORECAST_PEOPLE, place=division.code)
    return page_or_part(request, "portal/forecast_people.html", "portal/_forecast_people.html", context)
