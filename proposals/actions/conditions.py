"""What a step needs before it is taken, each with the sentence that says what is missing and how to mend it."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proposals.enums import ContactWhen, DueKind, Stage
from proposals.models import Deadline, Handling, Opinion, Reply, StageMove
from proposals.queries.gates import contacts_missing, opinions_missing, requirements
from proposals.stages import Step

REASON_LENGTH = 300


def check(row: Step, handling: Handling, *, by, words: str, on: date) -> None:
    """Raises ValidationError for the first thing that the step needs and the handling lacks."""
    if len(words) > REASON_LENGTH:
        raise ValidationError({"words": _("说明最多 %(n)s 个字。") % {"n": REASON_LENGTH}})
    for need, condition in _CONDITIONS.items():
        if need in row.needs:
            condition(handling, by, words, on)


def draft_of(handling: Handling) -> Reply | None:
    """The unsigned answer of the present round; the later report on what became of it is another document."""
    answers = Reply.objects.filter(handling=handling, letter__isnull=True, round=handling.round)
    return answers.exclude(kind="implementation").order_by("-pk").first()


def _reason(handling: Handling, by, words: str, on: date) -> None:
    if not words:
        raise ValidationError({"words": _("请写明理由。")}, code="reason")


def _in_time(handling: Handling, by, words: str, on: date) -> None:
    window = Deadline.objects.filter(handling=handling, kind=DueKind.RETURN).order_by("-round").first()
    if window and on > window.due_on:
        raise ValidationError(
            _("申请退办的期限已于 %(day)s 届满，不再受理。请继续办理；确有困难的，请与交办单位商定延期。")
            % {"day": window.due_on.isoformat()},
            code="late",
        )


def _not_asker(handling: Handling, by, words: str, on: date) -> None:
    asked = StageMove.objects.filter(handling=handling, after=Stage.RETURN_REQUESTED).order_by("-pk").first()
    if asked and asked.moved_by_id == by.pk:
        raise ValidationError(_("退办是您申请的，须由另一个人决定。"), code="maker")


def _draft(handling: Handling, by, words: str, on: date) -> None:
    if draft_of(handling) is None:
        raise ValidationError(_("还没有起草答复，不能送核。请先起草答复。"), code="draft")


def _opinions(handling: Handling, by, words: str, on: date) -> None:
    if waiting := opinions_missing(handling):
        raise ValidationError(
            _("还缺会办意见：%(units)s。请催办，或由交办单位写明理由后免于会办意见。")
            % {"units": _("、").join(part.unit.short for part in waiting)},
            code="opinions",
        )


def _contact(handling: Handling, by, words: str, on: date) -> None:
    if missing := contacts_missing(handling, requirements(handling.division_id, on)):
        raise ValidationError(
            _("还没有登记与提案者的沟通：%(times)s。请先沟通并登记。")
            % {"times": _("、").join(str(ContactWhen(when).label) for when in missing)},
            code="contact",
        )


def _running(handling: Handling, by, words: str, on: date) -> None:
    if handling.suspended:
        raise ValidationError(_("办理期限正在中止，不能送核。请先恢复计时。"), code="suspended")


def _other(handling: Handling, by, words: str, on: date) -> None:
    draft = draft_of(handling)
    before = {
        handling.drafted_by_id: _("起草"),
        handling.checked_by_id: _("核稿"),
        handling.supervised_by_id: _("督查复核"),
    }
    if draft is not None:
        before.setdefault(draft.drafted_by_id, _("起草"))
    if done := before.get(by.pk):
        raise ValidationError(
            _("您已办理本次答复的“%(done)s”，这一步须由另一个人办理。") % {"done": done}, code="maker"
        )


def _feedback_over(handling: Handling, by, words: str, on: date) -> None:
    due = Deadline.objects.filter(handling=handling, kind=DueKind.FEEDBACK, round=handling.round).first()
    if due and on <= due.due_on:
        raise ValidationError(
            _("征询意见到 %(day)s 为止，还不能按未反馈办结。") % {"day": due.due_on.isoformat()}, code="early"
        )


def _meeting(handling: Handling, by, words: str, on: date) -> None:
    since = StageMove.objects.filter(handling=handling, after=Stage.CONSULTATION).order_by("-pk").first()
    talks = handling.contacts.filter(consultation=True, taken_back=False)
    if not (talks.filter(on__gte=since.on) if since else talks).exists():
        raise ValidationError(_("还没有登记协商座谈的情况。请先在“与提案者沟通”里登记。"), code="meeting")


def _opinion(handling: Handling, by, words: str, on: date) -> None:
    if not Opinion.objects.filter(handling=handling).exclude(words="").exists():
        raise ValidationError(_("请写明会办意见。"), code="opinion")


_CONDITIONS: dict[str, Callable[[Handling, object, str, date], None]] = {
    "reason": _reason,
    "in_time": _in_time,
    "not_asker": _not_asker,
    "draft": _draft,
    "running": _running,
    "opinions": _opinions,
    "contact": _contact,
    "other": _other,
    "feedback_over": _feedback_over,
    "meeting": _meeting,
    "opinion": _opinion,
}
