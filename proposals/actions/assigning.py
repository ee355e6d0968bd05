"""Handing proposals over 交办: to a lead with co-handlers, or to separate handlers; and anew after a return."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from proposals import stages
from proposals.actions import course, deadlines
from proposals.actions.tallies import refresh_tallies
from proposals.enums import DueKind, HandlingRole, ProposalState, Stage
from proposals.models import Handling, HandlingUnit, Proposal
from proposals.queries.handling import active_parts
from workforce.actions.versions import Stale

# Where units may be given a part: nobody has it, it is being handled, or it was merged and is answered by itself.
OPEN = (ProposalState.FILED, ProposalState.HANDLING, ProposalState.MERGED)


@action
def assign(
    *,
    proposal: Proposal,
    version: int,
    lead: HandlingUnit | None = None,
    separate: Iterable[HandlingUnit] = (),
    co: Iterable[HandlingUnit] = (),
    assigned_on: date,
    by,
) -> list[Handling]:
    """Gives units their parts on the day `assigned_on`, from which their periods run; returns the new parts.

    One lead with any co-handlers, or separate handlers who answer each for themselves. Units that take part already stay:
    this adds to them, or replaces what gave it back. Proposals merged into this one and not yet handed over get the same
    units, for each is answered by itself. Raises `Stale`; ValidationError where the parts do not fit together, a unit is
    of another place or closed, and before the filing.
    """
    held = _claimed(proposal, version, by)
    wanted = _wanted(lead, separate, co)
    _check_day(held, assigned_on)
    made = [*_give(held, wanted, assigned_on, by), *give_merged(held, assigned_on, by)]
    proposal.refresh_from_db()
    refresh_tallies([held.division_id])
    return made


def give_merged(case: Proposal, assigned_on: date, by) -> list[Handling]:
    """Gives the units of a case their parts in what was merged into it and has none yet; each is answered by itself.

    A part of the caller's transaction, which holds the case; nothing happens while the case itself waits for its units.
    """
    wanted, made = [(part.unit, part.role) for part in active_parts(case)], []
    if wanted:
        for other in Proposal.objects.select_for_update(no_key=True).filter(merged_into=case.pk).order_by("pk"):
            if not active_parts(other):
                made += _give(other, wanted, assigned_on, by)
    return made


def _claimed(proposal: Proposal, version: int, by) -> Proposal:
    if not by.can(Perm.MANAGE_PROPOSALS, proposal.division_id):
        raise ValidationError(_("交办由管理提案的单位办理。"), code="stranger")
    held = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if held.version != version:
        raise Stale(_("这件提案刚被其他人办理过。请查看最新进展后再操作。"))
    if held.state not in OPEN:
        raise ValidationError(
            _("提案现为“%(state)s”，不能交办。待审查的请先审查立案。") % {"state": held.get_state_display()},
            code="state",
        )
    return held


def _wanted(
    lead: HandlingUnit | None, separate: Iterable[HandlingUnit], co: Iterable[HandlingUnit]
) -> list[tuple[HandlingUnit, str]]:
    found = [(lead, HandlingRole.LEAD)] if lead else []
    found += [(unit, HandlingRole.SEPARATE) for unit in separate]
    found += [(unit, HandlingRole.CO) for unit in co]
    if not found:
        raise ValidationError(_("请选择承办单位。"), code="none")
    if len({unit.pk for unit, _role in found}) < len(found):
        raise ValidationError(_("同一个单位只能有一种办理方式。"), code="twice")
    return found


def _check_day(proposal: Proposal, on: date) -> None:
    if on > today():
        raise ValidationError({"assigned_on": _("交办日期不能晚于今天。")})
    if on < (proposal.filed_on or proposal.received_on):
        raise ValidationError({"assigned_on": _("交办日期不能早于立案日期。")})


def _give(proposal: Proposal, wanted: list[tuple[HandlingUnit, str]], assigned_on: date, by) -> list[Handling]:
    present = active_parts(proposal)
    _check_parts(proposal, present, wanted)
    made = [_part(proposal, unit, role, assigned_on, by) for unit, role in wanted]
    if proposal.assigned_on is None:
        proposal.assigned_on = assigned_on
    proposal.version += 1
    proposal.save(update_fields=["assigned_on", "version"])
    course.refresh_proposal(proposal.pk, assigned_on)
    return made


def _check_parts(proposal: Proposal, present: list[Handling], wanted: list[tuple[HandlingUnit, str]]) -> None:
    roles = [part.role for part in present] + [role for _unit, role in wanted]
    if roles.count(HandlingRole.LEAD) > 1:
        raise ValidationError({"lead": _("已有主办单位。需要改派的，请先由其退办或撤回交办。")})
    if HandlingRole.LEAD in roles and HandlingRole.SEPARATE in roles:
        raise ValidationError(_("主办和分办不能并用：分办的各单位分别答复，没有主办单位。"), code="mixed")
    if HandlingRole.CO in roles and HandlingRole.LEAD not in roles:
        raise ValidationError({"lead": _("会办意见交给主办单位，请选择主办单位。")})
    lead = next((part for part in present if part.role == HandlingRole.LEAD), None)
    adds_co = any(role == HandlingRole.CO for _unit, role in wanted)
    if adds_co and lead and lead.stage not in {stages.ASSIGNED, *stages.DRAFTING}:
        raise ValidationError({"co": _("主办单位的答复已经送核，不能再增加会办单位。")})
    taking_part = {part.unit_id for part in present}
    for unit, _role in wanted:
        _check_unit(proposal, unit, taking_part)


def _check_unit(proposal: Proposal, unit: HandlingUnit, taking_part: set[int]) -> None:
    if unit.division_id != proposal.division_id:
        raise ValidationError(_("%(unit)s不是本地区的承办单位。") % {"unit": unit.short}, code="elsewhere")
    if unit.closed_on and unit.closed_on <= today():
        raise ValidationError(_("%(unit)s已停用，请选择其他单位。") % {"unit": unit.short}, code="closed")
    if unit.pk in taking_part:
        raise ValidationError(_("%(unit)s已经承办这件提案。") % {"unit": unit.short}, code="twice")


def _part(proposal: Proposal, unit: HandlingUnit, role: str, assigned_on: date, by) -> Handling:
    part = Handling.objects.create(
        proposal=proposal,
        division_id=proposal.division_id,
        unit=unit,
        role=role,
        stage=Stage.ASSIGNED,
        assigned_on=assigned_on,
        assigned_by=by,
    )
    deadlines.start(part, DueKind.RETURN, assigned_on, by=by)
    deadlines.start(part, DueKind.OPINION if role == HandlingRole.CO else DueKind.REPLY, assigned_on, by=by)
    return part


@action
def withdraw_case(*, proposal: Proposal, version: int, reason: str, by) -> Proposal:
    """The proposer takes a proposal back: every part that is still open ends, with the reason.

    Raises `Stale`; ValidationError without a reason, and once an answer has been sent or signed.
    """
    if not by.can(Perm.MANAGE_PROPOSALS, proposal.division_id):
        raise ValidationError(_("撤案由管理提案的单位办理。"), code="stranger")
    held = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if held.version != version:
        raise Stale(_("这件提案刚被其他人办理过。请查看最新进展后再操作。"))
    if not reason.strip():
        raise ValidationError({"words": _("请写明理由。")}, code="reason")
    if held.state not in OPEN or not active_parts(held):
        raise ValidationError(_("提案现为“%(state)s”，不能撤案。") % {"state": held.get_state_display()}, code="state")
    for part in active_parts(held):
        course.move(part, "withdraw", by=by, words=reason)
    Proposal.objects.filter(pk=held.pk).update(
        state=ProposalState.WITHDRAWN, merged_into=None, version=held.version + 1, ground_words=reason.strip()[:300]
    )
    proposal.refresh_from_db()
    refresh_tallies([held.division_id])
    return proposal
