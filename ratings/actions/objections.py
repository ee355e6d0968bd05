"""Writes of objections: anybody raises one while the notice stands, another than who scored the unit answers it."""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.audit.models import AuditEvent
from portal.core.audit.origin import client_ip
from portal.core.lib.clock import now, today
from portal.core.lib.workdays import add_workdays
from portal.core.policy.kinds import STAR_NOTICE
from portal.core.policy.queries import rule_for
from portal.core.workdays.queries import calendar_from
from ratings.enums import ObjectionState, Stage, Star
from ratings.models import GradeMove, Objection, RatingCycle, UnitRating
from workforce.actions.versions import claim_row

ACT = "objection_raised"
HOUR = timedelta(hours=1)
PER_HOUR = 10  # of one address: a household or an office, not a flood
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 and O, no 1 and I
_LENGTH, _GROUP = 16, 4
_REASON = GradeMove._meta.get_field("reason").max_length


class TooManyObjections(Exception):
    """The address has raised enough objections for this hour; `wait` seconds until the next one."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def new_receipt() -> str:
    """A number nobody can guess: 16 signs of 5 bits, in groups that can be read out."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return "-".join(signs[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


@action
def raise_objection(*, unit: UnitRating, words: str, sender: str = "", contact: str = "", by=None) -> Objection:
    """Takes in an objection to a published grade; name and contact are sealed. Returns it with its receipt number.

    Raises ValidationError unless the notice stands today, TooManyObjections when the address has had its share.
    """
    cycle = RatingCycle.objects.select_for_update(no_key=True).get(pk=unit.cycle_id)
    if not stands(cycle):
        raise ValidationError(_("公示期已过或尚未开始，不能再提出异议。"))
    _check_rate()
    days = rule_for(STAR_NOTICE, cycle.division_id, today()).value["answer_days"]
    made = Objection.objects.create(
        unit=unit,
        receipt=new_receipt(),
        words=words,
        sender=sender or None,
        contact=contact or None,
        due_on=add_workdays(today(), days, calendar_from(today())),
    )
    record(ACT, by=None, subject=f"objection {made.pk}", division=unit.division_id)
    return made


def stands(cycle: RatingCycle) -> bool:
    """Whether the notice stands today, so that objections are taken: its first and last day included."""
    return cycle.stage == Stage.NOTICE and cycle.notice_from <= today() <= cycle.notice_until


def _check_rate() -> None:
    """Counts what the address has raised within an hour; two calls of one address wait for each other."""
    address, moment = client_ip.get(), now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{ACT} {address}"])
    raised = AuditEvent.objects.filter(act=ACT, ip=address, at__gt=moment - HOUR)
    times = list(raised.order_by("-at").values_list("at", flat=True)[:PER_HOUR])
    if len(times) == PER_HOUR:
        raise TooManyObjections(max(1, int((times[-1] + HOUR - moment).total_seconds()) + 1))


@action
def answer_objection(
    *, objection: Objection, version: int, state: str, answer: str, grade: int | None = None, by
) -> Objection:
    """Answers an objection: dismissed, or upheld with the grade that the unit gets instead, which is a move on record.

    Raises `Stale`; ValidationError for whoever scored the unit at the district, after the notice stage, and for an
    upheld objection without another one of the four grades, or with a star for a unit under a veto.
    """
    unit = UnitRating.objects.select_for_update(no_key=True).select_related("cycle").get(pk=objection.unit_id)
    _check_answer(unit, objection, state, answer, by)
    claim_row(objection, version)
    if state == ObjectionState.UPHELD:
        _move(unit, objection, grade, answer.strip(), by)
    objection.state, objection.answer = state, answer.strip()
    objection.answered_by, objection.answered_on = by, today()
    objection.save(update_fields=["state", "answer", "answered_by", "answered_on"])
    return objection


def _check_answer(unit: UnitRating, objection: Objection, state: str, answer: str, by) -> None:
    if by.pk == unit.district_by_id:
        raise ValidationError(_("您复核过这个单位，异议须由另一个人答复。"))
    if objection.state != ObjectionState.RECEIVED:
        raise ValidationError(_("这件异议已经答复。"))
    if state not in (ObjectionState.UPHELD, ObjectionState.DISMISSED):
        raise ValidationError({"state": _("请选择异议成立还是不成立。")})
    if not answer.strip():
        raise ValidationError({"answer": _("请写明答复。")})
    if unit.cycle.stage != Stage.NOTICE:
        raise ValidationError(_("公示阶段已经结束，星级不能再由异议改变；请在认定后办理更正。"))


def _move(unit: UnitRating, objection: Objection, grade: int | None, reason: str, by) -> None:
    if grade not in Star.values:
        raise ValidationError({"grade": _("异议成立的，请选择改为哪一星级。")})
    if grade == unit.grade:
        raise ValidationError({"grade": _("与公示的星级相同。异议成立但星级不变的，请选“不成立”并在答复中说明。")})
    if unit.vetoed and grade != Star.NONE:
        raise ValidationError(
            {
                "grade": _(
                    "该单位被一票否决，只能评为无星。异议确实成立的，请在答复中说明，公示结束后由认定人退回综合评定，撤回否决事项后重新公示。"
                )
            }
        )
    before = unit.grade
    unit.grade, unit.version = grade, unit.version + 1
    unit.save(update_fields=["grade", "version"])
    GradeMove.objects.create(
        unit=unit, before=before, after=grade, reason=reason[:_REASON], objection=objection, moved_by=by
    )


@action
def reveal_sender(*, objection: Objection, division: str, reason: str, by) -> dict[str, str]:
    """Name and contact of the sender in clear, with the reason on record. Raises ValidationError without a reason."""
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": _("请写明查看理由。")})
    subject = f"objection {objection.pk}"
    record("reveal_personal", by=by, subject=subject, division=division, reason=reason.strip())
    return {"sender": objection.sender or "", "contact": objection.contact or ""}
