"""The place and the day that a reader chose travel in the address, `?place=CODE&on=YYYY-MM-DD`, not in the session."""

import datetime as dt
from collections.abc import Callable

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from portal.core.lib import clock
from portal.core.lib.codes import COUNTRY, candidates


def day_of(request) -> dt.date:
    """The day asked for; today where none or no real day is given."""
    asked = request.GET.get("on")
    if not asked:
        return clock.today()
    try:
        return dt.date.fromisoformat(asked)
    except ValueError:
        return clock.today()


def place_of(request) -> str:
    """The division code asked for, by path or parameter, as it was written; empty where none is given or none can be."""
    match = getattr(request, "resolver_match", None)
    code = str((match.kwargs.get("code") if match else None) or request.GET.get("place", ""))
    return code if candidates(code) else ""


def kept(request, *, place: bool = True) -> dict[str, str]:
    """Parameters that a link to another page carries on: the place, and the day unless it is today."""
    params = {}
    if place and (code := place_of(request)) and code != COUNTRY:  # which is what its holders see without a place
        params["place"] = code
    if request.GET.get("on") and (on := day_of(request)) != clock.today():
        params["on"] = on.isoformat()
    return params


def page_url(request, name: str, *args, **params) -> str:
    """Address of a page that keeps place and day. A page addressed by an argument keeps the day only.

    Further keywords become query parameters; None drops one, also `place=None` or `on=None`.
    """
    query = {**kept(request, place=not args), **params}
    query = {key: value for key, value in query.items() if value not in (None, "")}
    url = reverse(name, args=args)
    return f"{url}?{urlencode(query, doseq=True)}" if query else url


def row_urls(request, name: str) -> Callable[[int], str]:
    """Addresses of the page `name` for the rows of a list by their numbers: looked up once for all of them."""
    before, _zero, after = page_url(request, name, 0).partition("/0/")
    return lambda number: f"{before}/{number}/{after}"


def place_url(request, view_name: str, code: str) -> str:
    """Address of the page `view_name` for another place: by path where it has one, else by `?place=`."""
    on = kept(request, place=False)
    for name, kwargs, params in (
        (view_name, {"code": code}, on),
        (view_name, {}, {"place": code, **on}),
        ("division", {"code": code}, on),
    ):
        try:
            url = reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
        return f"{url}?{urlencode(params)}" if params else url
    return ""
