"""Figures of communities summed up for the places above them, as the pages of service records show them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children

T = TypeVar("T")


def children(division: Division, on: date) -> list[Division]:
    """Places one step below, villages too, in the order of codes."""
    return list(shown_children(division, on).order_by("code"))


def communities(under: str, on: date) -> dict[str, bool]:
    """Communities and villages under a place on a day by code; True for a residents' community."""
    found = Division.objects.under(under).in_force(on).filter(level=Level.COMMUNITY)
    return dict(found.order_by("code").values_list("code", "urban"))


def by_place(places: Iterable[Division], values: Mapping[str, T]) -> dict[str, list[T]]:
    """What `values` holds for the communities of each of the places."""
    codes = {place.code for place in places}
    lengths = sorted({len(code) for code in codes})
    found: dict[str, list[T]] = defaultdict(list)
    for community, value in values.items():
        for length in lengths:
            if community[:length] in codes:
                found[community[:length]].append(value)
    return found
