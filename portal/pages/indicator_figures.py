"""The figures that pages show: of the chosen place and day, and of the same day a year before."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.http import Http404, HttpRequest

from portal.core.accounts.roles import Perm
from portal.core.indicators.days import TooManyRows
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Line
from portal.core.indicators.models import Publication, PublicationQuerySet
from portal.core.indicators.parts import Part, listed_parts
from portal.core.indicators.values import FigureQuery, kept
from portal.core.lib.codes import Level
from portal.core.lib.dated import ONE_DAY, add_months, add_years
from portal.core.lib.scope import union
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.core.territory.queries import country
from portal.pages.places import chosen_place, place_or_404
from portal.registry import INDICATORS


def place_of_figures(request: HttpRequest) -> Division:
    """The place asked for, else the reader's first territory, which may be the whole country.

    A formal node stands for the division above it, as on the page of a division.
    """
    place = chosen_place(request, Perm.VIEW_STAFFING)
    if place is None:
        held = request.user.territories(Perm.VIEW_STAFFING)
        return country() if "" in held else place_or_404(request, held[0], Perm.VIEW_STAFFING)
    if place.formal and request.user.can(Perm.VIEW_STAFFING, place.parent_id):
        return place_or_404(request, place.parent_id, Perm.VIEW_STAFFING)
    return place


def shown_to(user, code: str) -> tuple[Indicator, ...]:
    """The figures that a reader may see at a place ("" = the country); some need a permission of their own, as pay does."""
    return tuple(one for one in INDICATORS.values() if one.perm is None or user.can(one.perm, code))


def published_for(user) -> PublicationQuerySet:
    """What was published of places in the reader's territory; of figures that the reader may not see there is none."""
    rows = Publication.objects.for_user(user, Perm.VIEW_STAFFING)
    for perm in {one.perm for one in INDICATORS.values() if one.perm}:
        guarded = Q(indicator__in=[one.key for one in INDICATORS.values() if one.perm == perm])
        held = user.territories(perm)
        if "" not in held:
            inside = union("division_id", held)
            rows = rows.exclude(guarded & ~inside if inside else guarded)
    return rows


def indicator_or_404(request: HttpRequest, key: str, place: Division) -> Indicator:
    """The figure of the address; one that the reader may not see at the place does not exist."""
    one = INDICATORS.get(key)
    if one is None or not (one.perm is None or request.user.can(one.perm, place.code)):
        raise Http404
    return one


def part_or_404(one: Indicator, key: str) -> Part:
    """The part of a figure that the address names; without a name the first."""
    parts = listed_parts(one)
    if key and key not in parts:
        raise Http404
    return parts[key] if key else next(iter(parts.values()))


def line_at(indicators: Iterable[Indicator], place: Division, on: date) -> Line | None:
    """The figures of a place on a day; None where it did not exist then."""
    lines = FigureQuery(tuple(indicators), Chosen(("",), on, under=place.code, codes=(place.code,))).lines()
    return lines[0] if lines else None


def line_before(indicators: Iterable[Indicator], place: Division, day: date) -> Line | None:
    """The figures of an earlier day: as kept then, else counted anew; of a large place those of the nearest month's end."""
    indicators = tuple(indicators)
    found = kept(indicators, place.code, add_months(day, -1) + ONE_DAY, add_months(day, 1))
    nearest = min(found, key=lambda line: abs(day_of(line) - day), default=None)
    if nearest and (place.level < Level.DISTRICT or day_of(nearest) == day):
        return nearest
    try:
        return None if place.level <= Level.PROVINCE else line_at(indicators, place, day)
    except TooManyRows:
        return None


def day_of(line: Line) -> date:
    return next(iter(line.figures.values())).on


def year_before(indicators: Iterable[Indicator], place: Division, on: date) -> Line | None:
    """The figures of the same period last year."""
    return line_before(indicators, place, add_years(on, -1))
