"""The audit trail for auditors: acts in one tab, row changes in the other, both filtered, paged and downloadable."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.audit.changes import describe
from portal.core.audit.forms import ChangeFilter, EventFilter
from portal.core.audit.models import AuditEvent
from portal.core.audit.queries import Asked, Territory, change_keys, events
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.keep import place_of
from portal.pages.audit_export import AUDIT_CHANGES, AUDIT_EVENTS, FILE_ROWS, with_places

PAGE_ROWS = 50
EXPORT_OF = {"event": AUDIT_EVENTS, "change": AUDIT_CHANGES}
_POSITION = re.compile(r"([a-z.]{1,60}):([0-9]{1,10})")
EVENT_COLUMNS = [
    {"key": "at", "label": gettext_lazy("时间")},
    {"key": "actor", "label": gettext_lazy("操作人")},
    {"key": "act", "label": gettext_lazy("操作")},
    {"key": "subject", "label": gettext_lazy("对象")},
    {"key": "place", "label": gettext_lazy("区划")},
    {"key": "why", "label": gettext_lazy("理由与说明")},
    {"key": "ip", "label": gettext_lazy("来源地址")},
]
CHANGE_COLUMNS = [
    {"key": "at", "label": gettext_lazy("时间")},
    {"key": "actor", "label": gettext_lazy("操作人")},
    {"key": "act", "label": gettext_lazy("操作")},
    {"key": "subject", "label": gettext_lazy("对象")},
    {"key": "fields", "label": gettext_lazy("变更内容")},
    {"key": "ip", "label": gettext_lazy("来源地址")},
]


@requires(Perm.VIEW_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """Acts: log-ins, refusals, looks at personal data, exports, account management."""
    form = EventFilter(request.GET)
    asked = form.asked(place_of(request))
    found = events(_territory(request, asked), asked) if asked else AuditEvent.objects.none()
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 19:
        found = found.filter(id__lt=int(before))
    rows = list(found[: PAGE_ROWS + 1])
    following = rows[PAGE_ROWS - 1].pk if len(rows) > PAGE_ROWS else None
    return _page(request, "event", form, EVENT_COLUMNS, with_places(rows[:PAGE_ROWS]), following)


@requires(Perm.VIEW_AUDIT)
def audit_changes(request: HttpRequest) -> HttpResponse:
    """Row changes of every history table."""
    form = ChangeFilter(request.GET)
    asked = form.asked(place_of(request))
    before = {table: int(row_id) for table, row_id in _POSITION.findall(request.GET.get("before", "")[:2000])}
    keys, following = change_keys(_territory(request, asked), asked, before, PAGE_ROWS) if asked else ([], None)
    position = ",".join(f"{table}:{row_id}" for table, row_id in (following or {}).items())
    return _page(request, "change", form, CHANGE_COLUMNS, describe(keys), position)


def _territory(request: HttpRequest, asked: Asked) -> Territory:
    return Territory.of(request.user, Perm.VIEW_AUDIT, asked.place)


def _page(request: HttpRequest, tab: str, form, columns: list[dict], rows: list, following) -> HttpResponse:
    context = {"tab": tab, "form": form, "columns": columns, "rows": rows, "following": following}
    template = f"audit/_{tab}_rows.html" if request.htmx else "audit/audit_list.html"
    context["rows_template"] = f"audit/_{tab}_rows.html"
    context |= {"file_rows": FILE_ROWS, "exports": export_menu(request, EXPORT_OF[tab])}
    return render(request, template, context, status=422 if form.errors else 200)


routes = [
    path("audit/", audit, name="audit"),
    path("audit/changes/", audit_changes, name="audit_changes"),
]
