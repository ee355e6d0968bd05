"""The places whose roster a reader may enter in one grid, each with its posts in force, and the communities of a place."""

from collections import Counter

from django.db.models import Count, Q
from django.http import HttpRequest

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level, ancestors
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.pages import grid_rows
from workforce.models import Appointment

_MOST_PLACES = 500


def choices(request: HttpRequest, chosen: Division) -> list[dict]:
    """The chosen place, those around it within the reader's territory, and those one or two levels inside it."""
    mine = Division.objects.for_user(request.user, Perm.CHANGE_ROSTER).filter(formal=False, valid_to=None)
    near = Q(code__in=[*ancestors(chosen.code), chosen.code]) | Q(code__in=_beside(mine, chosen))
    places = list(mine.filter(near).order_by("code")[:_MOST_PLACES])
    counts = _posts(request, places)
    return [
        {
            "code": place.code,
            "label": place.label,
            "indent": "　" * (place.level - places[0].level),
            "posts": counts[place.code],
            "fits": counts[place.code] <= grid_rows.MOST_POSTS,
            "current": place.code == chosen.code,
            "url": keep.page_url(request, "roster_grid", place.code),
        }
        for place in places
    ]


def _beside(mine, chosen: Division) -> list[str]:
    """Codes of the communities of the chosen street; above a street, those of the next two levels."""
    street = chosen.code[:9] if chosen.level >= Level.STREET else chosen.code
    deepest = min(Level.COMMUNITY, chosen.level + 2)
    return list(mine.under(street).filter(level__lte=deepest).values_list("code", flat=True)[:_MOST_PLACES])


def _posts(request: HttpRequest, places: list[Division]) -> Counter:
    """Posts in force under each place."""
    counts: Counter = Counter()
    codes = {place.code for place in places}
    top = min(codes, key=len)
    held = Appointment.objects.for_user(request.user, Perm.CHANGE_ROSTER).under(top).in_force(today())
    for code, posts in held.order_by().values_list("division_id").annotate(Count("id")):
        counts.update({one: posts for one in (code, *ancestors(code)) if one in codes})
    return counts


def communities(user, division: Division) -> list[dict]:
    """The communities that new posts may be in: residents' committees in existence, by code."""
    mine = Division.objects.for_user(user, Perm.CHANGE_ROSTER).under(division.code)
    found = mine.filter(level=Level.COMMUNITY, urban=True, valid_to=None).order_by("code")
    return [{"code": code, "name": label} for code, label in found.values_list("code", "label")]
