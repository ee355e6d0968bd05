"""Review cases: opened by the portal, carried on and decided by people (domain §2.11; the course is `workforce.cases`)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.policy.queries import RULES_CTE
from workforce import cases
from workforce.actions.appointing import codes_of
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import Stale
from workforce.counters.headcount import heads_ctes
from workforce.enums import CaseKind, CaseOutcome, CaseState
from workforce.models import ReviewCase, ReviewStep
from workforce.queries.cases import may_correct, may_handle, may_step, settled_by, standing_of, taken
from workforce.queries.certificates import DEADLINES

_OPEN = f"""
WITH {RULES_CTE}, {heads_ctes(everywhere=True)}, {DEADLINES}
INSERT INTO workforce_reviewcase
    (kind, person_id, division_id, due_on, route, state, state_since, outcome, opened_on, version)
SELECT 'certificate_deadline', d.person_id, d.division_id, d.due_on,
    CASE WHEN EXISTS (
        SELECT 1 FROM posts p WHERE p.person_id = d.person_id AND p.entry = 'elected' AND p.body IN ('party', 'committee')
    ) THEN '{cases.ELECTION}' ELSE '{cases.EMPLOYER}' END,
    '{cases.FIRST}', %(on)s, '', %(on)s, 1
FROM deadlines d
WHERE d.stage = 0 AND NOT EXISTS (
    SELECT 1 FROM workforce_reviewcase c
    WHERE c.kind = 'certificate_deadline' AND c.person_id = d.person_id AND c.state <> '{cases.CLOSED}')
ORDER BY d.division_id, d.person_id
ON CONFLICT (kind, person_id, due_on) DO NOTHING"""


def open_due_cases(*, on: date) -> int:
    """The nightly job's call of `open_cases`."""
    return open_cases(on=on, by=None)


@action
def open_cases(*, on: date, by) -> int:
    """Opens a case for everybody whose certificate is overdue and who has none open; returns how many.

    Twice, late or in parallel gives the same cases: one per person and missed day. Nothing is decided here.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('workforce.cases'))")
        cursor.execute(_OPEN, {"on": on})
        return cursor.rowcount


def _claim(case: ReviewCase, version: int, **fields) -> None:
    changed = ReviewCase.objects.filter(pk=case.pk, version=version).update(version=F("version") + 1, **fields)
    if not changed:
        raise Stale(_("这件个案刚被其他人办理过。请查看最新进展后再保存。"))
    case.refresh_from_db()


def _checked_day(case: ReviewCase, on: date) -> None:
    if on > today():
        raise ValidationError({"on": _("办理日期不能晚于今天。")})
    earliest = max(case.steps.order_by("-on").values_list("on", flat=True)[:1], default=case.opened_on)
    if on < earliest:
        raise ValidationError({"on": _("办理日期不能早于上一步（%(day)s）。") % {"day": earliest.isoformat()}})


def _checked_extension(case: ReviewCase, on: date, outcome: str, extended_to: date | None) -> date | None:
    """The last day that an extension gives; None for every other decision."""
    if outcome != CaseOutcome.EXTENDED or case.kind != CaseKind.CERTIFICATE_DEADLINE:
        return None
    if extended_to is None or extended_to <= max(on, case.due_on):
        raise ValidationError({"extended_to": _("请填写延长到哪一天，须晚于决定日期和原期限。")})
    return extended_to


@action
def take_step(
    *,
    case: ReviewCase,
    version: int,
    on: date,
    note: str,
    document: str = "",
    to: str = "",
    outcome: str = "",
    extended_to: date | None = None,
    by,
) -> ReviewCase:
    """Records the step of the stage the case is in and moves it on; `to` picks where several stages may follow.

    At the decision `outcome` says what was decided, `extended_to` until when a missed certificate deadline is extended;
    the extension holds from the day its document is issued. Raises `Stale`, or ValidationError where the course of a
    case, the level of the user or a missing document forbids it.
    """
    stage = case.state
    if not may_step(by, case):
        raise ValidationError(_("这一步由区级或市级办理。") if cases.next_stages(stage) else _("个案已办结。"))
    after = to or cases.next_stages(stage)[0]
    if after not in cases.next_stages(stage):
        raise ValidationError({"to": _("从当前阶段不能转到所选的下一步。")})
    _checked_day(case, on)
    if stage in cases.DOCUMENTED and not document.strip():
        raise ValidationError({"document": _("请填写这一步所依据的文书编号。")})
    fields: dict = {"state": after, "state_since": on}
    if stage == CaseState.DECISION:
        if outcome not in cases.outcomes(case.route, taken(case)):
            raise ValidationError({"outcome": _("已办理的步骤还不足以作出所选的决定，或者所选决定不适用于本程序。")})
        fields |= {"outcome": outcome, "extended_to": _checked_extension(case, on, outcome, extended_to)}
    if after == CaseState.CLOSED:
        fields["closed_on"] = on
    _claim(case, version, **fields)
    ReviewStep.objects.create(case=case, stage=stage, on=on, note=note, document=document.strip(), taken_by=str(by))
    if after == CaseState.CLOSED and case.extended_to:
        refresh_tallies(codes_of(case.person))
    return case


@action
def correct_case(*, case: ReviewCase, version: int, note: str, by) -> ReviewCase:
    """Takes back a decision that was recorded wrongly, for the reason `note`: the case waits for its decision again.

    What the decision changed, an extension of the deadline, no longer holds on any day. Raises `Stale`, or
    ValidationError where there is no decision or the user may not decide.
    """
    if not may_correct(by, case):
        raise ValidationError(_("只有区级或市级可以更正已作出的决定；以“情形已消除”结案的不能更正。"))
    stage, extended = case.state, case.extended_to and case.closed_on
    undecided = {"state": CaseState.DECISION, "outcome": "", "extended_to": None, "closed_on": None}
    _claim(case, version, **undecided, state_since=today())
    ReviewStep.objects.create(case=case, stage=stage, on=today(), note=note, taken_by=str(by))
    if extended:
        refresh_tallies(codes_of(case.person))
    return case


@action
def clear_case(*, case: ReviewCase, version: int, note: str = "", by) -> ReviewCase:
    """Closes a case whose reason is gone, with the record that shows it as document.

    Raises `Stale`, or ValidationError while the reason stands or a decision has been made.
    """
    on = today()
    if not may_handle(by, case):
        raise ValidationError(_("这件个案不由您办理。"))
    proof = settled_by(case, standing_of(case, on), on)
    if proof is None:
        raise ValidationError(_("事由仍然存在，不能以“情形已消除”结案。"))
    sentence, document = proof
    stage = case.state
    closed = {"state": CaseState.CLOSED, "state_since": on, "closed_on": on, "outcome": CaseOutcome.CLEARED}
    _claim(case, version, **closed)
    text = f"{sentence}{note.strip()}"
    ReviewStep.objects.create(case=case, stage=stage, on=on, note=text, document=document[:100], taken_by=str(by))
    return case
