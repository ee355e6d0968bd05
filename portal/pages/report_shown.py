"""One report as it will print: with its figures, what people say to it, its files, and what a fresh count would change."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import record
from portal.core.lib.clock import today
from portal.core.reports.actions import write_remarks
from portal.core.reports.cadence import standing
from portal.core.reports.changing import ReportChanged
from portal.core.reports.declare import kind_label
from portal.core.reports.files import TYPES, FileAltered, file_of
from portal.core.reports.models import FileForm, Report, ReportState
from portal.core.reports.paper import Cell, Head, Paper, Table, paper_of
from portal.core.reports.signing import outdated
from portal.core.web import keep
from portal.core.web.access import requires
from portal.pages.indicator_links import value_url
from portal.pages.report_acts import steps_for
from portal.pages.report_forms import RemarksForm
from portal.pages.report_words import badges_of, facts_of, steps_of
from portal.registry import INDICATORS, REPORTS


def report_of(request: HttpRequest, pk: int) -> Report:
    """The report where it lies in the reader's territory; else it does not exist."""
    found = Report.objects.for_user(request.user, Perm.VIEW_REPORTS).select_related("division", "corrects")
    return get_object_or_404(found, pk=pk)


@require_safe
@requires(Perm.VIEW_REPORTS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, report_of(request, pk))


def _shown(request: HttpRequest, found: Report, form: RemarksForm | None = None, status: int = 200) -> HttpResponse:
    published_on = timezone.localdate(found.published_at) if found.published_at else None
    state = standing(made=True, published_on=published_on, due_on=found.due_on, on=today())
    if found.state == ReportState.DRAFT and request.user.can(Perm.MAKE_REPORTS, found.division_id):
        form = form or RemarksForm(report=found)
    paper = paper_of(found)
    context = {
        "report": found,
        "label": kind_label(found.kind, REPORTS),
        "badges": badges_of(found.state, state),
        "steps": steps_of(found),
        "facts": facts_of(found),
        "acts": steps_for(request, found),
        "files": _files(request, found),
        "paper": paper,
        "parts": _parts(request, paper, form),
        "definitions": _table(request, paper.definitions),
        "form": form,
        "later": Report.objects.filter(corrects=found).defer("content").first(),
    }
    return render(request, "reports/report.html", context, status=status)


def _parts(request: HttpRequest, paper: Paper, form: RemarksForm | None) -> list[dict]:
    """The sections with the addresses of the rows behind their numbers, and what may be written to them."""
    fields = dict(form.sections) if form else {}
    return [
        {"part": part, "tables": [_table(request, table) for table in part.tables], "fields": fields.get(part.key)}
        for part in paper.parts
    ]


def _table(request: HttpRequest, table: Table) -> dict:
    rows = [[_cell(request, head, cell) for head, cell in zip(table.heads, row, strict=True)] for row in table.rows]
    return {"table": table, "rows": rows}


def _cell(request: HttpRequest, head: Head, cell: Cell) -> dict:
    url = ""
    if cell.figure and cell.figure[0] in INDICATORS:
        key, code, day = cell.figure
        url = value_url(request, key, code, on=date.fromisoformat(day))
    return {"head": head, "cell": cell, "url": url}


def _files(request: HttpRequest, found: Report) -> list[dict]:
    return [
        {"label": label, "icon": icon, "url": keep.page_url(request, "report_file", found.pk, form), "download": True}
        for (form, label), icon in zip(FileForm.choices, ("file-earmark-text", "file-earmark-spreadsheet"), strict=True)
    ] + [{"label": _("打印本页"), "icon": "printer", "print": True}]


@require_POST
@requires(Perm.MAKE_REPORTS)
def report_remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what somebody says to the sections of a draft."""
    found = report_of(request, pk)
    form = RemarksForm(request.POST, report=found)
    if not form.is_valid():
        return _shown(request, found, form, 422)
    try:
        given = {"remarks": form.remarks(), "version": form.cleaned_data["version"]}
        write_remarks(report=found, by=request.user, **given)
        messages.success(request, _("说明已保存。"))
    except ReportChanged as error:
        form.add_error(None, error)
        return _shown(request, found, form, 409)
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
        return _shown(request, found, form, 422)
    return redirect(keep.page_url(request, "report", found.pk))


@require_safe
@requires(Perm.VIEW_REPORTS)
def report_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What a fresh count of the report's day gives differently: reported 3,310, now 3,297."""
    found = report_of(request, pk)
    if found.kind not in REPORTS:
        raise Http404
    context = {
        "report": found,
        "label": kind_label(found.kind, REPORTS),
        "changes": outdated(found, REPORTS[found.kind]),
    }
    template = "reports/_changes.html" if request.htmx else "reports/report_changes.html"
    return render(request, template, context)


@require_safe
@requires(Perm.VIEW_REPORTS)
def report_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The report as a file; a published one byte for byte as it was published."""
    found = report_of(request, pk)
    if form not in FileForm.values:
        raise Http404
    try:
        name, content = file_of(found, form)
    except FileAltered as error:
        messages.error(request, str(error))
        return redirect(keep.page_url(request, "report", found.pk))
    record("report_taken", by=request.user, subject=name, division=found.division_id, form=form, edition=found.edition)
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=TYPES[FileForm(form)], headers=headers)


routes = [
    path("reports/<int:pk>/", report, name="report"),
    path("reports/<int:pk>/remarks/", report_remarks, name="report_remarks"),
    path("reports/<int:pk>/changes/", report_changes, name="report_changes"),
    path("reports/<int:pk>/file.<slug:form>", report_file, name="report_file"),
]
