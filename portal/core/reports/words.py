"""Periods and movements in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.indicators.arithmetic import rounded
from portal.core.indicators.declare import Unit
from portal.core.indicators.figures import Figure, Met, State, movement, same_basis, with_unit
from portal.core.reports.cadence import Cadence, Period


class CadenceWord(models.TextChoices):
    """What the cadences are called."""

    WEEK = Cadence.WEEK.value, gettext_lazy("每周")
    MONTH = Cadence.MONTH.value, gettext_lazy("每月")
    QUARTER = Cadence.QUARTER.value, gettext_lazy("每季")
    HALF_YEAR = Cadence.HALF_YEAR.value, gettext_lazy("每半年")
    YEAR = Cadence.YEAR.value, gettext_lazy("每年")

    @property
    def cadence(self) -> Cadence:
        return Cadence(self.value)


_QUARTERS = (
    gettext_lazy("%(year)s年第一季度"),
    gettext_lazy("%(year)s年第二季度"),
    gettext_lazy("%(year)s年第三季度"),
    gettext_lazy("%(year)s年第四季度"),
)
_HALVES = (gettext_lazy("%(year)s年上半年"), gettext_lazy("%(year)s年下半年"))


def period_name(period: Period) -> str:
    """2026年第47周, 2026年10月, 2026年第三季度, 2026年下半年, 2026年."""
    names = {"year": period.year, "number": period.number}
    match period.cadence:
        case Cadence.WEEK:
            return _("%(year)s年第%(number)s周") % names
        case Cadence.MONTH:
            return _("%(year)s年%(number)s月") % names
        case Cadence.QUARTER:
            return str(_QUARTERS[period.number - 1]) % names
        case Cadence.HALF_YEAR:
            return str(_HALVES[period.number - 1]) % names
    return _("%(year)s年") % names


def chinese_day(day: date) -> str:
    """2026年11月3日, as official documents write it (GB/T 9704): Arabic numerals, no padding zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_days(period: Period) -> str:
    """The period with its days where its name does not tell them: 2026年第47周（11月16日至11月22日）."""
    if period.cadence != Cadence.WEEK:
        return period_name(period)
    first, last = (f"{day.month}月{day.day}日" for day in (period.starts_on, period.ends_on))
    return f"{period_name(period)}（{first}至{last}）"


# What the document says is Chinese whoever makes it: official documents are.
_COUNTED = frozenset({Unit.PERSONS, Unit.PERSON_TIMES, Unit.PLACES, Unit.CONTRACTS, Unit.YUAN})


def unit_word(unit: Unit) -> str:
    """The unit as it stands behind a number or in a column's head."""
    return "人" if unit == Unit.PER_10K else str(unit.label)


def in_prose(value: Decimal, unit: Unit) -> str:
    """A value with its unit as a sentence says it: 每万人社区工作者 17.20 人."""
    return f"{value:,f} {unit_word(unit)}" if unit == Unit.PER_10K else with_unit(value, unit)


def moved(now: Figure, before: Figure | None, than: str) -> str:
    """How a figure moved, from the figures as printed: 比上期增加 3 人, 比上年同期下降 1.2 个百分点, 与上期持平."""
    by, unit = movement(now, before), now.indicator.unit
    if before is not None and not same_basis(now, before):
        return f"{than}的人口口径是{before.population.basis_label}，与本期不同，不作比较"
    if by is None:
        return f"{than}无数据可比"
    if not by:
        return f"与{than}持平"
    word = ("增加" if by > 0 else "减少") if unit in _COUNTED else ("提高" if by > 0 else "下降")
    amount = f"{abs(by):,f} 个百分点" if unit == Unit.PERCENT else in_prose(abs(by), unit)
    return f"比{than}{word} {amount}"


@dataclass(frozen=True)
class Told:
    """A figure as sentences may name it; the part after the colon asks for something beside its value."""

    now: Figure
    previous: Figure | None
    year: Figure | None

    def __format__(self, asked: str) -> str:
        unit = self.now.indicator.unit
        match asked:
            case "":
                return in_prose(self.now.value, unit) if self.now.state == State.VALUE else self.now.text
            case "previous":
                return moved(self.now, self.previous, "上期")
            case "year":
                return moved(self.now, self.year, "上年同期")
            case "target":
                return target_words(self.now)
            case "short":
                return _short(self.now)
        raise ValueError(f"{self.now.indicator.key}:{asked} is nothing that a sentence can ask for.")


def target_words(figure: Figure) -> str:
    """目标 60%（2027年12月31日前），未达标, or why there is nothing to say."""
    if figure.target is None:
        return "目标未生效" if figure.met == Met.NOT_IN_FORCE else "未设目标"
    target = in_prose(target_value(figure), figure.indicator.unit)
    due = f"（{chinese_day(figure.due)}前）" if figure.due else ""
    return f"目标 {target}{due}，{figure.met.label}"


def target_value(figure: Figure) -> Decimal:
    """The target with as few decimals as it needs, never more than the figure has."""
    places = figure.indicator.places
    exact: Fraction = figure.target
    return rounded(exact, 0 if exact.denominator == 1 else places)


def _short(figure: Figure) -> str:
    """缺 6 人, 超出 2 人 or 已配齐: of a figure that says how much is lacking."""
    if figure.state != State.VALUE:
        return f"缺额{figure.text}"
    if not figure.value:
        return "已配齐"
    return f"{'缺' if figure.value > 0 else '超出'} {in_prose(abs(figure.value), figure.indicator.unit)}"
