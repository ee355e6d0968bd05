"""What a figure is, declared once: from here it comes onto pages, into REST, exports, findings, ratings and letters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.counting import Book
from portal.core.policy.kinds import Kind


class Topic(models.TextChoices):
    """What figures are grouped by, in the order of the catalogue (domain §1.O)."""

    STAFFING = "staffing", _("人员配备")
    POSITIONS = "positions", _("员额")
    STRUCTURE = "structure", _("队伍结构")
    CERTIFICATES = "certificates", _("持证")
    COMMITTEES = "committees", _("社区“两委”")
    GRIDS = "grids", _("网格")
    CONTRACTS = "contracts", _("合同")
    PAY = "pay", _("等级与薪酬")
    TRAINING = "training", _("培训")
    TURNOVER = "turnover", _("人员流动")
    SERVICE = "service", _("服务规范")
    RATINGS = "ratings", _("星级")
    PROPOSALS = "proposals", _("提案办理")


class Unit(models.TextChoices):
    """The unit of a value, as it is printed behind it."""

    PERSONS = "persons", pgettext_lazy("unit", "人")
    PERSON_TIMES = "person_times", pgettext_lazy("unit", "人次")
    PLACES = "places", pgettext_lazy("unit", "个")
    CONTRACTS = "contracts", pgettext_lazy("unit", "份")
    MATTERS = "matters", pgettext_lazy("unit", "件")
    PER_UNIT = "per_unit", pgettext_lazy("unit", "个/村（社区）")
    AREA_PER_100 = "area_per_100", pgettext_lazy("unit", "平方米/百户")
    PERCENT = "percent", "%"
    PER_10K = "per_10k", pgettext_lazy("unit", "人/万人")
    PER_GRID = "per_grid", pgettext_lazy("unit", "每网格")
    YEARS = "years", pgettext_lazy("unit", "年")
    AGE = "age", pgettext_lazy("unit", "岁")
    GRADE = "grade", pgettext_lazy("unit", "级")
    YUAN = "yuan", pgettext_lazy("unit", "元")

    @property
    def scale(self) -> int:
        """A value is numerator x scale / denominator."""
        return {Unit.PERCENT: 100, Unit.PER_10K: 10_000}.get(self, 1)


class Better(models.TextChoices):
    """Which way a figure should move; a composition has none."""

    HIGHER = "higher", _("越高越好")
    LOWER = "lower", _("越低越好")
    NEITHER = "neither", _("不分高低")


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """The rule a figure is judged by. `of` reads the target from a rule's value, None where the rule sets none.

    `due` reads the day the target is to be reached by. A rule that tells how to count, and never what is to be reached, is
    not `judging`.
    """

    kind: Kind
    of: Callable[[dict], Fraction | None]
    due: Callable[[dict], date | None] = lambda value: None
    at_least: bool = True
    judging: bool = True


POPULATION = "population"
"""Denominator of figures per resident: the population whose basis the policy prefers, or that of `Indicator.basis`."""


def names_in(text: str) -> tuple[str, ...]:
    """Counters with "+" between them."""
    return tuple(text.split("+")) if text else ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Indicator:
    """A figure of a division on a day.

    `numerator` and `denominator` name counters of `book`; the denominator may be POPULATION, several counters with "+"
    between them, or empty for a plain count. `divisor_book` is the book of the denominator where it is another one.
    `sql` replaces the numerator by an expression over counters {t}, {population} and the rule's value {rule}; `uses` are
    the counters it reads, and where it is NULL for want of the rule the figure is not in force. `known` names a counter, or
    several with "+" between them, that must not be zero for there to be data at all: nothing is lacking where nothing was
    registered. `ruled` names counters likewise: the figure is in force where they are not zero, or where the rule of its
    target holds at the place itself. `urban` figures do not apply to villages.
    `basis` binds the population to one basis. `perm` is needed beside the right to see figures at all.
    """

    key: str
    label: str | Promise
    topic: Topic
    unit: Unit
    book: Book
    numerator: str = ""
    denominator: str = ""
    divisor_book: Book | None = None
    sql: str = ""
    uses: tuple[str, ...] = ()
    known: str = ""
    ruled: str = ""
    basis: str = ""
    formula: str | Promise
    citation: str = ""
    target: Target | None = None
    decimals: int = 1
    floor: bool = False
    urban: bool = True
    better: Better = Better.NEITHER
    perm: Perm | None = None

    def __post_init__(self) -> None:
        unknown = [name for book, names in self.read.items() for name in names if name not in book.counters]
        if unknown or bool(self.numerator) == bool(self.sql):
            raise ValueError(f"{self.key}: counters {unknown} are not declared, or not one of numerator and sql is")

    @property
    def counters(self) -> tuple[str, ...]:
        """The counters of the book that the figure reads."""
        divisors = self.divisors if self.whole is self.book else ()
        named = (self.numerator, *divisors, *names_in(self.known), *names_in(self.ruled), *self.uses)
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def whole(self) -> Book:
        """The book that the denominator is counted in."""
        return self.divisor_book or self.book

    @property
    def read(self) -> dict[Book, tuple[str, ...]]:
        """The counters that the figure reads, by book."""
        return {self.book: self.counters} | ({self.whole: self.divisors} if self.whole is not self.book else {})

    @property
    def divisors(self) -> tuple[str, ...]:
        """The counters that the denominator adds up; none where it is the population."""
        return names_in(self.denominator) if self.denominator != POPULATION else ()

    @property
    def per_resident(self) -> bool:
        """Whether the figure reads the population."""
        return self.denominator == POPULATION or "{population}" in self.sql

    @property
    def judged(self) -> bool:
        """Whether a rule may set what is to be reached."""
        return self.target is not None and self.target.judging

    @property
    def divided(self) -> bool:
        return bool(self.denominator)

    def part(self, name: str) -> str:
        """The counter behind `numerator` or `denominator`, whose rows can be listed; "" where there is none."""
        if name == "numerator":
            return self.numerator
        return self.denominator if len(self.divisors) == 1 else ""

    @property
    def places(self) -> int:
        """Decimal places of the value."""
        return self.decimals if self.divided or self.unit in (Unit.PERCENT, Unit.PER_10K) else 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Composition:
    """Shares that make up a whole, in order: the keys of figures over the same denominator."""

    key: str
    label: str | Promise
    topic: Topic
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sum:
    """A counter of a book that is the sum of others, so that one of them can be worked out from the rest.

    Compositions say so of their own parts; this is for the others.
    """

    book: Book
    whole: str
    parts: tuple[str, ...]

    def __post_init__(self) -> None:
        if unknown := [name for name in (self.whole, *self.parts) if name not in self.book.counters]:
            raise ValueError(f"{self.whole}: counters {unknown} are not declared")
