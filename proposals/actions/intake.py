"""Proposals and suggestions come in: entered, corrected, or brought by a sheet or REST, once per session and number.

Words, types and people are those of the body; names and their number agree (domain §2.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.lib.text import clean
from proposals.actions import faults
from proposals.actions.tallies import refresh_tallies
from proposals.actions.walls import refuse_stranger
from proposals.enums import ProposalState
from proposals.models import Proposal, Proposer, Session
from proposals.queries.cases import search_text, search_vector
from workforce.actions.versions import claim_row

# One that was merged is answered by a letter of its own, so it has to stay right.
CHANGEABLE = (ProposalState.RECEIVED, ProposalState.FILED, ProposalState.MERGED, ProposalState.HANDLING)
# What may be given of a proposal beside its session, number and signers.
FACTS = (
    "title", "text", "proposer_type", "proposers_count", "first_signer_forwards", "between_sessions", "key", "field",
    "received_on", "filed_on", "source_key",
)  # fmt: skip


@dataclass(frozen=True)
class Signer:
    """Who signs: a member or deputy by name without title, or an organisation; contact data are kept sealed."""

    name: str
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Upserted:
    """What bringing a proposal came to: new, changed or unchanged."""

    proposal: Proposal
    outcome: str


@action
def receive_proposal(*, session: Session, number: str, signers: Sequence[Signer], by, **facts: Any) -> Proposal:
    """Enters a proposal or suggestion that waits for screening; `facts` as in FACTS, `number` is text and keeps its zeros.

    One with `filed_on` was screened where it comes from. Raises ValidationError by field for everything that does not fit
    the body of the session, and for a number in use.
    """
    made = _received(session, number, signers, facts, by)
    refresh_tallies([made.division_id])
    return made


@action
def change_proposal(
    *, proposal: Proposal, version: int, number: str, signers: Sequence[Signer], by, **facts: Any
) -> Proposal:
    """Corrects a proposal that is not closed yet. Raises `Stale`, or ValidationError as `receive_proposal` does."""
    refuse_stranger(by, proposal.division_id)
    claim_row(proposal, version)
    proposal.refresh_from_db()
    changed = _changed(proposal, number, signers, facts)
    refresh_tallies([changed.division_id])
    return changed


@action
def upsert_proposal(
    *,
    session: Session,
    number: str,
    by,
    signers: Sequence[Signer] | None = None,
    version: int | None = None,
    **facts: Any,
) -> Upserted:
    """Brings a proposal from elsewhere, see `bring`. Raises as the others."""
    found = bring(session, number, signers, facts, by, version=version)
    if found.outcome != "unchanged":
        refresh_tallies([session.division_id])
    return found


def bring(
    session: Session,
    number: str,
    signers: Sequence[Signer] | None,
    facts: dict[str, Any],
    by,
    *,
    version: int | None = None,
) -> Upserted:
    """A new proposal, or what is known of it by session and number is corrected where it differs.

    What is not given stays as it is; of a new one all but the optional facts are needed. A plain function of the caller's
    transaction, who brings the figures up to date. Raises `Stale` where `version` is given and not the present one.
    """
    held = Proposal.objects.select_for_update(no_key=True).filter(session=session, number=bare(number)).first()
    if held is None:
        return Upserted(_received(session, number, signers or (), facts, by), "new")
    refuse_stranger(by, held.division_id)
    if signers is not None:
        facts = {"proposers_count": len(signers), **facts}
    if not differences(held, signers, facts):
        return Upserted(held, "unchanged")
    claim_row(held, held.version if version is None else version)
    facts = {name: getattr(held, name) for name in FACTS} | facts
    return Upserted(_changed(held, number, merged_signers(held, signers), facts), "changed")


def merged_signers(held: Proposal, signers: Sequence[Signer] | None) -> list[Signer]:
    """The signers as they would be: those given, with the contacts that are known where none is given."""
    known = _signers_of(held)
    contacts = {one.name: one for one in known}
    return known if signers is None else [_with_contact(one, contacts.get(one.name)) for one in signers]


def differences(held: Proposal, signers: Sequence[Signer] | None, facts: dict[str, Any]) -> list[str]:
    """Names of the facts that would change; a contact that is not given is no change."""
    changed = [name for name, value in facts.items() if getattr(held, name) != value]
    return [*changed, *(["signers"] if merged_signers(held, signers) != _signers_of(held) else [])]


def bare(number: str) -> str:
    """The number without 第 and 号, zeros kept: 第0023号 is 0023."""
    text = clean(number)
    return text.removeprefix("第").removesuffix("号").strip()


def _signers_of(held: Proposal) -> list[Signer]:
    return [Signer(one.name, one.phone or "", one.address or "") for one in held.proposers.order_by("position")]


def _with_contact(given: Signer, known: Signer | None) -> Signer:
    if known is None:
        return given
    return Signer(given.name, given.phone or known.phone, given.address or known.address)


def _received(session: Session, number: str, signers: Sequence[Signer], facts: dict[str, Any], by) -> Proposal:
    refuse_stranger(by, session.division_id)
    given = {"text": "", "proposers_count": len(signers), "received_on": today(), **facts}
    made = Proposal(session=session, division_id=session.division_id, number=bare(number), entered_by=by, **given)
    _refuse(made, signers)
    made.state = ProposalState.FILED if made.filed_on else ProposalState.RECEIVED
    made.search = search_vector(_terms(made, signers))
    made.save()
    _sign(made, signers)
    made.refresh_from_db(fields=["search"])
    return made


def _changed(held: Proposal, number: str, signers: Sequence[Signer], facts: dict[str, Any]) -> Proposal:
    if held.state not in CHANGEABLE:
        raise ValidationError(faults.sentence(("not_open", {"state": held.get_state_display()})), code="not_open")
    if held.assigned_on is not None and bare(number) != held.number:
        raise ValidationError({"number": faults.sentence(("number_settled", {}))})
    if held.filed_on and "filed_on" in facts and facts["filed_on"] is None:
        raise ValidationError({"filed_on": faults.sentence(("filed_already", {}))})
    held.number = bare(number)
    for name, value in facts.items():
        setattr(held, name, value)
    _refuse(held, signers)
    if held.state == ProposalState.RECEIVED and held.filed_on:
        held.state = ProposalState.FILED
    held.search = search_vector(_terms(held, signers))
    held.save()
    if list(signers) != _signers_of(held):
        held.proposers.all().delete()
        _sign(held, signers)
    held.refresh_from_db()
    return held


def _terms(one: Proposal, signers: Sequence[Signer]) -> str:
    return search_text(one.number, one.title, one.text, [signer.name for signer in signers])


def _sign(one: Proposal, signers: Sequence[Signer]) -> None:
    Proposer.objects.bulk_create(
        Proposer(
            proposal=one,
            position=position,
            name=signer.name,
            phone=signer.phone or None,
            address=signer.address or None,
        )
        for position, signer in enumerate(signers, 1)
    )


def _refuse(one: Proposal, signers: Sequence[Signer]) -> None:
    """Raises ValidationError with every fault of the proposal as it would be, by field."""
    found = faults.faults_of(
        faults.Given(
            body=one.session.body,
            title=one.title,
            proposer_type=one.proposer_type,
            count=one.proposers_count,
            names=[signer.name for signer in signers],
            received_on=one.received_on,
            filed_on=one.filed_on,
            forwards=one.first_signer_forwards,
        )
    )
    if not one.number:
        found["number"] = ("number_missing", {})
    elif Proposal.objects.filter(session=one.session, number=one.number).exclude(pk=one.pk).exists():
        found["number"] = ("number_used", {"number": one.number})
    if found:
        raise ValidationError({field: faults.sentence(fault) for field, fault in found.items()})
