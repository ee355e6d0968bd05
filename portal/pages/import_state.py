"""How an import stands, in words and figures: state, steps, progress with the time left, seconds of every act."""

from collections.abc import Iterable
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.problems import sentences

WORKING = frozenset({BatchState.UPLOADED, BatchState.JUDGING, BatchState.APPLYING, BatchState.UNDOING})
LISTED = frozenset({BatchState.JUDGED, BatchState.APPLIED, BatchState.UNDONE})  # states with rows to show

PHASES = {
    "waiting": gettext_lazy("排队等待"),
    "reading": gettext_lazy("正在读取文件"),
    "checking": gettext_lazy("正在逐行检查"),
    "comparing": gettext_lazy("正在与名册比对"),
    "writing": gettext_lazy("正在写入名册"),
    "undoing": gettext_lazy("正在撤销"),
}
BADGES = {
    BatchState.UPLOADED: "waiting",
    BatchState.JUDGING: "running",
    BatchState.JUDGED: "ready",
    BatchState.APPLYING: "running",
    BatchState.APPLIED: "done",
    BatchState.UNDOING: "running",
    BatchState.UNDONE: "undone",
    BatchState.FAILED: "failed",
    BatchState.CANCELLED: "ended",
}
# How far the four steps are: the number of the current one, counted from 0; 4 where all are behind.
_REACHED = {
    BatchState.UPLOADED: 1,
    BatchState.JUDGING: 1,
    BatchState.JUDGED: 2,
    BatchState.APPLYING: 3,
    BatchState.APPLIED: 4,
    BatchState.UNDOING: 4,
    BatchState.UNDONE: 4,
}
_ACTS = {BatchState.JUDGED: "check", BatchState.APPLIED: "apply"}


def badge_of(batch: ImportBatch) -> tuple[str, str]:
    """Key and word of the batch's state; a checked file with errors is not ready."""
    if batch.state == BatchState.JUDGED and batch.counts.get("error"):
        return "error", _("有错误，待改正")
    return BADGES[batch.state], str(batch.get_state_display())


def with_badges(batches: Iterable[ImportBatch]) -> list[ImportBatch]:
    """Batches for the list, with the words of their state."""
    shown = list(batches)
    for batch in shown:
        batch.badge, batch.word = badge_of(batch)
    return shown


def steps_of(batch: ImportBatch) -> list[dict[str, Any]]:
    """上传 › 检查 › 预览 › 应用, with where the batch stands."""
    labels = (_("上传"), _("检查"), _("预览"), _("应用"))
    wrong = batch.state == BatchState.FAILED or (batch.state == BatchState.JUDGED and batch.counts.get("error"))
    reached = 1 if wrong else _REACHED.get(batch.state, 0)
    now = "failed" if wrong else "current"
    return [
        {"label": label, "state": "done" if number < reached else now if number == reached else "todo"}
        for number, label in enumerate(labels)
    ]


def progress_of(batch: ImportBatch) -> dict[str, Any]:
    """Phase in words, rows done of all, and seconds left where they can be told.

    Told from what the worker wrote last, not from the clock: the same row gives the same answer, and its ETag stands.
    """
    progress = batch.progress
    key, done, total = progress.get("phase", "waiting"), progress.get("done", 0), progress.get("total", 0)
    began = parse_datetime(progress.get("began") or "")
    left = None
    if done and total and began and batch.heartbeat:
        left = max(0.0, (batch.heartbeat - began).total_seconds()) * (total - done) / done
    return {"key": key, "phase": PHASES.get(key, PHASES["waiting"]), "done": done, "total": total, "left": left}


def problems_of(batch: ImportBatch) -> list[str]:
    """Why the file as a whole could not be taken, or why applying or undoing stopped."""
    return [
        _("第 %(row)s 行：%(message)s") % problem if problem["row"] else problem["message"]
        for problem in sentences(batch.problem)
    ]


def seconds_of(batches: Iterable[ImportBatch]) -> dict[Any, dict[str, float | None]]:
    """How long the last check, the applying and the undoing of each batch took; one query, of the history."""
    found: dict[Any, dict[str, float | None]] = {}
    for batch in batches:
        undone = (batch.counts.get("undone") or {}).get("seconds")
        found[batch.pk] = {"check": None, "apply": None, "undo": undone}
    events = ImportBatch.pgh_event_model.objects.filter(pgh_obj_id__in=list(found), state__in=list(_ACTS))
    for key, state, seconds in events.order_by("pgh_id").values_list("pgh_obj_id", "state", "seconds"):
        found[key][_ACTS[state]] = seconds
    return found


def earlier_same(batch: ImportBatch) -> ImportBatch | None:
    """The last import of the very same file into the same division that was applied before, and still is."""
    same = ImportBatch.objects.filter(kind=batch.kind, division=batch.division, sha256=batch.sha256)
    applied = same.filter(state=BatchState.APPLIED, uploaded_at__lt=batch.uploaded_at)
    return applied.order_by("-uploaded_at").first()
