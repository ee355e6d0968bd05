"""Scoring of units: points of a stage, handing on, sending back, leaving out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from ratings import stages
from ratings.actions import course
from ratings.actions.scoring import refresh_totals
from ratings.enums import ItemKind, Stage
from ratings.models import Evidence, ItemScore, RatingCycle, SchemeItem, UnitRating

MOST_REASON = 200


@dataclass(frozen=True)
class UnitPoints:
    """What was typed for one unit: points by item, None where a cell is empty; notes by item, where notes were asked."""

    pk: int
    version: int
    points: Mapping[int, Decimal | None]
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Saved:
    """What a sheet came to: units whose points changed, units handed on, and names of those that lack points."""

    changed: int
    submitted: int
    open: tuple[str, ...] = ()


def hand_items(scheme_ids: set[int]) -> dict[int, dict[int, SchemeItem]]:
    """Items scored by people, by scheme and number of the item, in their order."""
    found: dict[int, dict[int, SchemeItem]] = {pk: {} for pk in scheme_ids}
    for item in SchemeItem.objects.filter(scheme__in=scheme_ids, kind=ItemKind.SCORE, indicator="").order_by("order"):
        found[item.scheme_id][item.pk] = item
    return found


@action
def save_sheet(*, cycle: RatingCycle, stage: str, rows: Sequence[UnitPoints], submit: bool = False, by) -> Saved:
    """Writes the points of a stage for many units at once, and on request hands on those that are complete.

    Everything or nothing: raises `Stale` naming units that somebody else saved meanwhile, and ValidationError outside the
    user's territory, after the deadline, for points out of bounds, or where the user scored an earlier stage.
    """
    cycle = course.held(cycle.pk)
    course.refuse_unless(cycle, stages.SELF)
    course.refuse_late(cycle, stage)
    units = _locked(cycle, stage, [row.pk for row in rows], by)
    items = hand_items({unit.scheme_id for unit in units.values()})
    stored = _stored(units)
    changed = [row for row in rows if _differs(row, stage, stored)]
    touched = rows if submit else changed
    if stale := [row for row in touched if units[row.pk].version != row.version]:
        raise course.stale_units(units[row.pk].division.label for row in stale)
    _refuse_elsewhere([units[row.pk] for row in touched], stage)
    course.refuse_maker([units[row.pk] for row in changed], stage, by)
    _write(changed, units, items, stage, by)
    if not submit:
        return Saved(len(changed), 0)
    return _hand_on_complete(cycle, stage, [units[row.pk] for row in rows], items, len(changed), by)


def _locked(cycle: RatingCycle, stage: str, keys: list[int], by) -> dict[int, UnitRating]:
    mine = UnitRating.objects.for_user(by, stages.RATERS[stage]).filter(cycle=cycle, pk__in=keys)
    rows = mine.select_related("division").order_by("pk").select_for_update(of=("self",))
    units = {unit.pk: unit for unit in rows}
    if len(units) != len(set(keys)):
        raise ValidationError(_("所填单位中有不由您打分的。请重新打开打分表。"))
    return units


def _stored(units: Mapping[int, UnitRating]) -> dict[tuple[int, int], ItemScore]:
    return {(score.unit_id, score.item_id): score for score in ItemScore.objects.filter(unit__in=units.keys())}


def _differs(row: UnitPoints, stage: str, stored: Mapping[tuple[int, int], ItemScore]) -> bool:
    def points(item: int) -> Decimal | None:
        held = stored.get((row.pk, item))
        return getattr(held, f"{stage}_points") if held else None

    def note(item: int) -> str:
        held = stored.get((row.pk, item))
        return getattr(held, f"{stage}_note") if held else ""

    return any(points(item) != value for item, value in row.points.items()) or any(
        note(item) != text for item, text in row.notes.items()
    )


def _refuse_elsewhere(units: Sequence[UnitRating], stage: str) -> None:
    course.refuse_left_out(units)
    if gone := [unit for unit in units if unit.stage != stage]:
        words = {"names": course.named(unit.division.label for unit in gone), "stage": Stage(stage).label}
        raise ValidationError(_("%(names)s现在不在%(stage)s阶段，不能打分。请重新打开打分表。") % words)


def _write(rows: Sequence[UnitPoints], units: Mapping[int, UnitRating], items, stage: str, by) -> None:
    found = []
    noted = any(row.notes for row in rows)
    for row in rows:
        known = items[units[row.pk].scheme_id]
        for pk, points in row.points.items():
            _refuse_out_of_bounds(known.get(pk), points, units[row.pk])
            note = {f"{stage}_note": row.notes.get(pk, "")} if noted else {}
            found.append(ItemScore(unit_id=row.pk, item_id=pk, **{f"{stage}_points": points}, **note))
    fields = [f"{stage}_points", *([f"{stage}_note"] if noted else [])]
    ItemScore.objects.bulk_create(found, update_conflicts=True, unique_fields=["unit", "item"], update_fields=fields)
    keys = [row.pk for row in rows]
    UnitRating.objects.filter(pk__in=keys).update(version=F("version") + 1, **{f"{stage}_by": by})
    for pk in keys:
        units[pk].version += 1
        setattr(units[pk], f"{stage}_by", by)


def _refuse_out_of_bounds(item: SchemeItem | None, points: Decimal | None, unit: UnitRating) -> None:
    if item is None:
        raise ValidationError(
            _("打分表中有不属于%(unit)s方案的指标。请重新打开打分表。") % {"unit": unit.division.label}
        )
    if points is not None and not (0 <= points <= item.points and points == round(points, 2)):
        raise ValidationError(
            _("%(unit)s“%(item)s”应为 0 到 %(most)s 分，最多两位小数。")
            % {"unit": unit.division.label, "item": item.label, "most": f"{item.points.normalize():f}"}
        )


def _hand_on_complete(cycle, stage: str, units: list[UnitRating], items, changed: int, by) -> Saved:
    lacking = missing_points(units, stage, items)
    ready = [unit for unit in units if unit.pk not in lacking]
    if ready:
        _hand_on(cycle, stage, ready, by)
    return Saved(changed, len(ready), tuple(unit.division.label for unit in units if unit.pk in lacking))


def missing_points(units: Sequence[UnitRating], stage: str, items) -> dict[int, list[SchemeItem]]:
    """Items by hand that a stage has not scored yet, for the units that have any."""
    scored = set(
        ItemScore.objects.filter(unit__in=units, **{f"{stage}_points__isnull": False}).values_list("unit_id", "item_id")
    )
    found = {u.pk: [i for i in items[u.scheme_id].values() if (u.pk, i.pk) not in scored] for u in units}
    return {pk: lacking for pk, lacking in found.items() if lacking}


def missing_evidence(units: Sequence[UnitRating]) -> dict[int, list[str]]:
    """Items that ask for files, claim points and have none, by unit."""
    files = Evidence.objects.filter(unit__in=units, taken_back=False)
    filed = set(files.values_list("unit_id", "item_id"))
    claimed = ItemScore.objects.filter(unit__in=units, item__evidence=True, self_points__gt=0).select_related("item")
    found: dict[int, list[str]] = {}
    for score in claimed.order_by("item__order"):
        if (score.unit_id, score.item_id) not in filed:
            found.setdefault(score.unit_id, []).append(score.item.label)
    return found


def _hand_on(cycle: RatingCycle, stage: str, units: list[UnitRating], by) -> None:
    step = stages.submit_of(stage)
    course.refuse_maker(units, stage, by)
    if "evidence" in step.needs and (bare := missing_evidence(units)):
        first = next(unit for unit in units if unit.pk in bare)
        words = {"unit": first.division.label, "items": _("、").join(bare[first.pk])}
        raise ValidationError(_("%(unit)s的以下指标须附佐证材料才能提交：%(items)s。") % words)
    done = {"stage": step.to, f"{stage}_by": by, f"{stage}_at": timezone.now(), "version": F("version") + 1}
    UnitRating.objects.filter(pk__in=[unit.pk for unit in units]).update(**done)
    if step.to == stages.JOINT:
        refresh_totals(cycle_id=cycle.pk, unit_ids=[unit.pk for unit in units])


@action
def submit_self(*, unit: UnitRating, version: int | None = None, by) -> UnitRating:
    """Hands a unit's self-assessment to its street. Raises `Stale`, or ValidationError for what is missing or late."""
    return _submit(unit, stages.SELF, version, by)


@action
def review_street(*, unit: UnitRating, version: int | None = None, by) -> UnitRating:
    """Ends the first review of a unit. Raises as `submit_self` does, and for whoever assessed the unit."""
    return _submit(unit, stages.STREET, version, by)


@action
def check_district(*, unit: UnitRating, version: int | None = None, by) -> UnitRating:
    """Ends the district's check of a unit, which then has a total. Raises as `review_street` does."""
    return _submit(unit, stages.DISTRICT, version, by)


def _submit(unit: UnitRating, stage: str, version: int | None, by) -> UnitRating:
    cycle = course.held(unit.cycle_id)
    course.claim_unit(unit, version)
    course.refuse_stranger(by, stages.RATERS[stage], unit.division_id)
    course.refuse_unless(cycle, stages.SELF)
    course.refuse_late(cycle, stage)
    _refuse_elsewhere([unit], stage)
    if lacking := missing_points([unit], stage, hand_items({unit.scheme_id})):
        words = {"n": len(lacking[unit.pk]), "items": course.named(item.label for item in lacking[unit.pk])}
        raise ValidationError(_("还有 %(n)s 项没有打分：%(items)s。全部打分后才能提交。") % words)
    _hand_on(cycle, stage, [unit], by)
    unit.refresh_from_db()
    return unit


@action
def send_back(*, unit: UnitRating, to: str, reason: str, version: int | None = None, by) -> UnitRating:
    """Returns a unit to an earlier stage with a reason; its points stay, whoever gave later ones is free again.

    Raises `Stale`, or ValidationError where that way does not exist, is not the user's, or leads into a stage whose
    deadline has passed.
    """
    cycle = course.held(unit.cycle_id)
    course.claim_unit(unit, version)
    step = next((step for step in stages.backs_of(unit.stage) if step.to == to), None)
    if step is None or cycle.stage != stages.SELF:
        raise ValidationError({"to": _("从当前阶段不能退回到所选的阶段。")})
    course.refuse_stranger(by, step.perm, unit.division_id)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明退回的理由。")})
    course.refuse_late(cycle, to)
    later = [stage for stage in stages.SCORING if stages.SCORING.index(stage) >= stages.SCORING.index(to)]
    for stage in later:
        setattr(unit, f"{stage}_at", None)
        if stage != to:
            setattr(unit, f"{stage}_by", None)
    left, unit.stage, unit.total = unit.stage, to, None
    names = [f"{stage}_{part}" for stage in later for part in ("at", "by")]
    unit.save(update_fields=["stage", "total", *names])
    words = {"reason": reason.strip(), "left": course.word_of(left), "to": course.word_of(to)}
    record("rating_sent_back", by=by, subject=unit.pk, division=unit.division_id, **words)
    return unit


@action
def leave_out(*, unit: UnitRating, reason: str, version: int | None = None, by) -> UnitRating:
    """Takes a unit out of the year's rating, with the reason. Raises `Stale`, or ValidationError once grades are out."""
    cycle = course.held(unit.cycle_id)
    course.claim_unit(unit, version)
    course.refuse_stranger(by, stages.MANAGE, cycle.division_id)
    course.refuse_unless(cycle, stages.SELF, stages.JOINT, stages.CALIBRATION)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明不参评的理由。")})
    unit.left_out_because, unit.grade = reason.strip()[:MOST_REASON], None
    unit.save(update_fields=["left_out_because", "grade"])
    return unit


@action
def take_in(*, unit: UnitRating, version: int | None = None, by) -> UnitRating:
    """Lets a unit that was left out take part again. Raises `Stale`, or ValidationError once units are scored."""
    cycle = course.held(unit.cycle_id)
    course.claim_unit(unit, version)
    course.refuse_stranger(by, stages.MANAGE, cycle.division_id)
    course.refuse_unless(cycle, stages.SELF)
    unit.left_out_because = ""
    try:
        with transaction.atomic():
            unit.save(update_fields=["left_out_because"])
    except IntegrityError as error:
        raise ValidationError(_("这个单位本年度已在另一次评定中参评。")) from error
    return unit
