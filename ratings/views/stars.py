"""Results: those of a year by place, and one unit over the years with every version and its reason."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from ratings.enums import Change
from ratings.exports.results import STARS as EXPORT
from ratings.forms.results import ResultFilter
from ratings.models import StarGrade
from ratings.queries import results as reads
from ratings.queries.results import STARS
from workforce.views.answers import may_change_now, page_or_part
from workforce.views.figure_cells import leading
from workforce.views.places import at_place, chosen_place

PAGE_ROWS = 50


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def stars(request: HttpRequest) -> HttpResponse:
    """The results of a year under a place: counts by grade and by change, place by place, and the units."""
    place = chosen_place(request, Perm.VIEW_RATINGS)
    under = place.code if place else ""
    form = ResultFilter(request.GET, years=reads.years(request.user, under))
    asked = form.asked()
    page = Paginator(reads.listed(request.user, under=under, **asked), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"place": place, "form": form, "year": asked["year"], "page": page}
    if request.htmx:
        return page_or_part(request, "ratings/stars.html", "ratings/_star_rows.html", context)
    context |= _summary(request, place, asked["year"])
    if request.user.can(Perm.MANAGE_RATINGS):
        url = keep.page_url(request, "objections")
        context["actions"] = [{"label": _("公示异议"), "icon": "chat-square-text", "url": url}]
    context["exports"] = export_menu(request, EXPORT, **({"place": under} if under else {}))
    return page_or_part(request, "ratings/stars.html", "ratings/_star_rows.html", context)


# What the list is filtered by to hold the units of a count.
_FILTERS = (
    {"rated": {}} | {name: {"grade": name} for name in STARS} | {name: {"change": name} for name in Change.values}
)


def _linked(request: HttpRequest, counts: reads.Counts, **about) -> dict[str, str]:
    """The counts, each leading to the list of its units, if there are any."""
    return {
        name: leading(
            formats.number(getattr(counts, name)), keep.page_url(request, "stars", **about, **asked) + "#units-title"
        )
        if getattr(counts, name)
        else "0"
        for name, asked in _FILTERS.items()
    }


def _summary(request: HttpRequest, place: Division | None, year: int) -> dict:
    total = reads.counts(year, place.code if place else "", request.user)
    below = reads.counts_below(request.user, division=place, year=year, on=keep.day_of(request))
    lines = [
        {
            "place": one,
            "counts": _linked(request, counts, place=one.code, year=year),
            "url": keep.page_url(request, "stars", place=one.code, year=year),
        }
        for one, counts in below
        if counts.rated
    ]
    return {"counts": _linked(request, total, year=year), "lines": lines}


@require_safe
@at_place(Perm.VIEW_RATINGS)
@never_cache
def star_unit(request: HttpRequest, division: Division) -> HttpResponse:
    """One unit: what it counts as today, every year with every version, and what waits for a decision."""
    versions = reads.history(division.code)
    draft = reads.waiting_draft(division.code)
    context = {
        "division": division,
        "on": keep.day_of(request),
        "now": reads.grade_on(division.code, keep.day_of(request)),
        "versions": [{"star": one, "tone": tone_of(one)} for one in versions],
        "draft": draft if draft and manages(request, division.code) else None,
        "actions": _acts(request, division, versions[0], draft) if versions else [],
        "is_unit": division.level == Level.COMMUNITY,
    }
    return render(request, "ratings/star_unit.html", context)


def tone_of(star: StarGrade) -> str:
    return {Change.UP: "good", Change.DOWN: "warn"}.get(Change(star.change), "muted")


def manages(request: HttpRequest, code: str) -> bool:
    return any(request.user.can(perm, code) for perm in (Perm.MANAGE_RATINGS, Perm.DECIDE_RATINGS))


def _acts(request: HttpRequest, division: Division, latest: StarGrade, draft) -> list[dict]:
    if draft or not may_change_now(request) or not request.user.can(Perm.MANAGE_RATINGS, division.code):
        return []
    acts = [("star_correct", _("更正结果"), "pencil-square")]
    if latest.grade:
        acts.insert(0, ("star_remove", _("年度内摘星"), "chevron-down"))
    return [
        {"label": label, "icon": icon, "url": keep.page_url(request, name, division.code)} for name, label, icon in acts
    ]


def latest_or_404(division: Division) -> StarGrade:
    """The present version of the unit's latest year."""
    return get_object_or_404(StarGrade.objects.filter(division=division.pk, current=True).order_by("-year")[:1])
