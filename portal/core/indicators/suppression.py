"""Small cells: which numbers of a published table are withheld so that nobody can be told from it (domain §2.12).

A number of a few people is withheld, and so are enough others that it cannot be had by taking its neighbours from the
sum above them. Pure: numbers in, codes out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """What is published of one division: the code it is summed into ("" = none) and the numbers of people it tells of.

    For a share these are those who have the property, those who have not, and all of them.
    """

    parent: str
    counts: tuple[int, ...]

    def is_small(self, under: int) -> bool:
        return any(1 <= count < under for count in self.counts)


def withheld(cells: Mapping[str, Cell], under: int) -> frozenset[str]:
    """Codes of the cells to withhold: those with a number from 1 to `under` - 1, and their companions.

    `cells` holds whole families: with one division all that are summed into the same one above. A sum and its parts are
    one equation; with none or at least two of them unknown nothing follows from it. Equations of a tree share no more
    than one number each, so what holds for each of them holds for all. The least numbers are taken as companions, empty
    cells last, so that little is lost.
    """
    hidden = {code for code, cell in cells.items() if cell.is_small(under)}
    families = _families(cells)
    before = -1
    while len(hidden) != before:
        before = len(hidden)
        for parent, parts in families:
            unknown = [code for code in (parent, *parts) if code in hidden]
            if len(unknown) == 1:
                hidden.add(_companion(cells, (code for code in parts if code not in hidden), parent))
    return frozenset(hidden)


def _families(cells: Mapping[str, Cell]) -> list[tuple[str, list[str]]]:
    """Every sum with its parts, the upper ones first: what is hidden above has to be hidden below as well."""
    found: dict[str, list[str]] = {}
    for code in sorted(cells, key=lambda code: (len(code), code)):
        if cells[code].parent in cells:
            found.setdefault(cells[code].parent, []).append(code)
    return list(found.items())


def _companion(cells: Mapping[str, Cell], others: Iterable[str], parent: str) -> str:
    """Which cell of a family goes as well; the sum itself where it has but one part."""
    return min(others, key=lambda code: (not any(cells[code].counts), sum(cells[code].counts), code), default=parent)
