"""The place that a page of the workforce is about: by address, by `?place=`, or the reader's only territory."""

import functools
from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division, is_country, shown_children
from portal.core.web.access import requires


def at_place(perm: Perm) -> Callable:
    """Gives the view the division of `code`, in the territory in which the reader holds `perm`; 404 elsewhere."""

    def decorate(view: Callable) -> Callable:
        @functools.wraps(view)
        def placed(request: HttpRequest, code: str, **kwargs) -> HttpResponse:
            return view(request, get_object_or_404(Division.objects.for_user(request.user, perm), pk=code), **kwargs)

        return requires(perm)(placed)

    return decorate


def chosen_place(request: HttpRequest, perm: Perm) -> Division | None:
    """The division of `?place=`, else the first territory of the reader; None is the whole country."""
    territories = request.user.territories(perm)
    code = request.GET.get("place", "") or next(iter(territories), "")
    if not code or (is_country(code) and "" in territories):
        return None
    found = find_division(code, Division.objects.for_user(request.user, perm))
    if found is None:
        raise Http404
    return found


def below(division: Division | None, on: date) -> list[Division]:
    """Urban divisions one step below, in the order of codes; a community stands for itself."""
    if division is None:
        found = Division.objects.filter(level=Level.PROVINCE).in_force(on)
    elif division.level == Level.COMMUNITY:
        return [division]
    else:
        found = shown_children(division, on)
    return list(found.filter(urban=True).order_by("code"))
