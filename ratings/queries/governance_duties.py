"""What waits for a user's decision in access, refusals, projects, points and follow-ups, as rows of the first page.

The first page is opened all the time: applications are one query, everything that waits in communities is another.
"""

from django.db.models import Count, Min, QuerySet, Value
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.clock import today
from portal.core.lib.codes import LENGTHS, Level
from portal.core.lib.scope import union
from ratings.enums import AccessState, DeliberationState, ProjectState
from ratings.models import AccessApplication, Deliberation, ItemRefusal, Project
from ratings.queries import points
from ratings.queries.access import OPEN

_STREET = LENGTHS[Level.STREET - 1]
_MOST = 500


def governance_duties(user) -> list[Duty]:
    """Duties of a user, the most pressing first."""
    return [*_applications(user), *_of_communities(user)]


def _applications(user) -> list[Duty]:
    """To review, by somebody else than who entered it; to decide, by a third person."""
    if not user.can(Perm.HANDLE_ACCESS) and not user.can(Perm.DECIDE_ACCESS):
        return []
    rows = AccessApplication.objects.for_user(user, Perm.HANDLE_ACCESS).filter(state__in=OPEN)
    found = list(rows.exclude(entered_by=user).order_by("due_on", "pk")[:_MOST])
    to_review = [one for one in found if one.state == AccessState.APPLIED]
    to_decide = [one for one in found if one.state == AccessState.REVIEWED and one.reviewed_by_id != user.pk]
    steps = ((to_review, _("事项准入待审核"), _("去审核")), (to_decide, _("事项准入待审批"), _("去审批")))
    return [_of_applications(held, label, button) for held, label, button in steps if held]


def _of_applications(held: list[AccessApplication], label: str, button: str) -> Duty:
    first = held[0]
    if len(held) == 1:
        url = reverse("access_application", args=[first.pk])
        return Duty(label, 1, url, who=first.title, due_on=first.due_on, button=button)
    url = reverse("access_applications") + "?state=open"
    return Duty(label, len(held), url, due_on=first.due_on, button=button)


def _summed(rows: QuerySet, kind: str, day: str) -> QuerySet:
    """(kind, count, earliest day, first community) of rows as one line."""
    rows = rows.order_by().annotate(duty=Value(kind)).values("duty")
    return rows.annotate(n=Count("pk"), first=Min(day), place=Min("division_id")).values_list(
        "duty", "n", "first", "place"
    )


def _of_communities(user) -> list[Duty]:
    """What waits in the communities: for their street to answer or approve, for a colleague to confirm, for anybody late."""
    asked = []
    # Offices above a street see its work without having to do it.
    streets = [code for code in user.territories(Perm.CONFIRM_SERVICE) if len(code) == _STREET]
    if streets:
        mine = union("division_id", streets)
        asked.append(_summed(ItemRefusal.objects.filter(mine, replied_on=None), "refusals", "refused_on"))
        asked.append(_summed(Project.objects.filter(mine, state=ProjectState.PROPOSED), "projects", "proposed_on"))
    if user.can(Perm.CHANGE_SERVICE):
        late = Deliberation.objects.for_user(user, Perm.CHANGE_SERVICE)
        late = late.filter(state=DeliberationState.HELD, follow_up_due__lt=today())
        asked += [_summed(points.waiting(user), "points", "on"), _summed(late, "matters", "follow_up_due")]
    if not asked:
        return []
    waits = {kind: rest for kind, *rest in asked[0].union(*asked[1:], all=True) if rest[0]}
    return [_duty(user, streets, kind, *waits[kind]) for kind in _WORDS if kind in waits]


_WORDS = ("refusals", "projects", "points", "matters")


def _duty(user, streets: list[str], kind: str, count: int, first, place: str) -> Duty:
    home = streets[0] if len(streets) == 1 else place
    if kind == "refusals":
        url = reverse("access_refusals", args=[home]) + "?state=waiting"
        return Duty(_("社区拒绝的事项待处理"), count, url, button=_("去处理"))
    if kind == "projects":
        query = urlencode({"state": ProjectState.PROPOSED, "year": first.year})
        url = f"{reverse('projects', args=[home])}?{query}"
        return Duty(_("微治理项目待立项"), count, url, button=_("去立项"))
    if kind == "points":
        url = reverse("points", args=[place]) + "?state=entered"
        return Duty(_("积分待审核"), count, url, button=_("去审核"))
    home = next(iter(user.territories(Perm.CHANGE_SERVICE))) or place
    url = reverse("deliberations", args=[home]) + "?state=late"
    return Duty(_("议事结果逾期未落实"), count, url, due_on=first, button=_("去落实"))
