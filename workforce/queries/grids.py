"""Reads of grids: the grids of a community with their teams (domain §1.A5)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

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
