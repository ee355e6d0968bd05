"""What lists of rows behind numbers are made of: cells, and how the rows of a kind are shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.indicators.rows import Row
from portal.core.territory.models import Division


@dataclass(frozen=True)
class Cell:
    """A cell of the list: its text, a second line under it, and the page that it leads to."""

    text: str
    under: str = ""
    page: str = ""
    argument: Any = None


@dataclass(frozen=True)
class RowLook:
    """How rows of a kind are shown. `cells` gives the cells of each row, in its order, with a fixed number of queries."""

    columns: tuple[str | Promise, ...]
    cells: Callable[[Any, Sequence[Row], date], list[list[Cell]]]
    perm: Perm = Perm.VIEW_ROSTER


def places_of(user, codes: Iterable[str]) -> dict[str, str]:
    """Names of the divisions that the user may see, by code."""
    mine = Division.objects.for_user(user, Perm.VIEW_STAFFING).filter(pk__in=set(codes))
    return dict(mine.values_list("pk", "label"))


def place_cell(places: dict[str, str], code: str) -> Cell:
    return Cell(places.get(code, code), page="division", argument=code)


def records_look(
    model: type,
    columns: Sequence,
    cells: Callable[[Any], list[Cell]],
    page: Callable[[Any], tuple[str, Any]],
    perm: Perm = Perm.VIEW_SERVICE,
    related: Sequence[str] = (),
) -> RowLook:
    """Rows of a model: its name with the page behind it, the place, and what `cells` tells of the record."""

    def listed(user, rows: Sequence[Row], on: date) -> list[list[Cell]]:
        mine = model.objects.for_user(user, perm).filter(pk__in=[int(row.id) for row in rows]).select_related(*related)
        held = {str(one.pk): one for one in mine}
        places = places_of(user, {row.code for row in rows})
        found = []
        for row in rows:
            one = held.get(row.id)
            if one is None:
                found.append(
                    [Cell(_("不在您的查看范围")), place_cell(places, row.code), *[Cell("")] * (len(columns) - 2)]
                )
                continue
            first, *others = cells(one)
            name, argument = page(one)
            found.append([Cell(first.text, first.under, name, argument), place_cell(places, row.code), *others])
        return found

    return RowLook(tuple(columns), listed, perm)
