"""Headers that the portal does not know: the office says once what they mean, and later sheets need no telling."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal import registry
from portal.core.sheets import files
from portal.core.sheets.columns import Column
from portal.core.sheets.errors import SheetError
from portal.core.sheets.mapping import UnknownColumn, forget, look_into, remember, unknown_columns
from portal.core.sheets.models import BatchState, ColumnMapping, ImportBatch
from portal.core.web.access import requires
from portal.core.web.keep import page_url, place_of
from portal.core.web.paginator import Paginator
from portal.pages import import_work
from portal.pages.import_views import PAGE_ROWS
from portal.pages.import_work import PERM, PERMS, batch_of

UNREAD = "-"
MAPPING_COLUMNS = [
    {"key": "header", "label": gettext_lazy("表头")},
    {"key": "key", "label": gettext_lazy("读作")},
    {"key": "division", "label": gettext_lazy("范围")},
    {"key": "act", "label": gettext_lazy("操作"), "hidden": True},
]


class MappingForm(forms.Form):
    """One drop-down per unknown header: the columns that the sheet does not have yet, or 不导入这一列."""

    def __init__(self, *args, unknown: list[UnknownColumn], free: list[Column], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.unknown = unknown
        columns = [(c.key, f"{c.header}{_('（必填）')}" if c.required else c.header) for c in free]
        choices = [("", _("请选择")), (UNREAD, _("不导入这一列")), (_("读作这一列"), columns)]
        headers = {column.header: column.key for column in free}
        for number, column in enumerate(unknown):
            self.fields[f"column{number}"] = forms.ChoiceField(
                label=_("“%(header)s”对应的列") % {"header": column.header},
                choices=choices,
                initial=headers.get(column.suggestion, ""),
                error_messages={"required": _("请选择“%(header)s”是哪一列，或选不导入。") % {"header": column.header}},
            )

    def rows(self):
        """The unknown columns with their drop-downs."""
        return zip(self.unknown, self, strict=True)

    def clean(self) -> dict:
        taken: dict[str, str] = {}
        for number, column in enumerate(self.unknown):
            key = self.cleaned_data.get(f"column{number}", UNREAD)
            if key != UNREAD and taken.setdefault(key, column.header) != column.header:
                told = {"first": taken[key], "second": column.header}
                self.add_error(f"column{number}", _("“%(first)s”和“%(second)s”不能读作同一列。") % told)
        return self.cleaned_data

    def meanings(self) -> dict[str, str]:
        """Header as it is remembered -> column key, '' for one to be left unread."""
        keys = (self.cleaned_data[f"column{number}"] for number in range(len(self.unknown)))
        return {column.key: "" if key == UNREAD else key for column, key in zip(self.unknown, keys, strict=True)}


@requires(*PERMS)
def import_mapping(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks what each unknown header of a file means, remembers it for the office and has the file checked again."""
    batch = batch_of(request.user, pk)
    unknown = unknown_columns(batch) if batch.state == BatchState.FAILED else []
    if not unknown:
        return redirect(page_url(request, "import", batch.pk))
    importer = registry.IMPORTERS[batch.kind]
    form = MappingForm(request.POST or None, unknown=unknown, free=_free(batch, unknown))
    if request.method == "POST" and form.is_valid():
        remember(importer=importer, division=batch.division, meanings=form.meanings(), by=request.user)
        return _judged_again(request, batch)
    return render(
        request, "imports/import_mapping.html", {"batch": batch, "form": form}, status=422 if form.errors else 200
    )


def _free(batch: ImportBatch, unknown: list[UnknownColumn]) -> list[Column]:
    """The columns that the sheet does not have yet; samples of the unknown ones are filled in where the file is there."""
    importer = registry.IMPORTERS[batch.kind]
    try:
        taken = look_into(unknown, files.content_of(batch), batch=batch, importer=importer)
    except (FileNotFoundError, SheetError):
        taken = {}
    return [column for column in importer.columns if column.key not in taken]


def _judged_again(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    try:
        import_work.judge_again(batch, {}, request.user)
        messages.success(request, _("已记住这些表头，正在重新检查。以后同样的表头不用再说明。"))
    except ValidationError as error:
        told = {"reason": " ".join(error.messages)}
        messages.warning(request, _("已记住这些表头，但不能重新检查：%(reason)s") % told)
    return redirect(page_url(request, "import", batch.pk))


@require_safe
@requires(PERM)
def import_mappings(request: HttpRequest) -> HttpResponse:
    """What the offices of the reader's territory have said their headers mean."""
    found = ColumnMapping.objects.for_user(request.user, PERM).under(place_of(request))
    rows = found.select_related("division").order_by("division_id", "header")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    page.object_list = [_named(mapping) for mapping in page.object_list]
    return render(request, "imports/import_mappings.html", {"page": page, "columns": MAPPING_COLUMNS})


def _named(mapping: ColumnMapping) -> ColumnMapping:
    headers = {column.key: column.header for column in registry.IMPORTERS[mapping.kind].columns}
    mapping.reads_as = headers.get(mapping.key, mapping.key)
    return mapping


@require_POST
@requires(PERM)
def import_mapping_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets what one header means."""
    mapping = get_object_or_404(ColumnMapping.objects.for_user(request.user, PERM), pk=pk)
    forget(mapping=mapping, importer=registry.IMPORTERS[mapping.kind], by=request.user)
    messages.success(request, _("已忘记表头“%(header)s”。再遇到时会重新询问。") % {"header": mapping.header})
    return redirect(page_url(request, "import_mappings"))


routes = [
    path("imports/headers/", import_mappings, name="import_mappings"),
    path("imports/headers/<int:pk>/forget/", import_mapping_forget, name="import_mapping_forget"),
    path("imports/<uuid:pk>/headers/", import_mapping, name="import_mapping"),
]
