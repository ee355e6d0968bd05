"""The rows behind a number, a page at a time: within the reader's territory, beside the whole number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.indicators.figures import Figure, State
from portal.core.indicators.parts import Part
from portal.core.indicators.rows import Listed, Row, RowsBehind
from portal.core.indicators.values import FigureQuery
from portal.core.lib.codes import Level, within
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.paginator import ALL, MOST_AT_ONCE, Paginator
from portal.pages import indicator_words as words
from portal.pages.indicator_figures import line_at
from portal.pages.indicator_links import figure_url
from portal.pages.indicator_row_kinds import LOOKS, Cell, perm_of

PAGE_ROWS = 50
# A longer list nobody reads: the numbers of the divisions below, which lead on, stand in its place.
LISTED_ROWS = 20_000
_FURTHEST_PAGE = 10_000


class RowList:
    """What stands behind one number of a figure at a place on the day of the address."""

    def __init__(self, request: HttpRequest, part: Part, place: Division) -> None:
        self.request, self.part, self.place, self.on = request, part, place, keep.day_of(request)

    @cached_property
    def figure(self) -> Figure | None:
        """The number as a figure of its own; None where the place did not exist on the day."""
        line = line_at((self.part.plain,), self.place, self.on)
        return line[self.part.indicator.key] if line else None

    @property
    def number(self) -> int | None:
        """The whole number, whatever the reader may see of its rows."""
        return self.figure.numerator if self.figure and self.figure.state == State.VALUE else None

    @cached_property
    def territories(self) -> tuple[str, ...]:
        """Where the reader may see rows of this kind, as far as it touches the place."""
        held = self.request.user.territories(perm_of(self.part))
        return tuple(code for code in held if within(self.place.code, code) or within(code, self.place.code))

    @property
    def sees_all(self) -> bool:
        return any(within(self.place.code, code) for code in self.territories)

    @property
    def behind(self) -> RowsBehind:
        return RowsBehind(
            self.part.book, self.part.counter, self.place.code, self.on, self.territories, self.part.without
        )

    @cached_property
    def by_place(self) -> bool:
        """Whether the numbers of the divisions below stand for the rows; a community has none below."""
        if not self.part.counter:
            return True
        return self.place.level < Level.COMMUNITY and (self.number or 0) > LISTED_ROWS and not self._few

    @property
    def _few(self) -> bool:
        """Whether a number that adds up to much is made of few rows; a place above a district is not asked."""
        asked = self.part.summed and self.place.level >= Level.DISTRICT and self.territories
        return bool(asked) and self.listed.count <= LISTED_ROWS

    @cached_property
    def listed(self) -> Listed:
        if self._whole and (found := self.behind.listed(MOST_AT_ONCE)).count <= MOST_AT_ONCE:
            return found
        found = self.behind.listed(PAGE_ROWS, (self._asked - 1) * PAGE_ROWS)
        pages = -(-found.count // PAGE_ROWS)
        return self.behind.listed(PAGE_ROWS, (pages - 1) * PAGE_ROWS) if 0 < pages < self._asked else found

    @property
    def _whole(self) -> bool:
        return self.request.GET.get("page") == ALL

    @property
    def _asked(self) -> int:
        text = self.request.GET.get("page", "")
        known = text.isascii() and text.isdigit() and len(text) < 6
        return min(max(int(text), 1), _FURTHEST_PAGE) if known else 1

    @property
    def page(self) -> Page:
        return Paginator(range(self.listed.count), PAGE_ROWS).get_page(ALL if self._whole else self._asked)

    @property
    def columns(self) -> list[dict]:
        shown = [{"key": str(at), "label": label} for at, label in enumerate(LOOKS[self.part.kind].columns)]
        return [*shown, {"key": "amount", "label": self.part.label, "num": True}] if self.part.summed else shown

    @cached_property
    def lines(self) -> list[dict]:
        rows = self.listed.rows
        look = LOOKS[self.part.kind]
        found = look.cells(self.request.user, rows, self.on)
        return [
            {"cells": list(zip(look.columns, cells, strict=True)), "amount": row.amount}
            for row, cells in zip(rows, found, strict=True)
        ]

    @property
    def blanks(self) -> Sequence:
        """Columns of the foot between its head and the sum."""
        return LOOKS[self.part.kind].columns[1:]

    def chunks(self, size: int) -> Iterator[tuple[list[Row], list[list[Cell]]]]:
        """Every row with its cells, `size` at a time, for files; the rows are counted once."""
        rows = self.behind.page(LISTED_ROWS * 10)
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            yield some, LOOKS[self.part.kind].cells(self.request.user, some, self.on)

    # The divisions below in place of rows -------------------------------------------------------------------------------

    @property
    def basis(self) -> str:
        people = self.figure.population if self.figure else None
        return people.basis if people else ""

    @property
    def own_population(self) -> bool:
        """Whether the population is one record of the place itself."""
        return bool(not self.part.counter and self.figure and self.figure.population and self.figure.population.own)

    @property
    def population_rows(self) -> list[dict]:
        """The one record that the population is."""
        people = self.figure.population
        return [
            {"label": _("人口"), "value": words.amount(people.value, self.part.unit)},
            {"label": _("口径"), "value": people.basis_label},
            {"label": _("时点"), "value": formats.day(people.on)},
            {"label": _("来源"), "value": people.source},
        ]

    @cached_property
    def places(self) -> list[dict]:
        """The numbers of the divisions one step below, each with the page behind it."""
        if self.own_population:
            return []
        one = replace(self.part.plain, basis=self.basis) if not self.part.counter else self.part.plain
        held = tuple(self.request.user.territories(Perm.VIEW_STAFFING))
        chosen = Chosen(held, self.on, self.place.code, parent=self.place.code)
        return list(self._below(line[one.key] for line in FigureQuery((one,), chosen).lines()))

    def _below(self, figures: Iterable[Figure]) -> Iterator[dict]:
        for figure in figures:
            if figure.numerator is None or figure.state != State.VALUE:
                continue
            people = figure.population
            yield {
                "figure": figure,
                "number": formats.number(figure.numerator),
                "source": people.source if people else "",
                "on": people.on if people else None,
                "url": figure_url(self.request, self.part.indicator.key, self.part.key, figure.code),
            }

    # In words -----------------------------------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        return words.part_label(self.figure, self.part) if self.figure else str(self.part.label)

    @property
    def number_words(self) -> str:
        return words.amount(self.number, self.part.unit)

    @property
    def seen_words(self) -> str:
        """What the list is beside the number: all of it, a part, or rows that are added up."""
        count = formats.number(self.listed.count)
        if not self.sees_all:
            return _("名单中有您可以查看的 %(count)s 项，其余不在您的查看范围。") % {"count": count}
        if self.part.summed:
            return _("由 %(count)s 项相加得出。") % {"count": count}
        if self.number == self.listed.count:
            return _("名单共 %(count)s 项，与数字一致。") % {"count": count}
        return _("名单共 %(count)s 项：名册正在变化，请稍后刷新再看。") % {"count": count}
