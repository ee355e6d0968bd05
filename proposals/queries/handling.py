"""Reads of the parts of units in a proposal, for the case page and the acts on it."""

from django.db.models import Prefetch

from portal.core.accounts.roles import Perm
from proposals import stages
from proposals.enums import Stage
from proposals.models import (
    Contact,
    DeadlineMove,
    Extension,
    Handling,
    Proposal,
    Reminder,
    Reply,
    Seat,
    StageMove,
    Suspension,
)

GONE = (Stage.RETURNED, Stage.WITHDRAWN)


def active_parts(proposal: Proposal) -> list[Handling]:
    """Parts that are neither given back nor withdrawn: lead first, then in the order they were given."""
    parts = Handling.objects.filter(proposal=proposal.pk).exclude(stage__in=GONE).select_related("unit")
    return sorted(parts, key=lambda part: (part.role != "lead", part.role == "co", part.pk))


def visible_parts(user, proposal: Proposal) -> list[Handling]:
    """Every part of a proposal that the reader may see, given back ones last, with what a page shows of each."""
    parts = (
        Handling.objects.for_user(user, Perm.VIEW_PROPOSALS)
        .filter(proposal=proposal.pk)
        .select_related(
            "unit",
            "opinion",
            "opinion__given_by",
            "assigned_by",
            "drafted_by",
            "checked_by",
            "supervised_by",
            "signed_by",
        )
        .prefetch_related(
            Prefetch("contacts", Contact.objects.select_related("entered_by").order_by("on", "pk")),
            Prefetch("extensions", Extension.objects.select_related("asked_by", "decided_by").order_by("pk")),
            Prefetch("suspensions", Suspension.objects.order_by("starts_on")),
            Prefetch("replies", Reply.objects.filter(letter=None).order_by("pk"), to_attr="drafts"),
            "deadlines",
        )
    )
    return sorted(parts, key=lambda part: (part.stage in GONE, part.role != "lead", part.role == "co", part.pk))


def powers_of(user, parts: list[Handling]) -> dict[int, frozenset[str]]:
    """For each part as whom the reader may act in it: unit, office, leader (`proposals.stages`); one query."""
    seats = set(
        Seat.objects.filter(user=user.pk, unit__in={part.unit_id for part in parts}).values_list("unit", flat=True)
    )
    found = {}
    for part in parts:
        code = part.division_id
        manages = user.can(Perm.MANAGE_PROPOSALS, code)
        seated = part.unit_id in seats and user.can(Perm.HANDLE_PROPOSALS, code)
        held = {
            stages.UNIT: manages or seated,
            stages.OFFICE: manages,
            stages.LEADER: user.can(Perm.SIGN_LETTERS, code),
        }
        found[part.pk] = frozenset(who for who, has in held.items() if has)
    return found


def story_of(parts: list[Handling]) -> dict[str, list]:
    """What happened to the parts: steps, reminders and last days that moved, each the latest first."""
    keys = [part.pk for part in parts]
    moves = StageMove.objects.filter(handling__in=keys).select_related("moved_by").order_by("-pk")
    reminders = Reminder.objects.filter(handling__in=keys).select_related("sent_by").order_by("-pk")
    shifted = DeadlineMove.objects.filter(deadline__handling__in=keys).select_related("deadline", "moved_by")
    return {"moves": list(moves), "reminders": list(reminders), "shifted": list(shifted.order_by("-pk"))}
