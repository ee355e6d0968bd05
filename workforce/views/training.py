"""Training: the classes of a year, persons and person-times, and how far the rotation got where."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import ROTATION
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from workforce import coverage
from workforce.enums import TrainingKind, TrainingLevel
from workforce.exports.training import CLASSES
from workforce.forms.training import ClassFilter, YearFilter
from workforce.models import Person
from workforce.queries import training as reads
from workforce.views.answers import may_change_now, page_or_part
from workforce.views.places import below, chosen_place

PAGE_ROWS = 50
MOST_MISSING = 200


@require_safe
@requires(Perm.VIEW_ROSTER)
def training(request: HttpRequest) -> HttpResponse:
    """The classes of a year, and what they came to."""
    on, place = keep.day_of(request), chosen_place(request, Perm.VIEW_ROSTER)
    under, form = place.code if place else "", ClassFilter(request.GET, on=on)
    asked = form.asked()
    found = reads.listed(request.user, under=under, on=on, **asked)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "place": place, "year": asked["year"], "on": on}
    if not request.htmx:
        context["exports"] = export_menu(request, CLASSES)
        context |= {"actions": _actions(request), **_sums(request, under, asked["year"], on)}
    return page_or_part(request, "workforce/training.html", "workforce/_training_rows.html", context)


def _sums(request: HttpRequest, under: str, year: int, on: date) -> dict:
    """Persons and person-times by level and kind, and together; persons of the parts may be the same people."""
    rows = [
        {"level": TrainingLevel(level).label, "kind": TrainingKind(kind).label, "classes": classes, "trained": trained}
        for level, kind, classes, trained in reads.sums(request.user, under=under, year=year, on=on)
    ]
    classes, trained = reads.total(request.user, under=under, year=year, on=on)
    mean = coverage.mean_per_class(trained.person_times, classes)
    return {"sums": rows, "total": {"classes": classes, "trained": trained, "mean": mean}}


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
    rule = rule_for(ROTATION, code, min(on, date(year, 12, 31)))
    percent = rule.value["percent"] if rule.value else None
    places = [one.code for one in below(place, on)]
    found = {row.code: row for row in reads.rotation_by_place([*filter(None, [code]), *places], year=year, on=on)}
    rows = [{"place": found[one], "met": _met(found[one].rotation, percent)} for one in places]
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
        "needed": whole.needed(percent) if whole and percent is not None else None,
        **_missing(request, code, year, on),
    }
    return render(request, "workforce/training_rotation.html", context)


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
