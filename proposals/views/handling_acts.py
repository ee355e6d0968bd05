"""The acts on a part of a proposal: for each its form, what it will do in words, and what is then said."""

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from proposals import stages
from proposals.actions import contacts, extensions, opinions, steps, suspensions
from proposals.enums import DueKind, HandlingRole
from proposals.forms import handling as forms
from proposals.models import Handling
from proposals.views.acts import Act
from proposals.views.step_words import LABELS


def _step(key: str, form: type[forms.SeenForm], sentence: str | Promise, said: str | Promise) -> Act:
    """A step of the table that stands for itself."""
    return Act(partial(steps.take_proposal_step, step=key), form, LABELS[key], sentence, said)


STEPS: dict[str, Act] = {
    "sign_for": Act(
        steps.sign_for, forms.SignForForm, LABELS["sign_for"], _L("签收后由承办科室办理。"), _L("已签收。"),
    ),
    "give_opinion": Act(
        opinions.give_opinion, forms.OpinionForm, LABELS["give_opinion"],
        _L("会办意见交给主办单位；主办单位送核之前可以修改。"), _L("会办意见已交主办单位。"),
    ),
    "submit_draft": _step(
        "submit_draft", forms.NoteForm, _L("送核后由另一个人核稿，退回以前不能再改。"), _L("已送核。")
    ),
    "pass_office": _step("pass_office", forms.NoteForm, _L("核稿通过后进入下一步审批。"), _L("核稿已通过。")),
    "pass_supervision": _step(
        "pass_supervision", forms.NoteForm, _L("复核通过后送领导签发。"), _L("督查复核已通过。")
    ),
    "send_back": _step("send_back", forms.WordsForm, _L("退回后由承办单位修改，重新送核。"), _L("已退回修改。")),
    "request_return": _step(
        "request_return", forms.WordsForm, _L("写明不属于本单位职责的理由；由交办单位决定，不得自行转办。"),
        _L("已申请退办，等待交办单位决定。"),
    ),
    "accept_return": _step(
        "accept_return", forms.NoteForm, _L("同意后这个单位不再承办，提案等待改派。"), _L("已同意退办，请改派。")
    ),
    "refuse_return": _step(
        "refuse_return", forms.WordsForm, _L("写明不同意的理由；这个单位继续办理。"), _L("已退回申请，继续办理。")
    ),
    "waive_opinion": Act(
        opinions.waive_opinion, forms.WordsForm, LABELS["waive_opinion"],
        _L("写明理由；主办单位不再等待这个单位的意见。"), _L("已免于会办意见。"), stages.OFFICE,
    ),
    "close_unanswered": _step(
        "close_unanswered", forms.NoteForm, _L("征询期限已过，按未反馈办结；未反馈不算满意。"), _L("已按未反馈办结。")
    ),
    "close_consulted": _step(
        "close_consulted", forms.WordsForm, _L("写明协商结果；之后进入公开审查。"), _L("已办结，进入公开审查。")
    ),
    "rehandle_again": _step(
        "rehandle_again", forms.WordsForm, _L("写明协商结果；开始新一次办理，期限重新起算。"), _L("已开始再次办理。")
    ),
    "archive": _step("archive", forms.NoteForm, _L("归档后不再变动；承诺事项继续跟踪。"), _L("已归档。")),
    "withdraw": _step(
        "withdraw", forms.WordsForm, _L("收回后这个单位不再承办，各项期限终止。"), _L("已收回交办。")
    ),
}  # fmt: skip
OTHERS: dict[str, Act] = {
    "contact": Act(
        contacts.add_contact, forms.ContactForm, _L("登记沟通"), _L("办前、办中、办后与提案者的沟通，逐次登记。"), _L("已登记沟通情况。"),
    ),
    "officer": Act(
        steps.name_officer, forms.OfficerForm, _L("改经办人"), _L("同一单位换科室或换人办理。"), _L("已改经办科室和经办人。"),
    ),
    "extension": Act(
        extensions.ask_extension, forms.ExtensionForm, _L("申请延期"), _L("由另一个人审批；同意后答复期限重新计算。"), _L("已申请延期，等待审批。"),
    ),
    "suspend": Act(
        suspensions.suspend_handling, forms.SuspendForm, _L("中止计时"), _L("须经提案者同意；恢复时各项期限顺延中止的天数。"), _L("计时已中止。"),
        stages.OFFICE,
    ),
    "resume": Act(
        suspensions.resume_handling, forms.ResumeForm, _L("恢复计时"), _L("各项未完成的期限顺延中止的天数。"), _L("计时已恢复。"),
        stages.OFFICE,
    ),
}  # fmt: skip
ACTS = STEPS | OTHERS
# Shown behind the way on, never as the first button.
_BESIDE = frozenset({"send_back", "request_return", "waive_opinion", "withdraw", "rehandle_again"})


def offered(part: Handling, user, powers: frozenset[str], facts: frozenset[str]) -> list[tuple[str, bool]]:
    """Keys of the acts that a reader with these powers may take now, each with whether it is the way on."""
    rows = [row for row in stages.steps_from(part.stage, part.role, facts) if row.key in STEPS and row.who in powers]
    found = [
        (row.key, row.key not in _BESIDE)
        for row in rows
        if not ("other" in row.needs and user.pk in makers(part)) and not _out_of_time(part, row)
    ]
    return [*found, *((key, False) for key in _others(part, powers))]


def _out_of_time(part: Handling, row: stages.Step) -> bool:
    """Whether the time for a step is over, or has not come: a return is asked for early, silence is judged late."""
    dues = {one.kind: one.due_on for one in sorted(part.deadlines.all(), key=lambda one: one.round)}
    ends, begins = dues.get(DueKind.RETURN), dues.get(DueKind.FEEDBACK)
    late = "in_time" in row.needs and ends is not None and today() > ends
    early = "feedback_over" in row.needs and begins is not None and today() <= begins
    return late or early


def makers(part: Handling) -> set[int | None]:
    """Who had a hand in the answer of this round."""
    return {part.drafted_by_id, part.checked_by_id, part.supervised_by_id}


def _others(part: Handling, powers: frozenset[str]) -> list[str]:
    unit, office = stages.UNIT in powers, stages.OFFICE in powers
    if part.stage in stages.FINAL:
        return []
    answers = part.role != HandlingRole.CO
    unanswered = answers and part.stage in {stages.ASSIGNED, *stages.WRITING} and part.replied_on is None
    waiting = any(one.agreed is None for one in part.extensions.all())
    choices = (
        ("give_opinion", unit and part.stage == stages.OPINION_GIVEN and opinions.lead_is_writing(part)),
        ("contact", unit and answers),
        ("officer", unit and part.stage not in {stages.ASSIGNED, stages.RETURN_REQUESTED, *stages.DONE}),
        ("extension", unit and unanswered and not waiting),
        ("suspend", office and not part.suspended and part.stage in suspensions.STOPPABLE),
        ("resume", office and part.suspended),
    )
    return [key for key, open_now in choices if open_now]
