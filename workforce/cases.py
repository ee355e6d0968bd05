"""The course of a review case, as one table (domain §2.11, §1.D1, §1.E1).

An overdue certificate or a last rank is a reason to look at a person's case and never a dismissal. Ending a contract
asks for notice, hearing and training or another post before it (guiding case 18 of the Supreme People's Court), then a
decision by people and its document. Members elected by the residents are removed by the residents' meeting alone: the
employer cannot end their office.
"""

NOTICE, HEARING, SUPPORT, DECISION, DOCUMENT, CLOSED = "notice", "hearing", "support", "decision", "document", "closed"
EMPLOYER, ELECTION = "employer", "election"
KEPT, EXTENDED, TRAINED, TRANSFERRED = "kept", "extended", "trained", "transferred"
CONTRACT_ENDED, REMOVED, CLEARED = "contract_ended", "removed", "cleared"

FIRST = NOTICE
STAGES = (NOTICE, HEARING, SUPPORT, DECISION, DOCUMENT, CLOSED)

# Where a case stands once the step of a stage is on record. Support may be given more than once: training, then
# another post. A hearing that settles the matter leads straight to a decision, which then can end nothing.
NEXT: dict[str, tuple[str, ...]] = {
    NOTICE: (HEARING,),
    HEARING: (SUPPORT, DECISION),
    SUPPORT: (SUPPORT, DECISION),
    DECISION: (DOCUMENT,),
    DOCUMENT: (CLOSED,),
    CLOSED: (),
}

MILD = (KEPT, EXTENDED, TRAINED, TRANSFERRED)
# What ends an office or a contract, by the route that may lead there.
ENDING: dict[str, str] = {EMPLOYER: CONTRACT_ENDED, ELECTION: REMOVED}
BEFORE_ENDING = frozenset({NOTICE, HEARING, SUPPORT})

# Steps that name the document they rest on.
DOCUMENTED = frozenset({NOTICE, DOCUMENT})

# Steps that need more than a street's word.
DECIDED_ABOVE = frozenset({DECISION, DOCUMENT})

# While nothing is decided, a certificate that has come in settles the case.
CLEARABLE = frozenset({NOTICE, HEARING, SUPPORT, DECISION})


def next_stages(stage: str) -> tuple[str, ...]:
    """Where a case can stand after the step of `stage`."""
    return NEXT[stage]


def outcomes(route: str, taken: frozenset[str]) -> tuple[str, ...]:
    """What may be decided on a route after the stages `taken`, milder first.

    Training and transfer are outcomes of support given; an end comes only after notice, hearing and support.
    """
    if not taken >= BEFORE_ENDING:
        return (KEPT, EXTENDED)
    return (*MILD, ENDING[route])


def route_of(entry: str, body: str) -> str:
    """How a person's office can end: elected members of the two committees by those who elected them."""
    return ELECTION if entry == "elected" and body in ("party", "committee") else EMPLOYER
