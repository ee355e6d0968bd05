"""Promises of replies: made, reported on, moved to another class, rolled into the next year, confirmed as kept, cancelled.

Every change writes a step, so that the steps of a promise and of those it goes on from are its whole history.
"""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from proposals import stages
from proposals.actions import course, deadlines
from proposals.actions.evidence import Upload, keep_evidence
from proposals.actions.tallies import refresh_tallies
from proposals.classes import PROMISING
from proposals.enums import CommitmentState, DueKind, HandlingRole
from proposals.models import ClassChange, Commitment, CommitmentStep, Deadline, Handling, Reply
from proposals.queries.promises import latest_step, with_evidence
from workforce.actions.versions import claim_row

DONE = 100
_ROLLS_FROM_MONTH = 12


@action
def promise(*, handling: Handling, reply: Reply | None, text: str, owner: str, due_on: date, by) -> Commitment:
    """Enters a promise of a reply of class B or C; it stands in the ledger of this year, and of its unit.

    Raises ValidationError for another class, a co-handler, another unit's people, and for a day before the assignment.
    """
    course.locked(handling)
    course.refuse_stranger(by, handling)
    result = (reply.result if reply is not None else "") or handling.result
    if handling.role == HandlingRole.CO or reply is not None and reply.handling_id != handling.pk:
        raise ValidationError(_("承诺事项由答复提案者的单位登记。请在主办或分办单位的答复下登记。"))
    if result not in PROMISING:
        raise ValidationError(_("只有办理结果为 B 类或 C 类的答复才登记承诺事项。请先核对答复的办理结果。"))
    if due_on < handling.assigned_on:
        raise ValidationError({"due_on": _("完成期限不能早于交办日期。")})
    day = today()
    made = Commitment.objects.create(
        handling=handling, reply=reply, division_id=handling.division_id, unit=handling.unit, year=day.year, text=text,
        owner=owner, due_on=due_on, first_result=result, result=result, entered_by=by,
    )  # fmt: skip
    _step(made, day, _said(_L("登记承诺事项")), by)
    if handling.replied_on is not None:
        _await_report(handling, handling.replied_on, by)
    refresh_tallies([made.division_id])
    return made


def sent(handling: Handling, on: date, *, by=None) -> None:
    """A reply has gone out: where it promises something, the report on what became of it falls due by the rule of the place.

    A plain function inside the transaction of sending.
    """
    if Commitment.objects.filter(handling=handling, state=CommitmentState.OPEN).exists():
        _await_report(handling, on, by)


def implemented(handling: Handling, on: date) -> None:
    """The implementation reply 落实答复 has gone out. A plain function inside the transaction of sending it."""
    deadlines.meet(handling, DueKind.IMPLEMENTATION, on)


def _await_report(handling: Handling, starts_on: date, by) -> None:
    counted = Deadline.objects.filter(handling=handling, kind=DueKind.IMPLEMENTATION, dropped=False)
    if not counted.exists():
        deadlines.start(handling, DueKind.IMPLEMENTATION, starts_on, by=by)


@action
def report_progress(
    *, commitment: Commitment, version: int, on: date, words: str, percent: int, upload: Upload | None = None, by
) -> CommitmentStep:
    """Notes how far a promise has come, with a file as evidence if there is one. Raises `Stale` or ValidationError."""
    _open(commitment, version, by)
    _refuse_day(commitment, on)
    if not 0 <= percent <= DONE:
        raise ValidationError({"percent": _("完成进度应为 0 到 100。")})
    step = _step(commitment, on, words, by, percent=percent)
    step.evidence = keep_evidence(upload, division_id=commitment.division_id, by=by)
    step.save(update_fields=["evidence"])
    return step


@action
def reclass_promise(*, commitment: Commitment, version: int, result: str, on: date, reason: str, by) -> Commitment:
    """Gives a promise another class, such as C that has become B. Raises `Stale` or ValidationError.

    The class of the reply's case follows: it is the least solved one among its promises.
    """
    _open(commitment, version, by, stages.OFFICE)
    _refuse_day(commitment, on)
    if result == commitment.result:
        raise ValidationError({"result": _("新类别与现类别相同。请选择另一个类别，或只登记进展。")})
    _reclass(commitment, result, on, reason, by)
    refresh_tallies([commitment.division_id])
    return commitment


@action
def confirm_kept(*, commitment: Commitment, version: int, on: date, words: str, result: str = "A", by) -> Commitment:
    """Confirms that a promise is kept, with the class it has now. Raises `Stale` or ValidationError.

    It needs a file as evidence and progress of 100 per cent, both noted by somebody else than who confirms.
    """
    _open(commitment, version, by, stages.OFFICE)
    _refuse_day(commitment, on)
    last = latest_step(commitment)
    if last.percent < DONE:
        raise ValidationError(_("承诺事项还没有登记为全部完成。请承办单位先登记进度为 100 的完成情况，再确认落实。"))
    if not with_evidence(commitment):
        raise ValidationError(_("还没有佐证材料。请承办单位上传佐证，再确认落实。"))
    if by.pk in (commitment.entered_by_id, last.entered_by_id):
        raise ValidationError(_("承诺事项或完成情况是您登记的，须由另一个人确认落实。"), code="maker")
    if result != commitment.result:
        _reclass(commitment, result, on, words, by, percent=DONE)
    else:
        _step(commitment, on, words, by, percent=DONE)
    _end(commitment, CommitmentState.KEPT, on, by)
    refresh_tallies([commitment.division_id])
    return commitment


@action
def cancel_promise(*, commitment: Commitment, version: int, on: date, reason: str, by) -> Commitment:
    """Cancels a promise that has become pointless; the reason stays in its history. Raises `Stale` or ValidationError."""
    _open(commitment, version, by, stages.OFFICE)
    _refuse_day(commitment, on)
    _step(commitment, on, reason, by)
    _end(commitment, CommitmentState.CANCELLED, on, by)
    standing = Commitment.objects.filter(handling=commitment.handling_id).exclude(state=CommitmentState.CANCELLED)
    if not standing.exists():
        deadlines.drop(commitment.handling, DueKind.IMPLEMENTATION)
    refresh_tallies([commitment.division_id])
    return commitment


@action
def roll_over(
    *, commitment: Commitment, version: int, on: date, due_on: date, owner: str, reason: str, by
) -> Commitment:
    """Takes an unfinished promise into the ledger of the next year, with a new last day; returns the new one.

    The old one stays as it ended, and the new one knows it. From December on; raises `Stale` or ValidationError.
    """
    _open(commitment, version, by, stages.OFFICE)
    _refuse_day(commitment, on)
    if on < date(commitment.year, _ROLLS_FROM_MONTH, 1):
        raise ValidationError(
            _("%(year)s 年度的承诺事项从当年 12 月起才能转入下年度。现在请登记进展，或由办公室变更类别。")
            % {"year": commitment.year}
        )
    if due_on <= on:
        raise ValidationError({"due_on": _("新的完成期限应晚于转入日期。")})
    percent = latest_step(commitment).percent
    _step(commitment, on, reason, by)
    _end(commitment, CommitmentState.ROLLED, on, None)
    new = Commitment.objects.create(
        handling_id=commitment.handling_id, reply_id=commitment.reply_id, division_id=commitment.division_id,
        unit_id=commitment.unit_id, year=commitment.year + 1, text=commitment.text, owner=owner, due_on=due_on,
        first_result=commitment.first_result, result=commitment.result, rolled_from=commitment, entered_by=by,
    )  # fmt: skip
    _step(new, on, _said(_L("自 %(year)s 年度转入"), {"year": commitment.year}), by, percent=percent)
    refresh_tallies([new.division_id])
    return new


def _open(commitment: Commitment, version: int, by, who: str = stages.UNIT) -> None:
    """Takes the next version of an open promise for somebody who may. Raises `Stale` or ValidationError."""
    claim_row(commitment, version)
    commitment.refresh_from_db()
    course.refuse_stranger(by, commitment.handling, who)
    if commitment.state != CommitmentState.OPEN:
        raise ValidationError(
            _("这项承诺现在是“%(state)s”，不能再这样办理。") % {"state": commitment.get_state_display()}, code="state"
        )


def _refuse_day(commitment: Commitment, on: date) -> None:
    if on > today():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    last = latest_step(commitment)
    if last is not None and on < last.on:
        raise ValidationError({"on": _("日期不能早于上一次登记的 %(day)s。") % {"day": last.on.isoformat()}})


def _step(commitment: Commitment, on: date, words: str, by, *, percent: int | None = None, **classes) -> CommitmentStep:
    """Writes what became of a promise; progress not given is that of the step before."""
    if percent is None:
        last = latest_step(commitment)
        percent = last.percent if last else 0
    return CommitmentStep.objects.create(
        commitment=commitment, on=on, words=words, percent=percent, entered_by=by, **classes
    )


def _said(words: str | Promise, values: dict | None = None) -> str:
    """What the portal itself writes into the history: in its own language, whoever acts."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(words) % values if values else str(words)


def _reclass(commitment: Commitment, result: str, on: date, reason: str, by, *, percent: int | None = None) -> None:
    classes = {"result_before": commitment.result, "result_after": result}
    _step(commitment, on, reason, by, percent=percent, **classes)
    commitment.result = result
    commitment.save(update_fields=["result"])
    _follow(commitment.handling, on, reason, by)


def _follow(handling: Handling, on: date, reason: str, by) -> None:
    """The case is only as far solved as the promise that is furthest from it."""
    course.locked(handling)
    counted = Commitment.objects.filter(handling=handling).exclude(
        state__in=[CommitmentState.CANCELLED, CommitmentState.ROLLED]
    )
    result = max(counted.values_list("result", flat=True))
    if result == handling.result:
        return
    ClassChange.objects.create(
        handling=handling, before=handling.result, after=result, on=on, reason=reason[:300], changed_by=by
    )
    Handling.objects.filter(pk=handling.pk).update(result=result, version=F("version") + 1)
    handling.refresh_from_db()


def _end(commitment: Commitment, state: str, on: date, by) -> None:
    commitment.state, commitment.ended_on, commitment.confirmed_by = state, on, by
    commitment.save(update_fields=["state", "ended_on", "confirmed_by"])
