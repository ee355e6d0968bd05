"""A thing of every kind of proposals, in the district of a place. Who works for its unit is the handler of the world."""

from django.contrib.auth import get_user_model

from portal.core.lib.clock import today
from proposals.models import Contact, Extension, Handling, Proposal, Seat
from tests.proposals import cases

DIGITS = 6  # cases lie in districts and above


def part_of(code: str, **fields) -> Handling:
    """A unit's part in a proposal of the district; the world's handler has a seat in the unit."""
    district = code[:DIGITS]
    session = cases.session(district)
    proposal = cases.proposal(f"{Proposal.objects.count() + 1:04d}", "矩阵", session=session)
    unit = cases.unit("矩阵局", district)
    for handler in get_user_model().objects.filter(username="handler"):
        Seat.objects.get_or_create(unit=unit, user=handler)
    return cases.handling(proposal, unit, **fields)


def _contact(code):
    talk = {"when": "during", "mode": "visit", "on": today(), "people": "x", "words": "x"}
    return [Contact.objects.create(handling=part_of(code), entered_by=cases.user("office"), **talk).pk]


def _extension(code):
    asked = {"months": 6, "reason": "x", "told_on": today(), "asked_on": today()}
    return [Extension.objects.create(handling=part_of(code), asked_by=cases.user("office"), **asked).pk]


MAKERS = {
    "proposal": lambda code: [part_of(code).proposal_id],
    "part": lambda code: [part_of(code).pk],
    "part_step": lambda code: [part_of(code).pk, "contact"],
    "contact": _contact,
    "extension": _extension,
}
