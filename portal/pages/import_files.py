"""Files of an import: the list of problems, the user's own workbook with the problems marked in it, the blank sheet."""

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from typing import IO
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import registry
from portal.core.audit.actions import record
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.sheets import files
from portal.core.sheets.annotate import annotatable, write_annotated
from portal.core.sheets.columns import Kind
from portal.core.sheets.errors import SheetError
from portal.core.sheets.exporting import Asked, Found, TooMany, check_rate, note_taken, stamp_of
from portal.core.sheets.forms import UploadForm
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import ImportBatch, Source
from portal.core.sheets.reports import count_of, write_report
from portal.core.sheets.template import write_template
from portal.core.territory.models import Division
from portal.core.web.access import requires
from portal.core.web.keep import page_url, place_of
from portal.pages.import_work import PERM, PERMS, batch_of, importer_named
from portal.pages.limits import limited
from workforce.importers.columns import COLUMNS, LISTS, NOTES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 1024 * 1024  # bytes; a longer file is sent from a temporary one without a name
_MOST_COMMUNITIES = 500


@require_safe
@requires(*PERMS)
def import_errors(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Every error and warning as a sheet to work through; it names people, and is one of the lists of the hour."""
    batch = batch_of(request.user, pk)
    back = page_url(request, "import", batch.pk)
    try:
        return report_of(batch, request.user)
    except TooMany as error:
        return limited(request, back, error.wait)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(back)


@require_safe
@requires(*PERMS)
def import_annotated(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The user's own workbook with every problem as a comment of its cell."""
    batch = batch_of(request.user, pk)
    try:
        return annotated_of(batch, request.user)
    except FileNotFoundError:
        messages.error(request, _("原表已不在服务器上（应用、放弃后即删除）。请改用问题清单。"))
    except SheetError as error:
        messages.error(request, _("不能在原表上标注：%(reason)s") % {"reason": error.message})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(page_url(request, "import", batch.pk))


def report_of(batch: ImportBatch, by) -> HttpResponseBase:
    """The list of problems as a download, stamped and on record. TooMany where this hour has had enough of them;
    ValidationError where there is no room to make it."""
    check_rate(by)
    importer = registry.IMPORTERS[batch.kind]
    name = _("%(file)s 的问题清单") % {"file": _stem(batch)}
    asked = Asked(by, today(), {"import": str(batch.pk)}, batch.division)
    found = Found(count_of(batch), ())
    answer = _download(lambda file: write_report(file, batch, importer, stamp_of(name, asked, found)), name)
    note_taken("import-problems", asked, found.count, form="xlsx", personal=True)
    return answer


def may_annotate(batch: ImportBatch) -> bool:
    """Whether there is a workbook of the user's to mark, and something to mark in it."""
    return batch.source == Source.FILE and annotatable(batch)


def annotated_of(batch: ImportBatch, by) -> HttpResponseBase:
    """The annotated workbook as a download, on record since it holds what the user typed. FileNotFoundError,
    SheetError; ValidationError where there is no room to make it."""
    if not may_annotate(batch):
        raise FileNotFoundError(batch.filename)
    content, importer = files.content_of(batch), registry.IMPORTERS[batch.kind]
    answer = _download(
        lambda file: write_annotated(file, content=content, filename=batch.filename, batch=batch, importer=importer),
        _("%(file)s（已标注）") % {"file": _stem(batch)},
    )
    record("import_annotated", by=by, subject=batch.pk, division=batch.division_id, file=batch.filename)
    return answer


@require_safe
@requires(*PERMS)
def roster_template(request: HttpRequest) -> HttpResponseBase:
    """The blank sheet of the kind chosen; that of the roster for one street with its communities to choose from."""
    try:
        return _template(request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(page_url(request, "import_new"))


def _template(request: HttpRequest) -> HttpResponseBase:
    importer = importer_named(request.user, request.GET.get("kind", ""))
    if importer.perm != PERM:
        return _plain_template(importer)
    form = UploadForm(by=request.user, perm=PERM)
    names = _community_names(request, place_of(request) or (form.only.code if form.only else ""))
    columns, lists = COLUMNS, LISTS
    if names:
        columns = [replace(c, kind=Kind.CHOICE, choices=c.header) if c.key == "community" else c for c in COLUMNS]
        lists = {**LISTS, "社区名称": names}
    notes, title = [str(note) for note in NOTES], _("社区工作者花名册")
    return _download(lambda file: write_template(file, columns, notes, lists, title=title), _("社区工作者花名册模板"))


def _plain_template(importer: Importer) -> HttpResponseBase:
    notes, title = [str(note) for note in importer.notes], str(importer.label)
    return _download(
        lambda file: write_template(file, importer.columns, notes, importer.lists, title=title),
        _("%(kind)s模板") % {"kind": title},
    )


def _community_names(request: HttpRequest, code: str) -> list[str]:
    """The communities of a street in the user's territory; none where there are too many for a list, or a name is shared."""
    mine = Division.objects.for_user(request.user, PERM).under(code)
    urban = mine.filter(level=Level.COMMUNITY, urban=True, valid_to=None).order_by("code")
    names = list(urban.values_list("label", flat=True)[: _MOST_COMMUNITIES + 1])
    return names if len(set(names)) == len(names) <= _MOST_COMMUNITIES else []


def _stem(batch: ImportBatch) -> str:
    return batch.filename.rpartition(".")[0] or batch.filename


def _download(write: Callable[[IO[bytes]], object], name: str) -> HttpResponseBase:
    """What `write` puts into a file, as an attachment; a long one is sent from the disk piece by piece.

    ValidationError where the disk has no room for it.
    """
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (a long one is closed with the response)
    try:
        write(file)
    except OSError as error:
        _closed(file)
        told = _("服务器暂时没有地方生成这个文件。请稍后再下载；仍不行请告诉系统管理员。")
        raise ValidationError(told, code="storage") from error
    except BaseException:
        _closed(file)
        raise
    size = file.seek(0, 2)
    file.seek(0)
    if size > _IN_MEMORY:
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    with file:
        named = {"Content-Disposition": content_disposition_header(True, f"{name}.xlsx")}
        return HttpResponse(file.read(), content_type=XLSX, headers=named)


def _closed(file: IO[bytes]) -> None:
    """Closes what is given up; a full disk refuses the last bytes of it a second time."""
    with contextlib.suppress(OSError):
        file.close()


routes = [
    path("imports/template.xlsx", roster_template, name="roster_template"),
    path("imports/<uuid:pk>/errors.xlsx", import_errors, name="import_errors"),
    path("imports/<uuid:pk>/annotated.xlsx", import_annotated, name="import_annotated"),
]
