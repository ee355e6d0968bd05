"""What proposals wait for, for a user's first page: steps of the own units, decisions of the office, signatures."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.clock import today
from portal.core.lib.scope import union
from proposals import stages
from proposals.enums import ProposalState
from proposals.models import Extension, Handling, Proposal, Seat
from proposals.queries.unanswered import over

_UNIT: dict[str, str | Promise] = {
    stages.ASSIGNED: _L("提案待签收"),
    stages.OPINION: _L("会办意见待提出"),
    stages.HANDLING: _L("提案答复待起草"),
    stages.REHANDLING: _L("提案待重新办理"),
    stages.OFFICE_CHECK: _L("提案答复待核稿"),
    stages.SIGNED: _L("提案答复待寄发"),
    stages.CONSULTATION: _L("提案待协商座谈"),
}
_OFFICE: dict[str, str | Promise] = {
    stages.RETURN_REQUESTED: _L("退办申请待决定"),
    stages.SUPERVISION_CHECK: _L("提案答复待督查复核"),
    stages.PUBLICATION: _L("提案答复待公开审查"),
}
_LEADER: dict[str, str | Promise] = {stages.SIGNATURE: _L("提案答复待签发")}
_OVER: dict[str, str | Promise] = {stages.SENT: _L("征询意见到期未反馈")}
_PROPOSALS: dict[str, str | Promise] = {
    ProposalState.RECEIVED: _L("提案待审查"),
    ProposalState.FILED: _L("提案待交办"),
}
# Nobody is reminded of a check of what they wrote or checked themselves.
_CHECKED = (stages.OFFICE_CHECK, stages.SUPERVISION_CHECK, stages.SIGNATURE)


def duties(user) -> list[Duty]:
    """Cases that wait for the user, by stage; where it is one, its own page is offered."""
    own, signed = _own(user, Perm.MANAGE_PROPOSALS), _own(user, Perm.SIGN_LETTERS)
    places = ((_seated(user), _UNIT), (own, _OFFICE), (signed, _LEADER))
    wanted = [where & Q(stage__in=labels) for where, labels in places if where is not None]
    wanted += [where & over(today()) for where in (_seated(user), own) if where is not None]
    found = [] if own is None else [*_received(own), *_extensions(user, own)]
    return [*_parts(user, Handling.objects.filter(reduce(or_, wanted))), *found] if wanted else found


def _seated(user) -> Q | None:
    """Parts of the units for which the user works."""
    where = union("division_id", user.territories(Perm.HANDLE_PROPOSALS))
    return None if where is None else where & Exists(Seat.objects.filter(unit=OuterRef("unit"), user=user.pk))


def _own(user, perm: str) -> Q | None:
    """The places whose own cases they are: a city is not reminded of its districts'."""
    codes = user.territories(perm)
    return None if not codes else Q() if "" in codes else Q(division_id__in=codes)


def _parts(user, rows: QuerySet[Handling]) -> list[Duty]:
    mine = Q(drafted_by=user.pk) | Q(checked_by=user.pk) | Q(supervised_by=user.pk)
    waiting = rows.exclude(mine & Q(stage__in=_CHECKED)).order_by()
    facts = waiting.values("stage").annotate(n=Count("pk"), due=Min("due_on"), one=Min("proposal"))
    told = ((fact["stage"], fact["n"], fact["one"], fact["due"]) for fact in facts)
    return _worded(_UNIT | _OFFICE | _LEADER | _OVER, told, _parts_page)


def _parts_page(stage: str) -> str:
    return reverse("unanswered_cases" if stage == stages.SENT else "proposal_board")


def _received(own: Q) -> list[Duty]:
    rows = Proposal.objects.filter(own, state__in=_PROPOSALS).order_by()
    facts = rows.values("state").annotate(n=Count("pk"), one=Min("pk"))
    return _worded(_PROPOSALS, ((fact["state"], fact["n"], fact["one"], None) for fact in facts), _cases_page)


def _cases_page(state: str) -> str:
    return f"{reverse('proposals')}?state={state}"


def _worded(
    labels: dict[str, str | Promise], facts: Iterable[tuple[str, int, int, date | None]], many: Callable[[str], str]
) -> list[Duty]:
    """A line for each that there is; of one case its own page is offered, of several the page `many(key)`."""
    known = {key: (n, one, due) for key, n, one, due in facts}
    found = []
    for key in (key for key in labels if key in known):
        n, one, due = known[key]
        url = reverse("proposal", args=[one]) if n == 1 else many(key)
        found.append(Duty(labels[key], n, url, due_on=due, button=_("去办理")))
    return found


def _extensions(user, own: Q) -> list[Duty]:
    places = Handling.objects.filter(own)
    waiting = Extension.objects.filter(agreed__isnull=True, handling__in=places).exclude(asked_by=user.pk)
    facts = waiting.aggregate(n=Count("pk"), one=Min("pk"))
    if not facts["n"]:
        return []
    return [Duty(_("延期申请待审批"), facts["n"], reverse("extension_decide", args=[facts["one"]]), button=_("去审批"))]
