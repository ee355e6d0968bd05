"""Which figures of a table are withheld for open publication: reads the neighbours that the decision rests on.

The decision is taken over the whole tree under the territory, never over the page that is shown: the same figure is
withheld in every list of the day that asks for the same limit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.indicators.declare import Indicator
from portal.core.indicators.disclosure import Disclosure, Number, told_by
from portal.core.indicators.figures import Line
from portal.core.indicators.suppression import Cell
from portal.core.indicators.values import FigureQuery
from portal.core.lib.codes import COUNTRY, ancestors
from portal.core.lib.replica import fetch
from portal.core.territory.chosen import Chosen

_CHILDREN = """
SELECT c.code, CASE WHEN p.formal THEN p.parent_id ELSE c.parent_id END AS above
FROM unnest(%(codes)s::varchar[], %(levels)s::int[]) AS a (code, level)
JOIN core_division c ON c.code > a.code AND c.code < a.code || ':' AND {level}
JOIN core_division p ON p.code = c.parent_id
WHERE NOT c.formal AND (CASE WHEN p.formal THEN p.parent_id ELSE c.parent_id END) = a.code
  AND (c.valid_from IS NULL OR c.valid_from <= %(on)s) AND (c.valid_to IS NULL OR c.valid_to > %(on)s)"""
# Two statements in one, so that each finds its index.
_PROVINCES = """
SELECT code, %(country)s FROM core_division
WHERE level = 1 AND (valid_from IS NULL OR valid_from <= %(on)s) AND (valid_to IS NULL OR valid_to > %(on)s)"""
_FAMILIES = f"""
{_CHILDREN.format(level="c.level < 5 AND c.level IN (a.level + 1, a.level + 2)")}
UNION ALL
{_CHILDREN.format(level="c.level = 5 AND a.level = 4")}"""


@dataclass(frozen=True)
class SmallCells:
    """The figures of `indicators` that are withheld on a day where fewer than `under` people stand behind a number.

    Decided number by number, with all that `disclosure` knows to go with it, whether it is asked for or not: the same
    figure is withheld whatever is asked beside it.
    """

    disclosure: Disclosure
    indicators: tuple[Indicator, ...]
    on: date
    territories: tuple[str, ...]
    under: int

    def among(self, codes: Iterable[str]) -> set[tuple[str, str]]:
        """(division code, indicator key) of what is withheld in some divisions."""
        wanted, told = set(codes), {one.key: told_by(one) for one in self.indicators}
        deciding = self.disclosure.deciding(number for numbers in told.values() for number in numbers)
        if not wanted or not deciding:
            return set()
        above = self._families(wanted)
        found = self._lines([*above], deciding)
        tables = {
            number: {line.code: Cell(above[line.code], self._people(number, line)) for line in found}
            for number in deciding
        }
        hidden = self.disclosure.hidden(tables, self.under)
        return {(code, key) for key, numbers in told.items() for number in numbers for code in hidden[number] & wanted}

    def _families(self, wanted: set[str]) -> dict[str, str]:
        """Every division that the decision rests on with the one it is summed into; "" at the edge of the territory."""
        inside = {
            above: len(above)
            for code in wanted - {COUNTRY}
            for above in (code, *ancestors(code))
            if any(above.startswith(held) for held in self.territories)
        }
        _columns, rows = fetch(
            _FAMILIES, {"codes": list(inside), "levels": [_LEVELS[length] for length in inside.values()], "on": self.on}
        )
        if "" in self.territories:
            rows += fetch(_PROVINCES, {"country": COUNTRY, "on": self.on})[1]
            inside[COUNTRY] = 0
        found = dict(rows)
        return {code: "" for code in inside if code not in found} | found

    def _lines(self, codes: Sequence[str], deciding: Iterable[Number]) -> list[Line]:
        wholes = (number for one in deciding for whole in self.disclosure.wholes.get(one, ()) for number in whole)
        asked = tuple(number.plain for number in dict.fromkeys((*deciding, *wholes)))
        divisions = tuple(code for code in codes if code != COUNTRY)
        groups = [divisions, (COUNTRY,)] if COUNTRY in codes else [divisions]
        return [
            line
            for group in groups
            for line in FigureQuery(asked, Chosen(self.territories, self.on, codes=group)).lines()
        ]

    def _people(self, number: Number, line: Line) -> tuple[int, ...]:
        """Those who are counted, and of whatever the number is a share of also those who are not."""
        count = _counted(number, line)
        wholes = self.disclosure.wholes.get(number, ())
        return (count, *(sum(_counted(one, line) for one in whole) - count for whole in wholes))


def _counted(number: Number, line: Line) -> int:
    return line[number.key].numerator or 0


_LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
