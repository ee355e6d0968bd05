"""Reads of the roster list and of one person's page."""

import re
from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection, models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, TextField, Value
from django.db.models.expressions import RawSQL

from portal.core.accounts.roles import Perm
from portal.core.audit.changes import Change, describe
from portal.core.audit.queries import history_models
from portal.core.lib.codes import code_range
from portal.core.lib.scope import union
from portal.core.policy.queries import RULES_CTE
from portal.core.territory.models import Division
from workforce.counters.headcount import heads_ctes
from workforce.enums import TransferState, WorkerClass
from workforce.models import (
    Appointment,
    Certificate,
    ContinuingEducation,
    Contract,
    Enrolment,
    Establishment,
    Exit,
    GradeRecord,
    GridPost,
    Nomination,
    Person,
    PostApplication,
    ProfessionalAppointment,
    Registration,
    SpecialStatus,
    Transfer,
)
from workforce.queries.community import Head
from workforce.queries.establishment import BODIES

_NAMED = re.compile(r"%\((\w+)\)s")
_ORDERS = {
    "name": ("person__name_pinyin", "person_id", "tier", "valid_from", "id"),
    "place": ("division_id", "tier", "person__name_pinyin", "person_id", "id"),
    "tier": ("tier", "person__name_pinyin", "person_id", "id"),
    "start": ("valid_from", "person__name_pinyin", "person_id", "id"),
}
# The classes of positions by the status that lists them.
POSITIONS = {
    "position": tuple(WorkerClass.values),
    **{f"position_{one}": (str(one),) for one in WorkerClass.values},
}
# Best first: the one that a list shows where somebody holds several.
LEVELS = ("senior", "social_worker", "assistant", "local")


def posts_listed(user, *, under: str, on: date, q: str = "", status: str = "in_post", sort: str = "name"):
    """Posts in the user's territory as the list shows them.

    `status`: in_post, counted, not_counted or a reason of `NotCounted` (all of the day `on`), position or a class of it:
    one post for each position taken, or left: posts that ended by then, of people without another one there; not those
    taken back. `sort` is a key of `_ORDERS`, with - for
    descending.
    """
    mine = Appointment.objects.for_user(user, Perm.VIEW_ROSTER).under(under)
    posts = mine.in_force(on)
    if status == "left":
        still = posts.filter(person_id=OuterRef("person_id"))
        posts = mine.filter(~Exists(still), valid_to__lte=on, valid_to__gt=F("valid_from"))
    elif status in POSITIONS:
        posts = posts.filter(_taking(posts, on, POSITIONS[status]))
    elif status != "in_post":
        posts = posts.filter(_judged(user, under, on, status))
    if q := q.strip().replace("\x00", ""):
        posts = posts.filter(_named(q))
    return posts.order_by(*_ordered(sort))


def _taking(posts, on: date, classes: Iterable[str]) -> Q:
    """Posts that take positions of these classes: of each person one in a community and class, the most senior.

    As `queries.establishment` counts them: in villages only where positions are recorded or applied for.
    """
    started, there = Q(valid_from__lte=on), OuterRef("division_id")
    condition = Q(pk__in=[])
    for one in classes:
        bodies = BODIES[WorkerClass(one)]
        taking = posts.filter(full_time=True, managed=True, body__in=bodies).order_by()
        same = taking.filter(person_id=OuterRef("person_id"), division_id=there)
        before = same.filter(
            Q(tier__lt=OuterRef("tier"))
            | Q(tier=OuterRef("tier"), valid_from__lt=OuterRef("valid_from"))
            | Q(tier=OuterRef("tier"), valid_from=OuterRef("valid_from"), id__lt=OuterRef("id"))
        )
        recorded = Establishment.objects.filter(started, Q(valid_to__isnull=True) | Q(valid_to__gt=on))
        waiting = PostApplication.objects.filter(Q(decided_at__isnull=True) | Q(decided_at__date__gt=on))
        controlled = (
            Q(division__urban=True)
            | Exists(recorded.filter(division_id=there, worker_class=one))
            | Exists(waiting.filter(division_id=there, worker_class=one, applied_at__date__lte=on))
        )
        first = Q(full_time=True, managed=True, body__in=bodies) & ~Exists(before)
        condition |= first & controlled
    return condition & Q(division__in=Division.objects.in_force(on))


def _ordered(sort: str) -> list[str]:
    keys = _ORDERS[sort.removeprefix("-")]
    return [f"-{keys[0]}" if sort.startswith("-") else keys[0], *keys[1:]]


def sorted_at_once(posts, sort: str):
    """A few posts in the same order, read and sorted as a whole.

    To begin with the first name PostgreSQL would rather walk the index of all names, past everybody who is not among them.
    """
    if sort.removeprefix("-") != "name":
        return posts
    name = Func(F("person__name_pinyin"), template="(%(expressions)s || '')", output_field=TextField())
    return posts.order_by(name.desc() if sort.startswith("-") else name.asc(), *_ORDERS["name"][1:])


def _named(q: str) -> Q:
    condition = Q(person__name__contains=q)
    if q.isascii() and q.isalpha():
        condition |= Q(person__name_initials__startswith=q.lower())
    return condition


def _judged(user, under: str, on: date, status: str) -> Q:
    """Posts of people who count, or do not for one or any reason; judged territory by territory."""
    codes = [under] if under else user.territories(Perm.VIEW_ROSTER)
    wanted = {"counted": "reason IS NULL", "not_counted": "reason IS NOT NULL"}.get(status, "reason = %(reason)s")
    sql = f"WITH {RULES_CTE}, {heads_ctes()} SELECT person_id FROM heads WHERE {wanted}"
    found = []
    for low, high in map(code_range, codes):
        values = {"on": on, "low": low, "high": high, "reason": status}
        found.append(Q(person_id__in=RawSQL(_NAMED.sub("%s", sql), [values[name] for name in _NAMED.findall(sql)])))
    return reduce(or_, found, Q(pk__in=[]))


def listed_people(people: Iterable[UUID]) -> RawSQL:
    """People as one parameter of a query: thousands of them cost as much to prepare one by one as to look up."""
    return RawSQL("SELECT unnest(%s::uuid[])", [[str(one) for one in people]])


def with_details(posts):
    """The posts with everything that a line of the list shows."""
    certificates = Prefetch("person__certificates", Certificate.objects.order_by("obtained_on"))
    return posts.select_related("person", "division").prefetch_related(certificates)


def best(certificates) -> Certificate | None:
    """The highest certificate of those given."""
    return min(certificates, key=lambda one: LEVELS.index(one.level), default=None)


def heads_among(codes: set[str], on: date) -> dict[UUID, Head]:
    """Everybody with a post in one of the communities `codes` on a day, by person: where each counts, or why not."""
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {RULES_CTE}, {heads_ctes(codes=True)} SELECT person_id, division_id, reason, certified FROM heads",
            {"on": on, "codes": sorted(codes)},
        )
        return {person: Head(*rest) for person, *rest in cursor.fetchall()}


def posts_of(user, person: Person) -> list[Appointment]:
    """The person's posts that the user may see, latest first."""
    posts = Appointment.objects.for_user(user, Perm.VIEW_ROSTER).filter(person=person).select_related("division")
    return list(posts.order_by("-valid_from", "tier", "id"))


def contract_on(person: Person, on: date) -> Contract | None:
    """The contract in force on a day, else the latest."""
    held = list(person.contracts.exclude(valid_to=F("valid_from")).order_by("-valid_from"))
    running = (one for one in held if one.valid_from <= on and (one.valid_to is None or one.valid_to > on))
    return next(running, held[0] if held else None)


# What the change log of a person tells of; pay has a page of its own and another permission.
_TOLD = (Appointment, GridPost, Contract, Certificate, Registration, ContinuingEducation, ProfessionalAppointment)
_TOLD += (SpecialStatus, GradeRecord, Enrolment, Nomination, Exit)
_PRIVATE = frozenset({SpecialStatus, Exit})  # tell of health and discipline (domain §2.12)
_PLACED = frozenset({Appointment, GridPost, Enrolment, Nomination, Exit})


def _moves(user) -> Q:
    """Transfers out of the user's territory; those into it once both sides have agreed."""
    held = user.territories(Perm.VIEW_ROSTER)
    leaving, joining = union("from_division_id", held), union("to_division_id", held)
    return Q(pk__in=[]) if leaving is None else leaving | joining & Q(state=TransferState.AGREED)


def history(user, person: Person, limit: int = 100) -> list[Change]:
    """The newest changes of the person and the records that hang on it; those with a place as far as the user may see."""
    tables = {model.pgh_tracked_model: model for model in history_models()}
    mine = union("division_id", user.territories(Perm.VIEW_ROSTER))
    mine = Q(pk__in=[]) if mine is None else mine
    private = Person.objects.for_user(user, Perm.REVEAL_PERSONAL).filter(pk=person.pk).exists()
    told = [model for model in _TOLD if private or model not in _PRIVATE]
    chosen = [(Person, Q(pgh_obj_id=person.pk)), (Transfer, Q(person_id=person.pk) & _moves(user))]
    chosen += [(model, Q(person_id=person.pk) & (mine if model in _PLACED else Q())) for model in told]
    keys = [
        models.QuerySet(tables[model])
        .filter(condition)
        .annotate(table=Value(order, models.IntegerField()))
        .order_by("-pgh_id")
        .values_list("pgh_created_at", "table", "pgh_id")[:limit]
        for order, (model, condition) in enumerate(chosen)
    ]
    found = sorted(keys[0].union(*keys[1:], all=True), key=lambda row: (row[0], -row[1], row[2]), reverse=True)
    return describe([(tables[chosen[order][0]], row_id) for _at, order, row_id in found[:limit]])
