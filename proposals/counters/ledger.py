"""Counters over the promises and the tasks of a year's ledgers (domain §1.K, §2.2)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from proposals.enums import CommitmentState, TaskState

_YEAR = "extract(year FROM %(on)s::date)"


def commitments(scope: Scope) -> str:
    """code, id and how a promise of the year stood on the day; cancelled ones are left out."""
    return f"""
    SELECT c.division_id AS code, c.id, k.kept,
        k.kept AND c.ended_on <= c.due_on AS on_time, NOT k.kept AND c.due_on < %(on)s AS overdue,
        c.rolled_from_id IS NOT NULL AS rolled
    FROM proposals_commitment c
    CROSS JOIN LATERAL (SELECT c.state = '{CommitmentState.KEPT}' AND c.ended_on <= %(on)s AS kept) k
    WHERE c.year = {_YEAR} AND c.state <> '{CommitmentState.CANCELLED}' AND {scope.of("c.division_id")}"""


def tasks(scope: Scope) -> str:
    """code, id and how a task of the year stood on the day; cancelled ones are left out."""
    return f"""
    SELECT t.division_id AS code, t.id, s.struck, s.struck AND t.struck_on <= t.due_on AS on_time,
        NOT s.struck AND t.due_on < %(on)s AS overdue
    FROM proposals_ledgertask t
    CROSS JOIN LATERAL (SELECT coalesce(t.state = '{TaskState.STRUCK}' AND t.struck_on <= %(on)s, false) AS struck) s
    WHERE t.year = {_YEAR} AND t.posted_on <= %(on)s AND t.state <> '{TaskState.CANCELLED}'
      AND {scope.of("t.division_id")}"""


COMMITMENTS = Family(
    name="promises",
    row=RowKind.COMMITMENT,
    rows=commitments,
    counters=(
        Counter(name="promises", label=_("本年的承诺事项")),
        Counter(name="promises_kept", label=_("已落实的承诺事项"), when="r.kept"),
        Counter(name="promises_judged", label=_("已落实或已到期的承诺事项"), when="r.kept OR r.overdue"),
        Counter(name="promises_on_time", label=_("按期落实的承诺事项"), when="r.on_time"),
        Counter(name="promises_overdue", label=_("逾期未落实的承诺事项"), when="r.overdue"),
        Counter(name="promises_rolled", label=_("由上年转入的承诺事项"), when="r.rolled"),
    ),
)
TASKS = Family(
    name="tasks",
    row=RowKind.LEDGER_TASK,
    rows=tasks,
    counters=(
        Counter(name="tasks", label=_("本年台账任务")),
        Counter(name="tasks_struck", label=_("已销号的任务"), when="r.struck"),
        Counter(name="tasks_judged", label=_("已销号或已到期的任务"), when="r.struck OR r.overdue"),
        Counter(name="tasks_on_time", label=_("按期销号的任务"), when="r.on_time"),
        Counter(name="tasks_overdue", label=_("逾期未销号的任务"), when="r.overdue"),
    ),
)
