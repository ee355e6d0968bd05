"""Periodic reports of tasks: one for each month, quarter, half-year and year that a task owes (domain §1.K)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.reports.cadence import Period
from proposals.actions.tasks import refuse_stranger
from proposals.enums import TaskState
from proposals.ledger import EARLY
from proposals.models import LedgerReport, LedgerTask
from proposals.queries.ledger import DueBook, owed_periods
from workforce.actions.versions import claim_row


@dataclass(frozen=True)
class Entry:
    """What is reported on a task."""

    task: LedgerTask
    words: str
    percent: int
    problems: str = ""


@action
def report_task(*, entry: Entry, period: Period, by) -> LedgerReport:
    """Reports on a task for a period, today. Raises ValidationError where none is owed, it is too early, or one is there."""
    return _report(entry, period, DueBook(), by)


@action
def report_many(*, entries: Sequence[Entry], period: Period, by) -> list[LedgerReport]:
    """Reports on several tasks for the same period, all or none. Raises ValidationError that names the task."""
    book, made = DueBook(), []
    for entry in entries:
        try:
            made.append(_report(entry, period, book, by))
        except ValidationError as error:
            words = {"number": entry.task.number, "title": entry.task.title, "reason": " ".join(error.messages)}
            raise ValidationError(_("第 %(number)s 项“%(title)s”：%(reason)s") % words) from error
    return made


def _report(entry: Entry, period: Period, book: DueBook, by) -> LedgerReport:
    task = entry.task
    refuse_stranger(by, Perm.MAKE_REPORTS, task.division_id)
    if task.state == TaskState.CANCELLED or period not in owed_periods(task):
        raise ValidationError(_("这项任务没有这一期的报告要报。"))
    first = period.ends_on - EARLY
    if today() < first:
        raise ValidationError(_("这一期还没有结束，%(day)s 起才能报送。") % {"day": first.isoformat()})
    _check_percent(entry.percent)
    try:
        with transaction.atomic():
            return LedgerReport.objects.create(
                task=task, cadence=period.cadence, period=period.key, words=entry.words, percent=entry.percent,
                problems=entry.problems, due_on=book.of(task.division_id, period), reported_on=today(), reported_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise ValidationError(_("这一期的报告已经报送。需要修改时请更正原报告。")) from error


@action
def change_task_report(
    *, report: LedgerReport, version: int, words: str, percent: int, problems: str, by
) -> LedgerReport:
    """Corrects a report; the day it came in stays. Raises `Stale` or ValidationError."""
    refuse_stranger(by, Perm.MAKE_REPORTS, report.task.division_id)
    _check_percent(percent)
    claim_row(report, version)
    report.refresh_from_db()
    if report.task.state in (TaskState.STRUCK, TaskState.CANCELLED):
        raise ValidationError(_("任务已经销号或取消，报告不再更改。"))
    report.words, report.percent, report.problems = words, percent, problems
    report.save()
    return report


def _check_percent(percent: int) -> None:
    if not 0 <= percent <= 100:
        raise ValidationError({"percent": _("完成进度应为 0 到 100。")})
