"""The demonstration's sessions and what came in at them: some three hundred proposals and suggestions, in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.core.lib.workdays import roll
from portal.demo.names import People
from portal.demo.proposal_courses import Case, Course, Hands, answer, co_handle, give_back
from portal.demo.proposal_walk import Clock, Walk
from portal.demo.proposal_words import TELLING, Topic, refused_title, text_of, titles
from proposals.enums import Body, Disclosure, ProposalState, ProposerType, RefusalGround, Satisfaction, Stage
from proposals.models import Handling, HandlingUnit, Proposal, Proposer, Session

_BODIES = {
    ProposerType.PARTY: "演示民主党派委员会",
    ProposerType.ORGANISATION: "演示工商业联合组织",
    ProposerType.SECTOR: "社会福利和社会保障界别",
    ProposerType.GROUP: "第三小组",
    ProposerType.COMMITTEE: "社会建设委员会",
    ProposerType.DELEGATION: "第二代表团",
}
_TYPES = {
    Body.CPPCC: ("member",) * 11 + ("joint",) * 5 + ("party", "organisation", "sector", "committee"),
    Body.NPC: ("member",) * 12 + ("joint",) * 6 + ("delegation",) * 2,
}
_SECTIONS = ("办公室", "业务一科", "业务二科", "综合科")
# Courses that every demonstration shows, of what came in between meetings; days since the assignment.
SPECIAL: tuple[tuple[int, Course], ...] = (
    (62, Course(stops=Stage.SIGNATURE)),
    (56, Course(stops=Stage.OFFICE_CHECK, result="B")),
    (30, Course(event="suspended")),
    (84, Course(stuck=True, event="reminded")),
    (70, Course(stuck=True, event="extended")),
    (104, Course(stuck=True, event="reminded")),
    (95, Course(stops=Stage.PUBLICATION)),
    (112, Course(says=("",), stops=Stage.SENT)),
    (118, Course(says=("",), stops=Stage.SENT)),
    (125, Course(says=(Satisfaction.DISSATISFIED, Satisfaction.DISSATISFIED))),
    (80, Course(says=(Satisfaction.DISSATISFIED, Satisfaction.BASIC), result="B")),
    (88, Course(stuck=True)),
)
_RETURNS = ((12, True), (3, False))


@dataclass(frozen=True)
class Meeting:
    """A session with its units, how much came in at it, and how much of that since it closed.

    `special` ones show every course there is; of one that is `over` everything was answered.
    """

    session: Session
    units: dict[str, HandlingUnit]
    count: int
    recent: int
    assigned_on: date
    hands: Callable[[HandlingUnit], Hands]
    special: bool = False
    over: bool = False


class Maker:
    """Makes the cases of one meeting; the same meeting gives the same cases."""

    def __init__(self, meeting: Meeting, clock: Clock, entered_by) -> None:
        self.meeting, self.clock, self.by = meeting, clock, entered_by
        about = meeting.session
        self.random = Random(f"{about.division_id}{about.body}{about.meeting}")
        self.people = People(self.random)
        self._made = 0
        self._titles = titles(str(about.document), meeting.count, self.random)

    def cases(self) -> list[Case]:
        """Everything of the meeting: handled at and since it, and what waits or was not filed."""
        made = self._waiting() if self.meeting.special else []
        if self.meeting.special:
            for ago, course in SPECIAL:
                if course.stops == Stage.SIGNATURE:
                    self._next_tells()
                made.append(self._handled(self._before(ago), course, since=True))
            made += [self._returned(self._before(ago), decided) for ago, decided in _RETURNS]
        for _place in range(self.meeting.recent):
            made.append(self._handled(self._before(self.random.randint(1, 108)), self._course(slow=0.4), since=True))
        while self._made < self.meeting.count:
            course = self._course(slow=0.04 if self.meeting.over else 0.1, stuck=0 if self.meeting.over else 0.012)
            made.append(self._handled(self.meeting.assigned_on, course))
        return made

    def _next_tells(self) -> None:
        """The next case is one whose answer tells figures of the catalogue."""
        place = next(at for at in range(self._made, len(self._titles)) if self._titles[at][1].matter in TELLING)
        self._titles[self._made], self._titles[place] = self._titles[place], self._titles[self._made]

    def _before(self, ago: int) -> date:
        earliest = self.meeting.session.closed_on + timedelta(days=1)
        return max(earliest, roll(self.clock.day - timedelta(days=ago + 2), self.clock.calendar))

    def _course(self, *, slow: float, stuck: float = 0.03) -> Course:
        pick = self.random
        says = pick.choices(
            (Satisfaction.SATISFIED, Satisfaction.BASIC, Satisfaction.DISSATISFIED, ""), (76, 14, 3, 7)
        )[0]
        shown = pick.choices((Disclosure.PUBLIC, Disclosure.ON_REQUEST, Disclosure.WITHHELD), (86, 9, 5))[0]
        return Course(
            slow=pick.randint(25, 55) if pick.random() < slow else 0,
            stuck=pick.random() < stuck,
            result=pick.choices("ABC", (60, 28, 12))[0],
            says=(says, Satisfaction.BASIC) if says == Satisfaction.DISSATISFIED else (says,),
            disclosure=shown,
        )

    def _proposal(self, received: date, filed: date | None, *, since: bool, state: str) -> Case:
        """The document with its proposers; people and organisations are invented."""
        session, pick = self.meeting.session, self.random
        title, topic = self._titles[self._made]
        self._made += 1
        kind = pick.choice(_TYPES[Body(session.body)])
        names = self._names(kind)
        proposal = Proposal(
            session=session, division_id=session.division_id, number=f"{self._made:04}", title=title,
            text=text_of(topic, title), proposer_type=kind, proposers_count=len(names),
            first_signer_forwards=kind == ProposerType.JOINT and pick.random() < 0.4, between_sessions=since,
            key=pick.random() < 0.06, field=topic.field, received_on=received, filed_on=filed, state=state,
            entered_by=self.by,
        )  # fmt: skip
        signers = [
            Proposer(proposal=proposal, position=place, name=name, phone=self.people.phone(),
                     address=f"示例路{self._made}号（虚构）")
            for place, name in enumerate(names, 1)
        ]  # fmt: skip
        return Case(proposal, signers, topic)

    def _names(self, kind: str) -> list[str]:
        if kind in _BODIES:
            return [_BODIES[ProposerType(kind)]]
        names: dict[str, None] = {}
        wanted = self.random.randint(2, 5) if kind == ProposerType.JOINT else 1
        while len(names) < wanted:
            names[self.people.name()] = None
        return list(names)

    def _filed(self, assigned_on: date, *, since: bool) -> Case:
        session = self.meeting.session
        if since:
            received = max(session.closed_on, assigned_on - timedelta(days=6))
            filed = max(received, assigned_on - timedelta(days=2))
        else:
            days = (session.closed_on - session.opened_on).days
            received = session.opened_on + timedelta(days=self.random.randint(0, days))
            filed = received + timedelta(days=self.random.randint(2, 9))
        case = self._proposal(received, filed, since=since, state=ProposalState.HANDLING)
        case.proposal.assigned_on = assigned_on
        return case

    def _part(self, case: Case, unit: HandlingUnit, role: str, on: date) -> Walk:
        hands = self.meeting.hands(unit)
        part = Handling(
            proposal=case.proposal, division_id=case.proposal.division_id, unit=unit, role=role, assigned_on=on,
            assigned_by=hands.office, section=self.random.choice(_SECTIONS), officer=self.people.name(),
        )  # fmt: skip
        walk = Walk(part, self.clock)
        case.walks.append(walk)
        return walk

    def _units(self, topic: Topic) -> tuple[HandlingUnit, HandlingUnit]:
        """Who leads and who is asked; a district has fewer departments, its civil affairs bureau takes the rest."""
        units = self.meeting.units
        lead = units.get(topic.unit) or units["民政局"]
        return lead, next(one for key, one in units.items() if one != lead and key in (topic.co, "人社局", "民政局"))

    def _handled(self, assigned_on: date, course: Course, *, since: bool = False) -> Case:
        case = self._filed(assigned_on, since=since)
        lead, co = self._units(case.topic)
        luck = self.random.random()
        if luck < 0.22:
            self._co(case, co, assigned_on, silent=course.stuck and luck < 0.15)
            self._lead(case, lead, "lead", course)
        elif luck < 0.28:
            for unit in (lead, co):
                self._lead(case, unit, "separate", course)
        else:
            self._lead(case, lead, "lead", course)
        return self._settled(case)

    def _co(self, case: Case, unit: HandlingUnit, on: date, *, silent: bool) -> None:
        walk = self._part(case, unit, "co", on)
        co_handle(case, walk, self.meeting.hands(unit), self.random, silent=silent)

    def _lead(self, case: Case, unit: HandlingUnit, role: str, course: Course) -> None:
        walk = self._part(case, unit, role, case.proposal.assigned_on)
        answer(case, walk, course, self.meeting.hands(unit), self.random)

    def _returned(self, assigned_on: date, decided: bool) -> Case:
        """Given back by the first unit; once that is agreed, another answers."""
        case = self._filed(assigned_on, since=True)
        lead, other = self._units(case.topic)
        first = self._part(case, lead, "lead", assigned_on)
        give_back(first, self.meeting.hands(lead), self.random, decided=decided)
        if first.part.stage == Stage.RETURNED:
            walk = self._part(case, other, "lead", first.on)
            answer(case, walk, Course(), self.meeting.hands(other), self.random)
        return self._settled(case)

    def _settled(self, case: Case) -> Case:
        """The state of the proposal by its parts."""
        parts = [walk.part for walk in case.walks if walk.part.stage != Stage.RETURNED]
        answers = [part.stage for part in parts if part.role != "co"]
        if all(part.stage == Stage.ARCHIVED for part in parts):
            case.proposal.state = ProposalState.ARCHIVED
        elif answers and all(stage in (Stage.ANSWERED, Stage.ARCHIVED) for stage in answers):
            case.proposal.state = ProposalState.CLOSED
        if case.proposal.state != ProposalState.HANDLING:
            case.proposal.closed_on = max(part.closed_on for part in parts if part.closed_on)
        for walk in case.walks:
            walk.settle()
        return case

    def _waiting(self) -> list[Case]:
        """Just received, filed and not handed over, not filed, taken back."""
        made = []
        for state, number in (("received", 6), ("filed", 5), ("refused", 3), ("withdrawn", 1)):
            for place in range(number):
                received = self._before(place + 2)
                filed = self.clock.day if state == "filed" else None
                case = self._proposal(received, filed, since=True, state=state)
                if state == "refused":
                    grounds = (RefusalGround.PRIVATE, RefusalGround.PROMOTION, RefusalGround.LITIGATION)
                    case.proposal.ground, case.proposal.title = grounds[place], refused_title(place)
                elif state == "withdrawn":
                    case.proposal.ground_words = "提案者来函撤回。（演示）"
                made.append(case)
        return made
