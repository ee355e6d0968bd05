"""What the pages of one import show: steps, progress with the time left, errors by kind, the difference row by row."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.sheets.importer import Importer
from portal.core.sheets.models import BatchState, ImportBatch, RowStatus
from portal.core.sheets.problems import sentences
from portal.core.sheets.reports import told
from portal.core.territory.models import Division

PAGE_ROWS = 50
SHOWN_PER_KIND = 50
WORKING = frozenset({BatchState.UPLOADED, BatchState.JUDGING, BatchState.APPLYING})

PHASES = {
    "waiting": gettext_lazy("排队等待"),
    "reading": gettext_lazy("正在读取文件"),
    "checking": gettext_lazy("正在逐行检查"),
    "comparing": gettext_lazy("正在与名册比对"),
    "writing": gettext_lazy("正在写入名册"),
}
# State key of the badge, and how far the four steps are: the number of the current one, counted from 0.
BADGES = {
    BatchState.UPLOADED: "waiting",
    BatchState.JUDGING: "running",
    BatchState.JUDGED: "ready",
    BatchState.APPLYING: "running",
    BatchState.APPLIED: "done",
    BatchState.FAILED: "failed",
    BatchState.CANCELLED: "ended",
}
_REACHED = {BatchState.UPLOADED: 1, BatchState.JUDGING: 1, BatchState.JUDGED: 2, BatchState.APPLYING: 3}
ROW_BADGES = {RowStatus.ERROR: "error"}


def badge_of(batch: ImportBatch) -> tuple[str, str]:
    """Key and word of the batch's state; a checked file with errors is not ready."""
    if batch.state == BatchState.JUDGED and batch.counts.get("error"):
        return "error", _("有错误，待改正")
    return BADGES[batch.state], str(batch.get_state_display())


def steps_of(batch: ImportBatch) -> list[dict[str, Any]]:
    """上传 › 检查 › 预览 › 应用, with where the batch stands."""
    labels = (_("上传"), _("检查"), _("预览"), _("应用"))
    wrong = batch.state == BatchState.FAILED or (batch.state == BatchState.JUDGED and batch.counts.get("error"))
    reached = 1 if wrong else _REACHED.get(batch.state, 4 if batch.state == BatchState.APPLIED else 0)
    now = "failed" if wrong else "current"
    return [
        {"label": label, "state": "done" if number < reached else now if number == reached else "todo"}
        for number, label in enumerate(labels)
    ]


def progress_of(batch: ImportBatch) -> dict[str, Any]:
    """Phase in words, rows done of all, and seconds left where they can be told."""
    progress = batch.progress
    done, total = progress.get("done", 0), progress.get("total", 0)
    began = parse_datetime(progress.get("began") or "")
    left = None
    if done and total and began:
        left = (timezone.now() - began).total_seconds() * (total - done) / done
    return {"phase": PHASES[progress.get("phase", "waiting")], "done": done, "total": total, "left": left}


def file_problems(batch: ImportBatch) -> list[str]:
    """Why the file as a whole could not be taken, or why applying stopped."""
    return [
        _("第 %(row)s 行：%(message)s") % problem if problem["row"] else problem["message"]
        for problem in sentences(batch.problem)
    ]


def kinds_of(batch: ImportBatch, importer: Importer, field: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Errors or warnings by kind, the commonest first, each with its rows as far as a screen can show them."""
    groups: dict[str, dict[str, Any]] = {}
    for code, count in sorted(counts.items(), key=lambda item: -item[1]):
        group = groups.setdefault(importer.heading(code), {"heading": importer.heading(code), "count": 0, "rows": []})
        group["count"] += count
    rows = batch.rows.exclude(**{field: []}).order_by("number", "id").only("number", "label", field)
    for row in rows.iterator():
        for issue in getattr(row, field):
            group = groups[importer.heading(issue["code"])]
            if len(group["rows"]) < SHOWN_PER_KIND:
                shown = {"number": row.number, "label": row.label, "message": told(importer, issue)}
                group["rows"].append({**shown, "column": issue["column"], "cell": issue["cell"]})
    for group in groups.values():
        group["more"] = group["count"] - len(group["rows"])
    return sorted(groups.values(), key=lambda group: -group["count"])


def chips_of(request: HttpRequest, batch: ImportBatch, url: str) -> list[dict[str, Any]]:
    """Filters by status, with counts; statuses without a row are left out."""
    chosen = status_of(request, batch)
    return [
        {
            "label": RowStatus(status).label,
            "url": f"{url}?status={status}",
            "current": status == chosen,
            "count": batch.counts[status],
        }
        for status in RowStatus.values
        if batch.counts.get(status)
    ]


def status_of(request: HttpRequest, batch: ImportBatch) -> str:
    """The status asked for, else the first that has rows."""
    asked = request.GET.get("status", "")
    present = [status for status in RowStatus.values if batch.counts.get(status)]
    return asked if asked in present else next(iter(present), "")


def rows_of(request: HttpRequest, batch: ImportBatch, importer: Importer) -> Page:
    """A page of rows of one status, with changes, warnings and communities in words."""
    rows = batch.rows.filter(status=status_of(request, batch)).order_by("number", "id")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = dict(Division.objects.filter(code__in={row.division for row in shown}).values_list("code", "label"))
    for row in shown:
        row.place = names.get(row.division, "")
        row.badge = ROW_BADGES.get(row.status, row.status)
        row.shown_changes = [_change(importer, change) for change in row.changes]
        row.notes = [told(importer, issue) for issue in row.errors + row.warnings]
    page.object_list = shown
    return page


def _change(importer: Importer, change: dict[str, Any]) -> dict[str, str]:
    headers = {column.key: column.header for column in importer.columns}
    label = headers.get(change["key"], change["key"])
    if change.get("of"):
        label = f"{change['of']} · {label}"
    return {
        "label": label,
        "old": importer.show(change["key"], change["old"]),
        "new": importer.show(change["key"], change["new"]),
        "plain": change["old"] is None,
    }


def earlier_same(batch: ImportBatch) -> ImportBatch | None:
    """The last import of the very same file into the same division that was applied before."""
    return (
        ImportBatch.objects.filter(
            kind=batch.kind,
            division=batch.division,
            sha256=batch.sha256,
            state=BatchState.APPLIED,
            uploaded_at__lt=batch.uploaded_at,
        )
        .order_by("-uploaded_at")
        .first()
    )


def with_badges(batches: Iterable[ImportBatch]) -> list[ImportBatch]:
    """Batches for the list, with the words of their state."""
    shown = list(batches)
    for batch in shown:
        batch.badge, batch.word = badge_of(batch)
    return shown
