"""Writes of results: those of a decided cycle all at once; a star taken away within the year; a correction.

A result is never rewritten. A removal or a correction is prepared by one person and decided by another, and becomes
the next version of the year (domain §1.J, §2.6).
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.lib.dated import ONE_DAY
from portal.core.policy.kinds import STAR_REMOVAL
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from ratings.actions.consequences import raise_consequences
from ratings.actions.tallies import refresh_tallies
from ratings.enums import Change, DraftState, ResultCause, Star
from ratings.models import RatingCycle, StarDraft, StarGrade
from workforce.actions.versions import claim_row

_RECORD = """
INSERT INTO ratings_stargrade (
    division_id, year, number, unit_kind, grade, previous, change, score, unit_id, cause, event, event_on,
    decision_number, decided_on, effective_from, current, prepared_by_id, decided_by_id)
SELECT u.division_id, u.year, 1, u.unit_kind, u.grade, coalesce(b.grade, u.previous),
    CASE WHEN coalesce(b.grade, u.previous) IS NULL THEN 'new' WHEN u.grade > coalesce(b.grade, u.previous) THEN 'up'
         WHEN u.grade < coalesce(b.grade, u.previous) THEN 'down' ELSE 'same' END,
    u.total, u.id, 'cycle', '', NULL, %(number)s, %(on)s, %(on)s, true, %(prepared)s, %(decided)s
FROM ratings_unitrating u
LEFT JOIN ratings_stargrade b ON b.division_id = u.division_id AND b.year = u.year - 1 AND b.current
WHERE u.cycle_id = %(cycle)s AND u.left_out_because = ''
RETURNING id, division_id"""


def change_of(grade: int, previous: int | None) -> Change:
    """How a grade compares with that of the year before; None is "not rated then"."""
    if previous is None:
        return Change.NEW
    return Change.SAME if grade == previous else Change.UP if grade > previous else Change.DOWN


def record_results(*, cycle: RatingCycle, by) -> list[int]:
    """Makes the result of every unit of a decided cycle and what follows from it; inside the caller's transaction.

    Raises ValidationError where a unit has no grade yet, a result of that year is on record already, or whoever made
    the provisional grades also decides.
    """
    rated = cycle.units.filter(left_out_because="")
    if ungraded := rated.filter(grade__isnull=True).count():
        raise ValidationError(_("还有 %(n)s 个单位没有星级，不能认定。请先完成综合评定。") % {"n": ungraded})
    prepared = cycle.calibrated_by_id or cycle.opened_by_id
    decided = cycle.decided_by_id or by.pk
    if prepared == decided:
        raise ValidationError(_("综合评定和认定须由不同的人办理。请换一位有权限的同事认定。"))
    words = {"cycle": cycle.pk, "number": cycle.decision_number, "on": cycle.decided_on}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RECORD, words | {"prepared": prepared, "decided": decided})
            made = cursor.fetchall()
    except IntegrityError as error:
        raise ValidationError(_("有单位本年度已有认定结果，不能重复认定；要更改的请办理更正。")) from error
    refresh_tallies([code for _pk, code in made])
    ids = [pk for pk, _code in made]
    raise_consequences(ids, by=by)
    return ids


def effective_day(code: str, decided_on: date) -> date:
    """The first day on which a removal counts, by the rule in force where the unit lies."""
    effect = rule_for(STAR_REMOVAL, code, decided_on).value["effect"]
    if effect == "same_day":
        return decided_on
    if effect == "next_year":
        return date(decided_on.year + 1, 1, 1)
    return (decided_on.replace(day=1) + 31 * ONE_DAY).replace(day=1)


@action
def remove_star(*, result: StarGrade, grade: int, event: str, event_on: date, by) -> StarDraft:
    """Prepares taking stars away within the year: a lower grade, with the event and its day. Another person decides.

    Raises ValidationError for a grade that is none of the four or not lower, or a day in the future.
    """
    _check(result, grade)
    if grade >= result.grade:
        raise ValidationError({"grade": _("年度内摘星只能改为更低的星级，现为%(now)s。") % _now(result)})
    if event_on > today():
        raise ValidationError({"event_on": _("事由发生日期不能晚于今天。")})
    return _prepare(result, ResultCause.REMOVAL, grade, event, event_on, by)


@action
def correct_result(*, result: StarGrade, grade: int, event: str, by) -> StarDraft:
    """Prepares a correction of a result that was wrong: another grade, with the reason. Another person decides.

    Raises ValidationError for a grade that is none of the four or the same as now.
    """
    _check(result, grade)
    if grade == result.grade:
        raise ValidationError({"grade": _("与现在的星级相同，没有可更正的。")})
    return _prepare(result, ResultCause.CORRECTION, grade, event, None, by)


def _now(result: StarGrade) -> dict:
    return {"now": result.get_grade_display()}


def _check(result: StarGrade, grade: int) -> None:
    if grade not in Star.values:
        raise ValidationError({"grade": _("星级只有五星、四星、三星和无星。")})
    later = StarGrade.objects.filter(division=result.division_id, year__gt=result.year).exists()
    if not result.current or later:
        raise ValidationError(_("这一结果已有更新的版本或下一年度的结果。请打开最新的结果办理。"))


def _prepare(result: StarGrade, cause: str, grade: int, event: str, event_on: date | None, by) -> StarDraft:
    if not event.strip():
        raise ValidationError({"event": _("请写明事由。")})
    draft = StarDraft(
        division_id=result.division_id,
        replaces=result,
        cause=cause,
        grade=grade,
        event=event.strip(),
        event_on=event_on,
        prepared_by=by,
        prepared_on=today(),
    )
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:
        raise ValidationError(_("这个单位已有一件待决定的摘星或更正。请先办结那一件。")) from error
    return draft


@action
def decide_draft(*, draft: StarDraft, version: int, number: str, decided_on: date, by) -> StarGrade:
    """Decides a removal or correction: the next version of the result, with document number and day.

    Raises ValidationError for the person who prepared it, for a day in the future or before the event, and when the
    result has changed since; `Stale` when the draft has.
    """
    _claim(draft, version, by)
    if decided_on > today() or decided_on < (draft.event_on or draft.replaces.decided_on):
        raise ValidationError({"decided_on": _("决定日期不能早于事由发生或原认定的日期，也不能晚于今天。")})
    if not number.strip():
        raise ValidationError({"number": _("请填写文号。")})
    Division.objects.select_for_update(no_key=True).get(pk=draft.division_id)
    before = StarGrade.objects.get(pk=draft.replaces_id)
    _check(before, draft.grade)
    made = _next_version(before, draft, number.strip(), decided_on, by)
    _close(draft, DraftState.DECIDED, by, decided_on, made=made)
    refresh_tallies([draft.division_id])
    raise_consequences([made.pk], by=by)
    return made


def _next_version(before: StarGrade, draft: StarDraft, number: str, decided_on: date, by) -> StarGrade:
    StarGrade.objects.filter(pk=before.pk).update(current=False)
    removal = draft.cause == ResultCause.REMOVAL
    return StarGrade.objects.create(
        division_id=before.division_id,
        year=before.year,
        number=before.number + 1,
        unit_kind=before.unit_kind,
        grade=draft.grade,
        previous=before.previous,
        change=change_of(draft.grade, before.previous),
        score=before.score,
        unit_id=before.unit_id,
        cause=draft.cause,
        event=draft.event,
        event_on=draft.event_on,
        decision_number=number,
        decided_on=decided_on,
        effective_from=effective_day(before.division_id, decided_on) if removal else before.effective_from,
        prepared_by_id=draft.prepared_by_id,
        decided_by=by,
    )


@action
def refuse_draft(*, draft: StarDraft, version: int, answer: str, by) -> StarDraft:
    """Turns a removal or correction down, with the reason; the result stays. Raises as `decide_draft` does."""
    _claim(draft, version, by)
    if not answer.strip():
        raise ValidationError({"answer": _("请写明不予通过的理由。")})
    return _close(draft, DraftState.REFUSED, by, today(), answer=answer.strip())


@action
def withdraw_draft(*, draft: StarDraft, version: int, by) -> StarDraft:
    """Takes back what one has prepared oneself. Raises ValidationError for anybody else, or once it is decided."""
    if draft.prepared_by_id != by.pk:
        raise ValidationError(_("只有经办人可以撤回。"))
    _open(draft, version)
    draft.state = DraftState.WITHDRAWN
    draft.save(update_fields=["state"])
    return draft


def _open(draft: StarDraft, version: int) -> None:
    claim_row(draft, version)
    if draft.state != DraftState.PREPARED:
        raise ValidationError(_("这件事已经办结。"))


def _claim(draft: StarDraft, version: int, by) -> None:
    if draft.prepared_by_id == by.pk:
        raise ValidationError(_("经办人不能自己决定。请由另一位有权限的同事决定。"))
    _open(draft, version)


def _close(draft: StarDraft, state: str, by, on: date, **fields) -> StarDraft:
    for name, value in {"state": state, "decided_by": by, "decided_on": on, **fields}.items():
        setattr(draft, name, value)
    draft.save(update_fields=["state", "decided_by", "decided_on", *fields])
    return draft
