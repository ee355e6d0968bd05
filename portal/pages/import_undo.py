"""Taking back an applied import: first what that would be and what it cannot touch, then the act."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from portal import registry
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.undo import UndoPreview
from portal.core.sheets.undoing import preview
from portal.core.web.access import requires
from portal.core.web.formats import number
from portal.core.web.keep import page_url
from portal.pages import import_work
from portal.pages.import_result import ROSTER
from portal.pages.import_work import PERMS, batch_of


@requires(*PERMS)
def import_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shows what would be taken back and which rows were edited since; the button below does it."""
    batch = batch_of(request.user, pk)
    if batch.state != BatchState.APPLIED:
        return redirect(page_url(request, "import", batch.pk))
    problems: list[str] = []
    if request.method == "POST":
        try:
            import_work.undo(batch, request.POST.get("rest") == "1", request.user)
            return redirect(page_url(request, "import", batch.pk))
        except ValidationError as error:
            problems = list(error.messages)
    found = preview(batch, registry.IMPORTERS[batch.kind])
    more = found.kept_count - len(found.kept)
    context = {"batch": batch, "found": found, "more": more, "problems": problems, **_words(batch, found)}
    return render(request, "imports/import_undo.html", context, status=409 if problems else 200)


def _words(batch: ImportBatch, found: UndoPreview) -> dict:
    """The sentence that says exactly what will happen, and the button that does it."""
    shown = {
        "people": number(found.people),
        "kept": number(found.kept_count),
        "rows": number(found.rows),
        "file": batch.filename,
    }
    if batch.kind != ROSTER:
        sentence = _("《%(file)s》写入的 %(people)s 条记录恢复到导入之前的样子，后来有改动的 %(kept)s 条保持现状。")
        return {"sentence": sentence % shown, "button": _("撤销"), "rest": "1" if found.kept_count else ""}
    if not found.kept_count:
        sentence = _(
            "《%(file)s》这次导入涉及的 %(people)s 人将恢复到导入之前的样子：新增的删去，更改的改回。各级人数随之更新。"
        )
        return {"sentence": sentence % shown, "button": _("全部撤销"), "rest": ""}
    sentence = _(
        "%(kept)s 人在导入之后又被改动过，保持现状；其余 %(people)s 人将恢复到导入之前的样子。各级人数随之更新。"
    )
    return {"sentence": sentence % shown, "button": _("撤销其余 %(people)s 人") % shown, "rest": "1"}


routes = [path("imports/<uuid:pk>/undo/", import_undo, name="import_undo")]
