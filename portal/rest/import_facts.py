"""What REST tells of an import beside its columns: counts, kinds, progress, seconds, and where to go from here."""

from typing import Any

from django.urls import reverse

from portal import registry
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.problems import sentences
from portal.pages.import_files import may_annotate
from portal.pages.import_state import LISTED, WORKING, progress_of, seconds_of
from portal.pages.import_work import sheets_of
from portal.rest.import_rows import COUNTS

_LEVELS = (("error", "error_kinds"), ("warning", "warning_kinds"))
_MAY_CANCEL = {BatchState.UPLOADED, BatchState.JUDGING, BatchState.JUDGED}
_MAY_CHOOSE = {BatchState.JUDGED, BatchState.FAILED}
_ALWAYS = ("self", "rows")


def with_facts(batches: list[ImportBatch], request) -> list[ImportBatch]:
    """The batches with all that the serializer reads; one query, however many."""
    seconds = seconds_of(batches)
    for batch in batches:
        batch.file = {"name": batch.filename, "sha256": batch.sha256, "size": batch.size}
        batch.seconds = seconds[batch.pk]
        batch.kinds = _kinds(batch)
        batch.sheets = sheets_of(batch) or None
        batch.problems = sentences(batch.problem)
        batch.links = _links(batch, request)
        batch.progress = _progress(batch) if batch.state in WORKING else None
        batch.options = {
            "leaving_on": batch.options.get("leaving_on"),
            "leaving_reason": batch.options.get("leaving_reason", ""),
        }
        batch.counts = {name: batch.counts.get(name, 0) for name in COUNTS} if batch.judged_at else None
    return batches


def _kinds(batch: ImportBatch) -> list[dict[str, Any]]:
    importer = registry.IMPORTERS[batch.kind]
    found = [
        {"kind": code, "level": level, "label": importer.heading(code), "count": count}
        for level, key in _LEVELS
        for code, count in (batch.counts.get(key) or {}).items()
    ]
    return sorted(found, key=lambda one: (-one["count"], one["kind"]))


def _progress(batch: ImportBatch) -> dict[str, Any]:
    told = progress_of(batch)
    left = None if told["left"] is None else round(told["left"], 1)
    return {"phase": told["key"], "done": told["done"], "total": told["total"], "seconds_left": left}


def _links(batch: ImportBatch, request) -> dict[str, str | None]:
    """Addresses of what can be done now; an act that would be refused has none."""
    faulty = bool(batch.counts.get("error") or batch.counts.get("warned") or batch.problem.get("errors"))
    told = batch.state in LISTED or batch.state == BatchState.FAILED
    now = {
        "report": told and faulty,
        "annotated": may_annotate(batch),
        "apply": batch.state == BatchState.JUDGED and not batch.counts.get("error"),
        "cancel": batch.state in _MAY_CANCEL,
        "options": batch.state in _MAY_CHOOSE,
        "undo": batch.state == BatchState.APPLIED and bool(batch.written),
    }
    named = {"self": "detail", **{name: name for name in ("rows", *now)}}
    return {
        name: request.build_absolute_uri(reverse(f"api-imports-{route}", args=[batch.pk]))
        if name in _ALWAYS or now[name]
        else None
        for name, route in named.items()
    }
