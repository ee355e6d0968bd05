"""What the page of one promise shows, and what its reader may do about it now."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.models import AuditEvent
from portal.core.web import keep
from proposals import stages
from proposals.actions import course
from proposals.actions.commitments import DONE
from proposals.enums import CommitmentState, DueKind, ReplyKind
from proposals.models import Commitment, CommitmentStep, Deadline, LedgerTask, Reply
from proposals.queries import promises as reads
from proposals.views import ledger_parts as parts
from workforce.views.answers import may_change_now


def context(request: HttpRequest, held: Commitment) -> dict:
    """Everything that the page of a promise shows."""
    on, years = keep.day_of(request), reads.chain(held)
    steps = reads.steps_of(years)
    percent = next((step.percent for step in steps if step.commitment_id == held.pk), 0)
    late = held.state == CommitmentState.OPEN and held.due_on < on
    return {
        "held": held,
        "case": held.handling.proposal,
        "badge": ("overdue", _("逾期未落实")) if late else (parts.PROMISE_BADGES[held.state], held.get_state_display()),
        "open": held.state == CommitmentState.OPEN,
        "percent": percent,
        "years": years if len(years) > 1 else [],
        "badges": parts.PROMISE_BADGES,
        "steps": _history(request, years, steps),
        "acts": acts_of(request, held, percent),
        "own": held.state == CommitmentState.OPEN and percent == DONE and _own(request, held, steps),
        "look": reads.next_look(held, on) if percent < DONE else None,
        "report": _implementation(request, held),
        "letters": _letters(request, held),
        "task": _task(request, held),
        "findings": parts.findings(request, reads.FINDING, "commitment", held.pk),
    }


def _own(request: HttpRequest, held: Commitment, steps: list[CommitmentStep]) -> bool:
    """Whether the reader noted what somebody else has to confirm."""
    last = next((step for step in steps if step.commitment_id == held.pk), None)
    return request.user.pk in (held.entered_by_id, last.entered_by_id if last else None)


def _history(request: HttpRequest, years: list[Commitment], steps: list[CommitmentStep]) -> list[dict]:
    """Everything noted in all the years, with why it was not struck off the ledger, newest first."""
    items = [_refusal(event) for event in reads.refusals_of(years)] + [_item(request, step) for step in steps]
    return sorted(items, key=lambda item: item["when"], reverse=True)


def _refusal(event: AuditEvent) -> dict:
    return {
        "when": timezone.localtime(event.at).date(),
        "title": _("不予销号"),
        "text": event.reason,
        "who": event.actor,
        "strong": True,
    }


def _item(request: HttpRequest, step: CommitmentStep) -> dict:
    """A line of the timeline; the class that changed is part of the title."""
    parts_ = [_("%(year)s 年度") % {"year": step.commitment.year}, _("进度 %(n)s%%") % {"n": step.percent}]
    if step.result_after:
        words = {"before": step.result_before, "after": step.result_after}
        parts_.append(_("%(before)s 类变更为 %(after)s 类") % words)
    return {
        "when": step.on,
        "title": " · ".join(parts_),
        "text": step.words,
        "who": str(step.entered_by),
        "strong": bool(step.result_after),
        "file": step.evidence if step.evidence_id and not step.evidence.taken_back else None,
    }


def acts_of(request: HttpRequest, held: Commitment, percent: int) -> list[dict]:
    """What the reader may do with the promise now, the way on first."""
    if held.state != CommitmentState.OPEN or not may_change_now(request):
        return []
    unit, office = (course.may_act(request.user, held.handling, who) for who in (stages.UNIT, stages.OFFICE))
    complete = percent == DONE
    offered = (
        ("kept", _("确认落实"), True, office and complete),
        ("progress", _("登记进展"), not complete, unit),
        ("class", _("变更类别"), False, office),
        ("roll", _("转入下年度"), False, office),
        ("cancel", _("取消承诺"), False, office),
    )
    return [
        {"label": label, "primary": primary, "url": keep.page_url(request, "promise_act", held.pk, key)}
        for key, label, primary, may in offered
        if may
    ]


def _letters(request: HttpRequest, held: Commitment) -> list[dict]:
    """The reports on what became of the promises that were issued as letters of their own."""
    issued = Reply.objects.filter(handling=held.handling_id, kind=ReplyKind.IMPLEMENTATION, letter__isnull=False)
    return [
        {"title": one.title, "on": one.letter.issued_on, "url": keep.page_url(request, "reply_letter", one.pk)}
        for one in issued.select_related("letter").order_by("pk")
    ]


def _implementation(request: HttpRequest, held: Commitment) -> dict | None:
    """The report on what became of the promises 落实答复: its last day, or the day it went out."""
    due = Deadline.objects.filter(handling=held.handling_id, kind=DueKind.IMPLEMENTATION, dropped=False)
    found = due.order_by("-round").first()
    if found is None:
        return None
    writes = found.met_on is None and may_change_now(request) and course.may_act(request.user, held.handling)
    return {
        "deadline": found,
        "explain": keep.page_url(request, "deadline", found.pk),
        "write": keep.page_url(request, "reply_new", held.handling_id, kind=ReplyKind.IMPLEMENTATION) if writes else "",
    }


def _task(request: HttpRequest, held: Commitment) -> dict | None:
    """The task of the ledger that the promise became, or the way to make it one."""
    task = LedgerTask.objects.for_user(request.user, Perm.VIEW_REPORTS).filter(commitment=held).first()
    if task is not None:
        return {"task": task, "url": keep.page_url(request, "ledger_task", task.pk)}
    may = request.user.can(Perm.SIGN_REPORTS, held.division_id) and may_change_now(request)
    if not may or held.state != CommitmentState.OPEN:
        return None
    return {"task": None, "url": keep.page_url(request, "ledger_new", commitment=held.pk)}
