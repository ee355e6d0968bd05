"""Screening: filed, refused with an official ground, merged, withdrawn by its proposer; and taken up again (domain §2.2)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from proposals.actions.assigning import give_merged
from proposals.actions.tallies import refresh_tallies
from proposals.actions.walls import refuse_stranger
from proposals.enums import Body, ProposalState, RefusalGround
from proposals.models import Proposal
from proposals.queries.cases import GONE
from workforce.actions.versions import claim_row

_NEW, _FILED = ProposalState.RECEIVED, ProposalState.FILED
# In which states each act is allowed; pages offer and actions allow exactly that.
ACTS = {
    "file": (_NEW,),
    "merge": (_NEW, _FILED),
    "refuse": (_NEW, _FILED),
    "withdraw": (_NEW, _FILED),
    "reopen": (_FILED, ProposalState.REFUSED, ProposalState.MERGED, ProposalState.WITHDRAWN),
}
# Into which a proposal may be merged.
TARGETS = (ProposalState.FILED, ProposalState.HANDLING)


def acts_of(proposal: Proposal) -> list[str]:
    """What the office may do with a proposal as it stands. The grounds of refusal are those of the CPPCC alone."""
    known = [name for name, states in ACTS.items() if proposal.state in states]
    return [name for name in known if name != "refuse" or proposal.session.body == Body.CPPCC]


def _claim(proposal: Proposal, version: int, act: str, by) -> Proposal:
    refuse_stranger(by, proposal.division_id)
    claim_row(proposal, version)
    proposal.refresh_from_db()
    if act not in acts_of(proposal):
        state = {"state": proposal.get_state_display()}
        raise ValidationError(_("这件现在是“%(state)s”，不能这样办理。") % state, code="not_open")
    if act != "file" and proposal.handlings.exclude(stage__in=GONE).exists():
        raise ValidationError(_("已经交办给承办单位。请先在办理页面收回交办。"), code="not_open")
    return proposal


def _put(proposal: Proposal, state: str, **fields) -> Proposal:
    proposal.state = state
    for name, value in fields.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["state", *fields])
    refresh_tallies([proposal.division_id])
    return proposal


@action
def file_proposal(*, proposal: Proposal, version: int, filed_on: date, by) -> Proposal:
    """Files a proposal: from now on it waits to be assigned. Raises `Stale` or ValidationError."""
    held = _claim(proposal, version, "file", by)
    if not held.received_on <= filed_on <= today():
        raise ValidationError({"filed_on": _("立案日期应在收到日期和今天之间。")})
    return _put(held, _FILED, filed_on=filed_on)


@action
def refuse_proposal(*, proposal: Proposal, version: int, ground: str, ground_words: str = "", by) -> Proposal:
    """Does not file a proposal, on one of the official grounds. Raises `Stale` or ValidationError."""
    held = _claim(proposal, version, "refuse", by)
    if ground not in RefusalGround.values:
        raise ValidationError({"ground": _("请选择不予立案的理由。")})
    return _put(held, ProposalState.REFUSED, ground=ground, ground_words=ground_words, filed_on=None)


@action
def merge_proposal(*, proposal: Proposal, into: Proposal, version: int, by) -> Proposal:
    """Merges a proposal into another of the same place and body: handled with it, but answered by a letter of its own.

    What was merged into it before goes along, and where the other is handed over already, both go to the same units
    today. Raises `Stale` or ValidationError.
    """
    held = _claim(proposal, version, "merge", by)
    target = Proposal.objects.select_for_update().select_related("session").filter(pk=into.pk).first()
    if target is None or target.pk == held.pk or target.state not in TARGETS:
        raise ValidationError({"into": _("只能并入已立案或办理中的另一件。")})
    if (target.division_id, target.session.body) != (held.division_id, held.session.body):
        raise ValidationError({"into": _("只能并入同一地方、同一类别的一件：提案与建议不能合并。")})
    held.merged.update(merged_into=target)
    _put(held, ProposalState.MERGED, merged_into=target)
    if give_merged(target, today(), by):
        held.refresh_from_db()
        refresh_tallies([held.division_id])
    return held


@action
def withdraw_proposal(*, proposal: Proposal, version: int, ground_words: str, by) -> Proposal:
    """The proposer takes the proposal back before it is assigned. Raises `Stale` or ValidationError."""
    held = _claim(proposal, version, "withdraw", by)
    if not ground_words:
        raise ValidationError({"ground_words": _("请写明撤回的情况。")})
    return _put(held, ProposalState.WITHDRAWN, ground_words=ground_words, filed_on=None)


@action
def reopen_screening(*, proposal: Proposal, version: int, by) -> Proposal:
    """Takes the decision back: the proposal waits for screening again. Raises `Stale` or ValidationError."""
    held = _claim(proposal, version, "reopen", by)
    if held.merged.exists():
        raise ValidationError(_("另有提案并入了这一件。请先重新审查那些提案。"))
    cleared = {"ground": "", "ground_words": "", "merged_into": None, "filed_on": None, "assigned_on": None}
    return _put(held, _NEW, **cleared)
