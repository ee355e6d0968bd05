"""What lists of rows behind numbers are made of: cells, and how the rows of a kind are shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

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
