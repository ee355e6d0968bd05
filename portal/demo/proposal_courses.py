"""The courses that the demonstration's proposals take: answered in time or late, given back, extended, answered twice."""

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from portal.core.accounts.models import User
from portal.core.lib.dated import ONE_DAY
from portal.demo.proposal_walk import Over, Walk, moment
from portal.demo.proposal_words import Topic, opinion_of
from proposals.classes import PROMISING
from proposals.deadlines import last_day
from proposals.enums import ContactMode, Disclosure, DueKind, ReplyKind, Satisfaction, Stage
from proposals.models import (
    ClassChange,
    Contact,
    DeadlineMove,
    Extension,
    Feedback,
    Opinion,
    Proposal,
    Proposer,
    Reminder,
    Reply,
    Suspension,
)
from proposals.queries.deadlines import period_of
from proposals.queries.feedback import digest_of

_TALKS = (
    "走访提案者，介绍了办理思路，提案者表示认可。（演示）",
    "电话沟通办理进展，提案者补充了意见。（演示）",
    "邀请提案者实地查看，现场交换意见。（演示）",
)
_REASONS = {
    Disclosure.ON_REQUEST: "涉及正在研究的工作方案（演示）",
    Disclosure.WITHHELD: "涉及其他单位内部管理信息（演示）",
}


@dataclass(frozen=True)
class Hands:
    """Who works on a part: four persons, and the office that hands proposals over."""

    office: User
    drafter: User
    checker: User
    supervisor: User
    leader: User


@dataclass
class Answer:
    """A reply as far as it got; without `signed_on` it is a draft."""

    walk: Walk
    kind: str
    round: int
    result: str
    disclosure: str
    reason: str
    drafted_on: date
    drafted_by: User
    signed_on: date | None = None
    signed_by: User | None = None
    checked_on: date | None = None
    checked_by: User | None = None
    published_on: date | None = None
    reply: Reply | None = None


@dataclass
class Case:
    """A proposal with everything that hangs on it, in memory."""

    proposal: Proposal
    proposers: list[Proposer]
    topic: Topic
    walks: list[Walk] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Course:
    """How a lead goes on: `slow` days of dawdling, what proposers say round by round, and what happens on the way."""

    slow: int = 0
    stuck: bool = False
    result: str = "A"
    says: tuple[str, ...] = (Satisfaction.SATISFIED,)
    disclosure: str = Disclosure.PUBLIC
    event: str = ""
    stops: str = ""


def answer(case: Case, walk: Walk, course: Course, hands: Hands, random: Random) -> None:
    """Leads a part through the whole course, as far as its days have come."""
    try:
        walk.go("sign_for", random.randint(1, 4), hands.drafter)
        _happen(case, walk, course, hands, random)
        walk.wait(random.randint(8, 18))
        _talk(case, walk, "during", hands, random)
        while True:
            _round(case, walk, course, hands, random)
            if _ask(case, walk, course, hands, random):
                break
        _finish(case, walk, course, hands, random)
    except Over:
        pass
    walk.settle()


def co_handle(case: Case, walk: Walk, hands: Hands, random: Random, *, silent: bool = False) -> None:
    """A co-handler signs for it and gives its opinion; a silent one does not."""
    try:
        walk.go("sign_for", random.randint(1, 3), hands.drafter)
        if not silent:
            walk.go("give_opinion", random.randint(7, 20), hands.drafter)
            words = opinion_of(case.topic, walk.part.unit.short)
            case.rows.append(
                Opinion(handling=walk.part, words=words, result="A", given_on=walk.on, given_by=hands.drafter)
            )
    except Over:
        pass
    walk.settle()


def give_back(walk: Walk, hands: Hands, random: Random, *, decided: bool = True) -> None:
    """A unit says that it is not the right one; the office agrees, or has not decided yet."""
    reason = "该事项主要职责在其他部门，建议改派。（演示）"
    try:
        walk.part.return_reason = reason
        walk.go("request_return", random.randint(1, 3), hands.drafter, reason)
        if decided:
            walk.go("accept_return", 1, hands.office)
    except Over:
        if walk.part.stage == Stage.ASSIGNED:
            walk.part.return_reason = ""
    walk.settle()


def _talk(case: Case, walk: Walk, when: str, hands: Hands, random: Random, *, consultation: bool = False) -> None:
    case.rows.append(
        Contact(
            handling=walk.part, when=when, mode=random.choice((ContactMode.VISIT, ContactMode.PHONE, ContactMode.MEETING)),
            on=walk.on, people=f"{case.proposers[0].name}、承办科室", words=random.choice(_TALKS),
            consultation=consultation, entered_by=hands.drafter,
        )
    )  # fmt: skip


def _happen(case: Case, walk: Walk, course: Course, hands: Hands, random: Random) -> None:
    """Reminders, a longer period, a standing clock."""
    part, due = walk.part, walk.open_due(DueKind.REPLY)[0]
    if course.event == "reminded":
        on = due.due_on - timedelta(days=14)
        if on <= walk.clock.day:
            words = "请抓紧办理，按期答复。（演示）"
            case.rows.append(
                Reminder(handling=part, kind=due.kind, due_on=due.due_on, words=words, on=on, sent_by=hands.office)
            )
            part.reminders = 1
    elif course.event == "extended":
        _extend(case, walk, hands)
    elif course.event == "suspended":
        walk.wait(6)
        case.rows.append(
            Suspension(
                handling=part, starts_on=walk.on, reason="等待上级规划批复（演示）", consent="提案者电话同意（演示）",
                entered_by=hands.office,
            )
        )  # fmt: skip
        part.suspended = True
        raise Over


def _extend(case: Case, walk: Walk, hands: Hands) -> None:
    walk.wait(20)
    due, reason = walk.open_due(DueKind.REPLY)[0], "涉及多部门会商，需要更多时间。（演示）"
    before, due.months = due.due_on, (due.months or 3) + 2
    end = last_day(due.starts_on, period_of(due), walk.clock.calendar)
    due.unrolled_on, due.due_on, due.provisional = end.unrolled_on, end.due_on, end.provisional
    words = f"延期至自交办起 {due.months} 个月：{reason}"
    case.rows.append(
        Extension(
            handling=walk.part, months=due.months, reason=reason, told_on=walk.on, asked_by=hands.drafter,
            asked_on=walk.on, agreed=True, decided_by=hands.office, decided_on=walk.on, decision="同意（演示）",
        )
    )  # fmt: skip
    case.rows.append(DeadlineMove(deadline=due, before=before, after=due.due_on, reason=words, moved_by=hands.office))


def _round(case: Case, walk: Walk, course: Course, hands: Hands, random: Random) -> None:
    """One answer from its draft until it is sent."""
    part, later = walk.part, walk.part.round > 1
    walk.wait(random.randint(2, 5) if later else random.randint(4, 14))
    made = Answer(
        walk, ReplyKind.SECOND if later else ReplyKind.REPLY, part.round, course.result, course.disclosure,
        _REASONS.get(Disclosure(course.disclosure), ""), walk.on, hands.drafter,
    )  # fmt: skip
    case.answers.append(made)
    given = [one.on for one in case.walks if one.part.role == "co" and one.part.stage in ("opinion_given", "archived")]
    if course.stuck or len(given) < sum(one.part.role == "co" for one in case.walks):
        raise Over
    walk.on = max([walk.on, *given])
    walk.go("submit_draft", 2 if later else random.randint(4, 14) + course.slow, hands.drafter)
    if course.stops == Stage.OFFICE_CHECK:
        raise Over
    walk.go("pass_office", random.randint(1, 3), hands.checker)
    walk.go("pass_supervision", random.randint(1, 3), hands.supervisor)
    if course.stops == Stage.SIGNATURE:
        raise Over
    made.signed_on, made.signed_by = walk.go("sign", random.randint(1, 4), hands.leader), hands.leader
    _classify(case, walk, course.result, hands)
    sent = walk.go("send", random.randint(1, 3), hands.drafter, "寄送方式：书信")
    walk.meet(DueKind.REPLY, sent)
    walk.meet(DueKind.REHANDLING, sent)
    if course.result in PROMISING and not later:
        walk.start(DueKind.IMPLEMENTATION)


def _classify(case: Case, walk: Walk, result: str, hands: Hands) -> None:
    if walk.part.result != result:
        reason = "再次答复" if walk.part.result else ""
        case.rows.append(
            ClassChange(
                handling=walk.part, before=walk.part.result, after=result, on=walk.on, reason=reason,
                changed_by=hands.leader,
            )
        )  # fmt: skip
        walk.part.result = result


def _ask(case: Case, walk: Walk, course: Course, hands: Hands, random: Random) -> bool:
    """The forms go out and come back; True when the case goes on to publication, False for another round."""
    part = walk.part
    said = course.says[min(part.round, len(course.says)) - 1]
    due = walk.start(DueKind.FEEDBACK)
    walk.start(DueKind.PUBLICATION)
    asked = case.proposers[:1] if case.proposal.first_signer_forwards else case.proposers
    forms = [
        Feedback(
            handling=part, proposer=one, round=part.round, token_hash=digest_of(secrets.token_urlsafe(32)),
            asked_on=walk.on, expires_on=due.due_on,
        )
        for one in asked
    ]  # fmt: skip
    case.rows.extend(forms)
    if not said:
        if course.stops == Stage.SENT:  # nobody has closed it yet
            raise Over
        walk.on = max(walk.on, due.due_on)
        walk.go("close_unanswered", 1, hands.drafter)
        return True
    back = walk.wait(random.randint(4, 14))
    for place, form in enumerate(forms):
        form.result = said if place == 0 else Satisfaction.SATISFIED
        form.attitude = Satisfaction.BASIC if said == Satisfaction.DISSATISFIED else Satisfaction.SATISFIED
        form.contact_mode, form.returned_at = ContactMode.PHONE, moment(back, 9 + place % 8)
        form.words = "措施还不够具体，请再研究。（演示）" if form.result == Satisfaction.DISSATISFIED else ""
    words = f"提案者反馈：{case.proposers[0].name}：{Satisfaction(said).label}"
    if said != Satisfaction.DISSATISFIED:
        walk.go("close_satisfied", 0, None, words)
        return True
    if part.round == 1:
        walk.go("rehandle", 0, None, words)
        _talk(case, walk, "after", hands, random)
        return False
    walk.go("consult", 0, None, words)
    raise Over


def _finish(case: Case, walk: Walk, course: Course, hands: Hands, random: Random) -> None:
    last = case.answers[-1]
    if course.stops == Stage.PUBLICATION:
        raise Over
    walk.wait(random.randint(3, 8))
    last.checked_by, last.checked_on = hands.supervisor, walk.on
    step = "publish" if course.disclosure == Disclosure.PUBLIC else "withhold"
    last.published_on = walk.go(step, 2, hands.leader, last.reason)
    walk.wait(random.randint(20, 70))
    _talk(case, walk, "after", hands, random)
    walk.go("archive", 1, hands.office)
    for co in case.walks:
        if co.part.role == "co" and co.part.stage == Stage.OPINION_GIVEN:
            co.on = walk.on - ONE_DAY
            co.go("archive", 1, hands.office)
