"""What followed from stars, and the shares of the performance bonus, as files."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from ratings.forms.consequences import ConsequenceFilter
from ratings.queries.consequences import listed
from workforce.queries.star_bonuses import amount_words, bonuses, coefficient_words, star_words


def find(asked: Asked) -> Found:
    """The rows that the list of the place shows."""
    form = ConsequenceFilter(asked.params)
    rows = listed(asked.user, under=_under(asked, Perm.VIEW_RATINGS), on=asked.on, **form.asked())
    return Found(rows.count(), _rows(rows), filters=filter_words(form))


def _under(asked: Asked, perm: Perm) -> str:
    """The place, else the user's first territory; the whole country for who holds it."""
    return asked.under or next(iter(asked.user.territories(perm)), "")


def _rows(rows) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=2000):
        yield [
            row.division_id,
            row.division.label,
            row.result.year,
            row.result.get_grade_display(),
            row.get_kind_display(),
            row.person.name if row.person else "",
            row.months,
            row.coefficient,
            row.amount,
            row.due_on,
            row.get_state_display(),
            row.done_on,
            row.note,
            row.result.decision_number,
        ]


def find_bonuses(asked: Asked) -> Found:
    """Shares of the rated year that the filter names, else of the year before the day."""
    year = ConsequenceFilter(asked.params).asked()["year"] or asked.on.year - 1
    rows = bonuses(asked.user, under=_under(asked, Perm.VIEW_PAY), year=year)
    return Found(rows.count(), _bonus_rows(rows), filters=_("%(year)s 年") % {"year": year})


def _bonus_rows(rows) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=2000):
        given = [row.months, coefficient_words(row), amount_words(row), row.document]
        yield [row.division_id, row.division.label, row.person.name, row.year, star_words(row), *given]


_UNIT = (
    Column("code", gettext_lazy("单位代码"), width=14),
    Column("unit", gettext_lazy("单位"), width=18),
)
CONSEQUENCES = Export(
    key="consequences",
    label=gettext_lazy("星级后果"),
    perm=Perm.VIEW_RATINGS,
    page="consequences",
    columns=(
        *_UNIT,
        Column("year", gettext_lazy("星级年度"), kind=Kind.NUMBER, width=10),
        Column("star", gettext_lazy("星级"), width=8),
        Column("kind", gettext_lazy("后果"), width=16),
        Column("person", gettext_lazy("人员"), width=12),
        Column("months", gettext_lazy("在岗月数"), kind=Kind.NUMBER, width=10),
        Column("coefficient", gettext_lazy("系数（%）"), kind=Kind.NUMBER, width=10),
        Column("amount", gettext_lazy("金额（元）"), kind=Kind.NUMBER, width=12),
        Column("due_on", gettext_lazy("期限"), kind=Kind.DATE),
        Column("state", gettext_lazy("状态"), width=10),
        Column("done_on", gettext_lazy("落实日期"), kind=Kind.DATE),
        Column("note", gettext_lazy("落实情况"), width=30),
        Column("document", gettext_lazy("认定文号"), width=20),
    ),
    find=find,
    personal=True,
)
BONUSES = Export(
    key="bonuses",
    label=gettext_lazy("星级绩效"),
    perm=Perm.VIEW_PAY,
    page="consequences",
    columns=(
        *_UNIT,
        Column("person", gettext_lazy("人员"), width=12),
        Column("year", gettext_lazy("星级年度"), kind=Kind.NUMBER, width=10),
        Column("star", gettext_lazy("星级"), width=8),
        Column("months", gettext_lazy("在岗月数"), kind=Kind.NUMBER, width=10),
        Column("coefficient", gettext_lazy("星级绩效系数"), width=16),
        Column("amount", gettext_lazy("星级绩效金额（元）"), width=18),
        Column("document", gettext_lazy("认定文号"), width=20),
    ),
    find=find_bonuses,
    personal=True,
)
EXPORTS = (CONSEQUENCES, BONUSES)
