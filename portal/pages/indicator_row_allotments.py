"""Communities behind a number of heads that rules allot: what every engine gives, what comes of them and which binds."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.indicators.rows import Row
from portal.core.web import formats
from portal.pages.community_panels import NAMES
from portal.pages.indicator_row_cells import Cell, RowLook, place_cell, places_of
from workforce.queries.allotment import Given, given_to

_SAID = {"least": gettext_lazy("至少 %(heads)s"), "most": gettext_lazy("至多 %(heads)s")}


def _cells(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
    codes = [row.code for row in rows]
    places, given = places_of(user, codes), given_to(codes, on)
    return [[place_cell(places, row.code), *_engines(given.get(row.code))] for row in rows]


def _engines(given: Given | None) -> list[Cell]:
    """The three engines, and what all together give with what binds."""
    if given is None:
        return [Cell("")] * 4
    each = [_heads(heads) for heads in (given.by_population, given.by_allotment, given.by_brackets)]
    binding = _("、").join(str(NAMES[key]) for key in given.binding)
    heads = _heads(given.allotted)
    said = _SAID.get(given.certainty)
    return [*map(Cell, each), Cell(str(said) % {"heads": heads} if said else heads, under=binding)]


def _heads(heads: int | None) -> str:
    return formats.number(heads) if heads is not None else "—"


ALLOTMENT_LOOK = RowLook(
    (gettext_lazy("社区"), NAMES["per_population"], NAMES["allotment"], NAMES["brackets"], gettext_lazy("应配职数")),
    _cells,
    Perm.VIEW_STAFFING,
)
