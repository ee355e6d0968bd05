"""Reads of yearly ratings: which cycles a reader knows, how far their units are, who is late, what one unit came to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Max, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Left

from portal.core.accounts.roles import Perm
from portal.core.audit.models import AuditEvent
from portal.core.lib.codes import ancestors
from portal.core.lib.scope import union
from portal.core.policy.kinds import STAR_SHARES
from portal.core.policy.queries import RuleInForce, rule_for
from portal.core.territory.models import Division
from ratings import stages
from ratings.models import Evidence, Incident, ItemScore, RatingCycle, UnitRating
from ratings.scoring import Deviation, deviation

# By how many digits of its code the office is told that holds a unit at a stage; below the city the community itself.
HOLDER_DIGITS = {stages.SELF: 12, stages.STREET: 9, stages.DISTRICT: 6}
_STREET_DIGITS = 9


def cycles(user, perm: str = Perm.VIEW_RATINGS) -> QuerySet:
    """Cycles of the user's territory; to read also those above that rate somebody in it."""
    held = user.territories(perm)
    mine = union("division_id", held)
    if mine is None:
        return RatingCycle.objects.none()
    if perm == Perm.VIEW_RATINGS:
        mine |= Q(division_id__in={above for code in held for above in ancestors(code)})
    return RatingCycle.objects.filter(mine).select_related("division")


def units(user, perm: str = Perm.VIEW_RATINGS) -> QuerySet:
    """Units of the user's territory, in the order of places."""
    return UnitRating.objects.for_user(user, perm).select_related("division", "cycle", "cycle__division", "scheme")


def sees_grades(user, cycle: RatingCycle) -> bool:
    """Grades are for the office that runs the cycle until the public notice: drafts go no further."""
    return cycle.stage in stages.PUBLISHED or user.can(Perm.MANAGE_RATINGS, cycle.division_id)


def seen_stages(user, unit: UnitRating) -> tuple[str, ...]:
    """Stages whose points the reader sees: those handed on, and those of the reader's own office and below it."""
    code = unit.division_id
    above = {
        stages.STREET: (Perm.RATE_STREET, Perm.RATE_DISTRICT, Perm.MANAGE_RATINGS),
        stages.DISTRICT: (Perm.RATE_DISTRICT, Perm.MANAGE_RATINGS),
    }
    return tuple(
        stage
        for stage in stages.SCORING
        if stage == stages.SELF
        or getattr(unit, f"{stage}_at") is not None
        or any(user.can(perm, code) for perm in above[stage])
    )


@dataclass(frozen=True)
class Waiting:
    """Units of a cycle that wait at a stage with one office; `late` days past the deadline, 0 while in time."""

    cycle: RatingCycle
    stage: str
    code: str
    units: int
    due_on: date | None
    late: int
    label: str = ""


def waiting(user, *, under: str, on: date) -> list[Waiting]:
    """Everything that a reader's cycles wait for, by stage and office, the latest first."""
    open_cycles = {one.pk: one for one in cycles(user).exclude(stage=stages.FILED)}
    found: list[Waiting] = []
    for stage, digits in HOLDER_DIGITS.items():
        found += _scoring(user, open_cycles, stage, digits, under, on)
    for one in open_cycles.values():
        if one.stage != stages.SELF and (
            not under or one.division_id.startswith(under) or under.startswith(one.division_id)
        ):
            due = one.notice_until if one.stage == stages.NOTICE else due_of(one, one.stage)
            found.append(Waiting(one, one.stage, one.division_id, 0, due, _late(due, on), one.division.label))
    return sorted(found, key=lambda row: (stages.STAGES.index(row.stage), -row.late, -row.units, row.code))


def _scoring(user, open_cycles: dict[int, RatingCycle], stage: str, digits: int, under: str, on: date) -> list[Waiting]:
    scoring = [pk for pk, one in open_cycles.items() if one.stage == stages.SELF]
    if stage == stages.SELF and len(under or _home(user)) < _STREET_DIGITS:
        digits = _STREET_DIGITS
    rows = (
        UnitRating.objects.for_user(user, Perm.VIEW_RATINGS)
        .under(under)
        .filter(cycle__in=scoring, stage=stage, left_out_because="")
        .annotate(holder=Left("division_id", digits))
        .order_by()
        .values_list("cycle", "holder")
        .annotate(n=Count("pk"))
    )
    rows = list(rows)
    names = labels(code for _cycle, code, _n in rows)
    found = []
    for cycle, code, number in rows:
        due = due_of(open_cycles[cycle], stage)
        found.append(Waiting(open_cycles[cycle], stage, code, number, due, _late(due, on), names.get(code, code)))
    return found


def _home(user) -> str:
    return next(iter(user.territories(Perm.VIEW_RATINGS)), "")


def due_of(cycle: RatingCycle, stage: str) -> date | None:
    """The last day of a stage; None where it has none."""
    return getattr(cycle, f"{stage}_due") if stage in stages.TIMED else None


def _late(due: date | None, on: date) -> int:
    return max((on - due).days, 0) if due is not None else 0


def labels(codes: Iterable[str]) -> dict[str, str]:
    """Names of places; a formal level such as 市辖区 bears the name shown for it."""
    return dict(Division.objects.filter(code__in=set(codes)).values_list("code", "label"))


@dataclass(frozen=True)
class Progress:
    """How many units of a place stand where; `left_out` take no part. `unit` is the number of the only unit of a community."""

    code: str
    label: str
    counts: dict[str, int]
    left_out: int
    unit: int

    @property
    def units(self) -> int:
        return sum(self.counts.values())


def progress(user, cycle: RatingCycle, under: str) -> list[Progress]:
    """Units by stage for every place one step below `under`; a street's units stand for themselves."""
    digits = {2: 6, 4: 6, 6: 9}.get(len(under), 12)
    rows = (
        UnitRating.objects.for_user(user, Perm.VIEW_RATINGS)
        .under(under)
        .filter(cycle=cycle)
        .annotate(place=Left("division_id", digits))
        .order_by()
        .values_list("place", "stage")
        .annotate(
            n=Count("pk", filter=Q(left_out_because="")), out=Count("pk", filter=~Q(left_out_because="")), one=Max("pk")
        )
    )
    found: dict[str, Progress] = {}
    for place, stage, number, out, unit in rows:
        held = found.get(place)
        counts = {**(held.counts if held else {}), stage: number}
        found[place] = Progress(place, "", counts, out + (held.left_out if held else 0), unit)
    names = labels(found)
    return [replace(one, label=names.get(code, code)) for code, one in sorted(found.items())]


# Stars as steps: from none to three is one step, though the numbers are 0 and 3.
def _step_of(field: str) -> Case:
    return Case(
        *(When(**{field: grade}, then=Value(step)) for step, grade in enumerate((0, 3, 4, 5))),
        default=None,
        output_field=IntegerField(),
    )


CALIBRATION_SORTS = {
    "place": ("division_id",),
    "total": ("total", "division_id"),
    "grade": ("grade", "total", "division_id"),
    "change": ("change_steps", "total", "division_id"),
    "deviation": ("off", "total", "division_id"),
}


def calibrated(user, cycle: RatingCycle, *, under: str, sort: str = "-total", kind: str = "") -> QuerySet:
    """Units of a cycle with what a session argues over: score, grade, change against last year, deviation from the score.

    `change_steps` and `off_steps` count steps of the four grades, `off` without sign.
    """
    found = units(user).under(under).filter(cycle=cycle, left_out_because="")
    if kind:
        found = found.filter(unit_kind=kind)
    found = found.annotate(
        change_steps=_step_of("grade") - _step_of("previous"), off_steps=_step_of("grade") - _step_of("banded")
    ).annotate(off=Abs(F("off_steps")), move_count=Count("moves"))
    fields = CALIBRATION_SORTS.get(sort.removeprefix("-"), CALIBRATION_SORTS["total"])
    down = sort.startswith("-")
    return found.order_by(
        *(
            F(name).desc(nulls_last=True) if down and name != "division_id" else F(name).asc(nulls_last=True)
            for name in fields
        )
    )


def shares_rule(cycle: RatingCycle, on: date) -> RuleInForce:
    return rule_for(STAR_SHARES, cycle.division_id, on)


def distribution(found: QuerySet, rule: RuleInForce) -> tuple[Deviation, ...]:
    """Grades of units beside the guide distribution in force: shown, never enforced."""
    counts = dict(found.order_by().filter(grade__isnull=False).values_list("grade").annotate(n=Count("pk")))
    value = rule.value
    shares = {5: value["five"], 4: value["four"], 3: value["three"], 0: value["none"]} if value else None
    return deviation(counts, shares)


def with_scores(found: QuerySet) -> QuerySet:
    """The same units with their scores and files at hand: three statements however many there are."""
    files = Evidence.objects.filter(taken_back=False).order_by("added_at")
    return found.prefetch_related(
        Prefetch("scores", ItemScore.objects.select_related("item")), Prefetch("evidence", files, to_attr="files")
    )


def sheet_units(user, cycle: RatingCycle, stage: str, under: str) -> QuerySet:
    """Units that wait for the user's points at a stage."""
    mine = units(user, Perm(stages.RATERS[stage])).under(under)
    return mine.filter(cycle=cycle, stage=stage, left_out_because="").order_by("division_id")


def incidents_of(unit: UnitRating) -> QuerySet:
    return (
        Incident.objects.filter(unit=unit)
        .select_related("item", "entered_by", "confirmed_by")
        .order_by("happened_on", "pk")
    )


def events_of(division_id: str, subject: int, acts: Iterable[str]) -> list[AuditEvent]:
    """Acts with a reason on record about a cycle or a unit, the latest first."""
    found = AuditEvent.objects.filter(division=division_id, act__in=list(acts), subject=str(subject))
    return list(found.order_by("-at"))


def unconfirmed(user) -> QuerySet:
    """Events that wait for a confirmation the user may give: entered by others, in cycles that still count them."""
    codes = {*user.territories(Perm.RATE_DISTRICT), *user.territories(Perm.MANAGE_RATINGS)}
    mine = union("unit__division_id", sorted(codes))
    if mine is None:
        return Incident.objects.none()
    counted = (stages.SELF, stages.JOINT, stages.CALIBRATION)
    found = Incident.objects.filter(mine, confirmed_by__isnull=True, taken_back=False, unit__cycle__stage__in=counted)
    return found.exclude(entered_by=user)


def scores_of(unit: UnitRating) -> dict[int, ItemScore]:
    return {score.item_id: score for score in unit.scores.all()}
