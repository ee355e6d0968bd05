"""Proposals of the demonstration: what came in at the sessions of its city and of two districts, and what became of it.

The mass is made in memory by the rules that the portal itself goes by, and stored in a few statements; one joint proposal
with two co-handlers takes every step of its way by the portal's own actions. All of it is invented.
"""

from datetime import date, timedelta
from random import Random

from portal.core.accounts.models import User
from portal.core.audit.actions import action
from portal.core.lib.bulk import insert_rows
from portal.core.lib.workdays import roll
from portal.core.workdays.queries import specials
from portal.demo import proposal_story
from portal.demo.plan import SHOWCASE
from portal.demo.proposal_cases import Maker, Meeting
from portal.demo.proposal_courses import Case, Hands
from portal.demo.proposal_letters import Writer
from portal.demo.proposal_promises import STEP, Keeper, last_ledger, ledger, prove, step_row
from portal.demo.proposal_walk import Clock, moment
from proposals.actions.assigning import give_merged
from proposals.enums import Body, ProposalState
from proposals.models import (
    ClassChange,
    Commitment,
    CommitmentStep,
    Contact,
    Deadline,
    DeadlineMove,
    Extension,
    Feedback,
    Handling,
    HandlingUnit,
    Opinion,
    Proposal,
    Proposer,
    Reminder,
    Seat,
    Session,
    StageMove,
    Suspension,
)
from proposals.queries.cases import search_text, search_vector

CITY = SHOWCASE[:2]
DISTRICTS = (SHOWCASE[:6], "120102")
# Short name without its place, full name, code of document numbers.
UNITS = (
    ("民政局", "民政局", "民"), ("人社局", "人力资源和社会保障局", "人"), ("农业农村委", "农业农村委员会", "农"),
    ("卫健委", "卫生健康委员会", "卫"), ("住建委", "住房和城乡建设委员会", "建"), ("城管委", "城市管理委员会", "城"),
    ("教委", "教育委员会", "教"),
)  # fmt: skip
DISTRICT_UNITS = 5
HANDLERS_UNIT = "人社局"
_MOVE = (
    "handling_id", "step", "before", "after", "round", "words", "on", "moved_by_id", "moved_at",
)  # fmt: skip
_HANGING = (DeadlineMove, Extension, Suspension, Contact, Opinion, Reminder, ClassChange, Feedback)


@action
def fill(*, day: date, by) -> None:
    """Enters sessions, units, cases, promises and the ledger; call it once, when accounts and figures are there."""
    city, staff, handler, office, leader = (
        User.objects.get(username=name)
        for name in ("city-admin", "district-staff", "handler", "city-office", "city-leader")
    )
    clerk = _clerk()
    year = day.year if day >= date(day.year, 6, 1) else day.year - 1  # by then most of a year's are answered
    clock = Clock(day, specials())

    def hands(unit: HandlingUnit) -> Hands:
        own = staff if unit.division_id == DISTRICTS[0] else city
        drafter = handler if (unit.division_id, unit.short) == (CITY, f"市{HANDLERS_UNIT}") else clerk
        return Hands(office=own, drafter=drafter, checker=own, supervisor=office, leader=leader)

    units = {code: _units(code, clerk, handler) for code in (CITY, *DISTRICTS)}
    meetings = _meetings(year, units, hands, clock)
    cases = [case for meeting in meetings for case in Maker(meeting, clock, city).cases()]
    keeper = Keeper(clock, Random("promises"))
    for case in cases:
        for walk in case.walks:
            if walk.part.role != "co":
                keeper.promise(case, hands(walk.part.unit), walk)
    store(cases)
    _merge(cases, day, city)
    _store_promises(keeper)
    for enter, listed in ((last_ledger, year - 1), (ledger, year)):
        enter(CITY, listed, clock, hands(units[CITY]["民政局"]))
    proposal_story.tell(meetings[1].session, units[CITY], hands(units[CITY][HANDLERS_UNIT]), clock)


def _clerk() -> User:
    """Who drafted in the departments of the demonstration: an account that is switched off."""
    user = User(username="unit-officers", name="演示经办", department="演示承办单位", division_id=CITY, is_active=False)
    user.set_unusable_password()
    user.save()
    return user


def _units(code: str, clerk: User, handler: User) -> dict[str, HandlingUnit]:
    """The departments of a place, with who works for them."""
    mark = "市" if code == CITY else "区"
    made = {}
    for place, (short, name, word) in enumerate(UNITS[: len(UNITS) if code == CITY else DISTRICT_UNITS], 1):
        made[short] = HandlingUnit.objects.create(
            division_id=code, name=f"{mark}{name}", short=f"{mark}{short}", heading=f"{mark}{name}",
            word=f"演{mark}{word}函", contact="办公室", phone=f"026-{23_000_000 + int(code) * 10 + place}"[:12],
            postcode="000000",
        )  # fmt: skip
        seated = handler if code == CITY and short == HANDLERS_UNIT else clerk
        Seat.objects.create(unit=made[short], user=seated)
    return made


def _meetings(year: int, units: dict[str, dict[str, HandlingUnit]], hands, clock: Clock) -> list[Meeting]:
    """Last year's session of the city, this year's two, and one each of two districts."""
    made = []
    for code, body, name, when, meeting, count, recent in (
        (CITY, Body.CPPCC, "市政协", year - 1, 4, 36, 0),
        (CITY, Body.CPPCC, "市政协", year, 5, 120, 34),
        (CITY, Body.NPC, "市人大", year, 5, 60, 14),
        (DISTRICTS[0], Body.CPPCC, "区政协", year, 5, 54, 14),
        (DISTRICTS[1], Body.CPPCC, "区政协", year, 5, 36, 8),
    ):
        opened = date(when, 1, 11 if code == CITY else 6)
        session = Session.objects.create(
            division_id=code, body=body, place_name=name, term=14, meeting=meeting, opened_on=opened,
            closed_on=opened + timedelta(days=4),
        )  # fmt: skip
        assigned = roll(date(when, 2, 20), clock.calendar)
        special = body == Body.CPPCC and when == year and code != DISTRICTS[1]
        made.append(Meeting(session, units[code], count, recent, assigned, hands, special, when < year))
    return made


def store(cases: list[Case]) -> None:
    """Writes cases with everything that hangs on them."""
    for case in cases:
        one = case.proposal
        names = [signer.name for signer in case.proposers]
        one.search = search_vector(search_text(one.number, one.title, one.text, names))
    walks = [walk for case in cases for walk in case.walks]
    Proposal.objects.bulk_create(case.proposal for case in cases)
    Proposer.objects.bulk_create(one for case in cases for one in case.proposers)
    Handling.objects.bulk_create(walk.part for walk in walks)
    Deadline.objects.bulk_create(due for walk in walks for due in walk.dues)
    rows = [row for case in cases for row in case.rows]
    for model in _HANGING:
        model.objects.bulk_create(row for row in rows if isinstance(row, model))
    insert_rows(StageMove, _MOVE, (
        (
            walk.part.pk, move.step, move.before, move.after, move.round, move.words, move.on,
            move.by.pk if move.by else None, moment(move.on, 9 + place % 8),
        )
        for walk in walks for place, move in enumerate(walk.moves)
    ))  # fmt: skip
    Writer(cases).write()


def _merge(cases: list[Case], day: date, by: User) -> None:
    """Two proposals that say the same as another one are merged into it and handed over to the same units."""
    alike = [case for case in cases if case.proposal.state == ProposalState.FILED][:2]
    into = next(case for case in reversed(cases) if case.proposal.state == ProposalState.HANDLING)
    for case in alike:
        same = [
            found for found in cases
            if found.proposal.session_id == case.proposal.session_id and found.proposal.state == ProposalState.HANDLING
        ]  # fmt: skip
        into = same[0] if same else into
        Proposal.objects.filter(pk=case.proposal.pk).update(state=ProposalState.MERGED, merged_into=into.proposal)
        give_merged(into.proposal, day, by)


def _store_promises(keeper: Keeper) -> None:
    made = keeper.made
    for rows in (made.first, made.later):
        for one in rows:
            one.reply = made.answers[id(one)].reply
    Commitment.objects.bulk_create(made.first)
    for year in sorted({one.year for one in made.later}):
        Commitment.objects.bulk_create(one for one in made.later if one.year == year)
    prove(made.proven)
    insert_rows(CommitmentStep, STEP, map(step_row, made.steps))
