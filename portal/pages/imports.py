"""Imports: the list, the upload, and one page per import that leads through 上传 › 检查 › 预览 › 应用."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from portal import registry
from portal.core.accounts.roles import Perm
from portal.core.sheets import actions
from portal.core.sheets.forms import UploadForm
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import ImportBatch
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.keep import page_url, place_of
from portal.core.web.paginator import Paginator
from portal.pages import import_choices, import_files, import_result, import_undo, import_work
from portal.pages.answers import page_or_part
from portal.pages.import_export import GROUPS, IMPORTS
from portal.pages.import_page import context_of, in_the_way
from portal.pages.import_state import LISTED, WORKING, progress_of, with_badges
from portal.pages.import_views import PAGE_ROWS, rows_context
from portal.pages.import_work import PERM, PERMS, batch_of, batches_of, importer_named, kinds_of

LIST_COLUMNS = [
    {"key": "file", "label": gettext_lazy("文件")},
    {"key": "division", "label": gettext_lazy("范围")},
    {"key": "by", "label": gettext_lazy("上传人与时间")},
    {"key": "new", "label": gettext_lazy("新增"), "num": True, "unit": gettext_lazy("行")},
    {"key": "changed", "label": gettext_lazy("变更"), "num": True, "unit": gettext_lazy("行")},
    {"key": "error", "label": gettext_lazy("有错误"), "num": True, "unit": gettext_lazy("行")},
    {"key": "state", "label": gettext_lazy("状态")},
]


@require_safe
@requires(*PERMS)
def imports(request: HttpRequest) -> HttpResponse:
    """The imports of the reader's territory, the latest first."""
    found = batches_of(request.user).filter(pk__in=ImportBatch.objects.under(place_of(request)))
    counted = dict(found.order_by().values_list("state").annotate(Count("pk")))
    group = request.GET.get("group", "")
    if group in GROUPS:
        found = found.filter(state__in=GROUPS[group][1])
    rows = found.select_related("division", "uploaded_by").order_by("-uploaded_at")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    page.object_list = with_badges(page.object_list)
    context = {"page": page, "columns": LIST_COLUMNS, "chips": _chips(request, counted, group), "group": group}
    context["exports"] = export_menu(request, IMPORTS)
    context["may_map"] = request.user.can(PERM)
    context["may_type"] = request.user.can(Perm.CHANGE_ROSTER)
    return page_or_part(request, "imports/import_list.html", "imports/_list.html", context)


def _chips(request: HttpRequest, counted: dict[str, int], group: str) -> list[dict]:
    """Filters by how far an import is; none where all of them are equally far."""
    sums = {key: sum(counted.get(state, 0) for state in states) for key, (_label, states) in GROUPS.items()}
    present = [key for key, count in sums.items() if count]
    if len(present) < 2 and group not in GROUPS:
        return []
    every = {
        "label": _("全部"),
        "url": page_url(request, "imports"),
        "current": group not in GROUPS,
        "count": sum(sums.values()),
    }
    return [every] + [
        {
            "label": GROUPS[key][0],
            "url": page_url(request, "imports", group=key),
            "current": key == group,
            "count": sums[key],
        }
        for key in present
    ]


@requires(*PERMS)
def import_new(request: HttpRequest) -> HttpResponse:
    """The upload form; a file taken in is checked by a worker, and its page shows how far that is."""
    importer = importer_named(request.user, request.GET.get("kind", ""))
    initial = {"division": place_of(request)} if place_of(request) else {}
    form = UploadForm(request.POST or None, request.FILES or None, by=request.user, perm=importer.perm, initial=initial)
    waiting: list[dict] = []
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(page_url(request, "import", _take_in(request, importer, form).pk))
        except ValidationError as error:
            form.add_error(None, error)
            waiting = [link] if (link := in_the_way(request, error)) else []
    context = {"form": form, "importer": importer, "kinds": _kinds(request, importer), "waiting": waiting}
    return render(request, "imports/import_new.html", context, status=422 if form.errors else 200)


def _kinds(request: HttpRequest, chosen: Importer) -> list[dict]:
    """What kinds of sheet the reader may upload; none where there is no choice."""
    mine = kinds_of(request.user)
    return [
        {"label": one.label, "url": page_url(request, "import_new", kind=one.kind), "current": one is chosen}
        for one in mine
        if len(mine) > 1
    ]


def _take_in(request: HttpRequest, importer: Importer, form: UploadForm) -> ImportBatch:
    given, file = form.cleaned_data, form.cleaned_data["file"]
    mine = batches_of(request.user).filter(kind=importer.kind)
    return import_work.take_in(
        importer=importer,
        division=given["division"],
        filename=file.name,
        content=file,
        replaces=mine.filter(pk=given["replaces"]).first() if given["replaces"] else None,
        by=request.user,
    )


@require_safe
@requires(*PERMS)
def import_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One import in the state it is in; for htmx the progress alone, until there is something else to show."""
    batch = batch_of(request.user, pk)
    if not request.htmx:
        return render(request, "imports/import_detail.html", context_of(request, batch))
    if batch.state not in WORKING:
        return import_rows(request, pk) if request.htmx.target == "rows" else HttpResponseClientRefresh()
    url = page_url(request, "import", batch.pk)
    return render(request, "components/progress_line.html", {**progress_of(batch), "url": url})


@require_safe
@requires(*PERMS)
def import_rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows of one status or kind of problem; the whole page without scripts."""
    batch = batch_of(request.user, pk)
    if batch.state not in LISTED:
        return redirect(page_url(request, "import", batch.pk))
    if not request.htmx:
        return render(request, "imports/import_detail.html", context_of(request, batch))
    url = page_url(request, "import_rows", batch.pk)
    context = {"batch": batch, **rows_context(request, batch, registry.IMPORTERS[batch.kind], url)}
    return render(request, "imports/_rows.html", context)


@require_POST
@requires(*PERMS)
def import_apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirms the preview that the reader saw; a worker writes it."""
    batch = batch_of(request.user, pk)
    try:
        import_work.apply(batch, request.POST.get("digest", ""), request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(page_url(request, "import", batch.pk))


@require_POST
@requires(*PERMS)
def import_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Abandons an import; nothing of it has been written."""
    batch = batch_of(request.user, pk)
    try:
        actions.cancel(batch=batch, by=request.user)
        roster = batch.kind == import_result.ROSTER
        said = _("已放弃《%(file)s》，名册没有变化。") if roster else _("已放弃《%(file)s》，什么也没有改动。")
        messages.success(request, said % {"file": batch.filename})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page_url(request, "import", batch.pk))
    return redirect(page_url(request, "imports"))


routes = [
    path("imports/", imports, name="imports"),
    path("imports/new/", import_new, name="import_new"),
    path("imports/<uuid:pk>/", import_page, name="import"),
    path("imports/<uuid:pk>/rows/", import_rows, name="import_rows"),
    path("imports/<uuid:pk>/apply/", import_apply, name="import_apply"),
    path("imports/<uuid:pk>/cancel/", import_cancel, name="import_cancel"),
    *import_files.routes,
    *import_choices.routes,
    *import_undo.routes,
]
