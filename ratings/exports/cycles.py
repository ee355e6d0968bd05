"""The board of ratings and the table of a calibration session as files."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from ratings.enums import Stage, Star
from ratings.queries import cycles as reads


def find_board(asked: Asked) -> Found:
    """What waits at each stage with whom, the latest first."""
    rows = reads.waiting(asked.user, under=asked.under, on=today())
    return Found(len(rows), (_waiting(row) for row in rows))


def _waiting(row: reads.Waiting) -> list[Any]:
    about = [row.cycle.year, row.cycle.name, Stage(row.stage).label, row.code, row.label]
    return [*about, row.units or None, row.due_on, row.late or None]


def find_calibration(asked: Asked) -> Found:
    """The table of the session of the cycle `?pk=`."""
    cycle = get_object_or_404(reads.cycles(asked.user, Perm.MANAGE_RATINGS), pk=asked.key)
    kind = asked.params.get("kind", "")
    sort = asked.params.get("sort", "-total")
    found = reads.calibrated(asked.user, cycle, under=asked.under, sort=sort, kind=kind)
    if grade := asked.params.get("grade", ""):
        if grade not in map(str, Star.values):
            raise Http404
        found = found.filter(grade=grade)
    rows = found.prefetch_related("moves")
    return Found(found.count(), _calibrated(rows), about=f"{cycle.division.label} {cycle.year} ")


def _calibrated(rows) -> Iterator[list[Any]]:
    for unit in rows.iterator(chunk_size=500):
        reasons = _("；").join(move.reason for move in unit.moves.all())
        about = [unit.division_id, unit.division.label, unit.get_unit_kind_display(), unit.total]
        stars = [_star(unit.banded), _star(unit.grade), _star(unit.previous)]
        yield [*about, *stars, unit.change_steps, unit.off_steps, _("是") if unit.vetoed else "", reasons]


def _star(grade: int | None) -> str:
    return "" if grade is None else str(Star(grade).label)


BOARD = Export(
    key="ratings",
    label=_L("星级评定进度"),
    perm=Perm.VIEW_RATINGS,
    page="ratings",
    columns=(
        Column("year", _L("年度"), width=8),
        Column("cycle", _L("评定"), width=30),
        Column("stage", _L("阶段"), width=12),
        Column("code", _L("区划代码"), width=14),
        Column("holder", _L("办理单位"), width=20),
        Column("units", _L("单位（个）"), kind=Kind.NUMBER, width=12),
        Column("due", _L("截止日期"), kind=Kind.DATE, width=14),
        Column("late", _L("逾期（天）"), kind=Kind.NUMBER, width=12),
    ),
    find=find_board,
)
CALIBRATION = Export(
    key="rating-calibration",
    label=_L("综合评定表"),
    perm=Perm.MANAGE_RATINGS,
    page="rating_calibration",
    page_needs=("pk",),
    columns=(
        Column("code", _L("区划代码"), width=14),
        Column("unit", _L("单位"), width=20),
        Column("kind", _L("类别"), width=8),
        Column("total", _L("总分"), kind=Kind.NUMBER, width=10),
        Column("banded", _L("按分数"), width=10),
        Column("grade", _L("现定星级"), width=10),
        Column("previous", _L("上年星级"), width=10),
        Column("change", _L("升降（档）"), kind=Kind.NUMBER, width=12),
        Column("deviation", _L("与分数偏离（档）"), kind=Kind.NUMBER, width=16),
        Column("vetoed", _L("一票否决"), width=10),
        Column("why", _L("调整理由"), width=40),
    ),
    find=find_calibration,
)
EXPORTS = (BOARD, CALIBRATION)
