"""Supervision notices 督办单: issued to the level below, replied to, sent back or closed."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.findings.models import (
    AWAITING_REPLY,
    SUPERVISION_NEXT,
    Finding,
    Holder,
    State,
    Supervision,
    SupervisionFinding,
    SupervisionState,
    SupervisionStep,
    acting_level,
)
from portal.core.findings.notices.supervisions import tell
from portal.core.findings.outbox import SUPERVISION as SUPERVISION_EVENT
from portal.core.lib.clock import today
from portal.core.lib.scope import union
from portal.core.lib.workdays import add_workdays
from portal.core.policy.kinds import SUPERVISION
from portal.core.policy.queries import rule_for
from portal.core.workdays.queries import calendar_from

TEXT_LENGTH = 2000
MOST_FINDINGS = 200
MOST_WORKDAYS = 120
# The level below: a city supervises districts, a district streets.
BELOW = {Holder.CITY: 6, Holder.DISTRICT: 9}


class SupervisionChanged(ValidationError):
    """Somebody else did something with the notice since the reader saw it."""

    def __init__(self):
        super().__init__(_("这份督办单刚被别人处理过。请看过最新情况再操作。"))


def offices_of(user) -> list[str]:
    """Divisions for whose offices the user acts: the territories in which the user handles findings."""
    return [code for code in user.territories(Perm.HANDLE_FINDINGS) if code]


def may_issue(user) -> bool:
    """Whether the user acts for an office with a level below to supervise."""
    return any(acting_level(code) in BELOW for code in offices_of(user))


def issuing_office(user, codes: Iterable[str]) -> tuple[str, str]:
    """The office that may supervise findings of the divisions `codes`, and whom: (issuer, addressee).

    ValidationError with a sentence where the user has no level below, or the findings lie with several of them.
    """
    codes = list(codes)
    for office in offices_of(user):
        digits = BELOW.get(acting_level(office))
        if digits and codes and all(code.startswith(office) for code in codes):
            addressees = {code[:digits] for code in codes if len(code) >= digits}
            if len(addressees) == 1 and all(len(code) >= digits for code in codes):
                return office, addressees.pop()
            raise ValidationError(_("一份督办单只能发给一个下级单位：请只选同一个下级单位的预警。"))
    raise ValidationError(_("只有区级和市级可以向下一级发督办单。"))


def usual_days(code: str, on: date) -> int:
    """Working days for a reply by the rule `SUPERVISION` of the place."""
    return rule_for(SUPERVISION, code, on).value["working_days"]


@action
def issue_supervision(*, findings: Iterable[Finding], text: str, working_days: int, by) -> Supervision:
    """Issues a notice on findings of one division of the level below. Raises ValidationError."""
    findings = list(findings)
    if not 0 < len(findings) <= MOST_FINDINGS or any(finding.state == State.RESOLVED for finding in findings):
        raise ValidationError(_("请选择 1 到 %(most)s 条尚未消除的预警。") % {"most": MOST_FINDINGS})
    text = _written(text, _("请写明督办要求。"))
    issuer, addressee = issuing_office(by, (finding.division_id for finding in findings))
    day, due_on = today(), _due(working_days)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('core.supervision'), hashtext(%s))", [issuer])
    numbered = Supervision.objects.filter(issuer=issuer, year=day.year)
    notice = Supervision.objects.create(
        issuer_id=issuer,
        year=day.year,
        serial=(numbered.aggregate(last=Max("serial"))["last"] or 0) + 1,
        division_id=addressee,
        text=text,
        issued_on=day,
        working_days=working_days,
        due_on=due_on,
        issued_by=str(by),
    )
    SupervisionFinding.objects.bulk_create(SupervisionFinding(supervision=notice, finding=f) for f in findings)
    _step(notice, text, due_on, by)
    return notice


@action
def reply_supervision(*, notice: Supervision, text: str, version: int, by) -> Supervision:
    """Replies for the division that was asked."""
    if not replies_for(by, notice):
        raise ValidationError(_("只有受办单位可以回复。"))
    return _move(notice, SupervisionState.REPLIED, _written(text, _("请写明办理情况。")), version, by)


@action
def return_supervision(*, notice: Supervision, text: str, working_days: int, version: int, by) -> Supervision:
    """Sends a reply back with a reason; the days for a new one count from today."""
    _check_issuer(by, notice)
    text = _written(text, _("请写明退回的理由。"))
    more = {"working_days": working_days, "due_on": _due(working_days)}
    return _move(notice, SupervisionState.RETURNED, text, version, by, **more)


@action
def close_supervision(*, notice: Supervision, text: str = "", version: int, by) -> Supervision:
    """Closes a notice: the reply is accepted, or it has become needless."""
    _check_issuer(by, notice)
    return _move(notice, SupervisionState.CLOSED, text.strip()[:TEXT_LENGTH], version, by, closed_on=today())


def replies_for(user, notice: Supervision) -> bool:
    """Whether the user acts for the division that was asked: its own offices, not those above."""
    return notice.division_id in offices_of(user)


def issues_for(user, notice: Supervision) -> bool:
    """Whether the user acts for the office that asked."""
    return notice.issuer_id in offices_of(user)


def awaiting(user) -> QuerySet:
    """Notices that wait for the user: to be replied to, or with a reply to be judged; earliest deadline first."""
    offices = offices_of(user)
    asked = Q(division__in=offices, state__in=AWAITING_REPLY)
    judged = Q(issuer__in=offices, state=SupervisionState.REPLIED)
    return Supervision.objects.filter(asked | judged).select_related("division", "issuer").order_by("due_on", "id")


def visible_to(user) -> QuerySet:
    """Notices to divisions of the user's territory."""
    condition = union("division_id", user.territories(Perm.VIEW_FINDINGS))
    return Supervision.objects.none() if condition is None else Supervision.objects.filter(condition)


def is_overdue(notice: Supervision, on: date) -> bool:
    return notice.state in AWAITING_REPLY and notice.due_on < on


def _check_issuer(by, notice: Supervision) -> None:
    if not issues_for(by, notice):
        raise ValidationError(_("只有发单单位可以退回或办结。"))


def _written(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"text": missing})
    if len(text) > TEXT_LENGTH:
        raise ValidationError({"text": _("最多 %(most)s 个字。") % {"most": TEXT_LENGTH}})
    return text


def _due(working_days: int) -> date:
    if not 1 <= working_days <= MOST_WORKDAYS:
        raise ValidationError({"working_days": _("期限应为 1 到 %(most)s 个工作日。") % {"most": MOST_WORKDAYS}})
    return add_workdays(today(), working_days, calendar_from(today()))


def _move(notice: Supervision, state: str, text: str, version: int, by, **values) -> Supervision:
    from_states = [before for before, after in SUPERVISION_NEXT.items() if state in after]
    moved = Supervision.objects.filter(pk=notice.pk, version=version, state__in=from_states).update(
        state=state, version=F("version") + 1, **values
    )
    if not moved:
        raise SupervisionChanged
    notice.refresh_from_db()
    _step(notice, text, notice.due_on if state != SupervisionState.CLOSED else None, by)
    return notice


def _step(notice: Supervision, text: str, due_on: date | None, by) -> None:
    SupervisionStep.objects.create(supervision=notice, state=notice.state, text=text, due_on=due_on, by_name=str(by))
    tell(SUPERVISION_EVENT.format(state=notice.state), notice, notice.version)
