"""What the editor of answers asks for while somebody writes: figures by name, earlier answers, similar proposals."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Indicator
from portal.core.lib.clock import today
from portal.core.lib.text import clean
from portal.core.territory.models import Division, Level
from portal.core.web.access import requires
from portal.pages.reply_editor import reply_or_404
from portal.registry import INDICATORS
from proposals.actions.reply_sections import may_insert
from proposals.models import Reply
from proposals.queries import library
from proposals.queries.figures import counted, places_of, shown_figures, spoken, told

SHOWN = 12


@require_safe
@requires(Perm.HANDLE_PROPOSALS, Perm.MANAGE_PROPOSALS)
@never_cache
def reply_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures whose name holds the words typed, each as it would stand in the letter."""
    reply = reply_or_404(request, pk)
    place, on = _place(request, reply), _day(request)
    found = _named(request, clean(request.GET.get("figure_q", "")), place.pk)
    values = counted(found[:SHOWN], place.pk, on)
    decimals = request.GET.get("figure_decimals", "")
    wanted = int(decimals) if decimals in ("0", "1", "2", "3", "4") else None
    rows = [
        {"key": one.key, "label": one.label, "formula": one.formula, "topic": one.topic.label}
        | {"told": told(values[one.key], places_of(one, wanted)) if one.key in values else None}
        for one in found[:SHOWN]
    ]
    context = {"rows": rows, "more": max(0, len(found) - SHOWN), "place": place, "on": on}
    context["table"] = place.level < Level.COMMUNITY
    return render(request, "proposals/_reply_figures.html", context)


def _place(request: HttpRequest, reply: Reply) -> Division:
    code = request.GET.get("figure_place", "")
    if not code:
        return reply.handling.division
    return get_object_or_404(Division.objects.for_user(request.user, Perm.VIEW_STAFFING), pk=code)


def _day(request: HttpRequest) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("figure_on", "")), today())
    except ValueError:
        return today()


def _named(request: HttpRequest, words: str, code: str) -> list[Indicator]:
    """Figures that the reader may use whose name has all the words; those that begin with them first."""
    terms = words.split()
    found = [
        one
        for one in INDICATORS.values()
        if all(term in f"{one.label}{one.topic.label}" for term in terms) and may_insert(request.user, one, code)
    ]
    return sorted(found, key=lambda one: not str(one.label).startswith(words))


@require_safe
@requires(Perm.HANDLE_PROPOSALS, Perm.MANAGE_PROPOSALS)
@never_cache
def reply_library(request: HttpRequest, pk: int) -> HttpResponse:
    """Paragraphs of earlier answers by words; without words the proposals most like this one with their answers."""
    reply = reply_or_404(request, pk)
    words = clean(request.GET.get("library_q", ""))
    if not words:
        found = library.alike(request.user, reply.handling.proposal)
        context = {"rows": found, "together": library.together(request.user, reply)}
        return render(request, "proposals/_reply_alike.html", context)
    found = library.paragraphs(request.user, words, without=reply)[: library.SHOWN]
    rows = [{"section": one, "text": spoken(one.text, shown_figures(one.reply))} for one in found]
    return render(request, "proposals/_reply_library.html", {"rows": rows, "words": words})


routes = [
    path("proposals/replies/<int:pk>/figures/", reply_figures, name="reply_figures"),
    path("proposals/replies/<int:pk>/library/", reply_library, name="reply_library"),
]
