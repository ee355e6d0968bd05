"""Steps of a part that a page takes: each claims the row it has seen and moves it on."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from proposals import stages
from proposals.actions import course
from proposals.actions.tallies import refresh_tallies
from proposals.models import Handling

# Under which permission the parts of the three who act are found.
PERMS = {
    stages.UNIT: Perm.HANDLE_PROPOSALS,
    stages.OFFICE: Perm.MANAGE_PROPOSALS,
    stages.LEADER: Perm.SIGN_LETTERS,
}
# Steps that stand for themselves; the others belong to an act of their own: a signed letter, a form that came back.
PLAIN = frozenset({
    "request_return", "accept_return", "refuse_return", "submit_draft", "pass_office", "pass_supervision", "send_back",
    "close_unanswered", "close_consulted", "rehandle_again", "archive", "withdraw",
})  # fmt: skip


def step_of(handling: Handling, key: str) -> stages.Step:
    """The first row of a step that may be open to the handling where it stands. Raises ValidationError elsewhere."""
    row = stages.find(key, handling.stage, handling.role) or next(
        (row for row in stages.steps_from(handling.stage, handling.role) if row.key == key), None
    )
    if row is None:
        raise ValidationError(
            _("现处于“%(stage)s”，不能办理这一步。请查看最新进展。") % {"stage": handling.get_stage_display()},
            code="stage",
        )
    return row


@action
def take_proposal_step(
    *, handling: Handling, version: int, step: str, words: str = "", on: date | None = None, by
) -> Handling:
    """Takes one of the plain steps. Raises `Stale`, and ValidationError as `course.move` does."""
    if step not in PLAIN:
        raise KeyError(step)
    held = course.claim(handling.pk, version, by, PERMS[step_of(handling, step).who])
    course.move(held, step, by=by, words=words, on=on)
    refresh_tallies([held.division_id])
    return held


@action
def sign_for(
    *, handling: Handling, version: int, section: str = "", officer: str = "", on: date | None = None, by
) -> Handling:
    """The unit takes the proposal in and names the division and officer who work on it."""
    held = course.claim(handling.pk, version, by, Perm.HANDLE_PROPOSALS)
    held.section, held.officer = section.strip(), officer.strip()
    held.save(update_fields=["section", "officer"])
    course.move(held, "sign_for", by=by, on=on)
    refresh_tallies([held.division_id])
    return held


@action
def name_officer(*, handling: Handling, version: int, section: str, officer: str, by) -> Handling:
    """Another division or officer of the same unit works on it. Raises `Stale`, ValidationError once it is done."""
    held = course.claim(handling.pk, version, by, Perm.HANDLE_PROPOSALS)
    course.refuse_stranger(by, held)
    if held.stage in stages.FINAL:
        raise ValidationError(_("已经结束，不能再改经办科室和经办人。"), code="stage")
    held.section, held.officer = section.strip(), officer.strip()
    held.save(update_fields=["section", "officer"])
    return held
