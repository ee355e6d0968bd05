"""Finding a place: the division of a page, the place switch of the frame, the search box."""

import functools
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import COUNTRY, ancestors, as_scope, candidates
from portal.core.territory.models import Division
from portal.core.territory.queries import country, is_country, search_divisions, shown_children
from portal.core.web import keep
from portal.core.web.access import requires
from workforce.queries.roster import find_people, roster

SHOWN = 20
QUERY_LENGTH = 60


def place_or_404(request: HttpRequest, text: str, perm: Perm, *, whole: bool = False) -> Division:
    """The division that a code stands for, in the reader's territory; a foreign code is the same 404 as an unknown one.

    Those above it come along in the same query: the frame names them on the way down. The country is a place where
    figures are all there is to see (`whole`).
    """
    if whole and is_country(text) and request.user.can(perm, COUNTRY):
        return country()
    codes = candidates(text)
    known = Division.objects.in_bulk({*codes, *(above for code in codes for above in ancestors(code))})
    division = next((known[code] for code in codes if code in known and request.user.can(perm, code)), None)
    if division is None:
        raise Http404
    if request.user.can(Perm.VIEW_STAFFING, division.code):
        request.on_the_way = known
    return division


def at_division(perm: Perm, *, whole: bool = False) -> Callable:
    """Gives the view the division of `code` instead of the code; a padded code leads to the address without padding.

    `whole`: the country is a place of the page.
    """

    def decorate(view: Callable) -> Callable:
        @functools.wraps(view)
        def placed(request: HttpRequest, code: str, **kwargs) -> HttpResponse:
            division = place_or_404(request, code, perm, whole=whole)
            if division.code != code:
                url = reverse(request.resolver_match.view_name, kwargs={"code": division.code, **kwargs})
                return redirect(f"{url}?{request.GET.urlencode()}" if request.GET else url)
            return view(request, division, **kwargs)

        return requires(perm)(placed)

    return decorate


def chosen_place(request: HttpRequest, perm: Perm) -> Division | None:
    """The division of `?place=`, else the reader's only territory; None is everything the reader may see."""
    territories = request.user.territories(perm)
    code = request.GET.get("place", "") or (territories[0] if len(territories) == 1 else "")
    if not code or (is_country(code) and "" in territories):
        return None
    return place_or_404(request, code, perm)


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]


def ways(divisions: list[Division], user) -> dict[str, str]:
    """For every division the names above it, within the reader's territory, for telling namesakes apart."""
    codes = {above for division in divisions for above in ancestors(division.code)}
    known = Division.objects.for_user(user, Perm.VIEW_STAFFING).filter(formal=False).in_bulk(codes)
    return {
        d.code: " › ".join(known[code].label for code in reversed(ancestors(d.code)) if code in known)
        for d in divisions
    }


@requires(Perm.VIEW_STAFFING)
def place_search(request: HttpRequest) -> HttpResponse:
    """Places for the switch in the frame: what the text finds, without text what lies around the present place."""
    q = _asked(request)
    if not request.htmx:
        return redirect(keep.page_url(request, "search", q=q))
    found = _found(request.user, q) if q else _around(request)
    view = request.GET.get("from", "")
    within = ways(found[:SHOWN], request.user)
    results = [
        {
            "url": keep.place_url(request, view, division.code),
            "name": division.label,
            "within": within[division.code],
            "current": division.code == keep.place_of(request),
        }
        for division in found[:SHOWN]
    ]
    return render(request, "frame/_place_results.html", {"results": results, "more": len(found) > SHOWN, "q": q})


def _found(user, q: str) -> list[Division]:
    return list(search_divisions(Division.objects.for_user(user, Perm.VIEW_STAFFING), q)[: SHOWN + 1])


def _around(request: HttpRequest) -> list[Division]:
    """The places above the present one and those directly under it."""
    place = chosen_place(request, Perm.VIEW_STAFFING)
    mine = Division.objects.for_user(request.user, Perm.VIEW_STAFFING).filter(formal=False)
    if place is None:
        roots = [code for code in request.user.territories(Perm.VIEW_STAFFING) if code]
        return list(mine.filter(code__in=roots) if roots else mine.filter(level=1).order_by("code"))
    up = list(mine.filter(code__in=ancestors(place.code)).order_by("code"))
    return up + list(shown_children(place, keep.day_of(request)).order_by("code")[: SHOWN + 1])


@requires(Perm.VIEW_STAFFING)
def search(request: HttpRequest) -> HttpResponse:
    """Places by name, code or pinyin initials and, for those who may see the roster, people by name or initials."""
    q = _asked(request)
    places = _found(request.user, q) if q else []
    if len(places) == 1 and places[0].code in candidates(q):
        return redirect(keep.page_url(request, "division", places[0].code))
    people = list(find_people(request.user, q)[: SHOWN + 1])
    within = ways(places, request.user)
    context = {
        "q": q,
        "places": [{"division": place, "within": within[place.code]} for place in places[:SHOWN]],
        "more_places": len(places) > SHOWN,
        "people": _with_posts(request, people[:SHOWN]),
        "more_people": len(people) > SHOWN,
        "sees_people": request.user.can(Perm.VIEW_ROSTER),
    }
    return render(request, "portal/search.html", context)


def _with_posts(request: HttpRequest, people: list) -> list[dict]:
    posts: dict = {}
    for post in roster(request.user, on=keep.day_of(request)).filter(person__in=people).order_by("tier", "id"):
        posts.setdefault(post.person_id, []).append(post)
    return [{"person": person, "posts": posts.get(person.pk, [])} for person in people]


def roster_url(request: HttpRequest, code: str) -> str:
    """The roster of the people under a division."""
    params = {"place": as_scope(code), **keep.kept(request, place=False)}
    params = {name: value for name, value in params.items() if value}
    return f"{reverse('roster')}?{urlencode(params)}" if params else reverse("roster")


routes = [
    path("places/", place_search, name="place_search"),
    path("search/", search, name="search"),
]
