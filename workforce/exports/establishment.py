"""The table of positions 员额表: every community with its sums by street and above, and the applications."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level, ancestors
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from portal.core.web import formats
from workforce.enums import ApplicationState, WorkerClass
from workforce.queries.establishment import Line, Positions, applications, positions_of

PLACE_COLUMNS = (
    Column("code", _("区划代码"), width=14),
    Column("name", _("区划"), width=24),
    Column("row", _("行别"), width=8),
)
FIGURES = (
    ("established", _("核定")),
    ("taken", _("实有")),
    ("vacant", _("空缺")),
    ("over", _("超出")),
    ("applied", _("待审批")),
)
UNRECORDED = Column("unrecorded", _("未核定社区（个）"), kind=Kind.NUMBER, width=16)
APPLICATIONS = (
    Column("code", _("社区代码"), width=14),
    Column("community", _("社区"), width=18),
    Column("kind", _("人员类别"), width=16),
    Column("posts", _("申请员额（人）"), kind=Kind.NUMBER),
    Column("starts_on", _("启用日期"), kind=Kind.DATE),
    Column("reason", _("申请理由"), width=40),
    Column("applied_at", _("申请时间"), width=18),
    Column("state", _("状态"), width=10),
    Column("approved", _("批准员额（人）"), kind=Kind.NUMBER),
    Column("document", _("批准文件"), width=24),
)
TOGETHER = ""


def find(asked: Asked) -> Found:
    """Every urban community under the place; a row of sums closes each street, district and the place itself."""
    place = asked.chosen(Perm.VIEW_STAFFING)
    groups = _groups(asked.params.get("class", ""))
    lines = lines_under(place, asked.on)
    columns = (*PLACE_COLUMNS, *(column for _key, name in groups for column in _figure_columns(name)), UNRECORDED)
    found = applications(asked.user, under=place.code, on=asked.on)
    return Found(
        count=len(lines),
        rows=(_row(line, groups) for line in lines),
        about=place.label,
        columns=columns,
        more=[Sheet(str(_("员额申请")), APPLICATIONS, (_application(one, asked) for one in found))],
    )


def lines_under(place: Division, on) -> list[Line]:
    """The communities with their sums after them, in the order of codes."""
    below = Division.objects.under(place.code).in_force(on).filter(urban=True, formal=False).order_by("code")
    divisions = [place, *(one for one in below if one.pk != place.pk)]
    figures = positions_of([one.pk for one in divisions], on, place.code)
    return [Line(one, figures[one.pk]) for one in _sums_last(divisions)]


def _sums_last(divisions: list[Division]) -> Iterator[Division]:
    """Divisions in the order of codes with whatever contains others moved behind its last part."""
    above: list[Division] = []
    for one in divisions:
        while above and above[-1].pk not in ancestors(one.pk):
            yield above.pop()
        above.append(one)
    yield from reversed(above)


def _groups(asked: str) -> list[tuple[str, str]]:
    """The classes shown, each with its name; without a choice all of them and both together."""
    found = [(key, str(label)) for key, label in WorkerClass.choices if asked in ("", key)]
    return found if len(found) == 1 else [*WorkerClass.choices, (TOGETHER, _("两类合计"))]


def _figure_columns(name: str) -> list[Column]:
    return [
        Column(key, pgettext("sheet", "%(group)s%(figure)s（人）") % {"group": name, "figure": label}, kind=Kind.NUMBER)
        for key, label in FIGURES
    ]


def _row(line: Line, groups: list[tuple[str, str]]) -> list[Any]:
    together = line.together
    cells: list[Any] = []
    for key, _name in groups:
        cells += _figures(line.by_class[key] if key else together)
    single = line.by_class[groups[0][0]] if len(groups) == 1 else together
    community = line.division.level == Level.COMMUNITY
    return [line.division.pk, line.division.label, "" if community else str(_("合计")), *cells, single.unrecorded]


def _figures(figure: Positions) -> list[int | None]:
    known = figure.established is not None
    return [figure.established, figure.taken, figure.vacant if known else None, figure.over, figure.applied]


def _application(one, asked: Asked) -> list[Any]:
    """An application as it stood on the day."""
    waiting = one.decided_at is None or formats.day(one.decided_at) > asked.on.isoformat()
    return [
        one.division_id,
        one.division.label,
        one.get_worker_class_display(),
        one.posts,
        one.starts_on,
        one.reason,
        formats.moment(one.applied_at),
        str((ApplicationState.SUBMITTED if waiting else ApplicationState(one.state)).label),
        None if waiting else one.approved_posts,
        "" if waiting else one.document,
    ]


ESTABLISHMENT = Export(
    key="establishment",
    label=_("员额表"),
    perm=Perm.VIEW_STAFFING,
    page="establishment",
    page_needs=("place",),
    columns=PLACE_COLUMNS,
    find=find,
)
