"""Many letters as one archive: asking for it, watching it being made, stopping it, taking it out."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from portal import tasks
from portal.core.audit.actions import record
from portal.core.letters.batches import MOST, OPEN, PERM, archive, ask_batch, batches_of, cancel_batch
from portal.core.letters.models import BatchState, LetterBatch, LetterForm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.pages.letter_list import listing_of

BADGES = {
    BatchState.WAITING: "waiting",
    BatchState.RUNNING: "running",
    BatchState.DONE: "done",
    BatchState.CANCELLED: "ended",
    BatchState.FAILED: "failed",
}
_LISTED = 5


def latest(user) -> list[LetterBatch]:
    """The reader's own batches, the latest first, each with the badge of its state."""
    found = list(batches_of(user).order_by("-asked_at")[:_LISTED])
    for batch in found:
        batch.badge = BADGES[batch.state]
    return found


@require_POST
@requires(PERM)
def letter_batch_new(request: HttpRequest) -> HttpResponse:
    """Asks for all letters of the list as it is narrowed."""
    _form, found = listing_of(request.user, request.POST, keep.place_of(request))
    form = request.POST.get("form", "")
    try:
        wanted = list(found.values_list("pk", flat=True)[: MOST + 1])
        batch = ask_batch(letters=wanted, form=form if form in LetterForm.values else LetterForm.PDF, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(keep.page_url(request, "letters"))
    _send(request, batch)
    return redirect(keep.page_url(request, "letter_batch", batch.pk))


def _send(request: HttpRequest, batch: LetterBatch) -> None:
    """Sends the task; while the broker is away the batch waits, and is sent within minutes of its return."""
    try:
        transaction.on_commit(lambda: tasks.render_letters.delay(str(batch.pk)))
    except tasks.BrokerDown:
        messages.warning(request, _("后台任务服务暂时连不上，恢复后会自动开始生成。"))


@require_safe
@requires(PERM)
def letter_batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a batch is; for htmx the progress alone, until there is something else to show."""
    batch = _own(request, pk)
    working = batch.state in OPEN
    if request.htmx and not working:
        return HttpResponseClientRefresh()
    context = {"batch": batch, "badge": BADGES[batch.state], "working": working, "total": len(batch.letters)}
    return render(request, "letters/_progress.html" if request.htmx else "letters/letter_batch.html", context)


@require_POST
@requires(PERM)
def letter_batch_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stops a batch; one that is done already says so by itself."""
    if cancel_batch(batch=_own(request, pk), by=request.user):
        messages.success(request, _("已取消。已经生成的文件保留，再次生成时不必重做。"))
    return redirect(keep.page_url(request, "letter_batch", pk))


@require_safe
@requires(PERM)
def letter_batch_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The archive of a batch that is done, as it is put together."""
    batch = _own(request, pk)
    if batch.state != BatchState.DONE:
        return redirect(keep.page_url(request, "letter_batch", pk))
    record("letters_taken", by=request.user, subject=batch.pk, count=batch.done, form=batch.form)
    name = _("公文%(count)s份-%(day)s.zip") % {"count": batch.done, "day": f"{batch.asked_at:%Y%m%d}"}
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return StreamingHttpResponse(archive(batch, request.user), content_type="application/zip", headers=headers)


def _own(request: HttpRequest, pk: UUID) -> LetterBatch:
    return get_object_or_404(batches_of(request.user), pk=pk)


routes = [
    path("letters/batches/", letter_batch_new, name="letter_batch_new"),
    path("letters/batches/<uuid:pk>/", letter_batch, name="letter_batch"),
    path("letters/batches/<uuid:pk>/cancel/", letter_batch_cancel, name="letter_batch_cancel"),
    path("letters/batches/<uuid:pk>/letters.zip", letter_batch_file, name="letter_batch_file"),
]
