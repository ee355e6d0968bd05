"""The ledger of tasks: put on it, corrected, struck off with evidence by somebody else, cancelled (domain §1.K 挂账销号)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from proposals.actions.evidence import Upload, keep_evidence
from proposals.actions.tallies import refresh_tallies
from proposals.enums import CommitmentState, TaskState
from proposals.models import Commitment, LedgerTask
from workforce.actions.versions import claim_row


@action
def post_task(*, division: Division, year: int, commitment: Commitment | None = None, by, **fields) -> LedgerTask:
    """Puts a task on the list of a year, under the next number of the place: title, domain, agreement, regions, leader,
    chief, officer, posted_on, due_on.

    With `commitment` a promise goes onto the ledger as a task, once. Raises ValidationError.
    """
    refuse_stranger(by, Perm.SIGN_REPORTS, division.pk)
    _in_order(year, fields["posted_on"], fields["due_on"])
    if commitment is not None:
        _refuse_promise(commitment, division)
    lock_list(division.pk, year)
    last = LedgerTask.objects.filter(division=division, year=year).aggregate(last=Max("number"))["last"] or 0
    task = LedgerTask.objects.create(
        division=division, year=year, number=last + 1, commitment=commitment, entered_by=by, **fields
    )
    refresh_tallies([division.pk])
    return task


def lock_list(code: str, year: int) -> None:
    """Keeps others from numbering tasks of the same list until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('proposals.ledger'), hashtext(%s))", [f"{code}:{year}"])


def _refuse_promise(commitment: Commitment, division: Division) -> None:
    if commitment.division_id != division.pk:
        raise ValidationError(_("承诺事项只能列入本地区的台账。"))
    if commitment.state != CommitmentState.OPEN:
        raise ValidationError(_("这项承诺已经结束，不再列入台账。"))
    if LedgerTask.objects.filter(commitment=commitment).exists():
        raise ValidationError(_("这项承诺已经列入台账，不能重复列入。"))


@action
def change_task(*, task: LedgerTask, version: int, by, **fields) -> LedgerTask:
    """Corrects a task that is on the ledger. Raises `Stale` or ValidationError."""
    _claim(task, version, by, Perm.SIGN_REPORTS, (TaskState.OPEN,))
    _in_order(task.year, fields["posted_on"], fields["due_on"])
    for name, value in fields.items():
        setattr(task, name, value)
    task.save()
    refresh_tallies([task.division_id])
    return task


def _in_order(year: int, posted_on: date, due_on: date) -> None:
    if posted_on.year > year:
        raise ValidationError({"posted_on": _("挂账日期不能晚于清单年度 %(year)s 年。") % {"year": year}})
    if due_on < posted_on:
        raise ValidationError({"due_on": _("完成期限不能早于挂账日期。")})


@action
def ask_strike(*, task: LedgerTask, version: int, evidence: str, upload: Upload | None = None, by) -> LedgerTask:
    """Asks to have a finished task struck off, with what proves it. Raises `Stale` or ValidationError."""
    _claim(task, version, by, Perm.MAKE_REPORTS, (TaskState.OPEN,))
    if not evidence.strip():
        raise ValidationError({"evidence": _("请写明完成情况和佐证。")})
    task.state, task.evidence, task.asked_by, task.asked_on = TaskState.ASKED, evidence, by, today()
    if upload is not None:
        task.evidence_file = keep_evidence(upload, division_id=task.division_id, by=by)
    task.save()
    return task


@action
def strike_off(*, task: LedgerTask, version: int, by) -> LedgerTask:
    """Strikes a task off the ledger: by somebody else than asked for it. Raises `Stale` or ValidationError."""
    _claim(task, version, by, Perm.SIGN_REPORTS, (TaskState.ASKED,))
    if by.pk == task.asked_by_id:
        raise ValidationError(_("销号是您申请的，须由另一个人审核销号。"), code="maker")
    _end(task, TaskState.STRUCK, by)
    return task


@action
def refuse_strike(*, task: LedgerTask, version: int, reason: str, by) -> LedgerTask:
    """Leaves a task on the ledger though it was asked to be struck off; the reason is kept. Raises `Stale` or ValidationError."""
    _claim(task, version, by, Perm.SIGN_REPORTS, (TaskState.ASKED,))
    if by.pk == task.asked_by_id:
        raise ValidationError(_("销号是您申请的，须由另一个人审核。"), code="maker")
    task.state, task.asked_by, task.asked_on = TaskState.OPEN, None, None
    task.save()
    record("strike_refused", by=by, subject=task.pk, division=task.division_id, reason=reason)
    return task


@action
def cancel_task(*, task: LedgerTask, version: int, reason: str, by) -> LedgerTask:
    """Takes a task off the ledger that is no longer to be done; the reason is kept. Raises `Stale` or ValidationError."""
    _claim(task, version, by, Perm.SIGN_REPORTS, (TaskState.OPEN, TaskState.ASKED))
    _end(task, TaskState.CANCELLED, by)
    record("task_cancelled", by=by, subject=task.pk, division=task.division_id, reason=reason)
    return task


def _end(task: LedgerTask, state: str, by) -> None:
    task.state, task.struck_by, task.struck_on = state, by, today()
    task.save()
    refresh_tallies([task.division_id])


def _claim(task: LedgerTask, version: int, by, perm: Perm, states: tuple[str, ...]) -> None:
    """Takes the next version of a task in one of the states. Raises `Stale` or ValidationError."""
    refuse_stranger(by, perm, task.division_id)
    claim_row(task, version)
    task.refresh_from_db()
    if task.state not in states:
        raise ValidationError(
            _("任务现在是“%(state)s”，不能这样办理。请查看最新情况。") % {"state": task.get_state_display()},
            code="state",
        )


def refuse_stranger(by, perm: Perm, code: str) -> None:
    """The pages offer an act only to those who may take it; an action called otherwise answers with a sentence."""
    if not by.can(perm, code):
        raise ValidationError(_("您没有办理这一步的权限。"), code="stranger")
