"""At the year's turn: what is still on the ledger goes into the list of the next year with its history (domain §1.K)."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.lib.clock import today
from proposals.actions.tallies import refresh_tallies
from proposals.actions.tasks import lock_list, refuse_stranger
from proposals.enums import TaskState
from proposals.models import Commitment, LedgerTask
from workforce.actions.versions import claim_row

ROLLS_FROM_MONTH = 12
# What the task of the next year takes over; evidence and whoever asked to strike off belong to the year that is over.
_KEPT = ("division_id", "title", "domain", "agreement", "regions", "leader", "chief", "officer")


@action
def roll_over_tasks(*, chosen: Iterable[tuple[int, int]], due_on: date, reason: str, by) -> list[LedgerTask]:
    """Takes open tasks, given by key and version, into the lists of their next years with a new last day; all or none.

    A task keeps its chain of three and goes on under the next number there, from the first of January; the old one stays
    as it ended and still owes the reports of its whole year. From December on. Raises `Stale`, or ValidationError that
    names the task.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("请写明未能按期完成的原因和下一步打算。")})
    seen = dict(chosen)
    tasks = list(LedgerTask.objects.filter(pk__in=seen).order_by("division_id", "year", "number"))
    for code, year in sorted({(task.division_id, task.year) for task in tasks}):
        lock_list(code, year + 1)
    made = [_roll(task, seen[task.pk], due_on, reason.strip(), by) for task in tasks]
    refresh_tallies({task.division_id for task in tasks})
    return made


def _roll(task: LedgerTask, version: int, due_on: date, reason: str, by) -> LedgerTask:
    refuse_stranger(by, Perm.SIGN_REPORTS, task.division_id)
    claim_row(task, version)
    task.refresh_from_db()
    if problem := _problem(task, due_on):
        raise ValidationError(_("第 %(number)s 项：%(problem)s") % {"number": task.number, "problem": problem})
    task.state, task.struck_by, task.struck_on = TaskState.ROLLED, by, today()
    task.save()
    listed = LedgerTask.objects.filter(division=task.division_id, year=task.year + 1)
    new = LedgerTask.objects.create(
        year=task.year + 1, number=(listed.aggregate(last=Max("number"))["last"] or 0) + 1, rolled_from=task,
        commitment=_promise_of(task), posted_on=date(task.year + 1, 1, 1), due_on=due_on, entered_by=by,
        **{name: getattr(task, name) for name in _KEPT},
    )  # fmt: skip
    record("task_rolled", by=by, subject=task.pk, division=task.division_id, reason=reason)
    return new


def _problem(task: LedgerTask, due_on: date) -> str:
    """Why a task cannot go into the next year, in a sentence; empty where it can."""
    if task.state != TaskState.OPEN:
        return _("现在是“%(state)s”，只有挂账的任务才能转入下年度。") % {"state": task.get_state_display()}
    if today() < date(task.year, ROLLS_FROM_MONTH, 1):
        return _("%(year)s 年的任务从当年 12 月起才能转入下年度。") % {"year": task.year}
    if due_on < date(task.year + 1, 1, 1):
        return _("新的完成期限应在 %(year)s 年或以后。") % {"year": task.year + 1}
    return ""


def _promise_of(task: LedgerTask) -> Commitment | None:
    """The promise of the next year that the task's promise went on as, unless that stands on the ledger already."""
    later = (
        Commitment.objects.filter(rolled_from=task.commitment_id) if task.commitment_id else Commitment.objects.none()
    )
    return later.filter(task__isnull=True).first()
