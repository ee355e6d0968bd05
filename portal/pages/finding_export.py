"""The list of findings as xlsx or csv: everything the filters leave, in the order shown.

Names of persons go out only to those who may export the roster, and every export is on record.
"""

import tempfile
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import record
from portal.core.findings.models import Holder
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.writing import Sheet, csv_lines, write_xlsx
from portal.core.web.access import requires
from portal.pages.downloads import CSV, XLSX
from portal.pages.finding_texts import holders_of, with_looks, with_texts
from portal.pages.inbox import Inbox

CHUNK = 1000


def _columns() -> list[Column]:
    return [
        Column("id", _("编号"), kind=Kind.NUMBER),
        Column("kind", _("类别"), width=20),
        Column("code", _("区划代码"), width=14),
        Column("division", _("区划"), width=24),
        Column("person", _("姓名")),
        Column("headline", _("情况"), width=60),
        Column("due_on", _("期限"), kind=Kind.DATE),
        Column("state", _("状态")),
        Column("holder", _("处理单位"), width=24),
        Column("level", _("处理层级")),
        Column("held_since", _("转入日期"), kind=Kind.DATE),
        Column("opened_on", _("发现日期"), kind=Kind.DATE),
        Column("seen_on", _("最近检查"), kind=Kind.DATE),
        Column("resolved_on", _("消除日期"), kind=Kind.DATE),
        Column("planned_for", _("计划完成日期"), kind=Kind.DATE),
        Column("excused_until", _("暂缓至"), kind=Kind.DATE),
        Column("by", _("处理人")),
        Column("note", _("处理说明"), width=40),
        Column("remedy", _("怎样消除"), width=40),
    ]


def _rows(inbox: Inbox) -> Iterator[list[Any]]:
    reader = inbox.user if inbox.user.can(Perm.EXPORT_ROSTER) else None
    found = inbox.filtered.select_related("division").order_by("kind", *inbox.order)
    chunk: list = []
    for finding in found.iterator(chunk_size=CHUNK):
        chunk.append(finding)
        if len(chunk) == CHUNK:
            yield from _lines(chunk, reader)
            chunk = []
    yield from _lines(chunk, reader)


def _lines(chunk: list, reader) -> Iterator[list[Any]]:
    holders = holders_of(chunk)
    for f in with_looks(with_texts(chunk, reader)):
        dates = [f.held_since, f.opened_on, f.looked_on, f.resolved_on, f.planned_for, f.excused_until]
        yield [
            f.pk,
            f.label,
            f.division_id,
            f.division.label,
            f.person.name if f.person else "",
            f.headline,
            f.due_on,
            f.get_state_display(),
            holders.get(f.holder_code, ""),
            str(Holder(f.held_level).label),
            *dates,
            f.acknowledged_by,
            f.note,
            f.remedy,
        ]


@require_safe
@requires(Perm.VIEW_FINDINGS)
def findings_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered list as a file."""
    if form not in ("xlsx", "csv"):
        raise Http404
    inbox = Inbox(request)
    title = _("预警 %(day)s") % {"day": inbox.on.isoformat()}
    record(
        "findings_exported",
        by=request.user,
        subject=inbox.place.code if inbox.place else "",
        division=inbox.place.code if inbox.place else request.user.home,
        rows=inbox.count(),
        query=request.GET.urlencode()[:200],
    )
    return (_as_xlsx if form == "xlsx" else _as_csv)(title, _rows(inbox))


def _as_xlsx(title: str, rows: Iterator[list[Any]]) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_xlsx(file, [Sheet(title, _columns(), rows)])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)


def _as_csv(title: str, rows: Iterator[list[Any]]) -> HttpResponseBase:
    def lines() -> Iterator[list[Any]]:
        yield [column.header for column in _columns()]
        yield from rows

    disposition = content_disposition_header(as_attachment=True, filename=f"{title}.csv")
    return StreamingHttpResponse(csv_lines(lines()), content_type=CSV, headers={"Content-Disposition": disposition})


routes = [path("findings/findings.<str:form>", findings_export, name="findings_export")]
