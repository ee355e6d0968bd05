"""Reads of points 积分: the rules that hold for a place, entries, and what a household may still redeem (domain §1.I)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import ancestors
from ratings.enums import PointState, PremisesKind
from ratings.models import PointEntry, PointRule, Premises


@dataclass(frozen=True)
class Balance:
    """Points of a household: `confirmed`, and `held` by redemptions that wait for confirmation (not negative)."""

    confirmed: int
    held: int

    @property
    def available(self) -> int:
        """What a further redemption may cost."""
        return self.confirmed - self.held


HELD = Q(state=PointState.ENTERED, rule__redemption=True)


def balance_of(premises: Premises) -> Balance:
    """The balance of a household now. Who spends from it locks the premises first."""
    sums = PointEntry.objects.filter(premises=premises).aggregate(
        confirmed=Sum("points", filter=Q(state=PointState.CONFIRMED)), held=Sum("points", filter=HELD)
    )
    return Balance(sums["confirmed"] or 0, -(sums["held"] or 0))


def rules(code: str) -> QuerySet:
    """Rules set for a place or above it; those taken back are left out."""
    return PointRule.objects.filter(division_id__in=[code, *ancestors(code)]).exclude(valid_to=F("valid_from"))


def usable(code: str, on: date) -> QuerySet:
    """Rules by which points may be entered in a community on a day: gains first, then costs, then redemptions."""
    return rules(code).in_force(on).order_by("redemption", "-points", "behaviour", "pk")


def entries(user, *, under: str, year: int, state: str = "", q: str = "") -> QuerySet:
    """Entries of a year under a place, newest first; those that wait are always there, whatever their year."""
    found = PointEntry.objects.for_user(user, Perm.VIEW_SERVICE).under(under)
    found = found.filter(Q(on__year=year) | Q(state=PointState.ENTERED))
    if state:
        found = found.filter(state=state)
    if q:
        found = found.filter(Q(premises__label__icontains=q) | Q(rule__behaviour__icontains=q))
    found = found.select_related("division", "premises", "rule", "entered_by", "reviewed_by")
    return found.order_by("-on", "-pk")


def waiting(user) -> QuerySet:
    """Entries that the user may confirm: of the own territory, entered by somebody else."""
    mine = PointEntry.objects.for_user(user, Perm.CHANGE_SERVICE)
    return mine.filter(state=PointState.ENTERED).exclude(entered_by=user)


def homes(code: str, on: date) -> QuerySet:
    """Households of a community on a day, by address."""
    found = Premises.objects.filter(division_id=code, kind=PremisesKind.HOUSEHOLD).in_force(on)
    return found.order_by("label", "pk")


def per_community(under: str, year: int) -> dict[str, tuple[int, int, int]]:
    """(households with confirmed points, points gained, entries that wait) of every community under a place in a year."""
    rows = PointEntry.objects.under(under).filter(Q(on__year=year) | Q(state=PointState.ENTERED)).order_by()
    found = rows.values("division_id").annotate(
        homes=Count("premises", distinct=True, filter=Q(state=PointState.CONFIRMED)),
        gained=Sum("points", filter=Q(state=PointState.CONFIRMED, points__gt=0)),
        wait=Count("pk", filter=Q(state=PointState.ENTERED)),
    )
    return {
        code: (n, gained or 0, wait)
        for code, n, gained, wait in found.values_list("division_id", "homes", "gained", "wait")
    }
