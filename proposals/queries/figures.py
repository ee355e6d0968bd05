"""Live figures of answers: how they are told, whether they still hold, which typed numbers speak against them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.indicators.arithmetic import rounded
from portal.core.indicators.days import TooManyRows
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure, State
from portal.core.indicators.values import FigureQuery
from portal.core.letters.paper import chinese_day
from portal.core.lib.clock import now, today
from portal.core.reports.words import in_prose
from portal.core.territory.chosen import Chosen
from proposals.models import LiveFigure, Reply, ReplySection
from proposals.queries.typed import Typed, typed_numbers

TOKEN = re.compile(r"\[\[(\d+)(:day)?\]\]")
Indicators = Mapping[str, Indicator]


def places_of(indicator: Indicator, decimals: int | None = None) -> int:
    """Decimals of a figure in a letter: those asked for, else the catalogue's; counts have none."""
    counted = not indicator.divided and indicator.places == 0
    return 0 if counted else indicator.places if decimals is None else decimals


def told(found: Figure, decimals: int) -> dict[str, Any]:
    """A figure as a letter keeps it: value and words, what it is made of, by which definition and rule, of what day.

    In the portal's own language, whoever writes: official letters are.
    """
    one, exact = found.indicator, found.exact
    value = None if exact is None else rounded(exact, decimals, floor=one.floor)
    with translation.override(settings.LANGUAGE_CODE):
        # A letter has no blank between number and unit.
        text = in_prose(value, one.unit).replace(" ", "") if value is not None else str(State(found.state).label)
        return {
            "label": str(one.label),
            "text": text,
            "value": None if value is None else str(value),
            "numerator": found.numerator,
            "denominator": found.denominator,
            "basis": _basis(found),
            "rule": found.rule.source if found.rule else "",
            "definition": str(one.formula),
            "citation": one.citation,
            "place": found.place.name,
            "on": found.on.isoformat(),
            "origin": str(found.origin),
            "counted_at": (found.counted_at or now()).isoformat(),
        }


def _basis(found: Figure) -> str:
    people = found.population
    if people is None:
        return ""
    words = {"basis": people.basis_label, "people": f"{people.value:,}", "day": people.on.isoformat()}
    return _("%(basis)s %(people)s 人，时点 %(day)s") % words


def counted(indicators: Iterable[Indicator], code: str, on: date) -> dict[str, Figure]:
    """Figures of one division on a day by key; none where the division did not exist or the day cannot be had."""
    return _known_at(indicators, (code,), on).get(code, {})


def counted_at(indicators: Iterable[Indicator], codes: Sequence[str], on: date) -> dict[str, dict[str, Figure]]:
    """As `counted`, of several divisions near each other at once, by code; raises TooManyRows where the day cannot be had."""
    wanted = tuple(indicators)
    if not wanted or not codes:
        return {}
    under = codes[0] if len(codes) == 1 else ""
    lines = FigureQuery(wanted, Chosen(tuple(codes), on, under=under, codes=tuple(codes))).lines()
    return {line.place.code: dict(line.figures) for line in lines}


def _known_at(indicators: Iterable[Indicator], codes: Sequence[str], on: date) -> dict[str, dict[str, Figure]]:
    """The same, and nothing where the day cannot be had."""
    try:
        return counted_at(indicators, codes, on)
    except TooManyRows:
        return {}


@dataclass(frozen=True)
class Standing:
    """A figure of a letter beside what the catalogue says now. `shown` is what the letter says, `now` None where unknown."""

    figure: LiveFigure
    shown: dict[str, Any]
    now: dict[str, Any] | None
    day: date

    @property
    def changed(self) -> bool:
        return self.now is None or self.now["text"] != self.shown["text"]

    @property
    def words(self) -> str:
        """3,310人 → 3,297人."""
        return f"{self.shown['text']} → {self.now['text'] if self.now else _('无法取得')}"


def is_current(figure: LiveFigure) -> bool:
    """Whether a figure was inserted as that of the day: it then has to hold on the day of signing, not on its own."""
    return figure.on >= timezone.localdate(figure.inserted_at)


def standing(reply: Reply, indicators: Indicators, on: date | None = None) -> list[Standing]:
    """Every figure of a reply with what it would say now, in the order of insertion.

    One inserted as of its own day is looked at on the day `on` (today); one of an earlier day on that day, counted anew.
    Of a signed letter the frozen figure is compared: the letter stays as it is.
    """
    day = on or today()
    figures = list(reply.figures.select_related("division").order_by("pk"))
    asked: dict[tuple[str, date], set[str]] = {}
    for one in figures:
        asked.setdefault((one.division_id, day if is_current(one) else one.on), set()).add(one.indicator)
    # The places of a table lie side by side and are asked the same: all of them at once.
    above = {one.division_id: one.division.parent_id for one in figures}
    rows: dict[tuple, list[str]] = {}
    for (code, when), keys in asked.items():
        rows.setdefault((above[code], when, tuple(sorted(keys & indicators.keys()))), []).append(code)
    found = {
        (code, when): values
        for (_parent, when, keys), codes in rows.items()
        for code, values in _known_at([indicators[key] for key in keys], codes, when).items()
    }
    return [_stands(one, found, day if is_current(one) else one.on) for one in figures]


def _stands(one: LiveFigure, found: dict[tuple[str, date], dict[str, Figure]], day: date) -> Standing:
    figure = found.get((one.division_id, day), {}).get(one.indicator)
    return Standing(one, one.frozen or one.inserted, told(figure, one.decimals) if figure else None, day)


def spoken(text: str, shown: Mapping[int, dict[str, Any]]) -> str:
    """A text with its figures in words; [[12:day]] is the day of figure 12. What is no figure of the reply stays as typed."""

    def say(token: re.Match) -> str:
        figure = shown.get(int(token[1]))
        if figure is None:
            return token[0]
        return chinese_day(date.fromisoformat(figure["on"])) if token[2] else figure["text"]

    return TOKEN.sub(say, text)


def shown_figures(reply: Reply) -> dict[int, dict[str, Any]]:
    """What the letter says of each of its figures: frozen where signed, else as inserted."""
    return {one.pk: one.frozen or one.inserted for one in reply.figures.all()}


def named_in(texts: Iterable[str]) -> set[int]:
    """Keys of the figures that texts name."""
    return {int(token[1]) for text in texts for token in TOKEN.finditer(text)}


@dataclass(frozen=True)
class Contradiction:
    """A number typed by hand that is not what the catalogue says of the same words on the same day."""

    section: ReplySection | None
    typed: Typed
    label: str
    text: str
    on: date


def contradictions(
    reply: Reply, indicators: Indicators, sections: Iterable[ReplySection], on: date | None = None
) -> list[Contradiction]:
    """Typed numbers beside the name of a figure that the catalogue gives otherwise, for the place of the handling.

    Of the day the sentence names, else of today. Figures that need a permission of their own are left out.
    """
    code, day = reply.handling.division_id, on or today()
    known = {key: one for key, one in indicators.items() if one.perm is None and not one.basis}
    with translation.override(settings.LANGUAGE_CODE):
        labels: dict[str, list[tuple[str, str]]] = {}
        for key, one in known.items():
            for word in _spellings(str(one.label)):
                labels.setdefault("persons" if one.unit == "per_10k" else one.unit, []).append((word, key))
        found = [
            (section, typed) for section in sections for typed in typed_numbers(TOKEN.sub("；", section.text), labels)
        ]
    days: dict[date, set[str]] = {}
    for _section, typed in found:
        days.setdefault(min(typed.on or day, day), set()).add(typed.about)
    figures = {when: counted([known[key] for key in sorted(keys)], code, when) for when, keys in days.items()}
    return [
        Contradiction(section, typed, said["label"], said["text"], when)
        for section, typed in found
        for when in (min(typed.on or day, day),)
        if (figure := figures[when].get(typed.about)) is not None
        and (said := told(figure, figure.indicator.places))["value"] is not None
        and not _agrees(typed, figure)
    ]


def _spellings(label: str) -> set[str]:
    """A name as people write it in a sentence: 女性占比 is also 女性占."""
    return {label, label.removesuffix("比")} if label.endswith("占比") else {label, label.removesuffix("人数") or label}


def _agrees(typed: Typed, figure: Figure) -> bool:
    """Whether the typed number is the figure to the decimals typed, rounded half up, or cut off where the catalogue cuts."""
    return typed.value == rounded(figure.exact / typed.scale, typed.decimals, floor=figure.indicator.floor)
