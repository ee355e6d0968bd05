"""Counters over grids 网格 and the people of their teams, once per community (domain §1.A5)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters.words import in_force


def grids(scope: Scope) -> str:
    """code, id (of the grid), its size and which roles of its team are filled."""
    return f"""
    SELECT g.division_id AS code, g.id, coalesce(g.micro_grids, 0) AS micro_grids, g.households,
        coalesce(t.chief, false) AS chief, coalesce(t.full_time, false) AS full_time, coalesce(t.instructor, false) AS instructor
    FROM workforce_grid g LEFT JOIN (
        SELECT p.grid_id, bool_or(p.role = 'chief') AS chief, bool_or(p.role = 'full_time') AS full_time,
            bool_or(p.role = 'instructor') AS instructor
        FROM workforce_gridpost p WHERE {in_force("p")} AND {scope.of("p.division_id")} GROUP BY 1
    ) t ON t.grid_id = g.id
    WHERE {in_force("g")} AND {scope.of("g.division_id")}"""


def people(scope: Scope) -> str:
    """code, id (of the person), roles held in grids of the community, and whether in post as a community worker anywhere."""
    return f"""
    WITH team AS MATERIALIZED (
        SELECT p.division_id AS code, p.person_id AS id, bool_or(p.role = 'chief') AS chief,
            bool_or(p.role = 'full_time') AS full_time, bool_or(p.role = 'part_time') AS part_time,
            bool_or(p.role = 'instructor') AS instructor
        FROM workforce_gridpost p JOIN workforce_grid g ON g.id = p.grid_id
        WHERE {in_force("p")} AND {in_force("g")} AND {scope.of("p.division_id")}
        GROUP BY 1, 2
    ),
    doubling AS MATERIALIZED (
        SELECT DISTINCT p.person_id AS id FROM workforce_gridpost p JOIN workforce_appointment a USING (person_id)
        WHERE {in_force("p")} AND {in_force("a")} AND {scope.of("p.division_id")}
    )
    SELECT t.*, d.id IS NOT NULL AS doubling FROM team t LEFT JOIN doubling d ON d.id = t.id"""


GRIDS = Family(
    name="grids",
    row=RowKind.GRID,
    rows=grids,
    counters=(
        Counter(name="grids", label=_("网格")),
        Counter(name="micro_grids", label=_("微网格"), when="r.micro_grids > 0", add="r.micro_grids"),
        Counter(name="grid_households", label=_("网格户数"), when="r.households IS NOT NULL", add="r.households"),
        Counter(name="grids_without_chief", label=_("没有网格长的网格"), when="NOT r.chief"),
        Counter(name="grids_without_full_time", label=_("没有专职网格员的网格"), when="NOT r.full_time"),
        Counter(name="grids_without_instructor", label=_("没有网格指导员的网格"), when="NOT r.instructor"),
    ),
)

GRID_PEOPLE = Family(
    name="grid_people",
    row=RowKind.PERSON,
    rows=people,
    counters=(
        Counter(name="grid_people", label=_("网格队伍人数")),
        Counter(name="grid_chiefs", label=_("网格长"), when="r.chief"),
        Counter(name="grid_full_time", label=_("专职网格员"), when="r.full_time"),
        Counter(name="grid_part_time", label=_("兼职网格员"), when="r.part_time"),
        Counter(name="grid_instructors", label=_("网格指导员"), when="r.instructor"),
        Counter(name="grid_doubling", label=_("同时是社区工作者的网格队伍成员"), when="r.doubling"),
    ),
)
