"""Reads of what follows from stars: lists by place, by unit and by person, and what measures are graduated by."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from portal.core.accounts.roles import Perm
from portal.core.lib.scope import union
from ratings.enums import ConsequenceKind, ConsequenceState
from ratings.models import Consequence, StarGrade
from workforce.enums import Body, Tier
from workforce.models import Appointment, Person

MEASURES = (ConsequenceKind.TALK, ConsequenceKind.ADMONITION, ConsequenceKind.REMOVAL)
ELIGIBILITIES = (ConsequenceKind.RECRUITMENT, ConsequenceKind.PROMOTION)
# Years looked back for units without a star year after year; a rule may ask for ten.
YEARS_BACK = 10


def consequences(user, perm: Perm = Perm.VIEW_RATINGS) -> QuerySet:
    """What the user may see: of their territory, bonus shares only where they may see pay."""
    rows = Consequence.objects.for_user(user, perm)
    paid = union("division_id", user.territories(Perm.VIEW_PAY))
    hidden = Q(kind=ConsequenceKind.BONUS)
    return rows.exclude(hidden) if paid is None else rows.filter(~hidden | paid)


def listed(
    user, *, under: str, on: date, year: int | None = None, kind: str = "", state: str = "", late: bool = False
) -> QuerySet:
    """The list of a place: what is due first on top, then by unit."""
    found = consequences(user).under(under)
    if year:
        found = found.filter(result__year=year)
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    if late:
        found = found.filter(late_on(on))
    rows = found.select_related("division", "person", "result").defer(
        "person__id_number", "person__id_number_index", "person__phone"
    )
    return rows.order_by(F("state").desc(), F("due_on").asc(nulls_last=True), "division_id", "kind", "id")


def late_on(on: date) -> Q:
    """Open on a day after its last day."""
    return Q(state=ConsequenceState.OPEN, due_on__lt=on)


def sums(user, *, under: str, on: date, year: int | None = None) -> dict[str, dict[str, int]]:
    """By kind: how many are open, late, done and dropped."""
    found = consequences(user).under(under)
    if year:
        found = found.filter(result__year=year)
    counted = (
        found.order_by()
        .values("kind")
        .annotate(
            open=Count("id", filter=Q(state=ConsequenceState.OPEN)),
            late=Count("id", filter=late_on(on)),
            done=Count("id", filter=Q(state=ConsequenceState.DONE)),
            dropped=Count("id", filter=Q(state=ConsequenceState.DROPPED)),
        )
    )
    return {row.pop("kind"): row for row in counted}


def of_unit(user, code: str) -> QuerySet:
    """Everything that followed from the stars of a unit but bonus shares, the latest year first."""
    rows = consequences(user).filter(division_id=code).exclude(kind=ConsequenceKind.BONUS)
    return rows.select_related("person", "result").order_by("-result__year", "-result__number", "kind", "id")


def of_person(user, person: Person) -> QuerySet:
    """Everything that followed for a person in the user's territory, the latest year first."""
    rows = consequences(user).filter(person=person)
    return rows.select_related("division", "result").order_by("-result__year", "-result__number", "kind", "id")


def grades_before(year: int, codes: Sequence[str]) -> dict[str, dict[int, int]]:
    """The grades in force of the years before, by unit and year."""
    rows = StarGrade.objects.filter(division_id__in=codes, year__lt=year, year__gte=year - YEARS_BACK, current=True)
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for code, rated, grade in rows.values_list("division_id", "year", "grade"):
        found[code][rated] = grade
    return found


def headed_years(year: int, heads: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], set[int]]:
    """Of each (unit, person) the years before `year` at whose end the person was both secretary and chair there."""
    asked = set(heads)
    rows = Appointment.objects.filter(
        person__in={person for _code, person in asked}, tier=Tier.PRINCIPAL, body__in=(Body.PARTY, Body.COMMITTEE)
    )
    held: dict[tuple, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for code, person, body, start, end in rows.values_list(
        "division_id", "person_id", "body", "valid_from", "valid_to"
    ):
        for past in range(year - YEARS_BACK, year):
            day = date(past, 12, 31)
            if (code, person) in asked and start <= day and (end is None or end > day):
                held[code, person][body].add(past)
    return {key: bodies[Body.PARTY] & bodies[Body.COMMITTEE] for key, bodies in held.items()}
