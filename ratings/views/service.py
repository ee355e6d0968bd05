"""Where a community's day begins: what is due and the buttons to do it; above it the places with how they stand."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.policy.kinds import GRID_PRESENCE
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from ratings.exports.daily import PLACES
from ratings.forms.shifts import words
from ratings.queries import requests as request_reads
from ratings.queries import service as reads
from ratings.queries import shifts as shift_reads
from ratings.queries.coverage import coverage
from ratings.views.service_parts import changes, optional_url
from workforce.views.answers import page_or_part
from workforce.views.places import at_place, chosen_place

PAGE_ROWS = 50
SHOWN = 5
COLUMNS = (
    {"key": "code", "label": _L("区划"), "sort": True},
    {"key": "households", "label": _L("住户走访覆盖率"), "unit": "%", "num": True, "sort": True},
    {"key": "shops", "label": _L("商户走访覆盖率"), "unit": "%", "num": True, "sort": True},
    {"key": "waiting", "label": _L("未走访"), "unit": _L("户"), "num": True, "sort": True},
    {"key": "met", "label": _L("判定")},
    {"key": "open", "label": _L("诉求未办结"), "unit": _L("件"), "num": True, "sort": True},
    {"key": "late", "label": _L("其中逾期"), "unit": _L("件"), "num": True, "sort": True},
    {"key": "on_time", "label": _L("本年按期答复率"), "unit": "%", "num": True, "sort": True},
)
# Pages about the life of a community beside the daily ones: URL name, label, picture.
MORE = (
    ("needs", _L("居民需求"), "chat-square-text"),
    ("projects", _L("微治理项目"), "list-check"),
    ("facilities", _L("服务设施"), "building"),
    ("features", _L("组织和阵地"), "patch-check"),
    ("deliberations", _L("议事协商"), "people"),
    ("points", _L("积分"), "star"),
)


class SortForm(forms.Form):
    sort = forms.ChoiceField(
        required=False, choices=[(f"{sign}{key}", key) for key in reads.SORTS for sign in ("", "-")]
    )

    def asked(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("sort") or "code"


@require_safe
@requires(Perm.VIEW_SERVICE)
def service(request: HttpRequest) -> HttpResponse:
    """The page of the place chosen, else of the reader's first territory."""
    place = chosen_place(request, Perm.VIEW_SERVICE)
    if place is None:
        messages.info(request, _("请先在顶部选择一个地方，再查看服务记录。"))
        return redirect(keep.page_url(request, "today"))
    return redirect(keep.page_url(request, "service_place", place.code))


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def service_place(request: HttpRequest, division: Division) -> HttpResponse:
    """A community's day, or the places under a division."""
    if division.formal:
        return redirect(keep.page_url(request, "service_place", division.parent_id))
    if division.level == Level.COMMUNITY:
        return render(request, "ratings/service.html", _community(request, division))
    return page_or_part(
        request, "ratings/service_places.html", "ratings/_service_places.html", _places(request, division)
    )


def _community(request: HttpRequest, division: Division) -> dict:
    on, code = keep.day_of(request), division.code
    found = request_reads.listed(request.user, code, on)
    return {
        "division": division,
        "on": on,
        "changes": changes(request, division),
        "coverage": coverage(code, on),
        "requests": found[:SHOWN],
        "counts": request_reads.counts_of([code], on)[code],
        **_today(request, division),
        "more": _more(request, code),
    }


def _today(request: HttpRequest, division: Division) -> dict:
    """Who does what on the day, and whether enough of them are in the grids."""
    on = keep.day_of(request)
    rule = rule_for(GRID_PRESENCE, division.code, on)
    lines = [one for one in shift_reads.lines_of(request.user, division.code, [on]) if one.days.get(on)]
    percent = rule.value["staff_percent"] if rule.value else None
    rota = [{"person": line.person, "words": words(line.days[on])} for line in lines]
    return {"rota": rota, "presence": shift_reads.presence_of(lines, [on], percent)[0], "presence_rule": rule}


def _more(request: HttpRequest, code: str) -> list[dict]:
    found = [{"label": label, "icon": icon, "url": optional_url(request, name, code)} for name, label, icon in MORE]
    return [one for one in found if one["url"]]


def _places(request: HttpRequest, division: Division) -> dict:
    """The table of the places one step below, ordered and in pages, with its sums."""
    lines, sort = reads.place_lines(division, keep.day_of(request)), SortForm(request.GET).asked()
    page = Paginator(reads.ordered(lines, sort), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"division": division, "on": keep.day_of(request), "page": page, "sort": sort, "columns": COLUMNS}
    context["sums"] = reads.sums(lines)
    if not request.htmx:
        context["exports"] = export_menu(request, PLACES, place=division.code)
        context["more"] = _more(request, division.code)
        context["actions"] = _lists(request, division)
    return context


def _lists(request: HttpRequest, division: Division) -> list[dict]:
    """The lists under the place: requests everywhere, doors and visits where they are few enough to read."""
    lists = [("requests", _("诉求和办事"), "chat-square-text")]
    if division.level == Level.STREET:
        lists += [("visits", _("走访记录"), "house"), ("premises", _("住户和商户"), "building")]
    return [
        {"label": label, "icon": icon, "url": keep.page_url(request, name, division.code)}
        for name, label, icon in lists
    ]
