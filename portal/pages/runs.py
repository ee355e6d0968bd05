"""The log of inspections: what ran when and what came of it, what the night left out, what every inspection checks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.findings.models import InspectionRun
from portal.core.findings.queries import sees_all
from portal.core.findings.runs import outlook
from portal.core.web.access import requires
from portal.core.web.paginator import Paginator
from portal.pages.finding_texts import kind_label
from portal.registry import INSPECTIONS

PAGE_ROWS = 50
COLUMNS = [
    {"key": "started", "label": gettext_lazy("开始")},
    {"key": "kind", "label": gettext_lazy("检查项")},
    {"key": "on", "label": gettext_lazy("检查日")},
    {"key": "trigger", "label": gettext_lazy("起因")},
    {"key": "state", "label": gettext_lazy("结果")},
]
NUMBERS = [
    {"key": "subjects", "label": gettext_lazy("检查对象"), "num": True},
    {"key": "opened", "label": gettext_lazy("新增"), "num": True},
    {"key": "refreshed", "label": gettext_lazy("仍存在"), "num": True},
    {"key": "resolved", "label": gettext_lazy("消除"), "num": True},
    {"key": "seconds", "label": gettext_lazy("用时"), "unit": gettext_lazy("秒"), "num": True},
]


def sees_numbers(user) -> bool:
    """Numbers of a run are over all territories: only for those from whom no territory is hidden."""
    return user.can(Perm.MANAGE_NOTICES, "") or sees_all(user)


@require_safe
@requires(Perm.VIEW_FINDINGS, Perm.MANAGE_NOTICES)
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, latest first."""
    page = Paginator(InspectionRun.objects.order_by("-id"), PAGE_ROWS).get_page(request.GET.get("page"))
    for entry in page:
        entry.label = kind_label(entry.key)
    numbers = sees_numbers(request.user)
    context = {
        "page": page,
        "numbers": numbers,
        "columns": [*COLUMNS, *NUMBERS] if numbers else COLUMNS,
        "outlook": outlook(INSPECTIONS.values()),
        "inspections": INSPECTIONS.values(),
    }
    return render(request, "portal/runs.html", context)


routes = [path("findings/runs/", runs, name="runs")]
