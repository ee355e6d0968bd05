"""What the pages of the ledger and of promises share: findings with their notices, words of standings."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _L

from portal.core.findings.models import State
from portal.core.findings.supervision import issuing_office
from portal.core.web import keep
from proposals.ledger import Standing
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
TASK_BADGES = {"open": "running", "asked": "issued", "struck": "done", "rolled": "moved", "cancelled": "ended"}
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
