"""What the page of one task shows, and what its reader may do about it now."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.changes import describe
from portal.core.audit.queries import history_models
from portal.core.lib.clock import today
from portal.core.reports.words import period_name
from portal.core.web import keep
from proposals import ledger
from proposals.enums import TaskState
from proposals.ledger import EARLY, Standing
from proposals.models import LedgerTask
from proposals.queries import ledger as reads
from proposals.views import ledger_parts as parts
from workforce.views.answers import may_change_now
from workforce.views.worker_timeline import change_items

_SHOWN = 50


def task_or_404(request: HttpRequest, pk: int, perm: Perm = Perm.VIEW_REPORTS) -> LedgerTask:
    rows = LedgerTask.objects.for_user(request.user, perm)
    people = ("asked_by", "struck_by", "entered_by")
    return get_object_or_404(rows.select_related("division", "evidence_file", "commitment", *people), pk=pk)


def context(request: HttpRequest, task: LedgerTask) -> dict:
    """Everything that the page of a task shows."""
    on, years = keep.day_of(request), reads.chain(task)
    owed = reads.standings([task], on).reports[task.pk]
    late = task.state in reads.OPEN and task.due_on < on
    reports = may_change_now(request) and request.user.can(Perm.MAKE_REPORTS, task.division_id)
    return {
        "task": task,
        "badge": ("overdue", _("逾期未销号")) if late else (parts.TASK_BADGES[task.state], task.get_state_display()),
        "open": task.state in reads.OPEN,
        "chain": [
            (_("分管领导"), task.leader),
            (_("第一责任人"), task.chief),
            (_("具体承办人"), task.officer),
        ],
        "counts": ledger.counts_of(owed),
        "reports": _reports(request, task, owed, reports),
        "acts": acts_of(request, task),
        "own": task.state == TaskState.ASKED and task.asked_by_id == request.user.pk,
        "events": [_event(one) for one in reads.events_of(years)],
        "years": years if len(years) > 1 else [],
        "findings": parts.findings(request, reads.FINDING, "task", task.pk),
        "history": change_items(request, _history(task)),
        "promise": task.commitment if task.commitment_id and _sees_promise(request, task) else None,
    }


def _sees_promise(request: HttpRequest, task: LedgerTask) -> bool:
    return request.user.can(Perm.VIEW_PROPOSALS, task.division_id)


def _reports(request: HttpRequest, task: LedgerTask, owed, reports: bool) -> list[dict]:
    """The reports owed, by the last day of their periods; what came in with its words, what may be entered with its way."""
    there, found = reads.reports_of(task), []
    for one in owed:
        key, word = parts.BADGES[one.standing]
        kept = there.get(one.period.key) if one.reported_on else None
        enters = reports and kept is None and one.period.key not in there and today() >= one.period.ends_on - EARLY
        corrects = reports and kept is not None and task.state in reads.OPEN
        found.append(
            {
                "owed": one,
                "name": period_name(one.period),
                "badge": key,
                "word": _("迟报 %(n)s 天") % {"n": one.days_late} if one.standing == Standing.LATE else word,
                "report": kept,
                "url": keep.page_url(request, "ledger_report", task.pk, one.period.key) if enters or corrects else "",
                "enters": enters,
            }
        )
    return found


def acts_of(request: HttpRequest, task: LedgerTask) -> list[dict]:
    """What the reader may do with the task now, the way on first."""
    if not may_change_now(request):
        return []
    makes, signs = (request.user.can(perm, task.division_id) for perm in (Perm.MAKE_REPORTS, Perm.SIGN_REPORTS))
    other = task.asked_by_id != request.user.pk
    offered = (
        ("strike", _("审核销号"), True, signs and other and task.state == TaskState.ASKED),
        ("refuse", _("不予销号"), False, signs and other and task.state == TaskState.ASKED),
        ("ask", _("申请销号"), True, makes and task.state == TaskState.OPEN),
        ("edit", _("更正任务"), False, signs and task.state == TaskState.OPEN),
        ("cancel", _("取消任务"), False, signs and task.state in reads.OPEN),
    )
    return [
        {"label": label, "primary": primary, "url": keep.page_url(request, "ledger_act", task.pk, key)}
        for key, label, primary, may in offered
        if may
    ]


def _event(event) -> dict:
    titles = {"strike_refused": _("不予销号"), "task_cancelled": _("任务取消"), "task_rolled": _("转入下年度")}
    return {"when": event.at, "exact": True, "title": titles[event.act], "text": event.reason, "who": event.actor}


def _history(task: LedgerTask) -> list:
    table = next(model for model in history_models() if model.pgh_tracked_model is LedgerTask)
    keys = table.objects.filter(pgh_obj_id=task.pk).order_by("-pgh_id").values_list("pgh_id", flat=True)[:_SHOWN]
    return describe([(table, key) for key in keys])
