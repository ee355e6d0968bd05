"""Divisions with their figures, as tables of places show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure
from portal.core.indicators.parts import NUMERATOR
from portal.core.indicators.values import FigureQuery
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children


@dataclass(frozen=True)
class Line:
    """A division with its figures on the day."""

    division: Division
    figures: Mapping[str, Figure]

    def count(self, key: str, part: str = NUMERATOR) -> int:
        """A number of a figure; 0 where the division did not exist on the day."""
        figure = self.figures.get(key)
        return getattr(figure, part) or 0 if figure else 0


def lines_under(division: Division, on: date, indicators: Iterable[Indicator]) -> tuple[Line, list[Line]]:
    """The division itself, and every division shown one step below that has a community, with figures of a day.

    Scope the division before asking.
    """
    children = list(shown_children(division, on).filter(urban=True).order_by("code"))
    codes = tuple(one.code for one in (division, *children))
    query = FigureQuery(tuple(indicators), Chosen(("",), on, under=division.code, codes=codes))
    found = {line.code: line.figures for line in query.lines()}
    below = [Line(child, found.get(child.code, {})) for child in children]
    own = _added(below) if division.formal else found.get(division.code, {})
    return Line(division, own), below


def _added(lines: list[Line]) -> dict[str, Figure]:
    """Figures of several divisions as those of one: a formal division has none of its own."""
    keys = lines[0].figures if lines else ()
    return {key: _sum([line.figures[key] for line in lines]) for key in keys}


def _sum(figures: list[Figure]) -> Figure:
    first = figures[0]
    numerator = sum(figure.numerator or 0 for figure in figures)
    denominator = sum(figure.denominator or 0 for figure in figures) if first.indicator.divided else None
    return first._replace(numerator=numerator, denominator=denominator, known=any(figure.known for figure in figures))
