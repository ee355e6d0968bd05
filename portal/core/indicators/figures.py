"""A figure as it was found: value, numerator, denominator, what it is judged by, and how it was counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy

from portal.core.indicators.arithmetic import difference, quotient, rounded
from portal.core.indicators.declare import Better, Indicator, Unit
from portal.core.territory.models import Basis


class State(models.TextChoices):
    """Whether there is a value; the others are values of their own, never zero."""

    VALUE = "value", gettext_lazy("有数据")
    NO_DATA = "no_data", gettext_lazy("无数据")
    NOT_IN_FORCE = "not_in_force", gettext_lazy("未生效")
    NOT_APPLICABLE = "not_applicable", gettext_lazy("不适用")


class Met(models.TextChoices):
    """How a figure stands against its target."""

    MET = "met", gettext_lazy("达标")
    MISSED = "missed", gettext_lazy("未达标")
    NOT_IN_FORCE = "not_in_force", gettext_lazy("未生效")
    NO_DATA = "no_data", gettext_lazy("无数据")
    NO_TARGET = "no_target", gettext_lazy("不设目标")


class Origin(models.TextChoices):
    """How a figure was counted: kept and exact today, as kept for a day in the past, or from the records anew."""

    TODAY = "today", gettext_lazy("当日数据")
    SNAPSHOT = "snapshot", gettext_lazy("当时留存")
    ROWS = "rows", gettext_lazy("按记录重新统计")


@dataclass(frozen=True)
class Rule:
    """The rule a figure is judged by, with its source."""

    value: dict
    document: str = ""
    article: str = ""

    @property
    def source(self) -> str:
        return f"{self.document} {self.article}".strip()


@dataclass(frozen=True)
class Population:
    """What figures per resident divide by."""

    value: int
    basis: str
    on: date
    own: bool
    source: str = ""

    @property
    def basis_label(self) -> str:
        return str(Basis(self.basis).label)


@dataclass(frozen=True)
class Place:
    """The division a figure is about."""

    code: str
    name: str
    level: int
    kind: str
    urban: bool


class Figure(NamedTuple):
    """One indicator of one division on one day. `value` is rounded for print; it is judged unrounded."""

    indicator: Indicator
    place: Place
    on: date
    numerator: int | None
    denominator: int | None
    rule: Rule | None = None
    population: Population | None = None
    known: bool = True
    origin: str = Origin.TODAY
    counted_at: datetime | None = None
    in_force: bool = True

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def state(self) -> State:
        one = self.indicator
        if one.urban and not self.place.urban:
            return State.NOT_APPLICABLE
        if not self.in_force:
            return State.NOT_IN_FORCE
        if not self.known or (one.per_resident and self.population is None):
            return State.NO_DATA
        if self.numerator is None:
            return State.NO_DATA if one.target is None or self.rule else State.NOT_IN_FORCE
        return State.NO_DATA if one.divided and not self.denominator else State.VALUE

    @property
    def has_numbers(self) -> bool:
        """Whether its numbers may be told: without data a count is no 0, a share shows which of its numbers is missing."""
        return self.state == State.VALUE or (self.state == State.NO_DATA and self.indicator.divided)

    @property
    def exact(self) -> Fraction | None:
        """The value before rounding."""
        if self.state != State.VALUE:
            return None
        scale = self.indicator.unit.scale
        return quotient(self.numerator, self.denominator, scale) if self.indicator.divided else Fraction(self.numerator)

    @property
    def value(self) -> Decimal | None:
        exact = self.exact
        return None if exact is None else rounded(exact, self.indicator.places, floor=self.indicator.floor)

    @property
    def target(self) -> Fraction | None:
        target = self.indicator.target
        return target.of(self.rule.value) if target and self.rule else None

    @property
    def due(self) -> date | None:
        """The day by which the target is to be reached."""
        target = self.indicator.target
        return target.due(self.rule.value) if target and self.rule else None

    @property
    def met(self) -> Met:
        if self.indicator.target is None or self.state == State.NOT_APPLICABLE:
            return Met.NO_TARGET
        if self.rule is None:
            return Met.NOT_IN_FORCE
        if self.target is None:
            return Met.NO_TARGET
        exact = self.exact
        if exact is None:
            return Met.NO_DATA
        reached = exact >= self.target if self.indicator.target.at_least else exact <= self.target
        return Met.MET if reached else Met.MISSED

    @property
    def shortfall(self) -> int | None:
        """How many more of the numerator would reach the target; zero and below where it is reached."""
        if self.target is None or not self.denominator or self.indicator.better != Better.HIGHER:
            return None
        needed = self.target * self.denominator / self.indicator.unit.scale
        return -(-needed.numerator // needed.denominator) - self.numerator

    @property
    def text(self) -> str:
        """The value with its unit as it stands in a sentence, or the word for its absence."""
        return with_unit(self.value, self.indicator.unit) if self.state == State.VALUE else str(self.state.label)


def with_unit(value: Decimal | int, unit: Unit) -> str:
    """A value as it stands in a sentence."""
    number = f"{Decimal(value):,f}".replace("-", "\N{MINUS SIGN}")
    if unit == Unit.PERCENT:
        return f"{number}%"
    return f"{number} {unit.label}"


def same_basis(now: Figure, before: Figure) -> bool:
    """Whether two figures may be compared: not where both read a population, of different bases (domain §2.8)."""
    return now.population is None or before.population is None or now.population.basis == before.population.basis


def movement(now: Figure, before: Figure | None) -> Decimal | None:
    """How far a figure moved, from the values as printed; None where one is missing or the bases differ."""
    return difference(now.value, before.value) if before is not None and same_basis(now, before) else None


@dataclass(frozen=True)
class Line:
    """The figures of one division by indicator key."""

    place: Place
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.place.code

    def __getitem__(self, key: str) -> Figure:
        return self.figures[key]
