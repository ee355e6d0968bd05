"""What automatic items are scored from: figures of many units on a day, as they are frozen into a score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure, Met, State
from portal.core.indicators.values import FigureQuery
from portal.core.lib.codes import Level
from portal.core.territory.chosen import Chosen
from ratings.enums import ItemKind
from ratings.models import RatingScheme, SchemeItem
from ratings.scoring import Band, Item, Step, points_of

JUDGED = {Met.MET: True, Met.MISSED: False}


@dataclass(frozen=True)
class Reading:
    """A figure as a score keeps it; `exact` is the value before rounding, `met` None where no target judges it."""

    exact: Fraction | None
    met: bool | None
    kept: dict[str, Any]


class Readings:
    """Figures of the units under a division on a day, by unit and indicator; one statement per book.

    Equal figures of different units are worked out once.
    """

    def __init__(self, indicators: Iterable[Indicator], under: str, on: date) -> None:
        self._by: dict[tuple[str, str], Reading] = {}
        self._same: dict[tuple, Reading] = {}
        self._held: list[Any] = []  # rules stay alive as long as their identity tells figures apart
        self.on = on
        self._indicators = {one.key: one for one in indicators}
        books: dict[Any, list[Indicator]] = {}
        for one in self._indicators.values():
            books.setdefault(one.book, []).append(one)
        chosen = Chosen(("",), on, under=under, level=Level.COMMUNITY)
        with translation.override(settings.LANGUAGE_CODE):
            for group in books.values():
                for line in FigureQuery(tuple(group), chosen).lines():
                    for key, figure in line.figures.items():
                        self._by[line.code, key] = self._reading(figure)
            self._absent = {key: _absent(one, on) for key, one in self._indicators.items()}

    def of(self, code: str, key: str) -> Reading:
        """The figure of a unit; that of a unit which did not exist on the day has no data."""
        return self._by.get((code, key)) or self._absent[key]

    def _reading(self, figure: Figure) -> Reading:
        rule, people = figure.rule, figure.population
        same = (
            figure.indicator.key, figure.numerator, figure.denominator, figure.known, figure.place.urban,
            id(rule), people and (people.basis, people.on, people.own),
        )  # fmt: skip
        found = self._same.get(same)
        if found is None:
            self._held.append(rule)
            found = self._same[same] = Reading(figure.exact, JUDGED.get(figure.met), freeze(figure))
        return found


def freeze(figure: Figure) -> dict[str, Any]:
    """A figure with all that tells how it came about, as JSON: exact value as a fraction, the rule's source, the words."""
    target, population = figure.target, figure.population
    return {
        **_about(figure.indicator, figure.on),
        "value": None if figure.value is None else str(figure.value),
        "exact": None if figure.exact is None else str(figure.exact),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "state": str(figure.state),
        "target": None if target is None else str(Decimal(target.numerator) / Decimal(target.denominator)),
        "met": str(figure.met),
        "text": figure.text,
        "rule": figure.rule.source if figure.rule else "",
        "population": f"{population.basis_label} {population.on.isoformat()}" if population else "",
        "origin": str(figure.origin),
    }


def _about(indicator: Indicator, on: date) -> dict[str, Any]:
    return {
        "indicator": indicator.key,
        "label": str(indicator.label),
        "formula": str(indicator.formula),
        "on": on.isoformat(),
    }


def _absent(indicator: Indicator, on: date) -> Reading:
    nothing = dict.fromkeys(("value", "exact", "numerator", "denominator", "target"))
    words = {"state": str(State.NO_DATA), "text": str(State.NO_DATA.label), "met": str(Met.NO_DATA)}
    return Reading(
        None, None, {**_about(indicator, on), **nothing, **words, "rule": "", "population": "", "origin": ""}
    )


def read_back(kept: Mapping[str, Any]) -> Reading:
    """A frozen figure as it was read."""
    exact = kept.get("exact")
    return Reading(Fraction(exact) if exact is not None else None, JUDGED.get(kept.get("met")), dict(kept))


def why_no_points(item: SchemeItem, kept: Mapping[str, Any] | None) -> str:
    """Why an automatic item gave no points, in a sentence; "" where it gave some, and where it was not read yet."""
    if not kept:
        return ""
    if kept["state"] != State.VALUE:
        return _("“%(figure)s”%(state)s，本项不得分，也不扣分。") % {
            "figure": kept["label"],
            "state": State(kept["state"]).label,
        }
    if not item.steps and kept["met"] not in JUDGED:
        return _("“%(figure)s”在取数时点没有生效的标准，本项不得分，也不扣分。") % {"figure": kept["label"]}
    return ""


def steps_of(item: SchemeItem) -> list[Step]:
    """The steps as the rules take them; `most` stands in place of `least` where less is better."""
    return [Step(Decimal(str(s.get("least", s.get("most")))), Decimal(str(s["percent"]))) for s in item.steps]


def lower_is_better(item: SchemeItem) -> bool:
    return any("most" in step for step in item.steps)


def automatic_points(item: SchemeItem, reading: Reading) -> Decimal | None:
    """The points of an automatic item from a figure."""
    return points_of(item.points, steps_of(item), reading.exact, reading.met, lower=lower_is_better(item))


def bands_of(scheme: RatingScheme) -> list[Band]:
    return [Band(int(one["grade"]), Decimal(str(one["least"]))) for one in scheme.bands]


def rule_item(item: SchemeItem) -> Item:
    """The item as the pure rules see it."""
    return Item(item.label, item.kind == ItemKind.SCORE, item.points, item.indicator, bool(item.steps))
