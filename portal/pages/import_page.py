"""What the page of one import shows, by its state."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from portal import registry
from portal.core.lib.clock import today
from portal.core.sheets.forms import UploadForm
from portal.core.sheets.importer import Importer
from portal.core.sheets.models import OPEN_STATES, BatchState, ImportBatch, Source
from portal.core.web.keep import page_url
from portal.pages import import_result, import_state, import_views
from portal.pages.import_files import may_annotate
from portal.pages.import_work import batches_of, sheets_of

_UNWRITTEN = (BatchState.JUDGED, BatchState.FAILED)
_SHORT_HASH = 12
_SHORTEST = 0.1  # seconds; less reads as no time at all


def context_of(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """The whole context of `imports/import_detail.html`."""
    importer = registry.IMPORTERS[batch.kind]
    badge, word = import_state.badge_of(batch)
    context = {
        "batch": batch,
        "importer": importer,
        "badge": badge,
        "word": word,
        "steps": import_state.steps_of(batch),
    }
    context |= {"facts": facts_of(batch), "acts": acts_of(request, batch), "problems": import_state.problems_of(batch)}
    if batch.state in import_state.WORKING:
        return context | {"progress": import_state.progress_of(batch)}
    if batch.state in import_state.LISTED:
        context |= _preview(request, batch, importer)
    if batch.state in (BatchState.APPLIED, BatchState.UNDONE):
        context["result"] = (
            import_result.applied(batch) if batch.state == BatchState.APPLIED else import_result.undone(batch)
        )
    if batch.state in _UNWRITTEN and batch.source == Source.FILE:
        initial = {"division": batch.division_id, "replaces": batch.pk}
        context["form"] = UploadForm(by=request.user, perm=importer.perm, initial=initial)
    if batch.state in OPEN_STATES:
        context["same"] = import_state.earlier_same(batch)
    if batch.state == BatchState.FAILED and any(e["code"].startswith("column_") for e in _errors(batch)):
        context["mapping_url"] = url_or_none(request, "import_mapping", batch.pk)
    return context


def _errors(batch: ImportBatch) -> list[dict]:
    return batch.problem.get("errors", [])


def _preview(request: HttpRequest, batch: ImportBatch, importer: Importer) -> dict[str, Any]:
    counts = batch.counts
    judged = batch.state == BatchState.JUDGED
    url = page_url(request, "import_rows", batch.pk)
    return {
        "errors": import_views.kinds_of(batch, importer, "errors") if judged else [],
        "warnings": import_views.kinds_of(batch, importer, "warnings"),
        "sentence": importer.summary(counts),
        "nothing": not any(counts.get(key) for key in ("new", "changed", "ending")),
        "left_out": any(counts.get(key) for key in ("moved", "outside")),
        "mended": import_result.mended(batch) if judged else "",
        "leaving": import_result.leaving(batch) if judged else "",
        "moved": import_result.moved(batch) if judged else "",
        "today": today(),
        "unread": import_result.unread(sheets_of(batch)),
        "alike": bool(sheets_of(batch).get("alike")),
        **import_views.rows_context(request, batch, importer, url),
    }


def in_the_way(request: HttpRequest, error: ValidationError) -> dict[str, str] | None:
    """The way to the import for which a new one was refused, where the reader may open it."""
    pk = (getattr(error, "params", None) or {}).get("batch")
    found = batches_of(request.user).filter(pk=pk).first() if pk else None
    if found is None:
        return None
    return {"href": page_url(request, "import", found.pk), "text": _("打开《%(file)s》") % {"file": found.filename}}


def facts_of(batch: ImportBatch) -> list[tuple[str, str]]:
    """Who, when, which file, how long: pairs for the head of the page."""
    spent = import_state.seconds_of([batch])[batch.pk]
    words = {"check": _("检查用时"), "apply": _("应用用时"), "undo": _("撤销用时")}
    found = [(_("文件大小"), _size(batch.size)), (_("文件指纹"), batch.sha256[:_SHORT_HASH])]
    if batch.source == Source.GRID:
        found = []
    if sheets := sheets_of(batch):
        found.append((_("工作表"), sheets["read"]))
    found += [
        (words[act], _("%(seconds)s 秒") % {"seconds": f"{max(seconds, _SHORTEST):.1f}"})
        for act, seconds in spent.items()
        if seconds is not None
    ]
    return found


def _size(size: int) -> str:
    return f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, round(size / 1024))} KB"


def acts_of(request: HttpRequest, batch: ImportBatch) -> dict[str, str]:
    """Addresses of what can be done with the import now, by act."""

    def url(name: str) -> str:
        return page_url(request, name, batch.pk)

    found = {}
    faulty = batch.counts.get("error") or batch.counts.get("warned") or _errors(batch)
    if faulty and batch.state in (*import_state.LISTED, BatchState.FAILED):
        found["report"] = url("import_errors")
        if may_annotate(batch):
            found["annotated"] = url("import_annotated")
    if batch.state in (BatchState.UPLOADED, BatchState.JUDGING, BatchState.JUDGED):
        found["cancel"] = url("import_cancel")
    if batch.state == BatchState.APPLIED and batch.written:
        found["undo"] = url("import_undo")
    if batch.source == Source.GRID and batch.state in (BatchState.JUDGED, BatchState.FAILED):
        found["grid"] = url_or_none(request, "roster_grid", batch.division_id)
    return found


def url_or_none(request: HttpRequest, name: str, *args, **params) -> str:
    """Address of a page that another part of the portal brings; empty where it is not there."""
    try:
        return page_url(request, name, *args, **params)
    except NoReverseMatch:
        return ""
