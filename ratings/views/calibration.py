"""The calibration session: all units in a table to sort and argue over, with the guide distribution beside it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from ratings import stages
from ratings.enums import Star
from ratings.exports.cycles import CALIBRATION
from ratings.forms.cycles import CalibrationFilter
from ratings.queries import cycles as reads
from ratings.views import cycle_acts
from ratings.views.cycles import cycle_or_404
from workforce.views.answers import may_change_now, page_or_part

ROWS = 50
COLUMNS = (
    {"key": "place", "label": _L("单位"), "sort": True},
    {"key": "total", "label": _L("总分"), "sort": True, "num": True},
    {"key": "banded", "label": _L("按分数")},
    {"key": "grade", "label": _L("现定"), "sort": True},
    {"key": "previous", "label": _L("上年")},
    {"key": "change", "label": _L("升降"), "sort": True},
    {"key": "deviation", "label": _L("与分数偏离"), "unit": _L("档"), "sort": True, "num": True},
    {"key": "why", "label": _L("调整理由和意见")},
    {"key": "acts", "label": _L("调整"), "hidden": True},
)


@require_safe
@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_calibration(request: HttpRequest, pk: int) -> HttpResponse:
    """The table of the session; once the notice is out it can still be read."""
    cycle = cycle_or_404(request, pk, Perm.MANAGE_RATINGS)
    form = CalibrationFilter(request.GET)
    asked = form.asked()
    sort = request.GET.get("sort", "-total")
    sort = sort if sort.removeprefix("-") in reads.CALIBRATION_SORTS else "-total"
    every = reads.calibrated(request.user, cycle, under=keep.place_of(request), sort=sort, kind=asked["kind"])
    rule = reads.shares_rule(cycle, today())
    deviations = reads.distribution(every, rule)
    found = every.filter(grade=asked["grade"]) if asked["grade"] else every
    found = found.prefetch_related("moves", "opinions")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    open_now = cycle.stage == stages.CALIBRATION and may_change_now(request)
    lines = [{"unit": unit, "others": [one for one in Star if one != unit.grade]} for unit in page]
    context = {"cycle": cycle, "form": form, "page": page, "lines": lines, "columns": COLUMNS, "sort": sort}
    context |= {"rule": rule, "deviations": deviations, "open": open_now}
    if not request.htmx:
        context["actions"] = cycle_acts.links(request, cycle)
        context["exports"] = export_menu(request, CALIBRATION, pk=pk)
    return page_or_part(request, "ratings/calibration.html", "ratings/_calibration_rows.html", context)
