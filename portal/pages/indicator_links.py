"""Addresses of figures: the page of one, and the rows behind each of its numbers."""

from datetime import date

from django.http import HttpRequest

from portal.core.indicators.figures import Figure, State
from portal.core.indicators.parts import NUMERATOR, parts_of
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.registry import INDICATORS


def _day(on: date | None) -> dict[str, str | None]:
    """The day as a parameter where it is not the one chosen in the address."""
    return {} if on is None else {"on": on.isoformat() if on != today() else None}


def figure_page(request: HttpRequest, key: str, code: str, *, on: date | None = None) -> str:
    """The page of a figure at a place: sentence, definition, series, ranking."""
    return keep.page_url(request, "indicator", key, place=code, **_day(on))


def figure_url(request: HttpRequest, key: str, part: str, code: str, *, on: date | None = None) -> str:
    """The rows behind a number of a figure; `part` is numerator, denominator or a counter that its formula uses."""
    return keep.page_url(request, "indicator_rows", key, part=part, place=code, **_day(on))


def staffing_urls(request: HttpRequest, code: str) -> dict[str, str]:
    """What the numbers of the sentence on staffing lead to: the heads themselves, and how the others are made."""
    pages = {"required": "staffing_required", "gap": "staffing_gap", "ratio": "staffing_ratio"}
    made = {name: figure_page(request, key, code) for name, key in pages.items()}
    return {"workers": value_url(request, "workers", code), **made}


def value_url(request: HttpRequest, key: str, code: str, *, on: date | None = None) -> str:
    """The rows behind the value itself: of a count its rows, else those of the first number that it is made of."""
    parts = parts_of(INDICATORS[key])
    return figure_url(request, key, next(iter(parts), NUMERATOR), code, on=on)


def value_at(request: HttpRequest, figure: Figure) -> str:
    """The rows behind a value on the figure's own day; empty where it has none."""
    return value_url(request, figure.indicator.key, figure.code, on=figure.on) if figure.state == State.VALUE else ""
