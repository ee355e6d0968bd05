"""The divisions under a place by one figure: search, order, pages, who meets the target; the whole from the place itself."""

from functools import cached_property

from django import forms
from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Better, Indicator
from portal.core.indicators.figures import Figure, Met
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR, Part, number_of, parts_of
from portal.core.indicators.values import FigureQuery
from portal.core.lib.codes import KEY_OF_LEVEL, LEVEL_KEYS, Level
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import LEVEL_LABELS, Division
from portal.core.territory.queries import shown_children
from portal.core.web import formats, keep
from portal.core.web.paginator import Paginator
from portal.pages import indicator_words as words
from portal.pages.indicator_figures import line_at
from portal.pages.indicator_links import figure_page, figure_url, value_at
from portal.pages.sentences import mixed_bases

PAGE_ROWS = 50
# Beyond this many rows the list is paged by the database, which neither filters nor ranks by the target.
JUDGED_ROWS = 2000
SORTS = ("code", "value", NUMERATOR, DENOMINATOR)


class RankingForm(forms.Form):
    """What the address asks of the list; anything odd in it is left out and the rest still holds."""

    q = forms.CharField(required=False, max_length=60)
    level = forms.ChoiceField(required=False, choices=[(key, key) for key in LEVEL_KEYS])
    met = forms.ChoiceField(required=False, choices=Met.choices)
    sort = forms.ChoiceField(required=False, choices=[(f"{sign}{key}", key) for key in SORTS for sign in ("", "-")])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class _Slices:
    """Lines as the paginator sees them where the database pages."""

    def __init__(self, query: FigureQuery, order: str, count: int) -> None:
        self.query, self.order, self.count_ = query, order, count

    def __len__(self) -> int:
        return self.count_

    def __getitem__(self, part: slice) -> list[Figure]:
        lines = self.query.lines(self.order, limit=part.stop - part.start, offset=part.start)
        return [line[self.query.indicators[0].key] for line in lines]


class Ranking:
    """One figure of the divisions under a place on a day, as the address filters and orders it."""

    def __init__(self, request: HttpRequest, indicator: Indicator, place: Division) -> None:
        self.request, self.indicator, self.place = request, indicator, place
        self.on = keep.day_of(request)
        self.asked = RankingForm(request.GET).asked()
        self.level = LEVEL_KEYS.get(self.asked["level"])

    @property
    def sort(self) -> str:
        """As asked, else the worst first where there is a worst, else by code."""
        worst = {Better.HIGHER: "value", Better.LOWER: "-value"}
        return self.asked["sort"] or worst.get(self.indicator.better, "code")

    @cached_property
    def query(self) -> FigureQuery:
        under = self.place.code
        narrowed = {"level": self.level} if self.level else {"parent": under}
        territories = tuple(self.request.user.territories(Perm.VIEW_STAFFING))
        return FigureQuery((self.indicator,), Chosen(territories, self.on, under, search=self.asked["q"], **narrowed))

    @cached_property
    def whole(self) -> Figure | None:
        """The figure of the place itself: no sum of the rows and never their average."""
        line = line_at((self.indicator,), self.place, self.on)
        return line[self.indicator.key] if line else None

    @cached_property
    def count(self) -> int:
        return self.query.count()

    @property
    def judged(self) -> bool:
        """Whether the list is short enough to be filtered and ranked as a whole."""
        return self.count <= JUDGED_ROWS

    @cached_property
    def everything(self) -> list[Figure]:
        """The whole list without the filter by target, in its order."""
        return sorted_by(self.sort, _Slices(self.query, "code", self.count)[0 : max(self.count, 1)])

    @property
    def filtered(self) -> list[Figure] | _Slices:
        if not self.judged:
            order = self.sort.replace("value", self.indicator.key)
            known = {self.indicator.key, f"-{self.indicator.key}", "code", "-code"}
            return _Slices(self.query, order if order in known else "code", self.count)
        met = self.asked["met"]
        return [figure for figure in self.everything if met in ("", figure.met)]

    @cached_property
    def page(self) -> Page:
        return Paginator(self.filtered, PAGE_ROWS).get_page(self.request.GET.get("page"))

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Place of every division among all, the best first; equal values share a place."""
        better = self.indicator.better
        if better == Better.NEITHER or not self.judged:
            return {}
        known = sorted((f.exact for f in self.everything if f.exact is not None), reverse=better == Better.HIGHER)
        first = {value: at for at, value in reversed(list(enumerate(known, 1)))}
        return {f.code: first[f.exact] for f in self.everything if f.exact is not None}

    @property
    def mixed(self) -> str:
        """What to be careful about where divisions that are ranked stand on populations of different bases."""
        people = (figure.population for figure in self.everything if figure.exact is not None) if self.ranks else ()
        return mixed_bases(one.basis for one in people if one is not None)

    @property
    def lines(self) -> list[dict]:
        return [self.line_of(figure) for figure in self.page]

    @property
    def footer(self) -> dict | None:
        return self.line_of(self.whole) if self.whole else None

    def line_of(self, figure: Figure) -> dict:
        key, code = self.indicator.key, figure.code
        return {
            "figure": figure,
            "rank": self.ranks.get(code),
            "url": figure_page(self.request, key, code),
            "number": words.number_words(figure),
            "value_url": value_at(self.request, figure),
            "cells": [self._cell(figure, part) for part in self.parts],
            "target": words.target_words(figure),
            "badge": words.BADGES.get(figure.met, ""),
            "met": figure.met.label,
        }

    def _cell(self, figure: Figure, part: Part) -> dict:
        count = number_of(figure, part)
        url = figure_url(self.request, self.indicator.key, part.key, figure.code) if count is not None else ""
        return {"label": part.label, "text": formats.number(count) or str(formats.NO_DATA), "url": url}

    @cached_property
    def parts(self) -> list[Part]:
        """The numbers that stand in columns of their own: those of a figure that divides."""
        if not self.indicator.divided:
            return []
        return [part for key, part in parts_of(self.indicator).items() if key in (NUMERATOR, DENOMINATOR)]

    @property
    def columns(self) -> list[dict]:
        shown = [{"key": "rank", "label": pgettext_lazy("ranking", "名次"), "num": True}] if self.ranks else []
        shown.append({"key": "code", "label": gettext_lazy("区划"), "sort": True})
        value = {"key": "value", "label": self.indicator.label, "num": True, "sort": True}
        shown.append({**value, "unit": self.indicator.unit.label})
        for part in self.parts:
            unit = part.unit.label if part.unit else ""
            shown.append({"key": part.key, "label": part.label, "num": True, "sort": self.judged, "unit": unit})
        if self.indicator.target:
            shown += [
                {"key": "target", "label": gettext_lazy("目标")},
                {"key": "met", "label": gettext_lazy("是否达标")},
            ]
        return shown

    @property
    def met_chips(self) -> list[dict]:
        """How many stand how; none where the figure has no target or all stand alike."""
        if not self.indicator.target or not self.judged:
            return []
        counts: dict[str, int] = {}
        for figure in self.everything:
            counts[figure.met] = counts.get(figure.met, 0) + 1
        chips = [{"label": _("全部"), "count": self.count, "url": self.url(met=None), "key": ""}]
        chips += [
            {"label": label, "count": counts[key], "url": self.url(met=key), "key": key}
            for key, label in Met.choices
            if counts.get(key)
        ]
        return [{**chip, "current": chip["key"] == self.asked["met"]} for chip in chips] if len(chips) > 2 else []

    @cached_property
    def level_tabs(self) -> list[dict]:
        """The divisions directly under the place, and every level further down."""
        if self.place.level >= Level.STREET:
            return []
        below = shown_children(self.place, self.on).order_by("level").values_list("level", flat=True)
        first = below.first() or self.place.level + 1
        tabs = [
            {
                "label": LEVEL_LABELS[level],
                "url": self.url(level=KEY_OF_LEVEL[level] if level != first else None, met=None),
                "current": level == (self.level or first),
            }
            for level in range(first, Level.COMMUNITY + 1)
        ]
        return tabs if len(tabs) > 1 else []

    @property
    def narrowed(self) -> bool:
        return bool(self.asked["q"] or self.asked["met"])

    @property
    def held(self) -> list[tuple[str, str]]:
        """What the search box repeats so that the rest stays as it is."""
        kept = keep.kept(self.request)
        return [*kept.items(), *((name, value) for name, value in self.asked.items() if value and name != "q")]

    def url(self, **changes: str | None) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}"

    @property
    def clear_url(self) -> str:
        return self.url(q=None, met=None)


def sorted_by(sort: str, figures: list[Figure]) -> list[Figure]:
    """Figures in an order of `SORTS`; those without the number stand last either way."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key == "code":
        return sorted(figures, key=lambda figure: figure.code, reverse=down)
    read = {"value": lambda f: f.exact, NUMERATOR: lambda f: f.numerator, DENOMINATOR: lambda f: f.denominator}[key]
    known = sorted((f for f in figures if read(f) is not None), key=read, reverse=down)
    return [*known, *(figure for figure in figures if read(figure) is None)]
