"""What the ledger and promises wait for, for a user's first page: reports, striking off, confirmation, last days."""

from datetime import timedelta

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.clock import today
from proposals.enums import CommitmentState, TaskState
from proposals.ledger import Standing
from proposals.models import Commitment, CommitmentStep, LedgerTask
from proposals.queries.ledger import OPEN, standings

_SOON = timedelta(days=30)
_DONE = 100


def duties(user) -> list[Duty]:
    """Tasks and promises of the user's own place or units that wait for the user."""
    tasks = _tasks(user)
    return [*_reports(tasks), *_strikes(user, tasks), *_left_over(user, tasks), *_confirmations(user), *_promises(user)]


def _own(user, perm: str) -> Q | None:
    """The places whose own ledger it is: a city is not reminded of its districts'."""
    codes = [code for code in user.territories(perm) if code]
    return Q(division_id__in=codes) if codes else None


def _tasks(user) -> list[LedgerTask]:
    """Tasks on the ledger of the user's own place; who signs off also makes reports."""
    own = _own(user, Perm.MAKE_REPORTS)
    return list(LedgerTask.objects.filter(own, state__in=OPEN).order_by("pk")) if own is not None else []


def _reports(tasks: list[LedgerTask]) -> list[Duty]:
    """Reports whose period is over and which have not come in, whether they had to or not."""
    known = standings(tasks, today()).reports.values() if tasks else ()
    due = [one for owed in known for one in owed if one.standing in (Standing.MISSING, Standing.WAITING)]
    if not due:
        return []
    first = min(due, key=lambda one: (one.due_on, one.period.ends_on))
    url = reverse("ledger_quick", args=[first.period.key])
    return [Duty(_("台账报告待报送"), len(due), url, due_on=first.due_on, button=_("去报送"))]


def _strikes(user, tasks: list[LedgerTask]) -> list[Duty]:
    """Tasks that somebody else asked to have struck off."""
    signs = set(user.territories(Perm.SIGN_REPORTS))
    asked = [one for one in tasks if one.state == TaskState.ASKED and one.division_id in signs]
    asked = [one for one in asked if one.asked_by_id != user.pk]
    if not asked:
        return []
    due_on, alone = min(one.due_on for one in asked), len(asked) == 1
    url = reverse("ledger_task", args=[asked[0].pk]) if alone else f"{reverse('ledger')}?show=asked"
    return [Duty(_("销号申请待审核"), len(asked), url, due_on=due_on, button=_("去审核"))]


def _left_over(user, tasks: list[LedgerTask]) -> list[Duty]:
    """Tasks still open on the list of a year that is over, where the user signs."""
    signs = set(user.territories(Perm.SIGN_REPORTS))
    left = [
        one for one in tasks if one.state == TaskState.OPEN and one.year < today().year and one.division_id in signs
    ]
    if not left:
        return []
    return [Duty(_("上年度任务待转入本年度"), len(left), reverse("ledger_roll"), button=_("去转入"))]


def _latest(field: str) -> Subquery:
    return Subquery(CommitmentStep.objects.filter(commitment=OuterRef("pk")).order_by("-pk").values(field)[:1])


def _confirmations(user) -> list[Duty]:
    """Promises that somebody else noted as done."""
    if (own := _own(user, Perm.MANAGE_PROPOSALS)) is None:
        return []
    done = Commitment.objects.filter(own, state=CommitmentState.OPEN).exclude(entered_by=user.pk)
    done = done.alias(percent=_latest("percent"), who=_latest("entered_by")).filter(percent=_DONE).exclude(who=user.pk)
    return _listed(done, _("承诺事项待确认落实"), _("去确认"))


def _promises(user) -> list[Duty]:
    """Promises of the units for which the user works, as their last day comes near."""
    if not user.can(Perm.HANDLE_PROPOSALS):
        return []
    seats = user.seats.values("unit")
    near = Commitment.objects.for_user(user, Perm.HANDLE_PROPOSALS).filter(unit__in=seats)
    near = near.filter(state=CommitmentState.OPEN, due_on__lte=today() + _SOON)
    return _listed(near, _("承诺事项将到期或已逾期"), _("去登记进展"))


def _listed(found: QuerySet, label: str, button: str) -> list[Duty]:
    facts = found.order_by().aggregate(n=Count("pk"), first=Min("pk"), due=Min("due_on"))
    if not facts["n"]:
        return []
    url = reverse("promise", args=[facts["first"]]) if facts["n"] == 1 else f"{reverse('promises')}?show=open"
    return [Duty(label, facts["n"], url, due_on=facts["due"], button=button)]
