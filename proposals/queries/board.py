"""The board of what is under way: open duties by the days left, then by stage, with a light each (domain §2.2)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from portal.core.accounts.roles import Perm
from proposals.deadlines import light
from proposals.enums import Stage
from proposals.models import Deadline, Handling, HandlingUnit, Seat

LIGHTS = ("red", "amber", "green", "paused")
# Stages in the order of the work: of two that fall due on a day, the one that has further to go stands first.
_STAGE = Case(*(When(stage=stage, then=Value(place)) for place, stage in enumerate(Stage.values)))
_LATER = ("proposal__text", "proposal__search", "return_reason", "return_refusal")
_DISTRICT = 6


def board(user, code: str = "") -> QuerySet[Handling]:
    """Parts with a last day to keep that the user may see under a place, in no order."""
    held = user.territories(Perm.VIEW_PROPOSALS)
    code = code or (held[0] if len(held) == 1 else "")
    rows = Handling.objects.for_user(user, Perm.VIEW_PROPOSALS).under(code).filter(due_on__isnull=False)
    # Below a district there are no cases: asked for by its code alone, they come from the index in their order.
    return rows.filter(division=code) if len(code) == _DISTRICT else rows


def shining(colour: str, today: date, soon_on: date) -> Q:
    """The parts whose light is of a colour; `proposals.deadlines.light` says the same of one."""
    if colour == "paused":
        return Q(suspended=True)
    running = Q(suspended=False)
    if colour == "red":
        return running & Q(due_on__lt=today)
    if colour == "amber":
        return running & Q(due_on__gte=today, due_on__lte=soon_on)
    return running & Q(due_on__gt=soon_on)


def lights(rows: QuerySet[Handling], today: date, soon_on: date) -> dict[str, int]:
    """How many parts shine in which colour; one query, which the index `handling_lights` answers."""
    counts = {colour: Count("due_on", filter=shining(colour, today, soon_on)) for colour in LIGHTS}
    return rows.order_by().aggregate(**counts)


def narrowed(
    rows: QuerySet[Handling], user, today: date, soon_on: date, *, light: str = "", kind: str = "", stage: str = "",
    unit: int | None = None, mine: bool = False,
) -> QuerySet[Handling]:  # fmt: skip
    """The rows that a reader asks for: of a colour, kind of duty, stage or unit; `mine` are those of units they work for."""
    if light:
        rows = rows.filter(shining(light, today, soon_on))
    if kind:
        rows = rows.filter(due_kind=kind)
    if stage:
        rows = rows.filter(stage=stage)
    if unit:
        rows = rows.filter(unit=unit)
    return rows.filter(Exists(Seat.objects.filter(user=user.pk, unit=OuterRef("unit")))) if mine else rows


def in_order(rows: QuerySet[Handling]) -> QuerySet[Handling]:
    """Fewest days left first, then by stage."""
    return rows.order_by("due_on", _STAGE, "pk")


def keys(rows: QuerySet[Handling]) -> QuerySet:
    """The rows by their keys alone: joined with their cases, all of them would be read to be put in order."""
    return in_order(rows).values_list("pk", flat=True)


def shown(user, found: Iterable[int]) -> list[Handling]:
    """The parts of a page of keys in its order, with what a line shows; one query."""
    wanted = list(found)
    rows = Handling.objects.for_user(user, Perm.VIEW_PROPOSALS).filter(pk__in=wanted)
    parts = rows.select_related("proposal__session", "unit").defer(*_LATER).in_bulk()
    return [parts[pk] for pk in wanted if pk in parts]


def first_deadlines(handlings: Iterable[Handling]) -> dict[int, Deadline]:
    """Of each part the deadline that it is on the board for, by the key of the part; one query."""
    parts = {one.pk: one for one in handlings}
    found = Deadline.objects.filter(handling__in=parts, met_on__isnull=True, dropped=False).order_by("-pk")
    return {
        one.handling_id: one
        for one in found
        if (one.due_on, one.kind) == (parts[one.handling_id].due_on, parts[one.handling_id].due_kind)
    }


def lit(handling: Handling, today: date, soon_on: date) -> str:
    """The light of one part."""
    return light(handling.due_on, today, soon_on, suspended=handling.suspended)


def units(user, code: str = "") -> QuerySet[HandlingUnit]:
    """Units that the user may meet on the board of a place."""
    return HandlingUnit.objects.for_user(user, Perm.VIEW_PROPOSALS).under(code).order_by("division_id", "short")
