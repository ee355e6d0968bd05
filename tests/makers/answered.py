"""What follows a signed reply, in the district of a place: forms of proposers, letters under review, published ones."""

from portal.core.lib.clock import now, today
from proposals.models import Feedback, Publication, Reply
from tests.makers.proposals import part_of
from tests.proposals import answered, cases


def _signed(code: str, **fields) -> Reply:
    return answered.signed(part_of(code, stage="publication"), **fields)


def _feedback(code):
    part = part_of(code, stage="sent")
    proposer = part.proposal.proposers.get()
    key = f"{Feedback.objects.count():064d}"
    asked = {"asked_on": today(), "expires_on": today(), "token_hash": key}
    return [Feedback.objects.create(handling=part, proposer=proposer, **asked).pk]


def _published(code):
    reply = _signed(code)
    held = {"content": reply.letter.paper, "checked_by": cases.user("checker"), "checked_on": today(),
            "published_by": cases.user("office"), "published_at": now()}  # fmt: skip
    return [Publication.objects.create(reply=reply, division=reply.handling.division, disclosure="public", **held).pk]


MAKERS = {
    "sending": lambda code: [part_of(code, stage="signed").pk],
    "implementation": lambda code: [_signed(code, kind="implementation").pk],
    "feedback": _feedback,
    "signed_reply": lambda code: [_signed(code).pk],
    "published_reply": _published,
}
