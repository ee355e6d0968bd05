"""Opinions of co-handlers 会办意见: given to the lead, never to the proposer; waived by the office with its reason."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from proposals import stages
from proposals.actions import course
from proposals.actions.tallies import refresh_tallies
from proposals.enums import HandlingRole, Stage
from proposals.models import Handling, Opinion


@action
def give_opinion(*, handling: Handling, version: int, words: str, result: str = "", number: str = "", by) -> Opinion:
    """Gives the opinion of a co-handler, or rewrites it as long as the lead has not handed in its draft.

    Raises `Stale`; ValidationError for other roles, without words, and once the draft was handed in.
    """
    held = course.claim(handling.pk, version, by, Perm.HANDLE_PROPOSALS)
    course.refuse_stranger(by, held)
    if held.role != HandlingRole.CO:
        raise ValidationError(_("会办意见由会办单位提出。"), code="role")
    if not words.strip():
        raise ValidationError({"words": _("请写明会办意见。")}, code="opinion")
    given = {"words": words.strip(), "result": result, "number": number.strip(), "waived_because": ""}
    given |= {"given_by": by, "given_on": today()}
    if held.stage == Stage.OPINION:
        opinion = Opinion.objects.create(handling=held, **given)
        course.move(held, "give_opinion", by=by)
        refresh_tallies([held.division_id])
        return opinion
    return _rewrite(held, given)


def _rewrite(handling: Handling, given: dict) -> Opinion:
    if handling.stage != Stage.OPINION_GIVEN:
        raise ValidationError(
            _("现处于“%(stage)s”，不能提会办意见。请先签收。") % {"stage": handling.get_stage_display()}, code="stage"
        )
    if not lead_is_writing(handling):
        raise ValidationError(_("主办单位的答复已经送核，会办意见不能再改。"), code="late")
    opinion = Opinion.objects.get(handling=handling)
    for name, value in given.items():
        setattr(opinion, name, value)
    opinion.version += 1
    opinion.save()
    return opinion


def lead_is_writing(handling: Handling) -> bool:
    """Whether the lead can still take up what a co-handler says; without a lead nothing is lost by saying it."""
    lead = Handling.objects.filter(proposal=handling.proposal_id, role=HandlingRole.LEAD)
    stage = lead.exclude(stage__in=(Stage.RETURNED, Stage.WITHDRAWN)).values_list("stage", flat=True).first()
    return stage is None or stage in {stages.ASSIGNED, stages.RETURN_REQUESTED, *stages.DRAFTING}


@action
def waive_opinion(*, handling: Handling, version: int, words: str, by) -> Opinion:
    """The office lets the lead go on without an opinion and says why. Raises as `give_opinion`."""
    held = course.claim(handling.pk, version, by, Perm.MANAGE_PROPOSALS)
    course.refuse_stranger(by, held, stages.OFFICE)
    if not words.strip():
        raise ValidationError({"words": _("请写明理由。")}, code="reason")
    course.move(held, "waive_opinion", by=by, words=words)
    opinion = Opinion.objects.create(handling=held, waived_because=words.strip(), given_on=today(), given_by=by)
    refresh_tallies([held.division_id])
    return opinion
