"""Figures of a division as tables with numerator and denominator: the two committees beside the term before, the grids."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.indicators.days import TooManyRows
from portal.core.indicators.figures import Figure, State, movement
from portal.core.indicators.values import FigureQuery
from portal.core.sheets.columns import Column
from portal.core.sheets.columns import Kind as CellKind
from portal.core.sheets.writing import Sheet
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.pages.indicator_links import figure_page, figure_url
from portal.pages.indicator_words import change_words, points
from portal.registry import INDICATORS
from workforce.queries.committees import seated
from workforce.queries.term_before import TermBefore, place_of, term_before
from workforce.views.terms_before import before_url

COMMITTEES = (
    "committee_members",
    "cross_appointment",
    "committee_women_share",
    "committee_young_share",
    "committee_college_share",
    "committee_mean_age",
    "secretaries",
    "secretaries_women",
    "secretaries_college_share",
    "secretaries_mean_age",
    "one_shoulder_rate",
    "communities_without_secretary",
    "communities_without_chair",
)
ALLOTMENT = (
    "allotted",
    "allotted_by_population",
    "allotted_by_households",
    "allotted_by_brackets",
    "allotment_missing",
    "allotment_surplus",
    "allotment_met_share",
    "allotment_short",
    "allotment_incomplete",
    "allotment_by_population",
    "allotment_by_households",
    "allotment_by_brackets",
    "allotment_cap",
)
GRIDS = (
    "grids",
    "micro_grids_per_grid",
    "grid_chiefs",
    "grid_full_time",
    "grid_full_time_per_grid",
    "grid_part_time",
    "grids_without_chief",
    "grids_without_full_time",
    "grids_without_instructor",
)


def figures_of(keys: Iterable[str], code: str, on: date) -> dict[str, Figure]:
    """Figures of one division on a day, by key; empty where it does not exist then. Scope the division before."""
    query = FigureQuery(tuple(INDICATORS[key] for key in keys), Chosen(("",), on, under=code, codes=(code,)))
    lines = query.lines()
    return dict(lines[0].figures) if lines else {}


def row_of(request: HttpRequest, figure: Figure, before: Figure | None = None) -> dict:
    """One figure as a line of a table; every number leads to its rows, the name to the page of the figure."""
    one, code = figure.indicator, figure.code
    moved = movement(figure, before)
    rows_url = figure_url(request, one.key, "numerator", code) if one.part("numerator") else ""
    return {
        "figure": figure,
        "label": one.label,
        "url": figure_page(request, one.key, code),
        "known": figure.state == State.VALUE,
        "divided": one.divided,
        "rows_url": rows_url,
        "below_url": figure_url(request, one.key, "denominator", code) if one.part("denominator") else "",
        "before": before.text if before is not None and before.state == State.VALUE else "",
        "before_value": before.value if before is not None else None,
        "change": moved,
        "change_words": change_words(figure, before),
    }


def rows_of(request: HttpRequest, now: dict[str, Figure], before: Mapping[str, Figure] | None = None) -> list[dict]:
    return [row_of(request, figure, (before or {}).get(key)) for key, figure in now.items()]


def sheet_of(title: str, rows: list[dict], previous: str = "") -> Sheet:
    """The table as a worksheet, with the definition of every figure."""
    number = CellKind.NUMBER
    columns = [Column("label", _("指标"), width=26), Column("value", _("数值"), kind=number), Column("unit", _("单位"))]
    columns += [Column("numerator", _("分子"), kind=number), Column("denominator", _("分母"), kind=number)]
    if previous:
        columns += [Column("before", previous, kind=number), Column("change", _("变化"), kind=number)]
        columns += [Column("change_unit", _("变化的单位"))]
    columns.append(Column("formula", _("算法"), width=60))
    return Sheet(title, columns, [_cells(row, bool(previous)) for row in rows])


def _cells(row: dict, compared: bool) -> list:
    figure, one = row["figure"], row["figure"].indicator
    parts = [figure.numerator, figure.denominator] if one.divided else [None, None]
    cells = [str(one.label), figure.value, str(one.unit.label), *parts]
    if compared:
        moved, before = row["change"], row["before_value"]
        cells += [before, moved, str(points(one.unit)) if moved is not None else ""]
    return [*cells, str(one.formula)]


# The two committees ---------------------------------------------------------------------------------------------------


def committees_context(request: HttpRequest, division: Division) -> dict:
    """The table of domain §1.M beside the same figures at the end of the term before."""
    on = keep.day_of(request)
    now = figures_of(COMMITTEES, division.code, on)
    before, sorry = _term_before(division, on)
    rows = rows_of(request, now, before.figures if before and before.seated else None)
    for row in rows:
        row["before_url"] = before_url(request, division.code, row["figure"].indicator.key)
    return {
        "rows": rows,
        "before": before,
        "compared": bool(before and before.seated),
        "before_sorry": sorry,
        "partial": _partial(division.code, on, before) if before and before.seated else None,
        "terms_url": keep.page_url(request, "terms", division.code) if division.level else "",
    }


def _term_before(division: Division, on: date) -> tuple[TermBefore | None, str]:
    """The term before, where one is on record; or why it cannot be counted."""
    try:
        return term_before([INDICATORS[key] for key in COMMITTEES], place_of(division), on), ""
    except TooManyRows as error:
        return None, str(error)


def _partial(code: str, on: date, before: TermBefore) -> dict | None:
    """Communities that stood then, with members on record then and now, where they were fewer then: figures of a part."""
    now = seated(code, on, of=before.last)
    return {"then": before.seated, "now": now} if before.seated < now else None


def committees_sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    shown = committees_context(request, division)
    before = shown["before"]
    days = {"first": formats.day(before.first), "last": formats.day(before.last)} if before else {}
    previous = _("上届（%(first)s 至 %(last)s）") % days if shown["compared"] else ""
    return [sheet_of(_("社区“两委”"), shown["rows"], previous)]


# Heads allotted by rules -----------------------------------------------------------------------------------------------


def allotment_context(request: HttpRequest, division: Division) -> dict:
    """What the engines in force give and how heads in post stand against it; engines that nobody set have no line."""
    rows = rows_of(request, figures_of(ALLOTMENT, division.code, keep.day_of(request)))
    return {"rows": [row for row in rows if row["figure"].state != State.NOT_IN_FORCE]}


def allotment_sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    return [sheet_of(_("应配职数"), allotment_context(request, division)["rows"])]


# Grids ---------------------------------------------------------------------------------------------------------------


def grids_context(request: HttpRequest, division: Division) -> dict:
    rows = rows_of(request, figures_of(GRIDS, division.code, keep.day_of(request)))
    return {"rows": rows, "grids_url": keep.page_url(request, "grids", division.code) if division.level else ""}


def grids_sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    return [sheet_of(_("网格力量"), grids_context(request, division)["rows"])]
