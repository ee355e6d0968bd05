"""A few divisions beside each other by a few figures."""

from collections.abc import Iterator
from functools import cached_property
from os.path import commonprefix
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure, Line, State
from portal.core.indicators.values import FigureQuery
from portal.core.lib.codes import LENGTHS, candidates
from portal.core.sheets.exporting import Asked, Export, Found
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.pages import indicator_words as words
from portal.pages.answers import page_or_part
from portal.pages.indicator_exports import FIGURE_COLUMNS, figure_cells
from portal.pages.indicator_figures import place_of_figures, shown_to
from portal.pages.indicator_links import figure_page, value_url
from portal.registry import INDICATORS

MOST_FIGURES, MOST_PLACES = 8, 40
# What stands beside each other until somebody chooses.
USUAL = ("staffing_ratio", "staffing_gap", "certified_share", "cross_appointment")


class CompareForm(forms.Form):
    """Which figures and which of the divisions offered."""

    keys = forms.MultipleChoiceField(
        label=gettext_lazy("指标"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "checks"})
    )
    places = forms.MultipleChoiceField(
        label=gettext_lazy("区划"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "checks"})
    )

    def __init__(self, chosen: "Compared") -> None:
        super().__init__({"keys": [one.key for one in chosen.indicators], "places": [d.code for d in chosen.places]})
        self.fields["keys"].choices = [(one.key, one.label) for one in chosen.shown]
        self.fields["places"].choices = [(division.code, division.label) for division in chosen.offered]


class Compared:
    """The figures and divisions that the address names; several values or one with commas."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.on = request, keep.day_of(request)

    def _asked(self, name: str) -> list[str]:
        return [part.strip() for text in self.request.GET.getlist(name) for part in text.split(",") if part.strip()]

    @cached_property
    def indicators(self) -> list[Indicator]:
        mine = {one.key: one for one in self.shown}
        asked = [key for key in self._asked("keys") if key in mine]
        keys = list(dict.fromkeys(asked)) or [key for key in USUAL if key in mine]
        return [mine[key] for key in keys[:MOST_FIGURES]]

    @cached_property
    def shown(self) -> tuple[Indicator, ...]:
        """The figures that the reader may see at every one of the places."""
        codes = [division.code for division in self.places] or [self.place.code]
        found = [set(shown_to(self.request.user, code)) for code in codes]
        return tuple(one for one in INDICATORS.values() if all(one in some for some in found))

    @cached_property
    def place(self) -> Division:
        return place_of_figures(self.request)

    @cached_property
    def _mine(self):
        return Division.objects.for_user(self.request.user, Perm.VIEW_STAFFING).filter(formal=False)

    @cached_property
    def children(self) -> list[Division]:
        """The divisions directly under the place."""
        return list(shown_children(self.place, self.on).order_by("code")[:MOST_PLACES])

    @cached_property
    def places(self) -> list[Division]:
        """As asked, as far as the reader may see them; else those under the place."""
        codes = [code for text in self._asked("places") for code in candidates(text)]
        found = self._mine.filter(pk__in=codes).in_bulk() if codes else {}
        return [found[code] for code in dict.fromkeys(codes) if code in found][:MOST_PLACES] or self.children

    @property
    def offered(self) -> list[Division]:
        """What can be ticked: the divisions under the place, and those asked for beside them."""
        return list({division.code: division for division in [*self.children, *self.places]}.values())

    @cached_property
    def lines(self) -> list[Line]:
        codes = tuple(division.code for division in self.places)
        if not codes:
            return []
        territories = tuple(self.request.user.territories(Perm.VIEW_STAFFING))
        chosen = Chosen(territories, self.on, under_all(codes), codes=codes)
        found = {line.code: line for line in FigureQuery(tuple(self.indicators), chosen).lines()}
        return [found[code] for code in codes if code in found]

    @property
    def rows(self) -> list[dict]:
        return [
            {"place": line.place, "cells": [self._cell(line[one.key]) for one in self.indicators]}
            for line in self.lines
        ]

    def _cell(self, figure: Figure) -> dict:
        key, known = figure.indicator.key, figure.state == State.VALUE
        return {
            "label": figure.indicator.label,
            "text": words.number_words(figure),
            "url": value_url(self.request, key, figure.code) if known else "",
            "badge": words.BADGES.get(figure.met, "") if known else "",
            "met": figure.met.label,
        }

    @property
    def columns(self) -> list[dict]:
        found = [{"key": "place", "label": _("区划")}]
        for one in self.indicators:
            url = figure_page(self.request, one.key, self.place.code)
            found.append({"key": one.key, "label": one.label, "unit": one.unit.label, "num": True, "url": url})
        return found


def under_all(codes: tuple[str, ...]) -> str:
    """The code of the smallest division that holds all of `codes`; '' where only the country does."""
    shared = commonprefix(codes)
    return shared[: max((length for length in (0, *LENGTHS) if length <= len(shared)), default=0)]


@require_safe
@requires(Perm.VIEW_STAFFING)
def indicators_compare(request: HttpRequest) -> HttpResponse:
    """The table of the figures and divisions chosen; the address holds the choice and can be sent on."""
    table = Compared(request)
    context = {"table": table, "form": CompareForm(table), "place": table.place, "on": table.on}
    if not request.htmx:
        context["exports"] = export_menu(request, COMPARED)
    return page_or_part(request, "indicators/compare.html", "indicators/_compare.html", context)


def find(asked: Asked) -> Found:
    """The same figures as rows, one per division and figure."""
    table = Compared(asked.request)
    return Found(len(table.lines) * len(table.indicators), _rows(table), about=table.place.label)


def _rows(table: Compared) -> Iterator[list[Any]]:
    for line in table.lines:
        for one in table.indicators:
            yield figure_cells(line[one.key])


COMPARED = Export(
    key="indicators-compare",
    label=gettext_lazy("指标多地比较"),
    perm=Perm.VIEW_STAFFING,
    page="indicators_compare",
    columns=FIGURE_COLUMNS,
    find=find,
)

routes = [path("indicators/compare/", indicators_compare, name="indicators_compare")]
