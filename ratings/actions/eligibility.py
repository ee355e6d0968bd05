"""Exceptions from what a star lets in: one person asks with a reason, another one approves or refuses (domain §1.J)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from ratings.enums import OverrideState
from ratings.models import EligibilityOverride
from ratings.queries.eligibility import standing
from workforce.actions.versions import claim_row
from workforce.models import Person


@action
def ask_exception(
    *, division: Division, purpose: str, reason: str, by, person: Person | None = None
) -> EligibilityOverride:
    """Asks that a unit, or one of its people, be let in for a purpose in spite of its star, until that is decided anew.

    ValidationError where the star or the lack of a rule needs no exception, or one has been asked for already.
    """
    Division.objects.select_for_update().get(pk=division.pk)
    found = standing(division.pk, purpose, today(), person and person.pk)
    if found.by_rule:
        raise ValidationError(_("“%(unit)s”现在不受限制，不需要申请例外。") % {"unit": division.label})
    if found.override is not None:
        raise ValidationError(_("“%(unit)s”已有批准的例外，可以直接办理。") % {"unit": division.label})
    asked = EligibilityOverride.objects.filter(
        division=division, year=found.star.year, purpose=purpose, person=person, state=OverrideState.ASKED
    )
    if asked.exists():
        raise ValidationError(_("同样的例外已经申请，正在等待批准。"))
    override = EligibilityOverride.objects.create(
        division=division, year=found.star.year, purpose=purpose, person=person, reason=reason,
        asked_by=by, asked_on=today(),
    )  # fmt: skip
    _put_on_record("ask_exception", override, by, reason)
    return override


@action
def answer_exception(
    *, override: EligibilityOverride, version: int, approve: bool, answer: str, by
) -> EligibilityOverride:
    """Approves or refuses an exception. Raises `Stale`, or ValidationError: own request, answered before, no reason."""
    claim_row(override, version)
    if override.state != OverrideState.ASKED:
        raise ValidationError(_("这项申请已经批复，不能再改。"))
    if override.asked_by_id == by.pk:
        raise ValidationError(_("这是您自己提出的申请，须由另一人批准。请交由其他有权限的同事处理。"))
    if not approve and not answer:
        raise ValidationError({"answer": _("不批准的，请写明理由。")})
    override.state = OverrideState.APPROVED if approve else OverrideState.REFUSED
    override.answer, override.answered_by, override.answered_on = answer, by, today()
    override.save(update_fields=["state", "answer", "answered_by", "answered_on"])
    _put_on_record("answer_exception", override, by, answer or override.reason)
    return override


def _put_on_record(act: str, override: EligibilityOverride, by, reason: str) -> None:
    record(
        act,
        by=by,
        subject=override,
        division=override.division_id,
        reason=reason,
        exception=override.pk,
        purpose=override.purpose,
        year=override.year,
        state=override.state,
    )
