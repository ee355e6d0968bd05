"""What the pages of the ledger and of promises share: findings with their notices, files, words of standings."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _L

from portal.core.findings.models import State
from portal.core.findings.supervision import issuing_office
from portal.core.web import keep
from proposals.actions.files import taken_out
from proposals.ledger import Standing
from proposals.models import CaseFile
from proposals.queries.ledger import findings_about

# The badge of a report by its standing: key of the badge and its word.
BADGES = {
    Standing.AHEAD: ("future", _L("未到期")),
    Standing.WAITING: ("waiting", _L("待报送")),
    Standing.MISSING: ("overdue", _L("未报")),
    Standing.IN_TIME: ("done", _L("按期")),
    Standing.LATE: ("warning", _L("迟报")),
}
# The badge of a task by its state; one past its last day reads overdue instead.
TASK_BADGES = {"open": "running", "asked": "issued", "struck": "done", "cancelled": "ended"}
PROMISE_BADGES = {"open": "running", "kept": "done", "rolled": "moved", "cancelled": "ended"}


def findings(request: HttpRequest, kind: str, name: str, pk: int) -> list[dict]:
    """Findings about a task or promise, each with its supervision notices and, for an office above, the way to a new one."""
    return [
        {
            "finding": one,
            "url": keep.page_url(request, "finding", one.pk),
            "notices": list(one.supervisions.all()),
            "supervise": keep.page_url(request, "supervision_new", finding=one.pk) if _may(request.user, one) else "",
        }
        for one in findings_about(request.user, kind, name, pk)
    ]


def _may(user, finding) -> bool:
    if finding.state == State.RESOLVED:
        return False
    try:
        issuing_office(user, [finding.division_id])
    except ValidationError:
        return False
    return True


def download(request: HttpRequest, found: CaseFile | None) -> HttpResponse:
    """A file as a download on record, never shown by the browser itself; 404 for one that is not there for the reader."""
    if found is None:
        raise Http404
    try:
        content = taken_out(found, request.user)
    except FileNotFoundError:
        raise Http404 from None
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.filename)
    response["Content-Length"] = str(found.size)
    return response
