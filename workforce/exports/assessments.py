"""Assessments: the schemes, and the scores and results of one of them."""

from collections.abc import Iterator
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from workforce.enums import AssessmentGrade
from workforce.exports.people import labels_of, word
from workforce.models import AssessmentScheme
from workforce.queries.assessments import Placed, results, schemes, schemes_listed

WHO = (
    Column("code", _L("社区代码"), width=14),
    Column("community", _L("社区"), width=18),
    Column("name", _L("姓名")),
    Column("grid_worker", _L("兼任网格员")),
)
RESULT = (
    Column("community_score", _L("社区工作得分"), kind=Kind.NUMBER, width=14),
    Column("grid_score", _L("网格工作得分"), kind=Kind.NUMBER, width=14),
    Column("total", _L("总分"), kind=Kind.NUMBER, width=10),
    Column("grade", _L("等次"), width=10),
    Column("group", _L("排名范围"), width=18),
    Column("place", _L("排名"), kind=Kind.NUMBER, width=8),
    Column("listed", _L("列入末位名单"), width=14),
)


def find_schemes(asked: Asked) -> Found:
    """The schemes that the list shows."""
    found = schemes_listed(asked.user)
    return Found(found.count(), (_scheme(one) for one in found.iterator(chunk_size=500)))


def _scheme(one: AssessmentScheme) -> list[Any]:
    about = [one.year, one.name, one.division_id, one.division.label]
    return [*about, one.get_state_display(), one.get_group_display(), one.grid_percent, one.people, one.scored]


def find_scores(asked: Asked) -> Found:
    """The results of the scheme `?pk=` as far as the user sees them, with the score of every indicator."""
    scheme = get_object_or_404(schemes(asked.user), pk=asked.key)
    found = results(asked.user, scheme, today(), asked.under)
    marks = [Column(f"mark-{one['key']}", one["label"], kind=Kind.NUMBER, width=14) for one in scheme.indicators]
    return Found(
        len(found.rows),
        _results(scheme, found.rows),
        about=f"{scheme.division.label} {scheme} ",
        columns=(*WHO, *marks, *RESULT),
    )


def _results(scheme: AssessmentScheme, placed: list[Placed]) -> Iterator[list[Any]]:
    groups = labels_of(one.group for one in placed)
    keys = [one["key"] for one in scheme.indicators]
    for one in placed:
        row = one.row
        who = [row.division_id, row.division.label, row.person.name, _("是") if row.grid_worker else _("否")]
        marks = [_number(row.scores.get(key)) for key in keys]
        result = [row.community, row.grid, row.total, word(AssessmentGrade.choices, row.grade)]
        yield [*who, *marks, *result, groups.get(one.group, one.group), one.place, _("是") if one.listed else ""]


def _number(score: str | None) -> float | None:
    return None if score in (None, "") else float(score)


SCHEMES = Export(
    key="schemes",
    label=_L("考核方案"),
    perm=Perm.VIEW_PAY,
    page="assessments",
    columns=(
        Column("year", _L("年度"), width=8),
        Column("name", _L("方案名称"), width=28),
        Column("code", _L("区划代码"), width=14),
        Column("division", _L("适用范围"), width=20),
        Column("state", _L("状态"), width=10),
        Column("group", _L("排名范围"), width=12),
        Column("grid_percent", _L("网格工作占比（%）"), kind=Kind.NUMBER, width=16),
        Column("people", _L("考核（人）"), kind=Kind.NUMBER),
        Column("scored", _L("已打分（人）"), kind=Kind.NUMBER),
    ),
    find=find_schemes,
)
SCORES = Export(
    key="scores",
    label=_L("考核结果"),
    perm=Perm.VIEW_PAY,
    page="scheme",
    page_needs=("pk",),
    columns=(*WHO, *RESULT),
    find=find_scores,
    personal=True,
)
