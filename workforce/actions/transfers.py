"""Moving a person between streets: one side proposes and has thereby agreed, the other agrees or refuses (domain §1.E).

Nothing is written to the roster before both have agreed; then old posts, new post, tallies and grade follow at once.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.audit.actions import action, name_of
from portal.core.territory.models import Division
from workforce.actions.moves import write_move
from workforce.actions.versions import Stale, claim
from workforce.enums import TransferState
from workforce.models import Person, Transfer
from workforce.queries.transfers import (
    GIVING,
    POST_KEYS,
    RECEIVING,
    SPEAKS,
    Standing,
    left_behind,
    place_left,
    waits_for,
)

DECIDED = _L("这份调动申请刚被办理过。请查看最新状态。")


def _other(side: str) -> str:
    return RECEIVING if side == GIVING else GIVING


def _consent(side: str, by) -> dict:
    return {f"{side}_agreed_by": name_of(by), f"{side}_agreed_at": timezone.now()}


@action
def propose_transfer(
    *, person: Person, division: Division, effective_on: date, post: dict, reason: str = "", name: str = "", by
) -> Transfer:
    """Proposes that a person go to the community `division` on a day; the proposer's side has agreed with that.

    `name` is what the proposer calls the person; `post` holds the columns of the new post. Whoever holds both sides needs
    nobody's consent: the move is written at once. Raises ValidationError; what it says to the receiving side tells
    nothing of the person.
    """
    if not division.urban:
        raise ValidationError({"community": _("“%(name)s”是村，不适用社区工作者名册。") % {"name": division.label}})
    receiving = by.can(SPEAKS, division.pk)
    source = _source(person, division, effective_on, receiving, by)
    sides = [side for side, held in ((GIVING, by.can(SPEAKS, source)), (RECEIVING, receiving)) if held]
    fields = {key: value for side in sides for key, value in _consent(side, by).items()}
    proposal = Transfer(
        person=person,
        from_division_id=source,
        to_division=division,
        effective_on=effective_on,
        post={**{key: post[key] for key in POST_KEYS}, "name": name or person.name},
        reason=reason,
        proposed_by=name_of(by),
        state=TransferState.AGREED if len(sides) == 2 else TransferState.PROPOSED,
        **fields,
    )
    _refuse_early(proposal, GIVING in sides)
    _enter(proposal)
    proposal.notes = _carry_out(proposal) if proposal.state == TransferState.AGREED else []
    return proposal


def _source(person: Person, division: Division, effective_on: date, receiving: bool, by) -> str:
    """The community left. The receiving side asks for somebody elsewhere; others give away their own people."""
    found = place_left(by, person, effective_on, own=not receiving)
    if receiving and not found:
        found = place_left(by, person, effective_on, own=True)
    if not found:
        raise ValidationError(_("此人没有可以调出的任职。"))
    if found == division.pk:
        raise ValidationError({"community": _("此人就在这个社区任职，请改选调入社区，或在其页面上新增任职。")})
    return found


def _refuse_early(proposal: Transfer, giving: bool) -> None:
    """Tells the giving side at once of a day before the posts left; to the others this would tell of the file."""
    if not giving:
        return
    left = proposal.person.left_on
    if left is not None and proposal.effective_on <= left:
        raise ValidationError({"valid_from": _("生效日期应晚于登记的离职日期 %(day)s。") % {"day": left.isoformat()}})
    starts = [row.valid_from for row in left_behind(proposal)]
    if starts and proposal.effective_on <= max(starts):
        words = {"start": max(starts).isoformat()}
        raise ValidationError({"valid_from": _("生效日期应晚于现任职务的起始日期 %(start)s。") % words})


def _enter(proposal: Transfer) -> None:
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("此人已有一份等待答复的调动申请，办结后才能再提出。")) from error


@action
def agree_transfer(*, transfer: Transfer, version: int, post: dict | None = None, by) -> Transfer:
    """Gives the missing consent and writes the move, both at once; the receiving side may amend the new post.

    Raises `Stale` where the case was decided meanwhile, `OverQuota`, or ValidationError where the user may not answer or
    the day does not fit the posts left; `notes` are sentences of position control where it only warns.
    """
    side = _side_to_answer(transfer, by)
    fields = _consent(side, by)
    if post and side == RECEIVING:
        fields["post"] = {**transfer.post, **{key: post[key] for key in POST_KEYS}}
    _decide(transfer, version, state=TransferState.AGREED, **fields)
    transfer.notes = _carry_out(transfer)
    return transfer


@action
def refuse_transfer(*, transfer: Transfer, version: int, reason: str, by) -> Transfer:
    """Refuses; the reason is what the other side reads, and nothing moves. Raises ValidationError or `Stale`."""
    _side_to_answer(transfer, by)
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": _("请写明不同意的理由。")})
    _decide(transfer, version, state=TransferState.REFUSED, decision_reason=reason.strip())
    return transfer


@action
def withdraw_transfer(*, transfer: Transfer, version: int, reason: str = "", by) -> Transfer:
    """The proposing side takes an open proposal back, with a reason or without. Raises ValidationError, or `Stale` once it was answered."""
    if waits_for(transfer) and not Standing.of(by, transfer).withdraws:
        raise ValidationError(_("只有提出调动的一方可以撤回。"))
    _decide(transfer, version, state=TransferState.WITHDRAWN, decision_reason=reason.strip())
    return transfer


def _side_to_answer(transfer: Transfer, by) -> str:
    """The side that answers; maker is not checker unless the same user speaks for both."""
    side, standing = waits_for(transfer), Standing.of(by, transfer)
    if not side:
        raise Stale(DECIDED)
    if not standing.answers:
        raise ValidationError(_("这份调动申请由对方答复。"))
    if name_of(by) == transfer.proposed_by and not standing.holds(_other(side)):
        raise ValidationError(_("提出调动的人不能自己答复，请由本单位另一名工作人员办理。"))
    return side


def _decide(transfer: Transfer, version: int, **fields) -> None:
    """Takes the case out of the queue; whoever comes second is told that it was decided."""
    waiting = Transfer.objects.filter(pk=transfer.pk, version=version, state=TransferState.PROPOSED)
    if not waiting.update(**fields, version=F("version") + 1):
        raise Stale(DECIDED)
    transfer.refresh_from_db()


def _carry_out(transfer: Transfer) -> list[str]:
    """Writes the agreed move; sentences of position control where it only warns."""
    person = Person.objects.select_for_update().get(pk=transfer.person_id)
    transfer.person = person
    claim(person, person.version)
    post = {key: transfer.post[key] for key in POST_KEYS}
    made = write_move(person, left_behind(transfer), transfer.to_division, transfer.effective_on, post)
    return made.notes
