"""Takes the figures of a report as of the last day of its period and freezes them: plain data with all that defines them.

Figures are counted from the records for that day, as are those of the day on which the period before and the same period
of the year before ended, so that what is compared was counted alike. Nothing here decides how it is printed.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import translation

from portal.core.indicators.declare import Better, Indicator
from portal.core.indicators.figures import Figure, Line, Met, State, movement
from portal.core.indicators.values import FigureQuery
from portal.core.reports.cadence import Period
from portal.core.reports.declare import DueSection, FigureSection, FindingSection, ReportKind
from portal.core.reports.frozen_findings import freeze_due, freeze_findings
from portal.core.reports.words import Told, chinese_day, chinese_days, target_value, unit_word
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import LEVEL_LABELS, Division
from portal.core.territory.queries import shown_children

FORMAT = 1
LANGUAGE = "zh-hans"
NAMED = 3  # divisions named at either end of a ranking
_YEAR_TOO = re.compile(r"，\{(\w+):year\}")


@dataclass(frozen=True)
class Taken:
    """The figures of a report's place and of the divisions below it on three days, by code."""

    place: Division
    period: Period
    children: tuple[str, ...]
    now: Mapping[str, Line]
    previous: Mapping[str, Line]
    year: Mapping[str, Line]

    def told(self, indicator: Indicator, code: str) -> Told:
        previous, year = (lines.get(code) for lines in (self.previous, self.year))
        return Told(
            self.now[code][indicator.key],
            previous[indicator.key] if previous else None,
            year[indicator.key] if year else None,
        )


def freeze(kind: ReportKind, place: Division, period: Period) -> dict[str, Any]:
    """Everything that the report of a place for a period says, as plain data. ValueError where the place did not exist."""
    with translation.override(LANGUAGE):
        taken = _take(kind.indicators, place, period)
        return {
            "format": FORMAT,
            "kind": kind.key,
            "label": str(kind.label),
            "title": kind.title.format(place=place.label),
            "period": chinese_days(period),
            "on": period.ends_on.isoformat(),
            "place": {"code": place.code, "name": place.label, "level": str(LEVEL_LABELS[place.level])},
            "days": {
                "previous": period.before.ends_on.isoformat(),
                "year": period.year_before.ends_on.isoformat() if period.year_before else None,
            },
            "indicators": {indicator.key: _definition(indicator) for indicator in kind.indicators},
            "sections": [_section(section, taken) for section in kind.sections],
        }


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of plain data, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _take(indicators: tuple[Indicator, ...], place: Division, period: Period) -> Taken:
    children = tuple(shown_children(place, period.ends_on).order_by("code").values_list("code", flat=True))
    codes, year = (place.code, *children), period.year_before

    def lines(on: date) -> dict[str, Line]:
        if not indicators:
            return {}
        chosen = Chosen((place.code,), on, under=place.code, codes=codes)
        return {line.code: line for line in FigureQuery(indicators, chosen, afresh=True).lines()}

    if not Division.objects.in_force(period.ends_on).filter(pk=place.code).exists():
        raise ValueError(f"{place.code} did not exist on {period.ends_on}.")
    return Taken(
        place,
        period,
        children,
        lines(period.ends_on),
        lines(period.before.ends_on),
        lines(year.ends_on) if year else {},
    )


def _definition(indicator: Indicator) -> dict[str, Any]:
    return {
        "label": str(indicator.label),
        "unit": indicator.unit.value,
        "unit_label": unit_word(indicator.unit),
        "decimals": indicator.places,
        "formula": str(indicator.formula),
        "citation": indicator.citation,
        "judged": indicator.judged,
        "better": indicator.better.value,
    }


def _section(section: FigureSection | FindingSection | DueSection, taken: Taken) -> dict[str, Any]:
    if isinstance(section, FindingSection):
        return freeze_findings(section, taken.place, taken.children, taken.period)
    if isinstance(section, DueSection):
        unmet = [figure for one in section.targets if _is_unmet(figure := taken.now[taken.place.code][one.key])]
        return freeze_due(section, taken.place, taken.period, unmet)
    return _freeze_figures(section, taken)


def _is_unmet(figure: Figure) -> bool:
    return figure.met == Met.MISSED and figure.due is not None


def _freeze_figures(section: FigureSection, taken: Taken) -> dict[str, Any]:
    code = taken.place.code
    told = {indicator.key: taken.told(indicator, code) for indicator in section.indicators}
    rows = _rows(section, taken) if section.below else []
    names = {"place": taken.place.label, "on": chinese_day(taken.period.ends_on)}
    return {
        "type": "figures",
        "key": section.key,
        "title": str(section.title),
        "says": _says(section, taken.period, told, names) + _ranking(section, rows),
        "own": [_own(indicator, told[indicator.key]) for indicator in section.own],
        "below": [indicator.key for indicator in section.below],
        "ranked": section.ranked.key if section.ranked else None,
        "rows": rows,
    }


def _says(section: FigureSection, period: Period, told: Mapping[str, Told], names: Mapping[str, str]) -> list[str]:
    if all(told[indicator.key].now.state != State.VALUE for indicator in section.own):
        return ["本期没有这方面的数据。"]
    texts = map(_compared_once, section.says) if period.year_before == period.before else section.says
    return [text.format(**told, **names) for text in texts]


def _compared_once(text: str) -> str:
    """The sentence of a yearly report: the period before is the year before, so one of both comparisons is left out."""
    return _YEAR_TOO.sub(lambda found: "" if f"{{{found[1]}:previous}}" in text else found[0], text)


def _own(indicator: Indicator, told: Told) -> dict[str, Any]:
    return {
        "indicator": indicator.key,
        "now": frozen(told.now),
        "previous": frozen(told.previous),
        "year": frozen(told.year),
        "previous_change": _change(told.now, told.previous),
        "year_change": _change(told.now, told.year),
    }


def _change(now: Figure, before: Figure | None) -> str | None:
    moved = movement(now, before)
    return None if moved is None else str(moved)


def frozen(figure: Figure | None) -> dict[str, Any] | None:
    """A figure as plain data: value as printed, what it was made of, what it was judged by. What is not there is left out."""
    if figure is None:
        return None
    facts: dict[str, Any] = {
        "state": figure.state.value,
        "value": None if figure.value is None else str(figure.value),
        "numerator": figure.numerator if figure.state == State.VALUE else None,
        "denominator": figure.denominator if figure.state == State.VALUE else None,
        "met": figure.met.value if figure.indicator.target else None,
        "target": None if figure.target is None else str(target_value(figure)),
        "due": figure.due.isoformat() if figure.due else None,
        "rule": figure.rule.value if figure.rule else None,
        "source": figure.rule.source if figure.rule else None,
        "origin": str(figure.origin),
    }
    if figure.population is not None:
        population = figure.population
        facts["population"] = {
            "value": population.value,
            "basis": population.basis,
            "basis_label": population.basis_label,
            "on": population.on.isoformat(),
            "own": population.own,
            "source": population.source,
        }
    return {name: value for name, value in facts.items() if value is not None}


def _rows(section: FigureSection, taken: Taken) -> list[dict[str, Any]]:
    """The divisions below that have any of the figures, in the order of the ranking or of their codes."""
    told = {code: {one.key: taken.told(one, code) for one in section.below} for code in taken.children}
    applies = [code for code in told if any(one.now.state == State.VALUE for one in told[code].values())]
    ranks = (
        _ranks(section.ranked, {code: told[code][section.ranked.key].now for code in applies}) if section.ranked else {}
    )
    applies.sort(key=lambda code: (ranks.get(code) or len(applies) + 1, code))
    return [_row(section, taken.now[code].place.name, code, told[code], ranks.get(code)) for code in applies]


def _row(section: FigureSection, name: str, code: str, told: Mapping[str, Told], rank: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": code,
        "name": name,
        "figures": {key: frozen(one.now) for key, one in told.items()},
    }
    if section.ranked:
        one = told[section.ranked.key]
        row |= {"rank": rank, "previous_change": _change(one.now, one.previous)}
    return row


def _ranks(indicator: Indicator, figures: Mapping[str, Figure]) -> dict[str, int]:
    """Places in the ranking by the exact values, equals sharing a place; those without a value have none.

    Nor have those of another basis of population than most: figures of different bases are not compared (domain §2.8).
    """
    sign = -1 if indicator.better == Better.HIGHER else 1
    bases = Counter(one.population.basis for one in figures.values() if one.population and one.exact is not None)
    most = next((basis for basis, _count in bases.most_common(1)), None)
    order = {
        code: sign * exact
        for code, one in figures.items()
        if (exact := one.exact) is not None and (one.population is None or one.population.basis == most)
    }
    return {code: _place(value, order.values()) for code, value in order.items()}


def _place(value: Fraction, values: Iterable[Fraction]) -> int:
    return 1 + sum(other < value for other in values)


def _ranking(section: FigureSection, rows: list[dict[str, Any]]) -> list[str]:
    """Who stands where, in sentences; nothing where fewer than two divisions can be compared."""
    ranked = [row for row in rows if row.get("rank")]
    if section.ranked is None or len(ranked) < 2:
        return []
    key, unit = section.ranked.key, section.ranked.unit

    def named(found: Iterable[dict[str, Any]]) -> str:
        sign = "%" if unit == "percent" else ""
        return "、".join(f"{row['name']}（{row['figures'][key]['value']}{sign}）" for row in found)

    ends = min(NAMED, len(ranked) // 2)
    label = str(section.ranked.label)
    sentences = [f"各地{label}居前的是{named(ranked[:ends])}，居后的是{named(ranked[-ends:])}。"]
    if section.ranked.target is not None:
        counts = {met: sum(row["figures"][key].get("met") == met for row in rows) for met in Met.values}
        parts = [f"{Met(met).label} {count} 个" for met, count in counts.items() if count]
        if counts[Met.MET] or counts[Met.MISSED]:
            sentences.append(f"{len(rows)} 个下级中，{'，'.join(parts)}。")
    return sentences
