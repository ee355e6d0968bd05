"""How a unit's part in a proposal moves: one door for every step, read from `proposals.stages`."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from proposals import stages
from proposals.actions import conditions, deadlines
from proposals.enums import DueKind, HandlingRole, ProposalState, Stage
from proposals.models import Handling, Proposal, Seat, StageMove
from proposals.queries.gates import facts_of, requirements
from workforce.actions.versions import Stale

PEOPLE = {
    "submit_draft": "drafted_by",
    "pass_office": "checked_by",
    "pass_supervision": "supervised_by",
    "sign": "signed_by",
}
# Steps after which the answer is written anew, by the same or other persons.
AFRESH = frozenset({"send_back", "rehandle", "rehandle_again"})
NEXT_ROUND = frozenset({"rehandle", "rehandle_again"})
MEETS: dict[str, tuple[str, ...]] = {
    "sign_for": (DueKind.RETURN,),
    "request_return": (DueKind.RETURN,),
    "give_opinion": (DueKind.OPINION,),
    "close_satisfied": (DueKind.FEEDBACK,),
    "rehandle": (DueKind.FEEDBACK,),
    "consult": (DueKind.FEEDBACK,),
    "publish": (DueKind.PUBLICATION,),
    "withhold": (DueKind.PUBLICATION,),
}
DROPS: dict[str, tuple[str | None, ...]] = {
    "waive_opinion": (DueKind.RETURN, DueKind.OPINION),
    "close_unanswered": (DueKind.FEEDBACK,),
    "rehandle": (DueKind.PUBLICATION,),
    "rehandle_again": (DueKind.PUBLICATION,),
    "accept_return": (None,),
    "withdraw": (None,),
}
_GONE = (Stage.RETURNED, Stage.WITHDRAWN)
_STOPS = (ProposalState.RECEIVED, ProposalState.REFUSED, ProposalState.WITHDRAWN)


def claim(pk: int, version: int, by, perm: str) -> Handling:
    """The handling, kept from everybody else until the transaction ends, with the next version.

    Raises Handling.DoesNotExist outside what `by` may see with `perm`, `Stale` when somebody was faster.
    """
    held = locked(Handling.objects.for_user(by, perm).get(pk=pk))
    if held.version != version:
        raise Stale(_("这件提案刚被其他人办理过。请查看最新进展后再操作。"))
    held.version = version + 1
    held.save(update_fields=["version"])
    return held


def locked(handling: Handling) -> Handling:
    """Reads the row again under lock: the proposal first, so that two units of it never wait for each other in a ring."""
    Proposal.objects.select_for_update(no_key=True).get(pk=handling.proposal_id)
    Handling.objects.select_for_update(no_key=True).get(pk=handling.pk)
    handling.refresh_from_db()
    return handling


def may_act(by, handling: Handling, who: str = stages.UNIT) -> bool:
    """Whether somebody may take the steps of `who`: unit, office or leader. For a unit it needs a seat in it."""
    if by is None:
        return False
    code = handling.division_id
    if who == stages.LEADER:
        return by.can(Perm.SIGN_LETTERS, code)
    if by.can(Perm.MANAGE_PROPOSALS, code):
        return True
    if who == stages.OFFICE or not by.can(Perm.HANDLE_PROPOSALS, code):
        return False
    return Seat.objects.filter(unit=handling.unit_id, user=by.pk).exists()


def refuse_stranger(by, handling: Handling, who: str = stages.UNIT) -> None:
    """The pages offer a step only to those who may take it; an action called otherwise answers with a sentence."""
    if not may_act(by, handling, who):
        raise ValidationError(_("您没有办理这一步的权限。"), code="stranger")


def move(handling: Handling, step_key: str, *, by, words: str = "", on: date | None = None) -> Handling:
    """Takes one step within the caller's transaction; `by` None is the portal, for steps it may take by itself.

    `words` say why, `on` the day it was done (today when not given). Returns the same handling as it now stands. Raises
    ValidationError where the table does not lead on from the present stage, the person may not, or something is missing.
    """
    day = on or today()
    words = words.strip()
    locked(handling)
    row = _row(handling, step_key, day)
    if not (by is None and row.alone):
        refuse_stranger(by, handling, row.who)
    _check_day(handling, day)
    conditions.check(row, handling, by=by, words=words, on=day)
    before = handling.stage
    _fill(handling, row, by, words, day)
    handling.stage = row.to
    handling.version += 1
    handling.save()
    _note(handling, row, before, by, words, day)
    _dues(handling, step_key, day, by)
    refresh_proposal(handling.proposal_id, day)
    handling.refresh_from_db()
    return handling


def _row(handling: Handling, step_key: str, on: date) -> stages.Step:
    if step_key not in stages.KEYS:
        raise KeyError(step_key)
    facts = facts_of(handling, requirements(handling.division_id, on))
    row = stages.find(step_key, handling.stage, handling.role, facts)
    if row is None:
        raise ValidationError(
            _("%(unit)s（%(role)s）现处于“%(stage)s”，不能办理这一步。请查看最新进展。")
            % {"unit": handling.unit.short, "role": handling.get_role_display(), "stage": handling.get_stage_display()},
            code="stage",
        )
    return row


def _check_day(handling: Handling, on: date) -> None:
    if on > today():
        raise ValidationError(_("办理日期不能晚于今天。"), code="day")
    if on < handling.assigned_on:
        raise ValidationError(_("办理日期不能早于交办日期。"), code="day")


def _fill(handling: Handling, row: stages.Step, by, words: str, on: date) -> None:
    if row.key in AFRESH:
        handling.drafted_by = handling.checked_by = handling.supervised_by = handling.signed_by = None
    if field := PEOPLE.get(row.key):
        setattr(handling, field, by)
    if row.key == "sign_for":
        handling.signed_for_on = on
    elif row.key == "request_return":
        handling.return_reason, handling.return_refusal = words, ""
    elif row.key == "refuse_return":
        handling.return_refusal = words
    elif row.key == "send":
        handling.sent_on, handling.replied_on = on, handling.replied_on or on
    if row.to in (stages.ANSWERED, stages.OPINION_GIVEN):
        handling.closed_on = on
    if row.to in _GONE and handling.suspended:
        handling.suspensions.filter(ends_on__isnull=True).update(ends_on=Greatest(F("starts_on"), Value(on)))
        handling.suspended = False


def _note(handling: Handling, row: stages.Step, before: str, by, words: str, on: date) -> None:
    StageMove.objects.create(
        handling=handling,
        step=row.key,
        before=before,
        after=row.to,
        round=handling.round,
        words=words,
        on=on,
        moved_by=by,
    )


def _dues(handling: Handling, key: str, on: date, by) -> None:
    """Periods that the step fulfils, ends or begins; a further round has periods of its own."""
    for kind in MEETS.get(key, ()):
        deadlines.meet(handling, kind, on)
    for kind in DROPS.get(key, ()):
        deadlines.drop(handling, kind)
    if key in NEXT_ROUND:
        Handling.objects.filter(pk=handling.pk).update(round=F("round") + 1)
        handling.refresh_from_db(fields=["round"])
        deadlines.start(handling, DueKind.REHANDLING, on, by=by)


def refresh_proposal(pk: int, on: date) -> None:
    """Sets the state of a proposal by its parts: without one that answers it waits to be assigned again."""
    proposal = Proposal.objects.select_for_update(no_key=True).get(pk=pk)
    if proposal.state in _STOPS:
        return
    parts = list(Handling.objects.filter(proposal=pk).exclude(stage__in=_GONE).values_list("role", "stage"))
    answers = [stage for role, stage in parts if role != HandlingRole.CO]
    state, closed_on = _state_of(answers, [stage for _role, stage in parts]), None
    if state in (ProposalState.CLOSED, ProposalState.ARCHIVED):
        closed_on = proposal.closed_on or on
    if proposal.state == ProposalState.MERGED:
        state = ProposalState.MERGED  # it is answered by itself and stays in the other's file
    if (proposal.state, proposal.closed_on) != (state, closed_on):
        proposal.state, proposal.closed_on = state, closed_on
        proposal.version += 1
        proposal.save(update_fields=["state", "closed_on", "version"])


def _state_of(answers: list[str], parts: list[str]) -> str:
    if not answers:
        return ProposalState.FILED
    if all(stage == Stage.ARCHIVED for stage in parts):
        return ProposalState.ARCHIVED
    if all(stage in (Stage.ANSWERED, Stage.ARCHIVED) for stage in answers):
        return ProposalState.CLOSED
    return ProposalState.HANDLING
