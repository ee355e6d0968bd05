"""The course of one unit's part in a proposal, as one table: who takes which step, from where to where (domain §2.2).

Lead and separate handlers: signing for (or a return), draft, check, supervision, signature, sending, feedback, then
publication review; a dissatisfied return opens another round. A co-handler gives its opinion to the lead and never
answers. Forms, REST and actions read this table. Drafting, check, supervision and signature are four persons' work.
"""

from dataclasses import dataclass

ASSIGNED, RETURN_REQUESTED, RETURNED = "assigned", "return_requested", "returned"
HANDLING, REHANDLING = "handling", "rehandling"
OFFICE_CHECK, SUPERVISION_CHECK, SIGNATURE, SIGNED = "office_check", "supervision_check", "signature", "signed"
SENT, CONSULTATION, PUBLICATION = "sent", "consultation", "publication"
ANSWERED, ARCHIVED, WITHDRAWN = "answered", "archived", "withdrawn"
OPINION, OPINION_GIVEN = "opinion", "opinion_given"

STAGES = (
    ASSIGNED, RETURN_REQUESTED, RETURNED, HANDLING, REHANDLING, OFFICE_CHECK, SUPERVISION_CHECK, SIGNATURE, SIGNED,
    SENT, CONSULTATION, PUBLICATION, ANSWERED, ARCHIVED, OPINION, OPINION_GIVEN, WITHDRAWN,
)  # fmt: skip
FINAL = frozenset({RETURNED, ARCHIVED, WITHDRAWN})
# The line of stages as a page shows it; ways back and rounds are told beside it.
LINE = (ASSIGNED, HANDLING, OFFICE_CHECK, SUPERVISION_CHECK, SIGNATURE, SIGNED, SENT, PUBLICATION, ANSWERED, ARCHIVED)
CO_LINE = (ASSIGNED, OPINION, OPINION_GIVEN, ARCHIVED)
# The answer is being written or approved: nothing of it has left the unit.
WRITING = frozenset({HANDLING, REHANDLING, OFFICE_CHECK, SUPERVISION_CHECK, SIGNATURE})
DRAFTING = frozenset({HANDLING, REHANDLING})
# The unit is done; only the file remains to be put away.
DONE = frozenset({ANSWERED, OPINION_GIVEN, ARCHIVED})

LEAD, SEPARATE, CO = "lead", "separate", "co"
ANSWERING = frozenset({LEAD, SEPARATE})
EVERY_ROLE = frozenset({LEAD, SEPARATE, CO})

# Who: somebody of the unit, the office that manages the proposals of the place, the leader who signs letters.
UNIT, OFFICE, LEADER = "unit", "office", "leader"

# What may be true of a handling and decides between two ways of the same step.
SIGNED_FOR, SUPERVISED, LATER_ROUND = "signed_for", "supervised", "later_round"


@dataclass(frozen=True)
class Step:
    """One step. `when` and `unless` name facts that must and must not hold, `needs` what the actions ask for.

    reason: words why. in_time: the return window is open. not_asker: another person than who asked. draft: a reply of this
    round is written. opinions: every co-handler's is there. contact: the talks the rule asks for. running: the clock is not
    stopped. other: none of the persons before. feedback_over: the time for it has passed. meeting: a consultation is on
    record. opinion: the co-handler's own words. `alone`: the portal may take it by itself, when a form comes back.
    """

    key: str
    start: str
    to: str
    who: str
    roles: frozenset[str]
    needs: frozenset[str] = frozenset()
    when: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    alone: bool = False

    def holds(self, facts: frozenset[str]) -> bool:
        return self.when <= facts and not (self.unless & facts)


_NONE: frozenset[str] = frozenset()


def _answer(
    key: str,
    start: str,
    to: str,
    who: str,
    *needs: str,
    when: frozenset[str] = _NONE,
    unless: frozenset[str] = _NONE,
    alone: bool = False,
) -> Step:
    """A step of those who answer."""
    return Step(key, start, to, who, ANSWERING, frozenset(needs), when, unless, alone)


def _co(key: str, start: str, to: str, who: str, *needs: str, when: frozenset[str] = _NONE) -> Step:
    """A step of co-handlers."""
    return Step(key, start, to, who, frozenset({CO}), frozenset(needs), when)


def _any(key: str, start: str, to: str, who: str, *needs: str, unless: frozenset[str] = _NONE) -> Step:
    """A step of everybody."""
    return Step(key, start, to, who, EVERY_ROLE, frozenset(needs), _NONE, unless)


_IS_SIGNED_FOR = frozenset({SIGNED_FOR})
_IS_SUPERVISED = frozenset({SUPERVISED})
_LATER = frozenset({LATER_ROUND})

STEPS: tuple[Step, ...] = (
    _answer("sign_for", ASSIGNED, HANDLING, UNIT),
    _co("sign_for", ASSIGNED, OPINION, UNIT),
    _any("request_return", ASSIGNED, RETURN_REQUESTED, UNIT, "reason", "in_time"),
    _answer("request_return", HANDLING, RETURN_REQUESTED, UNIT, "reason", "in_time"),
    _co("request_return", OPINION, RETURN_REQUESTED, UNIT, "reason", "in_time"),
    _any("accept_return", RETURN_REQUESTED, RETURNED, OFFICE, "not_asker"),
    _any("refuse_return", RETURN_REQUESTED, ASSIGNED, OFFICE, "reason", "not_asker", unless=_IS_SIGNED_FOR),
    _answer("refuse_return", RETURN_REQUESTED, HANDLING, OFFICE, "reason", "not_asker", when=_IS_SIGNED_FOR),
    _co("refuse_return", RETURN_REQUESTED, OPINION, OFFICE, "reason", "not_asker", when=_IS_SIGNED_FOR),
    _co("give_opinion", OPINION, OPINION_GIVEN, UNIT, "opinion"),
    _co("waive_opinion", ASSIGNED, OPINION_GIVEN, OFFICE, "reason"),
    _co("waive_opinion", OPINION, OPINION_GIVEN, OFFICE, "reason"),
    _answer("submit_draft", HANDLING, OFFICE_CHECK, UNIT, "draft", "opinions", "contact", "running"),
    _answer("submit_draft", REHANDLING, OFFICE_CHECK, UNIT, "draft", "opinions", "contact", "running"),
    _answer("pass_office", OFFICE_CHECK, SUPERVISION_CHECK, UNIT, "other", when=_IS_SUPERVISED),
    _answer("pass_office", OFFICE_CHECK, SIGNATURE, UNIT, "other", unless=_IS_SUPERVISED),
    _answer("pass_supervision", SUPERVISION_CHECK, SIGNATURE, OFFICE, "other"),
    _answer("send_back", OFFICE_CHECK, HANDLING, UNIT, "reason", unless=_LATER),
    _answer("send_back", OFFICE_CHECK, REHANDLING, UNIT, "reason", when=_LATER),
    _answer("send_back", SUPERVISION_CHECK, HANDLING, OFFICE, "reason", unless=_LATER),
    _answer("send_back", SUPERVISION_CHECK, REHANDLING, OFFICE, "reason", when=_LATER),
    _answer("send_back", SIGNATURE, HANDLING, LEADER, "reason", unless=_LATER),
    _answer("send_back", SIGNATURE, REHANDLING, LEADER, "reason", when=_LATER),
    _answer("sign", SIGNATURE, SIGNED, LEADER, "other"),
    _answer("send", SIGNED, SENT, UNIT),
    _answer("close_satisfied", SENT, PUBLICATION, UNIT, alone=True),
    _answer("close_unanswered", SENT, PUBLICATION, UNIT, "feedback_over"),
    _answer("rehandle", SENT, REHANDLING, UNIT, unless=_LATER, alone=True),
    _answer("consult", SENT, CONSULTATION, UNIT, when=_LATER, alone=True),
    _answer("close_consulted", CONSULTATION, PUBLICATION, UNIT, "meeting", "reason"),
    _answer("rehandle_again", CONSULTATION, REHANDLING, UNIT, "meeting", "reason"),
    _answer("publish", PUBLICATION, ANSWERED, OFFICE),
    _answer("withhold", PUBLICATION, ANSWERED, OFFICE, "reason"),
    _answer("archive", ANSWERED, ARCHIVED, OFFICE, "contact"),
    _co("archive", OPINION_GIVEN, ARCHIVED, OFFICE),
    *(_any("withdraw", start, WITHDRAWN, OFFICE, "reason") for start in (ASSIGNED, RETURN_REQUESTED)),
    *(
        _answer("withdraw", start, WITHDRAWN, OFFICE, "reason", unless=_LATER)
        for start in (HANDLING, OFFICE_CHECK, SUPERVISION_CHECK, SIGNATURE)
    ),
    *(_co("withdraw", start, WITHDRAWN, OFFICE, "reason") for start in (OPINION, OPINION_GIVEN)),
)  # fmt: skip
KEYS: tuple[str, ...] = tuple(dict.fromkeys(step.key for step in STEPS))


def step(key: str) -> Step:
    """The first row of a step by its name: who takes it and what it needs. Raises KeyError for any other name."""
    for row in STEPS:
        if row.key == key:
            return row
    raise KeyError(key)


def find(key: str, stage: str, role: str, facts: frozenset[str] = frozenset()) -> Step | None:
    """The row of a step that applies to a part of this role at this stage; None where the step is not open there."""
    for row in STEPS:
        if row.key == key and row.start == stage and role in row.roles and row.holds(facts):
            return row
    return None


def steps_from(stage: str, role: str, facts: frozenset[str] | None = None) -> tuple[Step, ...]:
    """What may follow, in the order of the table; without `facts` every way there is."""
    return tuple(
        row for row in STEPS if row.start == stage and role in row.roles and (facts is None or row.holds(facts))
    )


def starts_of(key: str, role: str) -> tuple[str, ...]:
    """Stages from which a step is open to a role, for the sentence that refuses it elsewhere."""
    return tuple(dict.fromkeys(row.start for row in STEPS if row.key == key and role in row.roles))


def reachable(role: str, start: str = ASSIGNED) -> frozenset[str]:
    """Every stage that the steps lead a role to, `start` included."""
    found, unread = {start}, [start]
    while unread:
        for row in steps_from(unread.pop(), role):
            if row.to not in found:
                found.add(row.to)
                unread.append(row.to)
    return frozenset(found)


def line(role: str) -> tuple[str, ...]:
    """The stages of a role as a page shows them in a row."""
    return CO_LINE if role == CO else LINE


def place_in_line(stage: str) -> str:
    """The stage of the line at which a side stage shows: a requested return waits where it was asked for."""
    beside = {
        RETURN_REQUESTED: ASSIGNED,
        RETURNED: ASSIGNED,
        REHANDLING: HANDLING,
        CONSULTATION: SENT,
        WITHDRAWN: ASSIGNED,
    }
    return beside.get(stage, stage)
