"""Reads of service facilities: floor space, what of it serves the public, and square metres per 100 households (§1.H6-H8)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.territory.models import Population
from ratings.models import Facility

ONE_DECIMAL, CENT = Decimal("0.1"), Decimal("0.01")


@dataclass(frozen=True)
class Space:
    """Floor space of a place in square metres. `stated` is that of the facilities whose public part is known.

    `housed` is the space of communities whose households are on record; `households` None where none are.
    """

    count: int = 0
    area: Decimal = Decimal(0)
    public: Decimal = Decimal(0)
    stated: Decimal = Decimal(0)
    housed: Decimal = Decimal(0)
    households: int | None = None

    @property
    def per_hundred(self) -> Decimal | None:
        """Square metres per 100 households, two decimals, half up (408 m2 for 1,000 households = 40.80)."""
        if not self.households:
            return None
        return (self.housed * 100 / self.households).quantize(CENT, rounding=ROUND_HALF_UP)

    @property
    def public_share(self) -> Decimal | None:
        """Public part of the space whose public part is known, in per cent, one decimal."""
        if not self.stated:
            return None
        return (self.public * 100 / self.stated).quantize(ONE_DECIMAL, rounding=ROUND_HALF_UP)

    def reaches(self, square_metres: int) -> bool | None:
        """Whether there are so many square metres per 100 households; judged exactly, None without households."""
        return None if not self.households else self.housed * 100 >= square_metres * self.households

    def public_enough(self, percent: int) -> bool | None:
        """Whether so many per cent serve the public; judged exactly, None where no public part is known."""
        return None if not self.stated else self.public * 100 >= percent * self.stated


def total(spaces: list[Space]) -> Space:
    """The space of several communities together: sums over sums, not a mean of means (domain §1.H6)."""
    known = [one.households for one in spaces if one.households is not None]
    return Space(
        count=sum(one.count for one in spaces),
        area=sum((one.area for one in spaces), Decimal(0)),
        public=sum((one.public for one in spaces), Decimal(0)),
        stated=sum((one.stated for one in spaces), Decimal(0)),
        housed=sum((one.housed for one in spaces), Decimal(0)),
        households=sum(known) if known else None,
    )


def facilities(user, *, under: str, on: date, kind: str = "") -> QuerySet:
    """Facilities in use on a day under a place."""
    found = Facility.objects.for_user(user, Perm.VIEW_SERVICE).under(under).in_force(on).select_related("division")
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("division_id", "kind", "name", "pk")


def per_community(under: str, on: date) -> dict[str, Space]:
    """The space of every community under a place that has a facility or households on record."""
    zero = Value(Decimal(0), DecimalField(max_digits=14, decimal_places=2))
    rows = Facility.objects.under(under).in_force(on).order_by().values("division_id")
    sums = rows.annotate(
        n=Count("pk"),
        m=Sum("area"),
        p=Coalesce(Sum("public_area"), zero),
        s=Coalesce(Sum("area", filter=Q(public_area__isnull=False)), zero),
    ).values_list("division_id", "n", "m", "p", "s")
    built = {code: figures for code, *figures in sums}
    homes = households(under, on)
    found = {}
    for code in built.keys() | homes.keys():
        count, area, public, stated = built.get(code, (0, Decimal(0), Decimal(0), Decimal(0)))
        known = homes.get(code)
        found[code] = Space(count, area, public, stated, area if known else Decimal(0), known)
    return found


def households(under: str, on: date) -> dict[str, int]:
    """Households of the communities under a place by the latest population on record that states them."""
    rows = Population.objects.under(under).filter(households__gt=0, on__lte=on, division__level=Level.COMMUNITY)
    latest = rows.order_by("division_id", "-on", "-pk").distinct("division_id")
    return dict(latest.values_list("division_id", "households"))
