"""The list of schemes as a file."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from ratings.forms.schemes import SchemeFilter
from ratings.models import RatingScheme
from ratings.queries.schemes import schemes_listed


def find_schemes(asked: Asked) -> Found:
    """The schemes that the list shows, under its filters."""
    found = schemes_listed(asked.user, **SchemeFilter(asked.params).asked())
    return Found(found.count(), _rows(found))


def _rows(found) -> Iterator[list[Any]]:
    one: RatingScheme
    for one in found.iterator(chunk_size=500):
        leasts = {int(band["grade"]): float(band["least"]) for band in one.bands}
        about = [
            one.year,
            one.get_unit_kind_display(),
            one.version_number,
            one.name,
            one.division_id,
            one.division.label,
        ]
        people = [one.entered_by.name, one.approved_by.name if one.approved_by else ""]
        counts = [one.item_count, one.unit_count, *(leasts.get(grade) for grade in (5, 4, 3))]
        yield [*about, one.get_state_display(), one.document, *people, *counts]


RATING_SCHEMES = Export(
    key="rating-schemes",
    label=_L("星级评定方案"),
    perm=Perm.VIEW_RATINGS,
    page="rating_schemes",
    columns=(
        Column("year", _L("年度"), width=8),
        Column("kind", _L("对象"), width=8),
        Column("version", _L("版本"), kind=Kind.NUMBER, width=8),
        Column("name", _L("方案名称"), width=28),
        Column("code", _L("区划代码"), width=14),
        Column("division", _L("适用范围"), width=20),
        Column("state", _L("状态"), width=10),
        Column("document", _L("依据文件"), width=28),
        Column("entered_by", _L("编制人"), width=12),
        Column("approved_by", _L("批准人"), width=12),
        Column("items", _L("项数"), kind=Kind.NUMBER, width=8),
        Column("units", _L("已参评单位"), kind=Kind.NUMBER, width=12),
        Column("five", _L("五星分数线"), kind=Kind.NUMBER, width=12),
        Column("four", _L("四星分数线"), kind=Kind.NUMBER, width=12),
        Column("three", _L("三星分数线"), kind=Kind.NUMBER, width=12),
    ),
    find=find_schemes,
)
