"""The course of a yearly rating, as one table: who may take which step, from where to where, and what it needs (domain §2.6).

Self-assessment, first review by the street, check by the district, joint review by departments, calibration, public
notice, decision, filing. A unit moves by itself as far as the joint review; from there on the whole cycle moves.
Each score is given by another person than the one before: a maker is never the checker.
"""

from dataclasses import dataclass

SELF, STREET, DISTRICT, JOINT = "self", "street", "district", "joint"
CALIBRATION, NOTICE, DECISION, DECIDED, FILED = "calibration", "notice", "decision", "decided", "filed"

STAGES = (SELF, STREET, DISTRICT, JOINT, CALIBRATION, NOTICE, DECISION, DECIDED, FILED)
CYCLE_STAGES = (SELF, JOINT, CALIBRATION, NOTICE, DECISION, DECIDED, FILED)
UNIT_STAGES = (SELF, STREET, DISTRICT, JOINT)

# Stages in which points are given, in their order: each has its own points, note, person and time on record.
SCORING = (SELF, STREET, DISTRICT)
# Before these nobody outside the office that runs the cycle sees a grade.
PUBLISHED = frozenset({NOTICE, DECISION, DECIDED, FILED})
# Grades are decided: nothing of the cycle changes any more.
CLOSED = frozenset({DECIDED, FILED})
# Stages that end on a day of their own. The notice ends by the calendar, filing has no deadline in the sources.
TIMED = (SELF, STREET, DISTRICT, JOINT, CALIBRATION, DECISION)

RATE_SELF, RATE_STREET, RATE_DISTRICT = "rating.self", "rating.street", "rating.district"
MANAGE, DECIDE = "rating.manage", "rating.decide"

# Whose work the points of a stage are.
RATERS: dict[str, str] = {SELF: RATE_SELF, STREET: RATE_STREET, DISTRICT: RATE_DISTRICT}


@dataclass(frozen=True)
class Step:
    """One step: `needs` names what must hold, in the words that the actions know.

    scored: every item by hand has points of the stage. evidence: items that ask for files have some. other: the person
    gave none of the points before. in_time: the stage's deadline has not passed. reason: words why.
    """

    key: str
    start: str
    to: str
    perm: str
    needs: frozenset[str] = frozenset()


def _step(key: str, start: str, to: str, perm: str, *needs: str) -> Step:
    return Step(key, start, to, perm, frozenset(needs))


UNIT_STEPS: tuple[Step, ...] = (
    _step("submit_self", SELF, STREET, RATE_SELF, "scored", "evidence", "in_time"),
    _step("review_street", STREET, DISTRICT, RATE_STREET, "scored", "other", "in_time"),
    _step("check_district", DISTRICT, JOINT, RATE_DISTRICT, "scored", "other", "in_time"),
    _step("send_back", STREET, SELF, RATE_STREET, "reason", "target_in_time"),
    _step("send_back", DISTRICT, STREET, RATE_DISTRICT, "reason", "target_in_time"),
    _step("send_back", DISTRICT, SELF, RATE_DISTRICT, "reason", "target_in_time"),
    _step("send_back", JOINT, DISTRICT, MANAGE, "reason", "target_in_time"),
)
CYCLE_STEPS: tuple[Step, ...] = (
    _step("begin_joint", SELF, JOINT, MANAGE, "all_checked", "figures"),
    _step("begin_calibration", JOINT, CALIBRATION, MANAGE, "all_checked", "opinions", "totals"),
    _step("announce", CALIBRATION, NOTICE, MANAGE, "grades"),
    _step("close_notice", NOTICE, DECISION, MANAGE, "notice_over", "objections_answered"),
    _step("return_to_calibration", DECISION, CALIBRATION, DECIDE, "reason"),
    _step("decide", DECISION, DECIDED, DECIDE, "other", "document"),
    _step("file_cycle", DECIDED, FILED, MANAGE, "document"),
)

_SUBMITS: dict[str, str] = {SELF: "submit_self", STREET: "review_street", DISTRICT: "check_district"}


def submit_of(stage: str) -> Step:
    """The step that ends a scoring stage of a unit."""
    return next(step for step in UNIT_STEPS if step.key == _SUBMITS[stage])


def backs_of(stage: str) -> tuple[Step, ...]:
    """The ways back of a unit from a stage, the nearest first."""
    return tuple(step for step in UNIT_STEPS if step.key == "send_back" and step.start == stage)


def cycle_steps(stage: str) -> tuple[Step, ...]:
    """What may follow for a whole cycle; the way on stands first."""
    found = [step for step in CYCLE_STEPS if step.start == stage]
    return tuple(sorted(found, key=lambda step: STAGES.index(step.to) < STAGES.index(stage)))


def cycle_step(key: str) -> Step:
    """The step of a whole cycle by its name. Raises KeyError for any other name."""
    for step in CYCLE_STEPS:
        if step.key == key:
            return step
    raise KeyError(key)


def scorers_before(stage: str) -> tuple[str, ...]:
    """Stages whose scorers may not score the stage: every one before it."""
    return SCORING[: SCORING.index(stage)]


def present(unit_stage: str, cycle_stage: str) -> str:
    """Where a unit stands: at its own stage while units are scored, else at the cycle's."""
    return unit_stage if cycle_stage == SELF else cycle_stage


def reachable(steps: tuple[Step, ...], start: str) -> frozenset[str]:
    """Every stage that the steps lead to from `start`, itself included."""
    found, open_stages = {start}, [start]
    while open_stages:
        here = open_stages.pop()
        for step in steps:
            if step.start == here and step.to not in found:
                found.add(step.to)
                open_stages.append(step.to)
    return frozenset(found)
