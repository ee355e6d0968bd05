"""Reads of review cases: the list, how a case stood on a day, who may decide, and whether its reason is gone."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.findings.models import Finding
from portal.core.lib.scope import union
from portal.core.policy.queries import rules_of
from workforce import cases
from workforce.enums import CaseKind, CaseOutcome, CaseState, ExitReason
from workforce.models import ReviewCase, ReviewStep
from workforce.queries.certificate_clocks import DeadlineClock, deadline_clock
from workforce.queries.community import Head
from workforce.queries.people import heads_among

# Decisions are taken by a district or above: those territories have codes of at most six digits.
_DISTRICT_CODE = 6


def cases_on(user, on: date) -> QuerySet:
    """Cases known on a day in the user's territory, with `stage` and `since` as they were on it."""
    steps = ReviewStep.objects.filter(case=OuterRef("pk"))
    later = steps.filter(on__gt=on).order_by("id").values("stage")[:1]
    latest = steps.filter(on__lte=on).order_by().values("case").annotate(day=Max("on")).values("day")
    return (
        ReviewCase.objects.for_user(user, Perm.HANDLE_CASES)
        .filter(opened_on__lte=on)
        .annotate(
            stage=Coalesce(Subquery(later), F("state")),
            since=Coalesce(Subquery(latest, output_field=DateField()), F("opened_on")),
        )
    )


def cases_listed(user, *, under: str, on: date, q: str = "", stage: str = "", kind: str = "") -> QuerySet:
    """Cases as the list shows them, those longest in their stage first, then those longest due.

    `stage`: one of the stages, open (default) or all.
    """
    found = cases_on(user, on).under(under).select_related("person", "division")
    if stage in CaseState.values:
        found = found.filter(stage=stage)
    elif stage != "all":
        found = found.exclude(stage=CaseState.CLOSED)
    if kind:
        found = found.filter(kind=kind)
    if q := q.strip().replace("\x00", ""):
        found = found.filter(Q(person__name__contains=q) | Q(person__name_initials__startswith=q.lower()))
    return found.order_by("since", "due_on", "id")


def taken(case: ReviewCase) -> frozenset[str]:
    """Stages whose step is on record."""
    return frozenset(case.steps.values_list("stage", flat=True))


def may_decide(user, case: ReviewCase) -> bool:
    """Whether the user answers for the case at a district or above, where decisions and their documents are made."""
    held = user.territories(Perm.HANDLE_CASES)
    return any(case.division_id.startswith(code) and len(code) <= _DISTRICT_CODE for code in held)


def may_handle(user, case: ReviewCase) -> bool:
    """Whether the user handles cases where this one belongs; a job (no user) never does."""
    return user is not None and user.can(Perm.HANDLE_CASES, case.division_id)


def may_step(user, case: ReviewCase) -> bool:
    """Whether the user may record the step that the case waits for."""
    if not may_handle(user, case) or not cases.next_stages(case.state):
        return False
    return case.state not in cases.DECIDED_ABOVE or may_decide(user, case)


def may_correct(user, case: ReviewCase) -> bool:
    """Whether the user may take back the decision on record; one that the records settled is nobody's decision."""
    decided = case.outcome and case.outcome != CaseOutcome.CLEARED
    return bool(decided) and may_handle(user, case) and may_decide(user, case)


@dataclass(frozen=True)
class Standing:
    """Where the person of a case counts on a day, and the clock behind the case; None each where there is none."""

    head: Head | None
    clock: DeadlineClock | None


def standing_of(case: ReviewCase, on: date) -> Standing:
    """How the reason of a case stands on a day, under the rules of the community where the person counts."""
    posts = case.person.appointments.in_force(on)
    head = heads_among(set(posts.values_list("division_id", flat=True)), on).get(case.person_id)
    if case.kind != CaseKind.CERTIFICATE_DEADLINE:
        return Standing(head, None)
    rules = rules_of(head.division_id if head else case.division_id, on)
    return Standing(head, deadline_clock(case.person, rules, on))


def settled_by(case: ReviewCase, standing: Standing, on: date) -> tuple[str, str] | None:
    """What has made the reason of a case go away, as a sentence and the document that shows it; None while it stands."""
    if case.kind != CaseKind.CERTIFICATE_DEADLINE or case.state not in cases.CLEARABLE:
        return None
    clock, left = standing.clock, case.person.left_on
    if clock is None:
        return _("这里已没有生效的取证期限规定。"), _("政策规则")
    if clock.certificate is not None:
        held = clock.certificate
        words = {"level": held.get_level_display(), "day": held.obtained_on.isoformat()}
        return _("已取得%(level)s证书（%(day)s）。") % words, held.number or held.get_level_display()
    if left is not None and left <= on:
        return _("已于 %(day)s 离职。") % {"day": left.isoformat()}, _exit_of(case)
    if clock.due is None or clock.due.due_on >= on:
        words = {"day": clock.due.due_on.isoformat() if clock.due else _("无入职日期")}
        return _("按现有记录，最迟取得日期为 %(day)s，没有逾期。") % words, _("人员记录")
    if standing.head is None or standing.head.reason is not None:
        return _("此人现在不计入社区工作者配备。"), _("人员记录")
    return None


def _exit_of(case: ReviewCase) -> str:
    reason = (
        case.person.exits.filter(taken_back=False, left_on=case.person.left_on).values_list("reason", flat=True).first()
    )
    return str(ExitReason(reason).label) if reason else case.person.leaving_reason or _("离职登记")


def case_of(user, kind: str, facts: dict) -> ReviewCase | None:
    """The latest case about the person of a finding, as far as the user handles cases there."""
    if kind not in CaseKind.values or not facts.get("person"):
        return None
    mine = ReviewCase.objects.for_user(user, Perm.HANDLE_CASES)
    return mine.filter(kind=kind, person_id=facts["person"]).order_by("-opened_on", "-id").first()


def finding_of(user, case: ReviewCase) -> Finding | None:
    """The finding that stands behind a case, the latest where there were several."""
    mine = Finding.objects.for_user(user, Perm.VIEW_FINDINGS)
    return mine.filter(kind=case.kind, subject=str(case.person_id)).order_by("-id").first()


def duties(user) -> list[Duty]:
    """Cases that wait for the user's own level, one line for each stage: decisions for a district, the rest for a street."""
    held = user.territories(Perm.HANDLE_CASES)
    deciding = [code for code in held if len(code) == _DISTRICT_CODE]
    recording = [code for code in held if len(code) > _DISTRICT_CODE]
    found = []
    for codes, stages in ((deciding, cases.DECIDED_ABOVE), (recording, cases.BEFORE_ENDING)):
        mine = union("division_id", codes)
        waiting = ReviewCase.objects.filter(mine, state__in=stages) if mine is not None else ReviewCase.objects.none()
        counts = dict(waiting.order_by().values_list("state").annotate(Count("id")))
        for stage in cases.STAGES:
            if stage in counts:
                label = _("个案%(stage)s") % {"stage": CaseState(stage).label}
                url = reverse("cases") + f"?stage={stage}"
                found.append(Duty(label, counts[stage], url, button=_("去办理")))
    return found
