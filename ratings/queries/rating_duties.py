"""What a rating waits for, for a user's first page: points to give at the own stage, steps of the whole cycle, events."""

from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.scope import union
from ratings import stages
from ratings.models import RatingCycle, UnitRating
from ratings.queries.cycles import unconfirmed

_LABELS = {
    stages.SELF: gettext_lazy("星级自评待提交"),
    stages.STREET: gettext_lazy("星级初评待打分"),
    stages.DISTRICT: gettext_lazy("星级复核待打分"),
}
_STEPS = {
    stages.JOINT: (Perm.MANAGE_RATINGS, gettext_lazy("星级评定待部门联审")),
    stages.CALIBRATION: (Perm.MANAGE_RATINGS, gettext_lazy("星级评定待综合评定")),
    stages.NOTICE: (Perm.MANAGE_RATINGS, gettext_lazy("星级评定公示中")),
    stages.DECISION: (Perm.DECIDE_RATINGS, gettext_lazy("星级评定待认定")),
    stages.DECIDED: (Perm.MANAGE_RATINGS, gettext_lazy("星级评定待备案")),
}
# Whose own work a stage is, told by the digits of the territory: a street may assess in a community's place, but is not
# reminded of it, and a district does not score as a city.
_DIGITS = {stages.SELF: (12,), stages.STREET: (9,), stages.DISTRICT: (6,)}


def duties(user) -> list[Duty]:
    """Ratings that wait for the user, by stage."""
    return [*_scoring(user), *_steps(user), *_events(user)]


def _scoring(user) -> list[Duty]:
    found = []
    for stage, perm in stages.RATERS.items():
        mine = union("division_id", [code for code in user.territories(perm) if len(code) in _DIGITS[stage]])
        if mine is None:
            continue
        rows = UnitRating.objects.filter(mine, stage=stage, cycle__stage=stages.SELF, left_out_because="")
        facts = rows.order_by().values("cycle").annotate(n=Count("pk"), due=Min(f"cycle__{stage}_due"))
        for fact in facts.order_by("due", "cycle"):
            url = f"{reverse('rating_sheet', args=[fact['cycle']])}?stage={stage}"
            found.append(Duty(_LABELS[stage], fact["n"], url, due_on=fact["due"], button=_("去打分")))
    return found


def _steps(user) -> list[Duty]:
    places = user.territories(Perm.MANAGE_RATINGS) + user.territories(Perm.DECIDE_RATINGS)
    if (mine := union("division_id", places)) is None:
        return []
    running = RatingCycle.objects.filter(mine, stage__in=_STEPS).select_related("division").order_by("pk")
    return [_step(one) for one in running if user.can(_STEPS[one.stage][0], one.division_id)]


def _step(cycle: RatingCycle) -> Duty:
    label, stage = _STEPS[cycle.stage][1], cycle.stage
    due = cycle.notice_until + timedelta(days=1) if stage == stages.NOTICE else getattr(cycle, f"{stage}_due", None)
    url = reverse("rating_cycle", args=[cycle.pk])
    return Duty(label, 1, url, who=cycle.division.label, due_on=due, button=_("去办理"))


def _events(user) -> list[Duty]:
    counts = unconfirmed(user).aggregate(n=Count("pk"), first=Min("unit"))
    if not counts["n"]:
        return []
    return [
        Duty(
            _("加减分和否决事项待确认"), counts["n"], reverse("rating_unit", args=[counts["first"]]), button=_("去确认")
        )
    ]
