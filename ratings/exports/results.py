"""Results of a year as a list: every rated unit with its grade, its change and where it comes from."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from ratings.enums import Star
from ratings.forms.results import ResultFilter
from ratings.queries.results import listed, years


def find(asked: Asked) -> Found:
    """The results that the page shows: year, place and filters."""
    place = asked.chosen(Perm.VIEW_RATINGS)
    chosen = ResultFilter(asked.params, years=years(asked.user, place.code)).asked()
    rows = listed(asked.user, under=place.code, **chosen)
    return Found(rows.count(), _rows(rows), about=f"{place.label} {chosen['year']}")


def _rows(rows) -> Iterator[list[Any]]:
    for one in rows.iterator(chunk_size=1000):
        yield [
            one.division_id,
            one.division.label,
            one.year,
            one.get_unit_kind_display(),
            one.get_grade_display(),
            "" if one.previous is None else str(Star(one.previous).label),
            one.get_change_display(),
            one.score,
            one.get_cause_display(),
            one.event,
            one.decision_number,
            one.decided_on,
            one.effective_from,
            one.number,
        ]


STARS = Export(
    key="stars",
    label=_("星级结果"),
    perm=Perm.VIEW_RATINGS,
    page="stars",
    columns=(
        Column("code", _("代码"), width=14),
        Column("unit", _("单位"), width=18),
        Column("year", _("年度"), kind=Kind.NUMBER),
        Column("kind", _("类别")),
        Column("grade", _("星级")),
        Column("previous", _("上年星级")),
        Column("change", _("升降")),
        Column("score", _("总分"), kind=Kind.NUMBER),
        Column("cause", _("由来"), width=14),
        Column("event", _("事由"), width=30),
        Column("number", _("文号"), width=20),
        Column("decided_on", _("决定日期"), kind=Kind.DATE),
        Column("effective_from", _("生效日期"), kind=Kind.DATE),
        Column("version", _("版本"), kind=Kind.NUMBER),
    ),
    find=find,
)

EXPORTS = (STARS,)
