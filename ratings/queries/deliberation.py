"""Reads of matters deliberated: late follow-ups first, and the counts of a year (domain §1.I)."""

from datetime import date

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, IntegerField, Q, QuerySet, Value, When

from portal.core.accounts.roles import Perm
from ratings.enums import DeliberationState as State
from ratings.models import Deliberation


def late(on: date) -> Q:
    """Decided matters whose result should have been carried out by a day, and matters not held when planned."""
    return Q(state=State.HELD, follow_up_due__lt=on) | Q(state=State.PLANNED, planned_on__lt=on)


def deliberations(user, *, under: str, year: int, on: date, q: str = "", state: str = "", level: str = "") -> QuerySet:
    """Matters planned in a year under a place, and all that are still open: late ones first, then by what comes next."""
    found = Deliberation.objects.for_user(user, Perm.VIEW_SERVICE).under(under)
    found = found.filter(Q(planned_on__year=year) | Q(state__in=[State.PLANNED, State.HELD], planned_on__year__lt=year))
    if q:
        found = found.filter(Q(topic__icontains=q) | Q(result__icontains=q))
    if state == "late":
        found = found.filter(late(on))
    elif state:
        found = found.filter(state=state)
    if level:
        found = found.filter(level=level)
    stage = Case(
        When(late(on), then=Value(0)),
        When(state=State.HELD, then=Value(1)),
        When(state=State.PLANNED, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = found.annotate(stage=stage, late=ExpressionWrapper(late(on), output_field=BooleanField()))
    return found.select_related("division").order_by("stage", "follow_up_due", "-planned_on", "-pk")


def per_community(under: str, year: int, on: date) -> dict[str, tuple[int, int, int, int]]:
    """(planned, held or done, done, late) of the matters of a year of every community under a place that has any."""
    rows = Deliberation.objects.under(under).filter(planned_on__year=year).order_by().values("division_id")
    found = rows.annotate(
        planned=Count("pk", filter=~Q(state=State.DROPPED)),
        held=Count("pk", filter=Q(state__in=[State.HELD, State.DONE])),
        done=Count("pk", filter=Q(state=State.DONE)),
        late=Count("pk", filter=late(on)),
    )
    return {code: tuple(rest) for code, *rest in found.values_list("division_id", "planned", "held", "done", "late")}
