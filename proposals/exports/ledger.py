"""Tasks of a year's ledger, and the reports that they owe: those that came in, came late or are missing."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.reports.words import period_name
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from proposals.forms.ledger_list import Listing, lines, listing
from proposals.ledger import Standing
from proposals.models import LedgerReport

STANDINGS = {
    Standing.AHEAD: _L("未到期"),
    Standing.WAITING: _L("待报送"),
    Standing.MISSING: _L("未报"),
    Standing.IN_TIME: _L("按期"),
    Standing.LATE: _L("迟报"),
}
PLACE = (
    Column("code", _L("地区代码"), width=14),
    Column("place", _L("地区"), width=14),
    Column("year", _L("清单年度"), kind=Kind.NUMBER),
    Column("number", _L("序号"), kind=Kind.NUMBER),
    Column("title", _L("任务"), width=40),
)


def _place(task: Any) -> list:
    return [task.division_id, task.division.label, task.year, task.number, task.title]


def find_tasks(asked: Asked) -> Found:
    found = listing(asked.user, asked.params, under=asked.under, on=asked.on)
    tasks = list(found.tasks.select_related("division", "asked_by", "struck_by"))
    rows = (
        [
            *_place(task),
            task.get_domain_display(),
            task.agreement,
            task.regions,
            task.leader,
            task.chief,
            task.officer,
            task.posted_on,
            task.due_on,
            task.get_state_display(),
            line["counts"].due,
            line["counts"].in_time,
            line["counts"].late,
            line["counts"].missing,
            task.evidence,
            str(task.asked_by or ""),
            str(task.struck_by or ""),
            task.struck_on,
        ]
        for task, line in zip(tasks, lines(tasks, found.known, found.on), strict=True)
    )
    return Found(len(tasks), rows, filters=filter_words(found.form))


def find_reports(asked: Asked) -> Found:
    found = listing(asked.user, asked.params, under=asked.under, on=asked.on)
    tasks = list(found.tasks)
    count = sum(len(found.known.reports[task.pk]) for task in tasks)
    return Found(count, _report_rows(found, tasks), filters=filter_words(found.form))


def _report_rows(found: Listing, tasks: list) -> Iterator[list]:
    there = {
        (one.task_id, one.period): one
        for one in LedgerReport.objects.filter(task__in=tasks).select_related("reported_by")
    }
    for task in tasks:
        for owed in found.known.reports[task.pk]:
            kept = there.get((task.pk, owed.period.key)) if owed.reported_on else None
            yield [
                *_place(task),
                period_name(owed.period),
                owed.due_on,
                owed.reported_on,
                str(STANDINGS[owed.standing]),
                owed.days_late or None,
                kept.percent if kept else None,
                kept.words if kept else "",
                kept.problems if kept else "",
                str(kept.reported_by) if kept else "",
            ]


TASKS = Export(
    key="ledger",
    label=_L("任务台账"),
    perm=Perm.VIEW_REPORTS,
    page="ledger",
    columns=(
        *PLACE,
        Column("domain", _L("领域")),
        Column("agreement", _L("依据文件或协议"), width=28),
        Column("regions", _L("涉及地区"), width=14),
        Column("leader", _L("分管领导")),
        Column("chief", _L("第一责任人")),
        Column("officer", _L("具体承办人")),
        Column("posted_on", _L("挂账日期"), kind=Kind.DATE),
        Column("due_on", _L("完成期限"), kind=Kind.DATE),
        Column("state", _L("状态")),
        Column("due", _L("应报（份）"), kind=Kind.NUMBER),
        Column("in_time", _L("按期（份）"), kind=Kind.NUMBER),
        Column("late", _L("迟报（份）"), kind=Kind.NUMBER),
        Column("missing", _L("未报（份）"), kind=Kind.NUMBER),
        Column("evidence", _L("完成情况和佐证"), width=40),
        Column("asked_by", _L("申请人")),
        Column("struck_by", _L("销号人")),
        Column("struck_on", _L("销号日期"), kind=Kind.DATE),
    ),
    find=find_tasks,
    personal=True,
)
REPORTS = Export(
    key="ledger-reports",
    label=_L("台账报告"),
    perm=Perm.VIEW_REPORTS,
    page="ledger",
    columns=(
        *PLACE,
        Column("period", _L("期间"), width=16),
        Column("due_on", _L("报送期限"), kind=Kind.DATE),
        Column("reported_on", _L("报送日期"), kind=Kind.DATE),
        Column("standing", _L("情况")),
        Column("days_late", _L("迟报天数"), kind=Kind.NUMBER),
        Column("percent", _L("完成进度（%）"), kind=Kind.NUMBER),
        Column("words", _L("进展"), width=40),
        Column("problems", _L("存在问题"), width=30),
        Column("reported_by", _L("报送人")),
    ),
    find=find_reports,
    personal=True,
)
EXPORTS = (TASKS, REPORTS)
