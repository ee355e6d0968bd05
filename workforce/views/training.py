"""Training: the classes of a year, persons and person-times, and how far the rotation got where."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.policy.kinds import ROTATION
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import counting
from portal.core.web.paginator import BoundedPaginator, Paginator
from workforce import coverage
from workforce.counters import BOOK
from workforce.enums import TrainingKind, TrainingLevel
from workforce.exports.training import CLASSES
from workforce.forms.training import ClassFilter, Listed, YearFilter
from workforce.models import Person
from workforce.queries import training as reads
from workforce.queries.roster import units_of
from workforce.views.answers import may_change_now, page_or_part
from workforce.views.places import below, chosen_place

PAGE_ROWS = 50
MOST_MISSING = 200
PEOPLE = (Listed.PERSONS, Listed.TIMES)


@require_safe
@requires(Perm.VIEW_ROSTER)
def training(request: HttpRequest) -> HttpResponse:
    """The classes of a year, and what they came to; on request what one of the numbers counts."""
    on, place = keep.day_of(request), chosen_place(request, Perm.VIEW_ROSTER)
    under, form = place.code if place else "", ClassFilter(request.GET, on=on)
    asked = form.asked()
    context = {"form": form, "place": place, "year": asked["year"], "on": on, **_rows(request, under, asked, on)}
    if not request.htmx:
        context["exports"] = [] if asked["show"] in PEOPLE else export_menu(request, CLASSES)
        context |= {"actions": _actions(request), **_sums(request, under, asked["year"], on)}
    return page_or_part(request, "workforce/training.html", "workforce/_training_rows.html", context)


def _rows(request: HttpRequest, under: str, asked: dict, on: date) -> dict:
    """One page of the list: classes, people who came, or how often they came."""
    show, user = asked["show"], request.user
    if show not in PEOPLE:
        found = reads.listed(user, under=under, on=on, **asked)
        return {"page": Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))}
    came = reads.attended(user, under, asked["year"], on, level=asked["level"], kind=asked["kind"])
    listed = reads.person_times(came) if show == Listed.TIMES else reads.persons(came)
    page = BoundedPaginator(listed, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "shown": show}
    if show == Listed.PERSONS:
        places = units_of(user, [row["person_id"] for row in page], on)
        context["lines"] = [{"row": row, "place": places.get(row["person_id"], "")} for row in page]
    return context


def _sums(request: HttpRequest, under: str, year: int, on: date) -> dict:
    """Persons and person-times by level and kind, and together; persons of the parts may be the same people."""

    def cells(classes: int, trained: coverage.Trained, **narrowed) -> list[dict]:
        numbers = ((Listed.HELD, classes), (Listed.PERSONS, trained.persons), (Listed.TIMES, trained.person_times))
        return [
            {
                "label": label,
                "count": number,
                "url": keep.page_url(request, "training", year=year, show=str(show), **narrowed) if number else "",
            }
            for (show, number), label in zip(numbers, (_("班次"), _("人数"), _("人次")), strict=True)
        ]

    rows = [
        {
            "level": TrainingLevel(level).label,
            "kind": TrainingKind(kind).label,
            "cells": cells(classes, trained, level=level, kind=kind),
        }
        for level, kind, classes, trained in reads.sums(request.user, under=under, year=year, on=on)
    ]
    classes, trained = reads.total(request.user, under=under, year=year, on=on)
    mean, together = coverage.mean_per_class(trained.person_times, classes), cells(classes, trained)
    said = (_("%(year)s 年举办并有人参加的班次 %(n)s 个"), _("参训 %(n)s 人"), _("%(n)s 人次"))
    words = [
        {"words": text % {"year": year, "n": formats.number(cell["count"])}, "url": cell["url"]}
        for text, cell in zip(said, together, strict=True)
    ]
    return {"sums": rows, "total": {"cells": together, "words": words, "mean": mean}}


def _actions(request: HttpRequest) -> list[dict]:
    found = [{"label": _("轮训覆盖"), "icon": "bar-chart", "url": keep.page_url(request, "training_rotation")}]
    if may_change_now(request) and request.user.can(Perm.CHANGE_TRAINING):
        url = keep.page_url(request, "training_new")
        found.insert(0, {"label": _("新增班次"), "icon": "plus-lg", "url": url, "primary": True})
    return found


@require_safe
@requires(Perm.VIEW_ROSTER)
def training_rotation(request: HttpRequest) -> HttpResponse:
    """How many of those in post were trained in a year, place by place, and who is missing."""
    on, place = keep.day_of(request), chosen_place(request, Perm.VIEW_ROSTER)
    form = YearFilter(request.GET, on=on)
    year = form.asked()["year"]
    code = place.code if place else ""
    if (page := counting(request, BOOK, code, coverage.reference_day(year, on), kept=False, afresh=True)) is not None:
        return page
    rule = rule_for(ROTATION, code, min(on, date(year, 12, 31)))
    percent = rule.value["percent"] if rule.value else None
    places = [one.code for one in below(place, on)]
    found = {row.code: row for row in reads.rotation_by_place([*filter(None, [code]), *places], year=year, on=on)}
    urls = _rotation_urls(request, year, on)
    rows = [{"place": found[one], "met": _met(found[one].rotation, percent), "urls": urls(one)} for one in places]
    whole = found[code].rotation if code else None
    context = {
        "form": form,
        "year": year,
        "place": place,
        "reference": coverage.reference_day(year, on),
        "rule": rule,
        "percent": percent,
        "rows": rows,
        "whole": whole,
        "whole_urls": urls(code) if whole and place.level < Level.COMMUNITY else None,
        "needed": whole.needed(percent) if whole and percent is not None else None,
        **_missing(request, code, year, on),
    }
    return render(request, "workforce/training_rotation.html", context)


def _rotation_urls(request: HttpRequest, year: int, on: date) -> Callable[[str], dict]:
    """What gives the lists behind the numbers of a place: the rows of the figure on the same day of the same year."""
    day = coverage.reference_day(year, on)
    parts = {"in_post": "denominator", "reached": "numerator", "missing": "rest"} if day.year == year else {}
    shown = None if day == today() else day.isoformat()

    def urls(code: str) -> dict:
        return {
            name: keep.page_url(request, "indicator_rows", "training_rotation", part=part, place=code, on=shown)
            for name, part in parts.items()
        }

    return urls


def _met(rotation: coverage.Rotation, percent: int | None) -> bool | None:
    return None if percent is None else rotation.meets(percent)


def _missing(request: HttpRequest, code: str, year: int, on: date) -> dict:
    """The people in post who have not been trained, in the reader's territory; above a street they are too many to list."""
    if len(code) < 9:
        return {"missing": None}
    found = reads.not_trained(code, year=year, on=on, limit=MOST_MISSING + 1)
    people = Person.objects.for_user(request.user, Perm.VIEW_ROSTER).in_bulk([person for person, _code in found])
    labels = dict(Division.objects.filter(code__in={place for _p, place in found}).values_list("code", "label"))
    shown = [{"person": people[pk], "place": labels[place]} for pk, place in found[:MOST_MISSING] if pk in people]
    return {"missing": shown, "more": len(found) > MOST_MISSING}
