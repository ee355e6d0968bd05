"""What a part of a proposal still waits for before it may go on: opinions of co-handlers, talks with the proposer."""

from datetime import date

from portal.core.policy.kinds import HANDLING as HANDLING_RULE
from portal.core.policy.queries import rule_for
from proposals import stages
from proposals.enums import ContactWhen, HandlingRole, Stage
from proposals.models import Contact, Handling

# A co-handler here has still to say what it thinks.
SILENT = (Stage.ASSIGNED, Stage.RETURN_REQUESTED, Stage.OPINION)


def requirements(division: str, on: date) -> dict:
    """What the place asks for on a day: `supervision` before signature, and the times of `contact`."""
    return rule_for(HANDLING_RULE, division, on).value or {"supervision": False, "contact": []}


def facts_of(handling: Handling, rule: dict) -> frozenset[str]:
    """What decides between two ways of the same step (`proposals.stages`)."""
    found = {
        stages.SIGNED_FOR: handling.signed_for_on is not None,
        stages.SUPERVISED: bool(rule["supervision"]),
        stages.LATER_ROUND: handling.round > 1,
    }
    return frozenset(fact for fact, holds in found.items() if holds)


def opinions_missing(handling: Handling) -> list[Handling]:
    """Co-handlers whose opinion the lead still waits for; separate handlers answer alone and wait for nobody."""
    if handling.role != HandlingRole.LEAD:
        return []
    return list(
        Handling.objects.filter(proposal=handling.proposal_id, role=HandlingRole.CO, stage__in=SILENT)
        .select_related("unit")
        .order_by("unit__short")
    )


def contacts_missing(handling: Handling, rule: dict) -> list[str]:
    """Times at which the place asks for a talk with the proposer and none is on record.

    The talk after the answer is asked for once the case is closed, the others before the draft is handed in.
    """
    if handling.role == HandlingRole.CO:
        return []
    wanted = set(rule.get("contact") or ())
    wanted &= {ContactWhen.AFTER} if handling.stage in stages.DONE else {ContactWhen.BEFORE, ContactWhen.DURING}
    if not wanted:
        return []
    had = set(Contact.objects.filter(handling=handling, taken_back=False).values_list("when", flat=True))
    return [when for when in ContactWhen.values if when in wanted - had]
