"""What one row of proposals, answers, promises or tasks behind a number shows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.counting import RowKind
from portal.core.web import formats
from portal.pages.indicator_row_cells import Cell, RowLook, records_look
from proposals.models import Commitment, Handling, LedgerTask, Proposal


def _proposal(one: Proposal) -> list[Cell]:
    return [
        Cell(one.title, under=_("第%(number)s号") % {"number": one.number}),
        Cell(formats.day(one.received_on)),
        Cell(one.get_state_display()),
    ]


def _handling(one: Handling) -> list[Cell]:
    replied = formats.day(one.replied_on) if one.replied_on else _("未答复")
    return [
        Cell(one.proposal.title, under=_("第%(number)s号") % {"number": one.proposal.number}),
        Cell(one.unit.short, under=one.get_role_display()),
        Cell(replied, under=one.get_stage_display()),
    ]


def _commitment(one: Commitment) -> list[Cell]:
    return [
        Cell(one.text),
        Cell(one.unit.short, under=one.owner),
        Cell(formats.day(one.due_on), under=one.get_state_display()),
    ]


def _task(one: LedgerTask) -> list[Cell]:
    return [Cell(one.title), Cell(one.officer), Cell(formats.day(one.due_on), under=one.get_state_display())]


_PLACE = gettext_lazy("地区")
PROPOSAL_LOOKS: dict[RowKind, RowLook] = {
    RowKind.PROPOSAL: records_look(
        Proposal,
        (gettext_lazy("案由"), _PLACE, gettext_lazy("收到日期"), gettext_lazy("现在的状态")),
        _proposal,
        lambda one: ("proposal", one.pk),
        Perm.VIEW_PROPOSALS,
    ),
    RowKind.HANDLING: records_look(
        Handling,
        (gettext_lazy("案由"), _PLACE, gettext_lazy("承办单位"), gettext_lazy("首次答复日期与现在的阶段")),
        _handling,
        lambda one: ("proposal", one.proposal_id),
        Perm.VIEW_PROPOSALS,
        related=("proposal", "unit"),
    ),
    RowKind.COMMITMENT: records_look(
        Commitment,
        (gettext_lazy("承诺事项"), _PLACE, gettext_lazy("责任单位与责任人"), gettext_lazy("完成期限与现在的状态")),
        _commitment,
        lambda one: ("promise", one.pk),
        Perm.VIEW_PROPOSALS,
        related=("unit",),
    ),
    RowKind.LEDGER_TASK: records_look(
        LedgerTask,
        (gettext_lazy("任务"), _PLACE, gettext_lazy("具体承办人"), gettext_lazy("完成期限与现在的状态")),
        _task,
        lambda one: ("ledger_task", one.pk),
        Perm.VIEW_REPORTS,
    ),
}
