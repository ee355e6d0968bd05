"""What the public may read: cycles from the first day of their notice on, and the grades in them; nothing before."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from portal.core.lib.clock import today
from portal.core.lib.scope import subtree
from ratings.enums import Stage
from ratings.models import RatingCycle, StarGrade, UnitRating
from ratings.queries.results import STARS

# Decided: results stand; before that they are what the notice says.
DECIDED = (Stage.DECIDED, Stage.FILED)
PUBLISHED = (Stage.NOTICE, Stage.DECISION, *DECIDED)


def published() -> QuerySet:
    """Cycles that the public may read, the latest first. A cycle before its notice does not exist for them."""
    found = RatingCycle.objects.filter(stage__in=PUBLISHED, notice_from__lte=today())
    return found.select_related("division").order_by("-year", "division_id")


def published_units(cycle: RatingCycle, *, under: str = "", grade: str = "", q: str = "") -> QuerySet:
    """The graded units of a published cycle, in the order of codes."""
    found = cycle.units.filter(left_out_because="", grade__isnull=False).select_related("division__parent")
    if under:
        found = found.filter(subtree("division_id", under))
    if grade in STARS:
        found = found.filter(grade=STARS[grade])
    if q := q.strip().replace("\x00", ""):
        found = found.filter(Q(division__label__contains=q) | Q(division__initials__startswith=q.lower()))
    return found.order_by("division_id")


def later_versions(units: Iterable[UnitRating]) -> dict[int, StarGrade]:
    """Results of these units that were changed after the decision, by unit: what stands now."""
    found = StarGrade.objects.filter(unit__in=[unit.pk for unit in units], current=True, number__gt=1)
    return {one.unit_id: one for one in found}


def is_published(cycle: RatingCycle) -> bool:
    """Whether `published` gives this cycle."""
    return cycle.stage in PUBLISHED and cycle.notice_from <= today()
