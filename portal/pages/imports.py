"""Imports: the list, the upload, and one page per import that leads through 上传 › 检查 › 预览 › 应用."""

import io
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from portal import registry, tasks
from portal.core.accounts.roles import Perm
from portal.core.sheets import actions
from portal.core.sheets.columns import Kind
from portal.core.sheets.forms import UploadForm
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.reports import write_report
from portal.core.sheets.template import write_template
from portal.core.territory.models import Division
from portal.core.web.access import requires
from portal.core.web.keep import page_url, place_of
from portal.pages import import_views
from portal.pages.answers import page_or_part
from workforce.importers import ROSTER
from workforce.importers.columns import COLUMNS, LISTS, NOTES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIST_COLUMNS = [
    {"key": "file", "label": gettext_lazy("文件")},
    {"key": "division", "label": gettext_lazy("范围")},
    {"key": "by", "label": gettext_lazy("上传人与时间")},
    {"key": "new", "label": gettext_lazy("新增"), "num": True, "unit": gettext_lazy("行")},
    {"key": "changed", "label": gettext_lazy("变更"), "num": True, "unit": gettext_lazy("行")},
    {"key": "error", "label": gettext_lazy("有错误"), "num": True, "unit": gettext_lazy("行")},
    {"key": "state", "label": gettext_lazy("状态")},
]
_MOST_COMMUNITIES = 500


@require_safe
@requires(Perm.CHANGE_ROSTER)
def imports(request: HttpRequest) -> HttpResponse:
    """The imports of the reader's territory, the latest first."""
    found = ImportBatch.objects.for_user(request.user, Perm.CHANGE_ROSTER).under(place_of(request))
    rows = found.select_related("division", "uploaded_by").order_by("-uploaded_at")
    page = Paginator(rows, import_views.PAGE_ROWS).get_page(request.GET.get("page"))
    page.object_list = import_views.with_badges(page.object_list)
    return page_or_part(
        request, "imports/import_list.html", "imports/_list.html", {"page": page, "columns": LIST_COLUMNS}
    )


@requires(Perm.CHANGE_ROSTER)
def import_new(request: HttpRequest) -> HttpResponse:
    """The upload form; a file taken in is checked by a worker, and its page shows how far that is."""
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        by=request.user,
        perm=Perm.CHANGE_ROSTER,
        initial={"division": place_of(request)} if place_of(request) else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(page_url(request, "import", _take_in(request, form).pk))
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "imports/import_new.html", {"form": form}, status=422 if form.errors else 200)


def _take_in(request: HttpRequest, form: UploadForm) -> ImportBatch:
    mine = ImportBatch.objects.for_user(request.user, Perm.CHANGE_ROSTER)
    file = form.cleaned_data["file"]
    batch = actions.create_batch(
        importer=ROSTER,
        division=form.cleaned_data["division"],
        filename=file.name,
        content=file.read(),
        replaces=mine.filter(pk=form.cleaned_data["replaces"]).first() if form.cleaned_data["replaces"] else None,
        by=request.user,
    )
    transaction.on_commit(lambda: tasks.judge_import.delay(str(batch.pk)), robust=True)
    return batch


def _found(request: HttpRequest, pk: UUID) -> ImportBatch:
    mine = ImportBatch.objects.for_user(request.user, Perm.CHANGE_ROSTER)
    return get_object_or_404(mine.select_related("division", "uploaded_by"), pk=pk)


@require_safe
@requires(Perm.CHANGE_ROSTER)
def import_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One import in the state it is in; for htmx the progress alone, until there is something else to show."""
    batch = _found(request, pk)
    if not request.htmx:
        return render(request, "imports/import_detail.html", _context(request, batch))
    if batch.state not in import_views.WORKING:
        return import_rows(request, pk) if request.htmx.target == "rows" else HttpResponseClientRefresh()
    url = page_url(request, "import", batch.pk)
    return render(request, "components/progress_line.html", {**import_views.progress_of(batch), "url": url})


def _context(request: HttpRequest, batch: ImportBatch) -> dict:
    """What the page of an import shows, by its state."""
    importer = registry.IMPORTERS[batch.kind]
    badge, word = import_views.badge_of(batch)
    context = {"batch": batch, "badge": badge, "word": word, "steps": import_views.steps_of(batch)}
    context["problems"] = import_views.file_problems(batch)
    context["same"] = import_views.earlier_same(batch)
    if batch.state in import_views.WORKING:
        return context | {"progress": import_views.progress_of(batch)}
    if batch.state in (BatchState.JUDGED, BatchState.APPLIED):
        context |= _preview(request, batch, importer)
    if batch.state != BatchState.APPLIED:
        initial = {"division": batch.division_id, "replaces": batch.pk}
        context["form"] = UploadForm(by=request.user, perm=Perm.CHANGE_ROSTER, initial=initial)
    return context


def _preview(request: HttpRequest, batch: ImportBatch, importer) -> dict:
    counts = batch.counts
    url = page_url(request, "import_rows", batch.pk)
    return {
        "errors": import_views.kinds_of(batch, importer, "errors", counts["error_kinds"]),
        "warnings": import_views.kinds_of(batch, importer, "warnings", counts["warning_kinds"]),
        "sentence": importer.summary(counts),
        "nothing": not counts["new"] and not counts["changed"],
        "chips": import_views.chips_of(request, batch, url),
        "page": import_views.rows_of(request, batch, importer),
    }


@require_safe
@requires(Perm.CHANGE_ROSTER)
def import_rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows of one status; the whole page without scripts."""
    batch = _found(request, pk)
    if batch.state not in (BatchState.JUDGED, BatchState.APPLIED):
        return redirect(page_url(request, "import", batch.pk))
    if not request.htmx:
        return render(request, "imports/import_detail.html", _context(request, batch))
    importer = registry.IMPORTERS[batch.kind]
    url = page_url(request, "import_rows", batch.pk)
    context = {"batch": batch, "page": import_views.rows_of(request, batch, importer)}
    context["chips"] = import_views.chips_of(request, batch, url)
    return render(request, "imports/_rows.html", context)


@require_POST
@requires(Perm.CHANGE_ROSTER)
def import_apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirms the preview that the reader saw; a worker writes it."""
    batch = _found(request, pk)
    digest = request.POST.get("digest", "")
    try:
        actions.request_apply(batch=batch, importer=registry.IMPORTERS[batch.kind], digest=digest, by=request.user)
        transaction.on_commit(lambda: tasks.apply_import.delay(str(batch.pk), request.user.pk), robust=True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(page_url(request, "import", batch.pk))


@require_POST
@requires(Perm.CHANGE_ROSTER)
def import_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Abandons an import; nothing of it has been written."""
    batch = _found(request, pk)
    try:
        actions.cancel(batch=batch, by=request.user)
        messages.success(request, _("已放弃《%(file)s》，名册没有变化。") % {"file": batch.filename})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page_url(request, "import", batch.pk))
    return redirect(page_url(request, "imports"))


@require_safe
@requires(Perm.CHANGE_ROSTER)
def import_errors(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Every error and warning as a sheet to work through."""
    batch = _found(request, pk)
    file = io.BytesIO()
    write_report(file, batch, registry.IMPORTERS[batch.kind])
    name = _("%(file)s 的问题清单") % {"file": batch.filename.rpartition(".")[0] or batch.filename}
    return _download(file, name)


@require_safe
@requires(Perm.CHANGE_ROSTER)
def roster_template(request: HttpRequest) -> HttpResponseBase:
    """The blank roster sheet; for one street with its communities to choose from."""
    form = UploadForm(by=request.user, perm=Perm.CHANGE_ROSTER)
    code = place_of(request) or (form.only.code if form.only else "")
    names = _community_names(request, code)
    columns, lists = COLUMNS, LISTS
    if names:
        columns = [replace(c, kind=Kind.CHOICE, choices=c.header) if c.key == "community" else c for c in COLUMNS]
        lists = {**LISTS, "社区名称": names}
    file = io.BytesIO()
    write_template(file, columns, [str(note) for note in NOTES], lists, title=_("社区工作者花名册"))
    return _download(file, _("社区工作者花名册模板"))


def _community_names(request: HttpRequest, code: str) -> list[str]:
    """The communities of a street in the user's territory; none where there are too many for a list, or a name is shared."""
    mine = Division.objects.for_user(request.user, Perm.CHANGE_ROSTER).under(code)
    names = list(
        mine.filter(level=5, urban=True, valid_to=None)
        .order_by("code")
        .values_list("label", flat=True)[: _MOST_COMMUNITIES + 1]
    )
    return names if len(set(names)) == len(names) <= _MOST_COMMUNITIES else []


def _download(file: io.BytesIO, name: str) -> FileResponse:
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


routes = [
    path("imports/", imports, name="imports"),
    path("imports/new/", import_new, name="import_new"),
    path("imports/template.xlsx", roster_template, name="roster_template"),
    path("imports/<uuid:pk>/", import_page, name="import"),
    path("imports/<uuid:pk>/rows/", import_rows, name="import_rows"),
    path("imports/<uuid:pk>/apply/", import_apply, name="import_apply"),
    path("imports/<uuid:pk>/cancel/", import_cancel, name="import_cancel"),
    path("imports/<uuid:pk>/errors.xlsx", import_errors, name="import_errors"),
]
