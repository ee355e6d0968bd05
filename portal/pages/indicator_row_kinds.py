"""What one row behind a number shows, kind by kind: who or what it is, where, and what is known of it on the day."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.counting import RowKind
from portal.core.indicators.parts import Part
from portal.core.indicators.rows import Row
from portal.core.lib.dated import last_day
from portal.core.web import formats
from portal.pages.indicator_row_allotments import ALLOTMENT_LOOK
from portal.pages.indicator_row_cells import Cell, RowLook, place_cell, places_of
from portal.pages.indicator_row_proposals import PROPOSAL_LOOKS
from portal.pages.indicator_row_service import SERVICE_LOOKS
from workforce.models import Appointment, Contract, Enrolment, Establishment, Exit, Grid, GridPost, Person, Term


def perm_of(part: Part) -> Perm:
    """What a reader needs to see the rows: exits by reason tell of health and discipline, pay has a permission of its own."""
    if part.kind is None:
        return Perm.VIEW_STAFFING
    if part.indicator.perm:
        return part.indicator.perm
    if part.kind == RowKind.EXIT and "reason" in part.book.counters[part.counter].when:
        return Perm.REVEAL_PERSONAL
    return LOOKS[part.kind].perm


def is_personal(part: Part) -> bool:
    """Whether the rows name people."""
    return part.kind in (RowKind.PERSON, RowKind.CONTRACT, RowKind.EXIT, RowKind.ENROLMENT)


def _numbers(rows: Iterable[Row]) -> list[int]:
    return [int(row.id) for row in rows]


def _names(user, people: Iterable) -> dict:
    return dict(Person.objects.for_user(user, Perm.VIEW_ROSTER).filter(pk__in=set(people)).values_list("pk", "name"))


def _person(names: dict, key) -> Cell:
    return Cell(names[key], page="worker", argument=key) if key in names else Cell(_("不在您的查看范围"))


def _mine(model: type, user, rows: Sequence[Row]) -> QuerySet:
    return model.objects.for_user(user, Perm.VIEW_ROSTER).filter(pk__in=_numbers(rows))


# People --------------------------------------------------------------------------------------------------------------


def _people(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    """Name, community and the most senior post there on the day, else the post in a grid."""
    people = {row.id for row in rows}
    codes = {row.code for row in rows}
    names = {str(key): name for key, name in _names(user, people).items()}
    posts = (
        Appointment.objects.for_user(user, Perm.VIEW_ROSTER).filter(person__in=people, division__in=codes).in_force(on)
    )
    held: dict[tuple[str, str], Appointment] = {}
    for post in posts.order_by("tier", "valid_from", "id"):
        held.setdefault((str(post.person_id), post.division_id), post)
    lacking = {row.id for row in rows if (row.id, row.code) not in held}
    grids = _grid_roles(user, lacking, codes, on) if lacking else {}
    places = places_of(user, codes)
    return [
        [
            _person(names, row.id),
            place_cell(places, row.code),
            *_post(held.get((row.id, row.code)), grids.get((row.id, row.code), "")),
        ]
        for row in rows
    ]


def _grid_roles(user, people: set[str], codes: set[str], on: date) -> dict[tuple[str, str], str]:
    posts = GridPost.objects.for_user(user, Perm.VIEW_ROSTER).filter(person__in=people, division__in=codes).in_force(on)
    found: dict[tuple[str, str], str] = {}
    for post in posts.select_related("grid").order_by("role", "id"):
        found.setdefault((str(post.person_id), post.division_id), f"{post.get_role_display()} · {post.grid.name}")
    return found


def _post(post: Appointment | None, grid: str) -> list[Cell]:
    if post is None:
        return [Cell(grid or _("当天在此没有任职")), Cell("")]
    grade = _("%(grade)s 级") % {"grade": post.grade} if post.grade else ""
    return [Cell(post.get_body_display(), under=post.title), Cell(post.get_tier_display(), under=grade)]


# Places --------------------------------------------------------------------------------------------------------------


def _communities(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    codes = {row.id for row in rows}
    places = places_of(user, codes | {code[:9] for code in codes})
    return [[place_cell(places, row.id), Cell(places.get(row.id[:9], "")), Cell(row.id)] for row in rows]


def _grids(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    grids = {str(grid.pk): grid for grid in _mine(Grid, user, rows)}
    places = places_of(user, {row.code for row in rows})
    return [
        [
            Cell(grid.name if (grid := grids.get(row.id)) else row.id, page="grids", argument=row.code),
            place_cell(places, row.code),
            Cell(_number(grid and grid.households)),
            Cell(_number(grid and grid.micro_grids)),
        ]
        for row in rows
    ]


def _number(value: int | None) -> str:
    return formats.number(value) or str(formats.NO_DATA)


def _positions(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    mine = Establishment.objects.for_user(user, Perm.VIEW_STAFFING).filter(pk__in=_numbers(rows))
    held = {str(one.pk): one for one in mine}
    places = places_of(user, {row.code for row in rows})
    return [
        [
            Cell(places.get(row.code, row.code), page="establishment", argument=row.code),
            Cell(one.get_worker_class_display() if (one := held.get(row.id)) else ""),
            Cell(_number(one and one.posts)),
            Cell(one.document if one else ""),
        ]
        for row in rows
    ]


def _terms(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    mine = Term.objects.for_user(user, Perm.VIEW_STAFFING).filter(pk__in=_numbers(rows))
    held = {str(one.pk): one for one in mine}
    places = places_of(user, {row.code for row in rows})
    return [
        [
            Cell(places.get(row.code, row.code), page="terms", argument=row.code),
            Cell(term.get_body_display() if (term := held.get(row.id)) else ""),
            Cell(formats.day(term.elected_on) if term else ""),
            Cell(_until(term.valid_to) if term else ""),
        ]
        for row in rows
    ]


def _until(valid_to: date | None) -> str:
    return formats.day(last_day(valid_to)) if valid_to else _("没有期限")


# Records of people ----------------------------------------------------------------------------------------------------


def _contracts(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    held = {str(one.pk): one for one in _mine(Contract, user, rows)}
    names = _names(user, {one.person_id for one in held.values()})
    places = places_of(user, {row.code for row in rows})
    found = []
    for row in rows:
        one = held.get(row.id)
        who = _person(names, one.person_id if one else None)
        kind = Cell(one.get_kind_display(), under=one.party) if one else Cell("")
        period = Cell(formats.day(one.valid_from), under=_until(one.valid_to)) if one else Cell("")
        found.append([who, place_cell(places, row.code), kind, period])
    return found


def _exits(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    """The reason is for those who may reveal what is personal."""
    held = {str(one.pk): one for one in _mine(Exit, user, rows)}
    names = _names(user, {one.person_id for one in held.values()})
    places = places_of(user, {row.code for row in rows})
    found = []
    for row in rows:
        one, told = held.get(row.id), user.can(Perm.REVEAL_PERSONAL, row.code)
        who = _person(names, one.person_id if one else None)
        days = Cell(formats.day(one.left_on), under=formats.day(one.hired_on) or "") if one else Cell("")
        reason = Cell(one.get_reason_display() if told and one else _("不显示"))
        found.append([who, place_cell(places, row.code), days, reason])
    return found


def _enrolments(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    held = {str(one.pk): one for one in _mine(Enrolment, user, rows).select_related("training_class")}
    names = _names(user, {one.person_id for one in held.values()})
    places = places_of(user, {row.code for row in rows})
    found = []
    for row in rows:
        one = held.get(row.id)
        who = _person(names, one.person_id if one else None)
        held_class = one.training_class if one else None
        title = Cell(held_class.title, page="training_class", argument=held_class.pk) if held_class else Cell("")
        about = (
            Cell(formats.day(held_class.starts_on), under=held_class.get_level_display()) if held_class else Cell("")
        )
        found.append([who, place_cell(places, row.code), title, about])
    return found


_NAME, _COMMUNITY = gettext_lazy("姓名"), gettext_lazy("社区")
__all__ = ["LOOKS", "Cell", "RowLook", "is_personal", "perm_of"]
LOOKS: dict[RowKind, RowLook] = {
    RowKind.PERSON: RowLook(
        (_NAME, _COMMUNITY, gettext_lazy("任职机构与职务"), gettext_lazy("层级与等级")),
        _people,
    ),
    RowKind.COMMUNITY: RowLook(
        (_COMMUNITY, gettext_lazy("所属街道乡镇"), gettext_lazy("区划代码")),
        _communities,
        Perm.VIEW_STAFFING,
    ),
    RowKind.ALLOTMENT: ALLOTMENT_LOOK,
    RowKind.GRID: RowLook(
        (gettext_lazy("网格"), _COMMUNITY, gettext_lazy("户数"), gettext_lazy("微网格数")),
        _grids,
    ),
    RowKind.CONTRACT: RowLook(
        (_NAME, _COMMUNITY, gettext_lazy("合同"), gettext_lazy("起止日期")),
        _contracts,
    ),
    RowKind.EXIT: RowLook(
        (_NAME, _COMMUNITY, gettext_lazy("离职与入职日期"), gettext_lazy("离职原因")),
        _exits,
    ),
    RowKind.ENROLMENT: RowLook(
        (_NAME, _COMMUNITY, gettext_lazy("培训班次"), gettext_lazy("开班日期与层级")),
        _enrolments,
    ),
    RowKind.POSITION: RowLook(
        (_COMMUNITY, gettext_lazy("人员类别"), gettext_lazy("核定员额"), gettext_lazy("依据文件")),
        _positions,
        Perm.VIEW_STAFFING,
    ),
    RowKind.TERM: RowLook(
        (_COMMUNITY, gettext_lazy("机构"), gettext_lazy("选举日期"), gettext_lazy("任期截止")),
        _terms,
        Perm.VIEW_STAFFING,
    ),
    **SERVICE_LOOKS,
    **PROPOSAL_LOOKS,
}
