"""The audit trail for auditors: acts in one tab, row changes in the other, both filtered, paged and downloadable."""

import csv
import re
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import record
from portal.core.audit.acts import label_of, particulars
from portal.core.audit.changes import FieldChange, describe
from portal.core.audit.forms import ChangeFilter, EventFilter
from portal.core.audit.models import AuditEvent
from portal.core.audit.queries import Asked, Territory, change_keys, events
from portal.core.territory.models import Division
from portal.core.web.access import requires
from portal.core.web.formats import moment
from portal.core.web.keep import place_of

PAGE_ROWS = 50
FILE_ROWS = 10_000
BATCH_ROWS = 500
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
# First lines of the files.
EVENT_HEAD = [
    gettext_lazy("时间"),
    gettext_lazy("操作人"),
    gettext_lazy("操作"),
    gettext_lazy("结果"),
    gettext_lazy("对象"),
    gettext_lazy("区划"),
    gettext_lazy("理由"),
    gettext_lazy("说明"),
]
CHANGE_HEAD = [
    gettext_lazy("时间"),
    gettext_lazy("操作人"),
    gettext_lazy("操作"),
    gettext_lazy("对象类别"),
    gettext_lazy("对象"),
    gettext_lazy("变更"),
    gettext_lazy("字段"),
    gettext_lazy("原值"),
    gettext_lazy("新值"),
]
ORIGIN_HEAD = [gettext_lazy("来源地址"), gettext_lazy("请求编号")]


@requires(Perm.VIEW_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """Acts: log-ins, refusals, looks at personal data, exports, account management."""
    form = EventFilter(request.GET)
    asked = form.asked(place_of(request))
    if asked and request.GET.get("format") == "csv":
        return _download(request, "audit-events.csv", _event_lines(request, asked))
    found = events(_territory(request, asked), asked) if asked else AuditEvent.objects.none()
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 19:
        found = found.filter(id__lt=int(before))
    rows = list(found[: PAGE_ROWS + 1])
    following = rows[PAGE_ROWS - 1].pk if len(rows) > PAGE_ROWS else None
    return _page(request, "event", form, EVENT_COLUMNS, _with_places(rows[:PAGE_ROWS]), following)


@requires(Perm.VIEW_AUDIT)
def audit_changes(request: HttpRequest) -> HttpResponse:
    """Row changes of every history table."""
    form = ChangeFilter(request.GET)
    asked = form.asked(place_of(request))
    if asked and request.GET.get("format") == "csv":
        return _download(request, "audit-changes.csv", _change_lines(request, asked))
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
    return render(request, template, context | {"file_rows": FILE_ROWS}, status=422 if form.errors else 200)


def _with_places(rows: list[AuditEvent]) -> list[dict]:
    """Events with their act and division in words."""
    places = Division.objects.in_bulk({row.division for row in rows if row.division})
    return [
        {
            "event": row,
            "act": label_of(row.act),
            "place": places.get(row.division, row.division),
            "detail": particulars(row.detail),
        }
        for row in rows
    ]


def _event_lines(request: HttpRequest, asked: Asked) -> Iterator[list]:
    yield [*EVENT_HEAD, *ORIGIN_HEAD]
    for row in _with_places(list(events(_territory(request, asked), asked)[:FILE_ROWS])):
        event = row["event"]
        who = [moment(event.at), event.actor, row["act"], event.get_outcome_display()]
        what = [event.subject, row["place"], event.reason, row["detail"]]
        yield [*who, *what, event.ip, event.request_id]


def _change_lines(request: HttpRequest, asked: Asked) -> Iterator[list]:
    yield [*CHANGE_HEAD, *ORIGIN_HEAD]
    before: dict[str, int] | None = {}
    for _batch in range(FILE_ROWS // BATCH_ROWS):
        keys, before = change_keys(_territory(request, asked), asked, before, BATCH_ROWS)
        for change in describe(keys):
            who = [moment(change.at), change.actor, change.act, change.table, change.subject, change.kind]
            for field in change.fields or [FieldChange("", None, None)]:
                yield [*who, field.label, field.old, field.new, change.ip, change.request_id]
        if before is None:
            return


class _Echo:
    """A file for csv.writer that hands every line straight back."""

    def write(self, line: str) -> str:
        return line


def _harmless(value) -> str:
    """A cell that no spreadsheet takes for a formula (ASVS 5.0 V1.2.10)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\0"} else text


def _download(request: HttpRequest, name: str, lines: Iterable[list]) -> StreamingHttpResponse:
    record("export_audit", by=request.user, subject=name, division=request.user.home, query=request.GET.urlencode())
    writer = csv.writer(_Echo())
    rows = (
        "\N{BYTE ORDER MARK}" * (not number) + writer.writerow(map(_harmless, line))
        for number, line in enumerate(lines)
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


routes = [
    path("audit/", audit, name="audit"),
    path("audit/changes/", audit_changes, name="audit_changes"),
]
