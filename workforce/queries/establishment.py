"""Positions: established 核定, taken 实有, vacant 空缺 and applied for 申请, by class and community, on any day.

A full-time, managed post takes a position; a person takes one per community and class, whatever number of posts. Leave
and secondment keep it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.codes import code_range
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children
from workforce.committee import Period, Step, Taken
from workforce.enums import ApplicationState, Body, WorkerClass
from workforce.models import Appointment, Establishment, PostApplication, QuotaException

BODIES = {WorkerClass.COMMITTEE: (Body.PARTY, Body.COMMITTEE), WorkerClass.STAFF: (Body.STATION, Body.CENTRE)}

CLASS_OF_BODY = "CASE WHEN a.body IN ('party', 'committee') THEN 'committee' ELSE 'staff' END"

# Positions taken on a day; `excepted`: people whose every such post stands on a recorded exception.
POSITIONS = f"""
holders AS (
    SELECT a.division_id, {CLASS_OF_BODY} AS worker_class, a.person_id, bool_and(q.id IS NOT NULL) AS excepted
    FROM workforce_appointment a LEFT JOIN workforce_quotaexception q ON q.appointment_id = a.id
    WHERE a.full_time AND a.managed AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
      AND a.division_id >= %(low)s AND a.division_id < %(high)s
    GROUP BY 1, 2, 3
),
taken AS (
    SELECT division_id, worker_class, count(*)::int AS taken, count(*) FILTER (WHERE excepted)::int AS excepted
    FROM holders GROUP BY 1, 2
),
established AS (
    SELECT division_id, worker_class, posts, document FROM workforce_establishment
    WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
      AND division_id >= %(low)s AND division_id < %(high)s
)"""

_APPLIED = """
applied AS (
    SELECT division_id, worker_class, sum(posts)::int AS applied FROM workforce_postapplication
    WHERE (applied_at AT TIME ZONE 'Asia/Shanghai')::date <= %(on)s
      AND (decided_at IS NULL OR (decided_at AT TIME ZONE 'Asia/Shanghai')::date > %(on)s)
      AND division_id >= %(low)s AND division_id < %(high)s
    GROUP BY 1, 2
)"""

# A community and class; `whole`: positions of every class that the community has a cell of are recorded.
_CELLS = f"""
WITH {POSITIONS}, {_APPLIED},
cells AS (
    SELECT d.code, c.worker_class, e.posts, coalesce(t.taken, 0) AS taken, coalesce(t.excepted, 0) AS excepted,
        coalesce(p.applied, 0) AS applied, bool_and(e.posts IS NOT NULL) OVER (PARTITION BY d.code) AS whole
    FROM core_division d CROSS JOIN unnest(%(classes)s) AS c (worker_class)
    LEFT JOIN established e ON e.division_id = d.code AND e.worker_class = c.worker_class
    LEFT JOIN taken t ON t.division_id = d.code AND t.worker_class = c.worker_class
    LEFT JOIN applied p ON p.division_id = d.code AND p.worker_class = c.worker_class
    WHERE d.level = 5 AND d.code >= %(low)s AND d.code < %(high)s
      AND (d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
      AND (d.urban OR e.posts IS NOT NULL OR p.applied IS NOT NULL)
)"""
_SUMS = f"""{_CELLS}
SELECT s.code, c.worker_class, sum(c.posts)::int, sum(c.taken)::int,
    coalesce(sum(greatest(c.posts - c.taken, 0)), 0)::int, coalesce(sum(greatest(c.taken - c.posts, 0)), 0)::int,
    sum(c.applied)::int, count(*)::int, count(c.posts)::int, (count(*) FILTER (WHERE c.whole))::int
FROM cells c
CROSS JOIN unnest(ARRAY[2, 4, 6, 9, 12]) AS n
JOIN unnest(%(codes)s) AS s (code) ON s.code = left(c.code, n)
WHERE n <= length(c.code)
GROUP BY 1, 2"""

# Communities that add something to a number, by its name; `counted` is the class whose cells are the communities.
_ADDING = {
    "established": "sum(posts) > 0",
    "taken": "sum(taken) > 0",
    "vacant": "sum(greatest(posts - taken, 0)) > 0",
    "over": "sum(greatest(taken - posts, 0)) > 0",
    "applied": "sum(applied) > 0",
    "unrecorded": "NOT bool_and(posts IS NOT NULL) AND bool_or(worker_class = %(counted)s)",
}
SHOWN = tuple(_ADDING)


@dataclass(frozen=True)
class Positions:
    """Positions of one class under a division. `established` is None where none of its communities has any recorded.

    `recorded` communities have an establishment of the class, `whole` ones of every class.
    Vacancies and excess are counted community by community: one community's vacancy does not make up for another's excess.
    """

    established: int | None = None
    taken: int = 0
    vacant: int = 0
    over: int = 0
    applied: int = 0
    communities: int = 0
    recorded: int = 0
    whole: int = 0

    @property
    def unrecorded(self) -> int:
        """Communities without a recorded establishment of the class: no control there."""
        return self.communities - self.recorded

    def __add__(self, other: "Positions") -> "Positions":
        known = [one.established for one in (self, other) if one.established is not None]
        return Positions(
            sum(known) if known else None,
            self.taken + other.taken,
            self.vacant + other.vacant,
            self.over + other.over,
            self.applied + other.applied,
            max(self.communities, other.communities),
            min(self.whole, other.whole),
            min(self.whole, other.whole),
        )


def together(figures: Iterable[Positions]) -> Positions:
    """The sum over communities of their own."""
    held = list(figures)
    known = [one.established for one in held if one.established is not None]
    names = ("taken", "vacant", "over", "applied", "communities", "recorded", "whole")
    return Positions(sum(known) if known else None, *(sum(getattr(one, name) for one in held) for name in names))


def positions_of(codes: list[str], on: date, under: str) -> dict[str, dict[str, Positions]]:
    """Positions by class of each of the divisions `codes`, all of them at or under `under`. Scope them before asking."""
    low, high = code_range(under)
    parameters = {"on": on, "low": low, "high": high, "codes": codes, "classes": list(WorkerClass.values)}
    found = {code: {key: Positions() for key in WorkerClass.values} for code in codes}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, parameters)
        for code, worker_class, *numbers in cursor.fetchall():
            found[code][worker_class] = Positions(*numbers)
    return found


def taken_on(codes: Collection[str], on: date) -> dict[tuple[str, str], int]:
    """Positions taken in each of the communities `codes` on a day, by community and class; none where none is taken.

    One query over the span of the codes: cheap for neighbours in the order of codes, as a page has them.
    """
    if not codes:
        return {}
    low, high = min(codes), code_range(max(codes))[1]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {POSITIONS} SELECT division_id, worker_class, taken FROM taken WHERE division_id = ANY(%(codes)s)",
            {"on": on, "low": low, "high": high, "codes": list(codes)},
        )
        return {(code, worker_class): taken for code, worker_class, taken in cursor.fetchall()}


@dataclass(frozen=True)
class Line:
    """A division in the table of positions."""

    division: Division
    by_class: dict[str, Positions]

    @property
    def together(self) -> Positions:
        """Both classes; communities are those that exist, recorded where both classes are."""
        committee, staff = (self.by_class[key] for key in WorkerClass.values)
        return replace(committee + staff, communities=committee.communities, recorded=committee.whole)


def positions_under(division: Division, on: date) -> tuple[Line, list[Line]]:
    """The division itself, and every division shown one step below that has a community to be staffed."""
    children = list(shown_children(division, on).filter(urban=True).order_by("code"))
    figures = positions_of([division.code, *(child.code for child in children)], on, division.code)
    return Line(division, figures[division.code]), [Line(child, figures[child.code]) for child in children]


def communities_with(division: Division, on: date, shown: str, worker_class: str = "") -> list[Line]:
    """The communities that one number of a division is made of (`SHOWN`), of one class or of both together."""
    low, high = code_range(division.code)
    classes = [worker_class] if worker_class else list(WorkerClass.values)
    parameters = {"on": on, "low": low, "high": high, "classes": list(WorkerClass.values), "asked": classes}
    parameters["counted"] = worker_class or WorkerClass.COMMITTEE
    statement = f"""{_CELLS}
    SELECT code FROM cells WHERE worker_class = ANY(%(asked)s) GROUP BY code HAVING {_ADDING[shown]} ORDER BY code"""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        codes = [code for (code,) in cursor.fetchall()]
    if not codes:
        return []
    figures, found = positions_of(codes, on, division.code), Division.objects.in_bulk(codes)
    return [Line(found[code], figures[code]) for code in codes]


def steps_of(code: str, worker_class: str) -> list[Step]:
    """The establishment of a community and class over time."""
    rows = Establishment.objects.filter(division_id=code, worker_class=worker_class).order_by("valid_from")
    return [Step(*row) for row in rows.values_list("posts", "valid_from", "valid_to")]


def taken_in(code: str, worker_class: str) -> list[Taken]:
    """Every position ever taken in a community and class, those that start later included."""
    posts = Appointment.objects.filter(
        division_id=code, body__in=BODIES[worker_class], full_time=True, managed=True
    ).order_by("valid_from", "id")
    return [Taken(*row) for row in posts.values_list("person_id", "valid_from", "valid_to")]


def class_of(body: str) -> str:
    """The class of positions that a post of this body belongs to."""
    return next(key for key, bodies in BODIES.items() if body in bodies)


def held_by(person_id, *, excepted: bool = True) -> dict[tuple[str, str], list[Period]]:
    """Positions a person takes: periods by community and class; on request without those held by a recorded exception."""
    posts = Appointment.objects.filter(person_id=person_id, full_time=True, managed=True).order_by("valid_from", "id")
    if not excepted:
        posts = posts.filter(quota_exception__isnull=True)
    found: dict[tuple[str, str], list[Period]] = {}
    for code, body, start, end in posts.values_list("division_id", "body", "valid_from", "valid_to"):
        found.setdefault((code, class_of(body)), []).append((start, end))
    return found


def applications(user, *, under: str, on: date):
    """Applications in the user's territory that were known on a day, those waiting first, then the latest."""
    known = PostApplication.objects.for_user(user, Perm.VIEW_STAFFING).under(under).filter(applied_at__date__lte=on)
    waiting = Q(decided_at__isnull=True) | Q(decided_at__date__gt=on)
    return known.select_related("division").alias(waiting=waiting).order_by("-waiting", "-applied_at", "-id")


def exceptions(user, *, under: str, on: date):
    """Exceptions in force on a day: appointments beyond the approved positions, with their people."""
    known = QuotaException.objects.for_user(user, Perm.VIEW_ROSTER).under(under)
    running = Q(appointment__valid_to__isnull=True) | Q(appointment__valid_to__gt=on)
    return known.filter(running, appointment__valid_from__lte=on).select_related("appointment__person", "division")


def awaiting_exception(user, code: str, on: date):
    """Full-time posts in a community that are not managed: people who may be brought in beyond the quota."""
    posts = Appointment.objects.for_user(user, Perm.VIEW_ROSTER).under(code).in_force(on)
    waiting = posts.filter(full_time=True, quota_exception__isnull=True, managed=False)
    return waiting.select_related("person", "division").order_by("person__name_pinyin", "id")


def history_of(user, code: str):
    """The establishment of a community over time, latest first."""
    rows = Establishment.objects.for_user(user, Perm.VIEW_STAFFING).filter(division_id=code)
    return rows.order_by("worker_class", "-valid_from")


DUTIES_SHOWN = 5


def duties(user) -> list[Duty]:
    """Applications for posts that wait for the user's decision, oldest first; many of them as one line."""
    waiting = PostApplication.objects.for_user(user, Perm.DECIDE_POSTS).filter(state=ApplicationState.SUBMITTED)
    found = list(waiting.select_related("division").order_by("applied_at", "id"))
    if len(found) > DUTIES_SHOWN:
        return [Duty(_("待审批员额申请"), len(found), reverse("establishments"), button=_("去审批"))]
    return [
        Duty(
            _("待审批员额申请"),
            1,
            reverse("establishment_application", args=[one.pk]),
            who=one.division.label,
            button=_("去审批"),
        )
        for one in found
    ]
