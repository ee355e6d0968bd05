"""Reads of training: classes in sight, who is in them, persons and person-times, and the yearly rotation (domain §1.F)."""

from dataclasses import dataclass
from datetime import date
from os.path import commonprefix

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import ancestors, code_range
from portal.core.lib.scope import subtree, union
from workforce.coverage import Rotation, Trained, reference_day
from workforce.models import Enrolment, TrainingClass

# The unit of every person on a day: of the most senior post in force, else the latest one; `serving` says which.
UNITS = """
SELECT DISTINCT ON (person_id) person_id, division_id, serving FROM (
    SELECT a.person_id, a.division_id, a.tier, a.valid_from, a.id,
        (a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)) AS serving
    FROM workforce_appointment a WHERE a.valid_to IS DISTINCT FROM a.valid_from
    UNION ALL
    SELECT g.person_id, g.division_id, 9, g.valid_from, g.id,
        (g.valid_from <= %(on)s AND (g.valid_to IS NULL OR g.valid_to > %(on)s))
    FROM workforce_gridpost g WHERE g.valid_to IS DISTINCT FROM g.valid_from
) held
ORDER BY person_id, serving DESC, tier, valid_from DESC, id"""

# Who is in post in the communities on a day, each once, in the place of the most senior post; villages are left out.
_IN_POST = """
in_post AS (
    SELECT DISTINCT ON (a.person_id) a.person_id, a.division_id
    FROM workforce_appointment a JOIN core_division d ON d.code = a.division_id AND d.urban
    WHERE a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s) AND {mine}
    ORDER BY a.person_id, a.tier, a.valid_from, a.id
),
trainees AS (
    SELECT DISTINCT e.person_id FROM workforce_enrolment e JOIN workforce_trainingclass c ON c.id = e.training_class_id
    WHERE e.attended AND c.starts_on >= %(first)s AND c.starts_on <= %(day)s AND {theirs}
)"""
_IN_RANGE = """a.person_id IN (
    SELECT o.person_id FROM workforce_appointment o WHERE o.division_id >= %(low)s AND o.division_id < %(high)s
        AND o.valid_from <= %(day)s AND (o.valid_to IS NULL OR o.valid_to > %(day)s))"""


def in_post_ctes(*, everywhere: bool = False) -> str:
    """CTEs `in_post` and `trainees`; need the parameters day and first, the first day of the year.

    Take in everybody with a post in [low, high), with all their posts, or the whole country.
    """
    if everywhere:
        return _IN_POST.format(mine="true", theirs="true")
    return _IN_POST.format(mine=_IN_RANGE, theirs="e.person_id IN (SELECT person_id FROM in_post)")


def classes(user, *, under: str = "", on: date) -> QuerySet:
    """Classes that concern the user's territory, held there or by an office above it; on a past day those begun by it."""
    held = user.territories(Perm.VIEW_ROSTER)
    condition = union("division_id", held)
    if condition is None:
        return TrainingClass.objects.none()
    above = {code for one in held if one for code in ancestors(one)}
    found = TrainingClass.objects.filter(condition | Q(division_id__in=above))
    if on < today():
        found = found.filter(starts_on__lte=on)
    if under:
        found = found.filter(subtree("division_id", under) | Q(division_id__in=ancestors(under)))
    return found


def listed(
    user, *, under: str, year: int | None, level: str = "", kind: str = "", show: str = "", on: date
) -> QuerySet:
    """Classes of a year, newest first, each with how many of the user's people are enrolled and came.

    `show`: only those that people of the user's there came to, wherever they were held; these are the classes that
    `sums` counts. Their number `open_to` says whether the class concerns the user's territory.
    """
    found = classes(user, under=under, on=on)
    if show:
        came = attended(user, under, year or on.year, on)
        near = Exists(classes(user, on=on).filter(pk=OuterRef("pk")))
        found = TrainingClass.objects.filter(pk__in=came.values("training_class")).annotate(open_to=near)
    else:
        found = found.annotate(open_to=Value(True))
    for name, value in (("starts_on__year", year), ("level", level), ("kind", kind)):
        if value:
            found = found.filter(**{name: value})
    mine = union("enrolments__division_id", user.territories(Perm.VIEW_ROSTER))
    return (
        found.select_related("division")
        .annotate(
            enrolled=Count("enrolments", filter=mine or None),
            came=Count("enrolments", filter=(mine or Q()) & Q(enrolments__attended=True)),
        )
        .order_by("-starts_on", "-id")
    )


def enrolments(user, training_class: TrainingClass, perm: str = Perm.VIEW_ROSTER) -> QuerySet:
    """Who of the user's territory is in the class, by place and name."""
    rows = Enrolment.objects.for_user(user, perm).filter(training_class=training_class)
    return rows.select_related("person", "division").order_by("division_id", "person__name_pinyin", "person_id")


def attended(user, under: str, year: int, on: date, *, level: str = "", kind: str = "") -> QuerySet:
    """Enrolments of the user's people who came to a class of a year begun by a day."""
    rows = Enrolment.objects.for_user(user, Perm.VIEW_ROSTER).under(under).filter(attended=True)
    rows = rows.filter(training_class__starts_on__year=year, training_class__starts_on__lte=on)
    for name, value in (("training_class__level", level), ("training_class__kind", kind)):
        if value:
            rows = rows.filter(**{name: value})
    return rows


def person_times(rows: QuerySet) -> QuerySet:
    """Enrolments one by one, the latest class first."""
    near = rows.select_related("person", "division", "training_class")
    return near.order_by("-training_class__starts_on", "-training_class_id", "person__name_pinyin", "person_id")


def persons(rows: QuerySet) -> QuerySet:
    """Who is in the enrolments, each once by name: person_id, name and how many `times`."""
    order = ("person__name_pinyin", "person_id")
    return rows.order_by().values("person_id", "person__name", *order[:1]).annotate(times=Count("id")).order_by(*order)


def sums(user, *, under: str, year: int, on: date) -> list[tuple[str, str, int, Trained]]:
    """(level, kind, classes, persons and person-times) of everybody in the territory who came in a year."""
    rows = attended(user, under, year, on)
    keys = ("training_class__level", "training_class__kind")
    found = rows.values_list(*keys).annotate(
        classes=Count("training_class", distinct=True), persons=Count("person", distinct=True), times=Count("id")
    )
    return [
        (level, kind, count, Trained(persons, times)) for level, kind, count, persons, times in found.order_by(*keys)
    ]


def total(user, *, under: str, year: int, on: date) -> tuple[int, Trained]:
    """Classes, and persons and person-times together: somebody in two kinds of class is one person here."""
    found = attended(user, under, year, on).aggregate(
        classes=Count("training_class", distinct=True), persons=Count("person", distinct=True), times=Count("id")
    )
    return found["classes"], Trained(found["persons"], found["times"])


@dataclass(frozen=True)
class PlaceRotation:
    """The rotation of one place in a year."""

    code: str
    name: str
    rotation: Rotation


def rotation_by_place(codes: list[str], *, year: int, on: date) -> list[PlaceRotation]:
    """Coverage of each of the divisions `codes` in a year as of a day, in the order of codes; villages hold nobody."""
    if not codes:
        return []
    common = commonprefix(codes)
    values = {"codes": codes, "lengths": list({len(code) for code in codes}), **_days(year, on), **_range(common)}
    sql = f"""WITH {in_post_ctes(everywhere=not common)}, sums AS (
        SELECT left(i.division_id, n.length) AS code, count(*) AS in_post, count(t.person_id) AS reached
        FROM in_post i LEFT JOIN trainees t ON t.person_id = i.person_id CROSS JOIN unnest(%(lengths)s) AS n(length)
        GROUP BY 1
    )
    SELECT p.code, p.label, coalesce(s.in_post, 0), coalesce(s.reached, 0)
    FROM core_division p LEFT JOIN sums s ON s.code = p.code WHERE p.code = ANY(%(codes)s) ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [PlaceRotation(code, name, Rotation(*counts)) for code, name, *counts in cursor.fetchall()]


def _days(year: int, on: date) -> dict:
    return {"first": date(year, 1, 1), "day": reference_day(year, on)}


def _range(code: str) -> dict:
    return dict(zip(("low", "high"), code_range(code), strict=True))


def not_trained(code: str, *, year: int, on: date, limit: int | None = None) -> list[tuple]:
    """(person, community) of those in post under `code` on the reference day who came to no class of the year."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {in_post_ctes()}
            SELECT i.person_id, i.division_id FROM in_post i
            WHERE i.division_id >= %(low)s AND i.division_id < %(high)s
              AND NOT EXISTS (SELECT 1 FROM trainees t WHERE t.person_id = i.person_id)
            ORDER BY i.division_id, i.person_id LIMIT %(limit)s""",
            {"limit": limit, **_range(code), **_days(year, on)},
        )
        return cursor.fetchall()
