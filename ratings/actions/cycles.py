"""A rating from opening to filing: the steps of the whole cycle. The course itself is `ratings.stages`."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.lib.clock import today
from portal.core.lib.codes import code_range
from portal.core.lib.workdays import add_workdays
from portal.core.policy.kinds import STAGE_DAYS, STAR_NOTICE
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.workdays.queries import calendar_from
from ratings import stages
from ratings.actions import course
from ratings.actions.results import record_results
from ratings.actions.scoring import refresh_totals
from ratings.enums import ObjectionState, Stage, UnitKind
from ratings.models import GradeMove, Objection, RatingCycle, SchemeItem, UnitRating

# One statement makes all units: kind by what the division is, scheme of the nearest place that has one in use, grade of
# the year before. A unit without scheme comes back with NULL and refuses the whole.
_FOUND = f"""
found AS MATERIALIZED (
    SELECT d.code, d.label, k.unit_kind, s.id AS scheme_id, g.grade AS previous
    FROM core_division d
    CROSS JOIN LATERAL (SELECT CASE WHEN d.kind IN ('villagers', 'villagers_zone') THEN '{UnitKind.VILLAGE}'
        ELSE '{UnitKind.COMMUNITY}' END AS unit_kind) k
    LEFT JOIN LATERAL (
        SELECT s.id FROM ratings_ratingscheme s
        WHERE s.state = 'in_use' AND s.year = %(year)s AND s.unit_kind = k.unit_kind
          AND s.division_id IN (left(d.code, 2), left(d.code, 4), left(d.code, 6), left(d.code, 9), d.code)
        ORDER BY length(s.division_id) DESC LIMIT 1
    ) s ON true
    LEFT JOIN ratings_stargrade g ON g.division_id = d.code AND g.year = %(year)s - 1 AND g.current
    WHERE d.level = 5 AND d.code >= %(low)s AND d.code < %(high)s
      AND (d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
)"""
_LACKING = (
    f"WITH {_FOUND} SELECT unit_kind, count(*), min(label) FROM found WHERE scheme_id IS NULL GROUP BY 1 ORDER BY 1"
)
_UNITS = f"""
WITH {_FOUND}
INSERT INTO ratings_unitrating
    (cycle_id, division_id, year, unit_kind, scheme_id, stage, left_out_because, vetoed, previous, version)
SELECT %(cycle)s, code, %(year)s, unit_kind, scheme_id, '{Stage.SELF}', '', false, previous, 1 FROM found ORDER BY code"""


@action
def open_cycle(*, division: Division, year: int, name: str, reference_on: date, by) -> RatingCycle:
    """Opens the rating of a year for every village and community of a place, with the deadlines of the policy.

    Raises ValidationError where a kind of unit that occurs has no scheme in use, where a unit is rated in that year
    already, or outside the user's territory.
    """
    course.refuse_stranger(by, stages.MANAGE, division.code)
    on = today()
    low, high = code_range(division.code)
    where = {"year": year, "low": low, "high": high, "on": on}
    _refuse_without_scheme(where)
    _refuse_rated(division, year)
    cycle = RatingCycle(division=division, year=year, name=name, reference_on=reference_on, opened_on=on, opened_by=by)
    for stage, due in first_deadlines(division.code, on).items():
        setattr(cycle, f"{stage}_due", due)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cycle.save()
            cursor.execute(_UNITS, where | {"cycle": cycle.pk})
            if not cursor.rowcount:
                raise ValidationError({"division": _("这个范围内没有村或社区。")})
    except IntegrityError as error:
        raise ValidationError(_("这个范围本年度的评定刚由其他人启动。")) from error
    return cycle


def _refuse_without_scheme(where: dict) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, where)
        lacking = cursor.fetchall()
    if lacking:
        kinds = [
            _("%(kind)s（%(n)s 个，如%(place)s）") % {"kind": UnitKind(kind).label, "n": n, "place": place}
            for kind, n, place in lacking
        ]
        words = {"year": where["year"], "kinds": _("、").join(kinds)}
        raise ValidationError(
            _("以下单位没有启用的 %(year)s 年度评定方案：%(kinds)s。请先启用方案，再启动评定。") % words
        )


def _refuse_rated(division: Division, year: int) -> None:
    rated = UnitRating.objects.under(division.code).filter(year=year, left_out_because="").select_related("cycle")
    if (first := rated.first()) is not None:
        words = {"year": year, "cycle": first.cycle.name}
        raise ValidationError(_("这个范围内已有单位参加 %(year)s 年度评定“%(cycle)s”，一年只评一次。") % words)
    if RatingCycle.objects.filter(division=division, year=year).exists():
        raise ValidationError(_("这个范围已启动 %(year)s 年度评定。") % {"year": year})


def first_deadlines(code: str, on: date) -> dict[str, date]:
    """The last day of each stage, one after the other, by the policy in force; the decision counts from a notice in time."""
    days, notice = rule_for(STAGE_DAYS, code, on).value, rule_for(STAR_NOTICE, code, on).value
    found, end = {}, on
    for stage in stages.TIMED[:-1]:
        end = found[stage] = end + timedelta(days=days[stage])
    notice_end = add_workdays(end, notice["working_days"], calendar_from(end))
    return found | {stages.DECISION: notice_end + timedelta(days=days["decision"])}


@action
def extend_deadline(
    *, cycle: RatingCycle, stage: str, until: date, reason: str, version: int | None = None, by
) -> RatingCycle:
    """Puts off the last day of a stage, with the reason on record; later stages end no earlier than that.

    Raises `Stale`, or ValidationError for a stage that is over, a day that is no later, or without a reason.
    """
    course.claim_cycle(cycle, version)
    course.refuse_stranger(by, stages.MANAGE, cycle.division_id)
    if stage not in open_stages(cycle):
        raise ValidationError({"stage": _("这个阶段已经结束，不能延长。")})
    before = course.due_of(cycle, stage)
    if until <= before or until < today():
        raise ValidationError(
            {"until": _("新的截止日期应晚于原定的 %(day)s，且不早于今天。") % {"day": before.isoformat()}}
        )
    if not reason.strip():
        raise ValidationError({"reason": _("请写明延长的理由。")})
    later = stages.TIMED[stages.TIMED.index(stage) :]
    for one in later:
        setattr(cycle, f"{one}_due", max(until, course.due_of(cycle, one)))
    cycle.save(update_fields=[f"{one}_due" for one in later])
    words = {"reason": reason.strip(), "stage": course.word_of(stage), "before": before, "until": until}
    record("rating_extended", by=by, subject=cycle.pk, division=cycle.division_id, **words)
    return cycle


def open_stages(cycle: RatingCycle) -> tuple[str, ...]:
    """Stages with a deadline that are not over."""
    now = stages.STAGES.index(cycle.stage)
    return tuple(stage for stage in stages.TIMED if stages.STAGES.index(stage) >= now)


def _take(cycle: RatingCycle, key: str, version: int | None, by) -> stages.Step:
    """Claims the cycle for a step that it waits for and the user may take."""
    step = stages.cycle_step(key)
    course.claim_cycle(cycle, version)
    course.refuse_stranger(by, step.perm, cycle.division_id)
    course.refuse_unless(cycle, step.start)
    return step


def _move(cycle: RatingCycle, step: stages.Step, **fields) -> RatingCycle:
    for name, value in {"stage": step.to, **fields}.items():
        setattr(cycle, name, value)
    cycle.save(update_fields=["stage", *fields])
    return cycle


def rated(cycle: RatingCycle) -> QuerySet:
    """The units that take part."""
    return cycle.units.filter(left_out_because="")


def _refuse_unchecked(cycle: RatingCycle) -> None:
    rows = rated(cycle).exclude(stage=stages.JOINT).order_by().values_list("stage").annotate(n=Count("pk"))
    found = sorted(rows, key=lambda row: stages.STAGES.index(row[0]))
    if found:
        words = _("、").join(_("%(stage)s %(n)s 个") % {"stage": Stage(stage).label, "n": n} for stage, n in found)
        raise ValidationError(
            _("还有单位没有完成复核：%(words)s。全部复核或列为不参评后才能进入下一步。") % {"words": words}
        )


@action
def begin_joint(*, cycle: RatingCycle, version: int | None = None, by) -> RatingCycle:
    """Ends the scoring of units and begins the joint review by departments.

    Raises `Stale`, or ValidationError while a unit is not checked or automatic items have no figures yet.
    """
    step = _take(cycle, "begin_joint", version, by)
    _refuse_unchecked(cycle)
    schemes = rated(cycle).order_by().values("scheme").distinct()
    if cycle.scored_at is None and SchemeItem.objects.filter(scheme__in=schemes).exclude(indicator="").exists():
        raise ValidationError(_("自动取数的指标还没有取数。请先自动取数，再进入部门联审。"))
    refresh_totals(cycle_id=cycle.pk)
    return _move(cycle, step)


@action
def begin_calibration(*, cycle: RatingCycle, version: int | None = None, by) -> RatingCycle:
    """Ends the joint review; every unit starts the calibration with the grade of its score, a vetoed one with none.

    Raises `Stale`, or ValidationError as long as no department has given an opinion or a unit has no total.
    """
    step = _take(cycle, "begin_calibration", version, by)
    _refuse_unchecked(cycle)
    if not cycle.opinions.exists():
        raise ValidationError(_("还没有登记任何部门的联审意见。请先登记，再进入综合评定。"))
    refresh_totals(cycle_id=cycle.pk)
    if lacking := list(rated(cycle).filter(total__isnull=True).select_related("division").order_by("division_id")):
        words = {"names": course.named(unit.division.label for unit in lacking)}
        raise ValidationError(_("%(names)s还没有总分。请补齐得分或重新自动取数。") % words)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ratings_unitrating SET grade = provisional WHERE cycle_id = %s AND left_out_because = ''",
            [cycle.pk],
        )
    return _move(cycle, step)


@action
def announce(*, cycle: RatingCycle, notice_from: date, version: int | None = None, by) -> RatingCycle:
    """Ends the calibration and gives public notice from a day on, for the working days of the policy.

    Whoever announces answers for the calibration. The deadline of the decision counts from the end of the notice.
    Raises `Stale`, or ValidationError for a day in the past or while a unit has no grade.
    """
    step = _take(cycle, "announce", version, by)
    if notice_from < today():
        raise ValidationError({"notice_from": _("公示不能从过去的日期开始。")})
    if rated(cycle).filter(grade__isnull=True).exists():
        raise ValidationError(_("还有单位没有初定星级，不能公示。"))
    rule = rule_for(STAR_NOTICE, cycle.division_id, notice_from).value
    until = add_workdays(notice_from, rule["working_days"], calendar_from(notice_from))
    days = rule_for(STAGE_DAYS, cycle.division_id, notice_from).value["decision"]
    due = max(until + timedelta(days=days), cycle.calibration_due)
    period = {"notice_from": notice_from, "notice_until": until, "decision_due": due, "show_scores": rule["scores"]}
    return _move(cycle, step, calibrated_by=by, **period)


@action
def close_notice(*, cycle: RatingCycle, version: int | None = None, by) -> RatingCycle:
    """Ends the notice. Raises `Stale`, or ValidationError before its last day is over or with an objection unanswered."""
    step = _take(cycle, "close_notice", version, by)
    if today() <= cycle.notice_until:
        words = {"day": cycle.notice_until.isoformat()}
        raise ValidationError(_("公示到 %(day)s 为止，期满后才能结束。") % words)
    waiting = Objection.objects.filter(unit__cycle=cycle, state=ObjectionState.RECEIVED).count()
    if waiting:
        raise ValidationError(_("还有 %(n)s 件异议没有答复，全部答复后才能结束公示。") % {"n": waiting})
    return _move(cycle, step)


@action
def return_to_calibration(*, cycle: RatingCycle, reason: str, version: int | None = None, by) -> RatingCycle:
    """Sends the grades back to the session instead of deciding them; a new notice follows. Raises as `decide` does."""
    step = _take(cycle, "return_to_calibration", version, by)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明退回的理由。")})
    record("rating_returned", by=by, subject=cycle.pk, division=cycle.division_id, reason=reason.strip())
    due = max(cycle.calibration_due, today() + timedelta(days=_days(cycle)["calibration"]))
    return _move(cycle, step, calibration_due=due, decision_due=max(due, cycle.decision_due))


def _days(cycle: RatingCycle) -> dict:
    return rule_for(STAGE_DAYS, cycle.division_id, today()).value


@action
def decide(*, cycle: RatingCycle, number: str, decided_on: date, version: int | None = None, by) -> RatingCycle:
    """Decides the grades as noticed, by another person than those who calibrated, and makes the results.

    Raises `Stale`, or ValidationError for the calibrators, a missing document number, or a day before the notice ended
    or after today.
    """
    step = _take(cycle, "decide", version, by)
    moved = GradeMove.objects.filter(unit__cycle=cycle, objection__isnull=True, moved_by=by).exists()
    if by.pk == cycle.calibrated_by_id or moved:
        raise ValidationError(_("您参加了综合评定，不能再由您认定。请由另一位有权限的同事认定。"), code="maker")
    _check_document(number, "number", decided_on, "decided_on", cycle.notice_until)
    _move(cycle, step, decided_by=by, decision_number=number.strip(), decided_on=decided_on)
    record_results(cycle=cycle, by=by)
    return cycle


@action
def file_cycle(*, cycle: RatingCycle, number: str, filed_on: date, version: int | None = None, by) -> RatingCycle:
    """Records that the decision was filed. Raises `Stale`, or ValidationError without a number or on an impossible day."""
    step = _take(cycle, "file_cycle", version, by)
    _check_document(number, "number", filed_on, "filed_on", cycle.decided_on)
    return _move(cycle, step, filing_number=number.strip(), filed_on=filed_on)


def _check_document(number: str, number_field: str, on: date, day_field: str, earliest: date) -> None:
    if not number.strip():
        raise ValidationError({number_field: _("请填写文号。")})
    if not earliest <= on <= today():
        words = {"day": earliest.isoformat()}
        raise ValidationError({day_field: _("日期应在 %(day)s 之后，且不晚于今天。") % words})
