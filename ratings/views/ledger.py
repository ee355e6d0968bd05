"""What the pages of service records of a place share: tabs, the table of the places below, lists, forms and their answers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.policy.queries import RuleInForce
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.paginator import BoundedPaginator
from workforce.views.answers import attempt, form_page, may_change_now, page_or_part, url_of

PAGE_ROWS = 50
TABS = (
    ("needs", gettext_lazy("居民需求")),
    ("projects", gettext_lazy("微治理项目")),
    ("facilities", gettext_lazy("服务设施")),
    ("features", gettext_lazy("组织和阵地")),
    ("deliberations", gettext_lazy("议事协商")),
    ("points", gettext_lazy("积分")),
    ("access_refusals", gettext_lazy("拒绝的事项")),
)


@dataclass(frozen=True)
class Column:
    """A column of figures of the table of places."""

    label: str | Promise
    decimals: int = 0


@dataclass(frozen=True)
class Judged:
    """How a figure stands to the norm: key of a status badge and its word."""

    key: str
    word: str = ""


def tabs(request: HttpRequest, name: str, code: str) -> list[dict]:
    """The lists of service records of a place, behind the page of its service."""
    hub = [{"label": _("服务"), "url": keep.page_url(request, "service_place", code)}] if _has_hub(code) else []
    lists = [{"label": label, "url": keep.page_url(request, key, code), "current": key == name} for key, label in TABS]
    return [*hub, *lists]


def _has_hub(code: str) -> bool:
    return bool(url_of("service")) and bool(code)


def place_table(
    request: HttpRequest,
    name: str,
    caption: str,
    columns: Sequence[Column],
    lines: Iterable[tuple[Division, Sequence[Any], Judged | None]],
    **params,
) -> dict:
    """The table of the places below: each links to the same page of its own."""
    shown = [
        {
            "name": place.label,
            "url": keep.page_url(request, name, place.code, **params),
            "cells": [
                {"label": column.label, "value": value, "decimals": column.decimals}
                for column, value in zip(columns, values, strict=True)
            ],
            "judged": judged,
        }
        for place, values, judged in lines
    ]
    judges = any(line["judged"] for line in shown)
    return {"caption": caption, "columns": columns, "lines": shown, "judges": judges}


def ledger(
    request: HttpRequest,
    division: Division,
    name: str,
    title: str,
    rows: str,
    found: QuerySet,
    form,
    whole: Callable[[], dict],
    each: Callable[[Any], None] | None = None,
    **context,
) -> HttpResponse:
    """The list `found` of a place, drawn by the template `rows`; `whole` gives what only the whole page shows.

    `each` may put words onto every row that is shown.
    """
    page = BoundedPaginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    for row in page if each else ():
        each(row)
    context = {"division": division, "title": title, "page": page, "form": form, "rows": rows, **context}
    context["on"] = keep.day_of(request)
    context["lone"] = division.level == Level.COMMUNITY
    context["narrowed"] = any(request.GET.get(key) for key in form.fields if key != "year")
    if not request.htmx:
        context |= {"tabs": tabs(request, name, division.code), **whole()}
    return page_or_part(request, "ratings/ledger.html", rows, context)


def changes(request: HttpRequest, division: Division, perm: Perm = Perm.CHANGE_SERVICE) -> bool:
    """Whether the reader may enter or correct something of the place, on this day of the page."""
    return may_change_now(request) and request.user.can(perm, division.code)


def new_act(request: HttpRequest, name: str, division: Division, label: str) -> list[dict]:
    """The button for a new record: on the page of a community, for who keeps its records."""
    if division.level != Level.COMMUNITY or not changes(request, division):
        return []
    url = keep.page_url(request, name, division.code)
    return [{"label": label, "icon": "plus-lg", "url": url, "primary": True}]


def only_community(division: Division) -> None:
    """Records are kept by communities and villages: Http404 for any other place."""
    if division.level != Level.COMMUNITY:
        raise Http404


def fetched(request: HttpRequest, rows: QuerySet, pk: int, perm: Perm = Perm.CHANGE_SERVICE):
    """The row in the reader's territory; 404 elsewhere."""
    return get_object_or_404(rows.for_user(request.user, perm).select_related("division"), pk=pk)


def tried(form, action: Callable, /, **arguments) -> Any:
    """What the action returns; None when it refuses. A stale form then counts as having seen the present row."""
    done = attempt(form, action, **arguments)
    if done is None and form.has_error("__all__", "stale") and hasattr(form, "see_again"):
        form.see_again()
    return done


def done(request: HttpRequest, name: str, key: str | int, sentence: str) -> HttpResponse:
    """Back to the page `name` of a place or row, with what was done in a sentence."""
    return gone(request, keep.page_url(request, name, key), sentence)


def gone(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(url)


def row_form(request: HttpRequest, form, division: Division, back: str, title: str, **context) -> HttpResponse:
    """The page of a form about a record of a place."""
    url = keep.page_url(request, back, division.code)
    context = {"title": title, "kind": division.label, "back": url, "draft": request.path, **context}
    return form_page(request, "workforce/plain_form.html", form, **context)


def rule_line(rule: RuleInForce) -> dict:
    """A rule as the pages show it; nothing where the portal has none in force but that it is so."""
    return {"words": rule.words, "source": rule.source, "off": rule.value is None}


def judged(met: bool | None, word: str = "") -> Judged:
    """The badge of a norm: met, short, or no data."""
    return Judged("no_data") if met is None else Judged("compliant") if met else Judged("short", word)
