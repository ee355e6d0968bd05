"""Reads of grids: the grids of a community with their teams, and the counts of a territory (domain §1.A5)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import GRID_TEAM
from portal.core.policy.queries import rule_for
from workforce.enums import GridRole
from workforce.models import Appointment, Grid, GridPost

# The numbers of the rule by the role they are about.
ROLE_OF = {"chiefs": GridRole.CHIEF, "full_time": GridRole.FULL_TIME, "instructors": GridRole.INSTRUCTOR}


@dataclass
class Team:
    """A grid with its people on a day; `also_workers` are those of them who hold a post as community workers too."""

    grid: Grid
    posts: list[GridPost] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)
    also_workers: set = field(default_factory=set)


def teams(user, code: str, on: date) -> list[Team]:
    """The grids of a community on a day, each with its team and what the rule on teams still asks for."""
    grids = Grid.objects.for_user(user, Perm.VIEW_ROSTER).under(code).in_force(on).order_by("name", "id")
    found = {grid.pk: Team(grid) for grid in grids}
    posts = GridPost.objects.for_user(user, Perm.VIEW_ROSTER).filter(grid__in=found).in_force(on)
    for post in posts.select_related("person").order_by("role", "person__name_pinyin", "id"):
        found[post.grid_id].posts.append(post)
    people = {post.person_id for team in found.values() for post in team.posts}
    workers = set(Appointment.objects.filter(person__in=people).in_force(on).values_list("person_id", flat=True))
    wanted = rule_for(GRID_TEAM, code, on).value
    for team in found.values():
        team.also_workers = {post.person_id for post in team.posts} & workers
        team.missing = _missing(team.posts, wanted)
    return list(found.values())


def _missing(posts: list[GridPost], wanted: dict) -> dict[str, int]:
    held: dict[str, int] = defaultdict(int)
    for post in posts:
        held[post.role] += 1
    gaps = {role: wanted[name] - held[role] for name, role in ROLE_OF.items()}
    return {role: gap for role, gap in gaps.items() if gap > 0}


@dataclass(frozen=True)
class GridCounts:
    """Grids and their people under one division on a day. Persons are counted once per role."""

    code: str
    name: str
    grids: int
    micro_grids: int
    chiefs: int
    full_time: int
    part_time: int
    instructors: int
    without_chief: int
    without_full_time: int
    without_instructor: int

    @property
    def micro_per_grid(self) -> Decimal | None:
        """Micro-grids per grid, two decimals, half up (43,011 / 7,734 = 5.56)."""
        return self._per_grid(self.micro_grids)

    @property
    def full_time_per_grid(self) -> Decimal | None:
        return self._per_grid(self.full_time)

    def _per_grid(self, count: int) -> Decimal | None:
        if not self.grids:
            return None
        return (Decimal(count) / self.grids).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


_COUNTS = """
WITH grids AS (
    SELECT g.id, left(g.division_id, %(length)s) AS code, coalesce(g.micro_grids, 0) AS micro_grids
    FROM workforce_grid g
    WHERE left(g.division_id, %(length)s) = ANY(%(codes)s)
      AND g.valid_from <= %(on)s AND (g.valid_to IS NULL OR g.valid_to > %(on)s)
),
held AS (
    SELECT g.code, p.grid_id, p.role, p.person_id FROM workforce_gridpost p JOIN grids g ON g.id = p.grid_id
    WHERE p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
),
people AS (
    SELECT code, count(DISTINCT person_id) FILTER (WHERE role = 'chief') AS chiefs,
        count(DISTINCT person_id) FILTER (WHERE role = 'full_time') AS full_time,
        count(DISTINCT person_id) FILTER (WHERE role = 'part_time') AS part_time,
        count(DISTINCT person_id) FILTER (WHERE role = 'instructor') AS instructors
    FROM held GROUP BY code
),
roles AS (SELECT grid_id, array_agg(DISTINCT role) AS held FROM held GROUP BY grid_id),
sums AS (
    SELECT g.code, count(*) AS grids, sum(g.micro_grids)::int AS micro_grids,
        count(*) FILTER (WHERE NOT coalesce('chief' = ANY(r.held), false)) AS without_chief,
        count(*) FILTER (WHERE NOT coalesce('full_time' = ANY(r.held), false)) AS without_full_time,
        count(*) FILTER (WHERE NOT coalesce('instructor' = ANY(r.held), false)) AS without_instructor
    FROM grids g LEFT JOIN roles r ON r.grid_id = g.id GROUP BY g.code
)
SELECT d.code, d.label, coalesce(s.grids, 0), coalesce(s.micro_grids, 0), coalesce(p.chiefs, 0), coalesce(p.full_time, 0),
    coalesce(p.part_time, 0), coalesce(p.instructors, 0), coalesce(s.without_chief, 0),
    coalesce(s.without_full_time, 0), coalesce(s.without_instructor, 0)
FROM core_division d LEFT JOIN sums s ON s.code = d.code LEFT JOIN people p ON p.code = d.code
WHERE d.code = ANY(%(codes)s) ORDER BY d.code"""


def counts(codes: list[str], on: date) -> list[GridCounts]:
    """Counts of each of the divisions `codes`, all of one level, on a day. Scope the codes before asking."""
    if not codes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"codes": codes, "length": len(codes[0]), "on": on})
        return [GridCounts(*row) for row in cursor.fetchall()]
