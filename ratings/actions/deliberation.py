"""Writes of matters deliberated 议事协商, from the plan to the carried-out result (domain §1.I)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.territory.models import Division
from ratings.actions.seen import claim_seen, in_order, put
from ratings.actions.tallies import refresh_tallies
from ratings.enums import DeliberationState as State
from ratings.models import Deliberation

FROM = {State.HELD: (State.PLANNED,), State.DONE: (State.HELD,), State.DROPPED: (State.PLANNED, State.HELD)}


@action
def plan_deliberation(*, division: Division, by, **fields) -> Deliberation:
    """Plans a matter: topic, level, method, parties, planned_on."""
    matter = Deliberation.objects.create(division=division, **fields)
    refresh_tallies([division.pk])
    return matter


@action
def change_deliberation(*, matter: Deliberation, seen: str, by, **fields) -> Deliberation:
    """Corrects topic, level, method, parties or planned day. Raises `Stale` or ValidationError."""
    matter = claim_seen(matter, seen)
    if matter.state == State.DROPPED:
        raise ValidationError(_("这件事没有议成，不能再更正。需要时请重新登记议题。"))
    put(matter, fields)
    refresh_tallies([matter.division_id])
    return matter


@action
def hold_deliberation(
    *, matter: Deliberation, seen: str, held_on: date, result: str, follow_up_by: str, follow_up_due: date, by
) -> Deliberation:
    """Records the result, who carries it out and by when. Raises `Stale` or ValidationError."""
    in_order(held_on, follow_up_due, "follow_up_due", _("落实期限不能早于议事日期。"))
    fields = {"held_on": held_on, "result": result, "follow_up_by": follow_up_by, "follow_up_due": follow_up_due}
    return _move(matter, seen, State.HELD, fields)


@action
def complete_deliberation(*, matter: Deliberation, seen: str, followed_up_on: date, follow_up: str, by) -> Deliberation:
    """Records that the result was carried out. Raises `Stale` or ValidationError."""
    if matter.held_on:
        in_order(matter.held_on, followed_up_on, "followed_up_on", _("落实日期不能早于议事日期。"))
    return _move(matter, seen, State.DONE, {"followed_up_on": followed_up_on, "follow_up": follow_up})


@action
def drop_deliberation(*, matter: Deliberation, seen: str, follow_up: str, by) -> Deliberation:
    """Gives a matter up, with the reason. Raises `Stale` or ValidationError."""
    return _move(matter, seen, State.DROPPED, {"follow_up": follow_up})


def _move(matter: Deliberation, seen: str, state: State, fields: dict) -> Deliberation:
    matter = claim_seen(matter, seen)
    if matter.state not in FROM[state]:
        raise ValidationError(
            _("这件事现在是“%(state)s”，不能这样办理。请刷新页面。") % {"state": matter.get_state_display()}
        )
    put(matter, {"state": state, **fields})
    refresh_tallies([matter.division_id])
    return matter
