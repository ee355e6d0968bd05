"""Figures as files: the catalogue of a place, the divisions under it by one figure, the rows behind a number."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure, Line
from portal.core.indicators.parts import Part
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, NotExportable
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from portal.core.web import formats
from portal.pages import indicator_words as words
from portal.pages.indicator_catalogue import Catalogue
from portal.pages.indicator_figures import indicator_or_404, part_or_404
from portal.pages.indicator_page import chart_of, definition
from portal.pages.indicator_ranking import Ranking
from portal.pages.indicator_row_kinds import LOOKS, Cell, is_personal
from portal.pages.indicator_row_list import LISTED_ROWS, RowList

CHUNK = 1000
MOST_ROWS = LISTED_ROWS * 10

FIGURE_COLUMNS = (
    Column("label", gettext_lazy("指标"), width=28),
    Column("code", gettext_lazy("区划代码"), width=14),
    Column("name", gettext_lazy("区划"), width=20),
    Column("on", gettext_lazy("统计日"), kind=Kind.DATE),
    Column("value", gettext_lazy("数值"), kind=Kind.NUMBER),
    Column("unit", pgettext_lazy("unit", "单位"), width=10),
    Column("state", gettext_lazy("有无数据"), width=10),
    Column("numerator", gettext_lazy("分子"), kind=Kind.NUMBER),
    Column("denominator", gettext_lazy("分母"), kind=Kind.NUMBER),
    Column("target", gettext_lazy("目标"), width=22),
    Column("met", gettext_lazy("是否达标")),
    Column("rule", gettext_lazy("依据"), width=30),
    Column("basis", gettext_lazy("人口口径"), width=16),
    Column("population_on", gettext_lazy("人口时点"), kind=Kind.DATE),
    Column("origin", gettext_lazy("数据来源"), width=16),
)
COMPARED_COLUMNS = (
    *FIGURE_COLUMNS,
    Column("before", gettext_lazy("上年同期"), kind=Kind.NUMBER),
    Column("before_on", gettext_lazy("上年同期时点"), kind=Kind.DATE),
    Column("change", gettext_lazy("同比"), width=16),
    Column("formula", gettext_lazy("算法"), width=60),
    Column("citation", gettext_lazy("出处"), width=30),
)


def figure_cells(figure: Figure) -> list[Any]:
    """One figure in the order of `FIGURE_COLUMNS`; what is not known stays empty, the words say why."""
    people, one = figure.population, figure.indicator
    about = [str(one.label), figure.code, figure.place.name, figure.on, figure.value, str(one.unit.label)]
    numbers = (figure.numerator, figure.denominator if one.divided else None) if figure.has_numbers else (None, None)
    counted = [str(figure.state.label), *numbers]
    judged = [words.target_words(figure), str(figure.met.label), figure.rule.source if figure.rule else ""]
    basis = [people.basis_label if people else "", people.on if people else None]
    return [*about, *counted, *judged, *basis, words.origin_words(figure)]


def _compared(figure: Figure, before: Line | None) -> list[Any]:
    then = before.figures.get(figure.indicator.key) if before else None
    earlier = [then.value if then else None, then.on if then else None, words.change_words(figure, then)]
    return [*figure_cells(figure), *earlier, str(figure.indicator.formula), figure.indicator.citation]


def find_catalogue(asked: Asked) -> Found:
    """The figures of the place as the catalogue shows them."""
    place = asked.chosen(Perm.VIEW_STAFFING, whole=True)
    table = Catalogue(asked.request, place)
    return Found(len(table.shown), (_compared(figure, table.before) for figure in table.shown), about=place.label)


def _asked(asked: Asked) -> tuple[Indicator, Division]:
    """The figure and the place of a file; a figure that the reader may not see there does not exist."""
    place = asked.chosen(Perm.VIEW_STAFFING, whole=True)
    return indicator_or_404(asked.request, asked.params.get("key", ""), place), place


def find_ranking(asked: Asked) -> Found:
    """The whole list as the page filters and orders it, the place itself last; the series and the definition beside it."""
    one, place = _asked(asked)
    table = Ranking(asked.request, one, place)
    if not table.judged:
        raise NotExportable(_("一次不能导出这么多区划。请选下一级的地方，或者选上一层级。"))
    shown = table.filtered
    whole = [table.whole] if table.whole else []
    more = [
        chart_of(asked.request, one, place, asked.on).sheet,
        Sheet(
            str(_("指标定义")),
            _DEFINITION,
            ([row["label"], str(row["value"])] for row in definition(asked.request, one, "")),
        ),
    ]
    rows = (figure_cells(figure) for figure in [*shown, *whole])
    return Found(len(shown) + len(whole), rows, about=f"{place.label}{one.label}", more=more)


_DEFINITION = (Column("label", gettext_lazy("项目"), width=16), Column("value", gettext_lazy("内容"), width=90))


def find_rows(asked: Asked) -> Found:
    """The rows that the list shows, all of them."""
    one, place = _asked(asked)
    part = part_or_404(one, asked.params.get("part", ""))
    table = RowList(asked.request, part, place)
    if not part.counter or not table.territories:
        raise NotExportable(_("这个数字没有您可以导出的名单。"))
    if (count := table.behind.count()) > MOST_ROWS:
        raise NotExportable(_("名单超过 %(most)s 行。请选下一级的地方再导出。") % {"most": formats.number(MOST_ROWS)})
    about = f"{place.label}{part.label}"
    return Found(count, _rows(table), about=about, filters=f"{one.label} · {part.label}", columns=row_columns(part))


def row_columns(part: Part) -> list[Column]:
    """The code of the community, what the list shows (with its second lines), and what a row adds."""
    columns = [Column("code", gettext_lazy("区划代码"), width=14)]
    for at, label in enumerate(LOOKS[part.kind].columns):
        columns.append(Column(f"c{at}", str(label), width=22))
    return [*columns, Column("amount", str(part.label), kind=Kind.NUMBER)] if part.summed else columns


def _rows(table: RowList) -> Iterator[list[Any]]:
    for rows, cells in table.chunks(CHUNK):
        for row, found in zip(rows, cells, strict=True):
            yield [row.code, *map(_text, found), *([row.amount] if table.part.summed else [])]


def _text(cell: Cell) -> str:
    return " ".join(filter(None, (cell.text, cell.under)))


def export_of(part: Part) -> Export:
    """The export that a list of rows goes through: what names people is limited and stamped."""
    return PEOPLE_BEHIND if is_personal(part) else PLACES_BEHIND


def _of_kind(personal: bool) -> Callable[[Asked], Found]:
    def find(asked: Asked) -> Found:
        one, _place = _asked(asked)
        if is_personal(part_or_404(one, asked.params.get("part", ""))) != personal:
            raise NotExportable(_("这个数字没有您可以导出的名单。"))
        return find_rows(asked)

    return find


CATALOGUE = Export(
    key="indicators",
    label=gettext_lazy("统计指标"),
    perm=Perm.VIEW_STAFFING,
    page="indicators",
    columns=COMPARED_COLUMNS,
    find=find_catalogue,
)
RANKING = Export(
    key="indicator",
    label=gettext_lazy("指标比较表"),
    perm=Perm.VIEW_STAFFING,
    page="indicator",
    page_needs=("key",),
    columns=FIGURE_COLUMNS,
    find=find_ranking,
)
PEOPLE_BEHIND = Export(
    key="figure-people",
    label=gettext_lazy("指标名单"),
    perm=Perm.VIEW_ROSTER,
    page="indicator_rows",
    page_needs=("key",),
    columns=(),
    find=_of_kind(True),
    personal=True,
)
PLACES_BEHIND = Export(
    key="figure-places",
    label=gettext_lazy("指标清单"),
    perm=Perm.VIEW_STAFFING,
    page="indicator_rows",
    page_needs=("key",),
    columns=(),
    find=_of_kind(False),
)
INDICATOR_EXPORTS = (CATALOGUE, RANKING, PEOPLE_BEHIND, PLACES_BEHIND)
