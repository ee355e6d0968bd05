"""Grids with the people of their teams: a row per person and role, a row without a name where a grid has nobody."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from workforce.enums import GridRole
from workforce.exports.people import chunks
from workforce.models import Appointment, Grid, GridPost


def find(asked: Asked) -> Found:
    """The grids under the place on the day."""
    place = asked.chosen(Perm.VIEW_ROSTER)
    grids = Grid.objects.for_user(asked.user, Perm.VIEW_ROSTER).under(place.code).in_force(asked.on)
    posts = GridPost.objects.for_user(asked.user, Perm.VIEW_ROSTER).under(place.code).in_force(asked.on)
    posts = posts.filter(grid__in=grids)
    empty = grids.exclude(pk__in=posts.values("grid")).count()
    return Found(posts.count() + empty, _rows(asked, grids, posts), about=place.label)


def _rows(asked: Asked, grids, posts) -> Iterator[list[Any]]:
    found = grids.select_related("division").order_by("division_id", "name", "id")
    for chunk in chunks(found.iterator(chunk_size=500)):
        teams = defaultdict(list)
        held = posts.filter(grid__in=chunk).order_by("role", "person__name_pinyin", "id")
        people = list(held.values_list("grid_id", "role", "person__name", "valid_from", "person_id"))
        for grid_id, *post in people:
            teams[grid_id].append(post)
        workers = _workers(asked, {person for *_post, person in people})
        for grid in chunk:
            about = [
                grid.division_id,
                grid.division.label,
                grid.name,
                grid.households,
                grid.micro_grids,
                grid.valid_from,
            ]
            for role, name, since, person in teams[grid.pk] or [(None, "", None, None)]:
                also = "" if person is None else str(_("是") if person in workers else _("否"))
                yield [*about, str(GridRole(role).label) if role else "", name, since, also]


def _workers(asked: Asked, people: set) -> set:
    """Those of the people who hold a post as community workers on the day."""
    return set(Appointment.objects.filter(person__in=people).in_force(asked.on).values_list("person_id", flat=True))


GRIDS = Export(
    key="grids",
    label=_("网格表"),
    perm=Perm.VIEW_ROSTER,
    page="grids",
    page_needs=("place",),
    columns=(
        Column("code", _("社区代码"), width=14),
        Column("community", _("社区"), width=18),
        Column("grid", _("网格名称"), width=16),
        Column("households", _("户数（户）"), kind=Kind.NUMBER),
        Column("micro_grids", _("微网格数（个）"), kind=Kind.NUMBER),
        Column("since", _("设立日期"), kind=Kind.DATE),
        Column("role", _("网格职务"), width=14),
        Column("name", _("姓名")),
        Column("valid_from", _("任职起始"), kind=Kind.DATE),
        Column("worker", _("兼任社区工作者"), width=14),
    ),
    find=find,
    personal=True,
)
