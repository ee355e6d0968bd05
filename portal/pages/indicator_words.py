"""Figures in words: value, target, change against another day, and the sentence that goes into a report."""

from decimal import Decimal
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.indicators.arithmetic import rounded
from portal.core.indicators.declare import Indicator, Unit, names_in
from portal.core.indicators.figures import Figure, Met, Origin, State, movement, same_basis, with_unit
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR, Part, number_of, parts_of
from portal.core.web import formats
from portal.pages.sentences import filled, joined

# Word, shape and colour of how a figure stands; the words of a figure without a target stand alone.
BADGES = {Met.MET: "compliant", Met.MISSED: "short", Met.NOT_IN_FORCE: "not_in_force", Met.NO_DATA: "no_data"}
_MORE = {Unit.PERCENT: gettext_lazy("提高 %(amount)s"), Unit.PER_10K: gettext_lazy("提高 %(amount)s")}
_LESS = {Unit.PERCENT: gettext_lazy("降低 %(amount)s"), Unit.PER_10K: gettext_lazy("降低 %(amount)s")}


def amount(value: Decimal | int | None, unit: Unit | None) -> str:
    """A number with its unit as it stands in a sentence."""
    if value is None or unit is None:
        return formats.number(value) or str(formats.NO_DATA)
    return with_unit(value, unit)


def number_words(figure: Figure) -> str:
    """The value without its unit, for tables that name the unit in their head."""
    return formats.number(figure.value) or str(figure.state.label)


def plain(value: Fraction) -> Decimal:
    """A target as people write it: 60, 18, 22.5."""
    exact = rounded(value, 2)
    return exact.to_integral_value() if exact == exact.to_integral_value() else exact


def target_words(figure: Figure) -> str:
    """What the rule asks for, with the day where it sets one; empty without a target in force."""
    if figure.target is None:
        return ""
    least = figure.indicator.target.at_least
    asked = amount(plain(figure.target), figure.indicator.unit)
    words = _("不少于 %(target)s") if least else _("不多于 %(target)s")
    if figure.due is None:
        return words % {"target": asked}
    return _("%(due)s前%(target)s") % {"due": formats.day(figure.due), "target": words % {"target": asked}}


def points(unit: Unit) -> str | Promise:
    """The unit of a difference: shares differ by percentage points."""
    return _("个百分点") if unit == Unit.PERCENT else unit.label


def change_words(now: Figure, before: Figure | None) -> str:
    """The difference from another day with its sign, or that the bases differ; empty where one of both has no value."""
    if before is not None and before.value is not None and now.value is not None and not same_basis(now, before):
        return _("口径不同")
    moved = movement(now, before)
    if moved is None:
        return ""
    return f"{formats.signed(moved)} {points(now.indicator.unit)}"


def numbers(figure: Figure) -> list[tuple[Part, int]]:
    """The parts of a figure that explain it, each with its number as far as the figure itself knows it."""
    found = ((part, number_of(figure, part)) for part in parts_of(figure.indicator).values())
    alone = not figure.indicator.divided
    return [(part, count) for part, count in found if count is not None and not (alone and part.key == NUMERATOR)]


def part_label(figure: Figure, part: Part) -> str:
    """What a part is called; the population by its basis."""
    return str(part.label) if part.counter or not figure.population else figure.population.basis_label


def sentence(figure: Figure, before: Figure | None = None) -> SafeString:
    """Value, what it is made of, how it stands, and last year's: one paragraph to be copied."""
    return joined([_says(figure), *_judged(figure), *_compared(figure, before)])


def _says(figure: Figure) -> SafeString:
    words = {"place": figure.place.name, "label": figure.indicator.label}
    if figure.state != State.VALUE:
        return filled(_("%(place)s%(label)s：%(why)s。"), {}, {**words, "why": why(figure)})
    value = {"value": figure.text}
    made = [f"{part_label(figure, part)} {amount(count, part.unit)}" for part, count in numbers(figure)]
    if not made:
        return filled(_("%(place)s%(label)s %(value)s。"), value, words)
    return filled(_("%(place)s%(label)s %(value)s（%(made)s）。"), value, {**words, "made": _("，").join(made)})


def why(figure: Figure) -> str:
    """Why a figure has no value, in words."""
    if figure.state == State.NOT_IN_FORCE:
        return _("所依据的规则未生效，算不出来")
    if figure.state == State.NOT_APPLICABLE:
        return _("没有城镇社区，不适用")
    if figure.indicator.per_resident and figure.population is None:
        return _("没有人口数据")
    if not figure.known and (known := _known_words(figure.indicator)):
        return _("%(known)s为 0，无从统计") % {"known": known}
    part = parts_of(figure.indicator).get(DENOMINATOR)
    if part and not figure.denominator:
        return _("%(part)s为 0，没有可以相除的数") % {"part": part_label(figure, part)}
    return str(formats.NO_DATA)


def _known_words(one: Indicator) -> str:
    """What there has to be some of for the figure to say anything."""
    return _("、").join(str(one.book.counters[name].label) for name in names_in(one.known))


def _judged(figure: Figure) -> list[SafeString]:
    if figure.met == Met.NOT_IN_FORCE:
        return [filled(_("目标未生效，不判断是否达标。"), {})] if figure.state == State.VALUE else []
    words = {"target": target_words(figure)}
    if figure.met == Met.MET:
        return [filled(_("目标%(target)s，已达标。"), {}, words)]
    if figure.met != Met.MISSED:
        return []
    if (short := figure.shortfall) is not None and short > 0:
        unit = next(iter(parts_of(figure.indicator).values())).unit
        return [filled(_("目标%(target)s，未达标，还差 %(short)s。"), {"short": amount(short, unit)}, words)]
    return [filled(_("目标%(target)s，未达标。"), {}, words)]


def _compared(figure: Figure, before: Figure | None) -> list[SafeString]:
    if before is None or before.value is None or figure.value is None:
        return []
    words = {"day": formats.day(before.on), "change": _change_told(figure, before)}
    return [filled(_("上年同期（%(day)s）%(value)s，%(change)s。"), {"value": before.text}, words)]


def _change_told(now: Figure, before: Figure) -> str:
    if same_basis(now, before):
        return moved_words(now, before)
    return _("当时的人口口径是%(basis)s，与现在不同，不作比较") % {"basis": before.population.basis_label}


def moved_words(now: Figure, before: Figure) -> str:
    """提高 5.1 个百分点, 增加 12 人, 持平."""
    moved, unit = now.value - before.value, now.indicator.unit
    if not moved:
        return _("持平")
    size = f"{formats.number(abs(moved))} {points(unit)}"
    told = (
        _MORE.get(unit, gettext_lazy("增加 %(amount)s"))
        if moved > 0
        else _LESS.get(unit, gettext_lazy("减少 %(amount)s"))
    )
    return str(told) % {"amount": size}


def basis_words(figure: Figure) -> str:
    """Basis, number and origin of the population; empty where the figure reads none."""
    people = figure.population
    if people is None:
        return ""
    given = {"basis": people.basis_label, "population": formats.number(people.value), "source": people.source}
    if not people.source:
        return _("%(basis)s %(population)s 人") % given
    if people.own:
        return _("%(basis)s %(population)s 人（本级数据，来源：%(source)s）") % given
    return _("%(basis)s %(population)s 人（下级合计，来源：%(source)s）") % given


def origin_words(figure: Figure) -> str:
    """How the figure was counted, with the moment where it was kept."""
    origin = str(Origin(figure.origin).label)
    if figure.counted_at is None:
        return origin
    return _("%(origin)s（统计于 %(at)s）") % {"origin": origin, "at": formats.moment(figure.counted_at)}
