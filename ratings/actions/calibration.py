"""Joint review and calibration: what departments say, what the district saw, and grades moved with reasons."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from ratings import stages
from ratings.actions import course
from ratings.enums import Star
from ratings.models import DepartmentOpinion, GradeMove, RatingCycle, SampleVisit, UnitRating


def _refuse_future(on: date, field: str) -> None:
    if on > today():
        raise ValidationError({field: _("日期不能晚于今天。")})


@action
def add_visit(*, unit: UnitRating, fields: dict, version: int | None = None, by) -> SampleVisit:
    """Records the district's visit to a unit during its check, with the survey of residents if one was held.

    `fields`: visited_on, findings, asked, satisfied. Raises `Stale`, or ValidationError outside the check or too late.
    """
    cycle = course.held(unit.cycle_id)
    course.claim_unit(unit, version)
    course.refuse_stranger(by, stages.RATE_DISTRICT, unit.division_id)
    course.refuse_unless(cycle, stages.SELF)
    course.refuse_late(cycle, stages.DISTRICT)
    if unit.stage not in (stages.DISTRICT, stages.JOINT):
        raise ValidationError(_("区级复核时才登记走访。"))
    _refuse_future(fields["visited_on"], "visited_on")
    asked, satisfied = fields.get("asked"), fields.get("satisfied")
    if (asked is None) != (satisfied is None) or (asked is not None and not 0 <= satisfied <= asked or asked == 0):
        raise ValidationError({"satisfied": _("调查人数和满意人数要一起填写，满意人数不超过调查人数。")})
    return SampleVisit.objects.create(unit=unit, entered_by=by, **fields)


@action
def add_opinion(*, cycle: RatingCycle, fields: dict, unit: UnitRating | None = None, by) -> DepartmentOpinion:
    """Records what a department says in the joint review, of one unit or of the whole cycle.

    `fields`: department, stand, words, given_on. Raises ValidationError outside the joint review or after its deadline,
    for an objection without words, and where the department has spoken on it already.
    """
    cycle = course.held(cycle.pk)
    course.refuse_stranger(by, stages.MANAGE, cycle.division_id)
    course.refuse_unless(cycle, stages.JOINT)
    course.refuse_late(cycle, stages.JOINT)
    _refuse_future(fields["given_on"], "given_on")
    if fields["stand"] == "objects" and not fields.get("words", "").strip():
        raise ValidationError({"words": _("有异议的，请写明说明。")})
    try:
        with transaction.atomic():
            return DepartmentOpinion.objects.create(cycle=cycle, unit=unit, entered_by=by, **fields)
    except IntegrityError as error:
        raise ValidationError({"department": _("这个部门已对此登记过意见。有变化的，请先撤回原意见。")}) from error


@action
def take_back_opinion(*, opinion: DepartmentOpinion, by) -> None:
    """Takes back an opinion entered by mistake or overtaken; its history stays. Raises ValidationError after the review."""
    cycle = course.held(opinion.cycle_id)
    course.refuse_stranger(by, stages.MANAGE, cycle.division_id)
    course.refuse_unless(cycle, stages.JOINT)
    course.refuse_late(cycle, stages.JOINT)
    opinion.delete()


@action
def move_grade(*, unit: UnitRating, after: int, reason: str, version: int | None = None, by) -> GradeMove:
    """Changes a provisional grade in the calibration session, with the reason.

    Raises `Stale`, or ValidationError outside the session or after its deadline, without a reason, for a grade that is
    none of the four or the same, and for stars to a unit under a veto.
    """
    cycle = course.held(unit.cycle_id)
    course.claim_unit(unit, version)
    course.refuse_stranger(by, stages.MANAGE, cycle.division_id)
    course.refuse_unless(cycle, stages.CALIBRATION)
    course.refuse_late(cycle, stages.CALIBRATION)
    course.refuse_left_out([unit])
    if after not in Star.values:
        raise ValidationError({"after": _("星级只有五星、四星、三星和无星。")})
    if not reason.strip():
        raise ValidationError({"reason": _("请写明调整的理由。")})
    if unit.grade is None or after == unit.grade:
        raise ValidationError({"after": _("与现在的星级相同，没有改动。")})
    if unit.vetoed and after != Star.NONE:
        raise ValidationError({"after": _("该单位被一票否决，只能评为无星。先撤回否决事项才能调整。")})
    move = GradeMove.objects.create(unit=unit, before=unit.grade, after=after, reason=reason.strip(), moved_by=by)
    unit.grade = after
    unit.save(update_fields=["grade"])
    return move
