"""Pages worked out from every person under a place: of many people something comes at once and the rest after it."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.indicators import days
from portal.core.indicators.counting import Book
from portal.core.lib.clock import today
from portal.core.lib.codes import COUNTRY, Level, level_of

PART, WHOLE = "later", "whole"


@dataclass(frozen=True)
class Later:
    """The rest of a page: of how many people, where htmx gets it, and the page with everything for who has no scripts."""

    people: int
    url: str
    whole_url: str
    part: str = PART


def is_rest(request: HttpRequest) -> bool:
    """Whether htmx asks for the rest of a page that has come."""
    return bool(request.htmx) and request.htmx.target == PART


def rest_of(request: HttpRequest, book: Book, code: str) -> Later | None:
    """What the page leaves for later; None where it comes whole. No district has so many people; '' is the country."""
    if request.htmx or WHOLE in request.GET or (code not in ("", COUNTRY) and level_of(code) >= Level.DISTRICT):
        return None
    people = days.people_under(book, code)
    if people <= days.PEOPLE_AT_ONCE:
        return None
    query = request.GET.copy()
    query[WHOLE] = "1"
    return Later(people, request.get_full_path(), f"{request.path}?{query.urlencode()}")


def counting(
    request: HttpRequest, book: Book, code: str, on: date, *, kept: bool = True, afresh: bool = False
) -> HttpResponse | None:
    """A page that says how many people are being counted while the browser asks for the one with their figures.

    None for today, whose figures are kept, and where the page itself comes at once or not at all. `kept` is false for
    a page that counts the records on every day, `afresh` true for one that counts however many people there are.
    """
    later = None if kept and on == today() else rest_of(request, book, code)
    if later is None or (later.people > days.PEOPLE_AT_MOST and not afresh):
        return None
    return render(request, "portal/counting.html", {"later": later, "on": on})
