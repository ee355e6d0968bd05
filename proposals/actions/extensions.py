"""A longer period for an answer: asked for by the unit, which told the proposer before, and decided by the office."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from proposals import stages
from proposals.actions import course, deadlines
from proposals.actions.tallies import refresh_tallies
from proposals.enums import DueKind, HandlingRole
from proposals.models import Deadline, Extension, Handling


@action
def ask_extension(*, handling: Handling, version: int, months: int, reason: str, told_on: date, by) -> Extension:
    """Asks that the answer may take `months` months from the assignment; `told_on` is when the proposer was told.

    Raises `Stale`; ValidationError for co-handlers, an answer that was given or is already late, a request that waits.
    """
    held = course.claim(handling.pk, version, by, Perm.HANDLE_PROPOSALS)
    course.refuse_stranger(by, held)
    _check(held, told_on)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")}, code="reason")
    return Extension.objects.create(
        handling=held, months=months, reason=reason.strip(), told_on=told_on, asked_by=by, asked_on=today()
    )


def _check(handling: Handling, told_on: date) -> None:
    if handling.role == HandlingRole.CO or handling.stage not in {stages.ASSIGNED, *stages.WRITING}:
        raise ValidationError(_("只有尚未答复的主办、分办单位可以申请延期。"), code="stage")
    due = Deadline.objects.filter(handling=handling, kind=DueKind.REPLY, met_on__isnull=True, dropped=False).first()
    if due is None:
        raise ValidationError(_("没有尚未完成的答复期限，不能延期。"), code="stage")
    if today() > due.due_on:
        raise ValidationError(
            _("答复期限已于 %(day)s 届满，逾期后不能再申请延期。") % {"day": due.due_on.isoformat()}, code="late"
        )
    if told_on > today():
        raise ValidationError({"told_on": _("须先告知提案者再申请，告知日期不能晚于今天。")})
    if handling.extensions.filter(agreed__isnull=True).exists():
        raise ValidationError(_("已有一份延期申请等待审批。"), code="twice")


@action
def decide_extension(*, extension: Extension, version: int, agreed: bool, decision: str = "", by) -> Extension:
    """The office agrees, and the last day moves, or refuses with its reason. `version` is the handling's.

    Raises `Stale`; ValidationError for whoever asked, beyond the longest period of the place, for a refusal without words.
    """
    held = course.claim(extension.handling_id, version, by, Perm.MANAGE_PROPOSALS)
    course.refuse_stranger(by, held, stages.OFFICE)
    extension.refresh_from_db()
    if extension.agreed is not None:
        raise ValidationError(_("这份延期申请已经审批。"), code="twice")
    if extension.asked_by_id == by.pk:
        raise ValidationError(_("延期是您申请的，须由另一个人审批。"), code="maker")
    if not agreed and not decision.strip():
        raise ValidationError({"decision": _("不同意延期的，请写明理由。")}, code="reason")
    if agreed:
        deadlines.extend(held, extension.months, extension.reason, by)
    extension.agreed, extension.decision = agreed, decision.strip()
    extension.decided_by, extension.decided_on = by, today()
    extension.save(update_fields=["agreed", "decision", "decided_by", "decided_on"])
    refresh_tallies([held.division_id])
    return extension
