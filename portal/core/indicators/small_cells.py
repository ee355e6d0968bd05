"""Which figures of a table are withheld for open publication: reads the neighbours that the decision rests on.

The decision is taken over the whole tree under the territory, never over the page that is shown: the same figure is
withheld in every list of the day that asks for the same limit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.core.indicators.counting import RowKind
from portal.core.indicators.declare import Indicator, Unit
from portal.core.indicators.figures import Line
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR, Part, parts_of
from portal.core.indicators.suppression import Cell, withheld
from portal.core.indicators.values import FigureQuery
from portal.core.lib.codes import ancestors
from portal.core.lib.replica import fetch
from portal.core.territory.chosen import Chosen

PERSONAL = frozenset({RowKind.PERSON, RowKind.CONTRACT, RowKind.EXIT, RowKind.ENROLMENT})
"""Rows that tell of people; numbers of places are nobody's secret."""

_CHILDREN = """
SELECT c.code, CASE WHEN p.formal THEN p.parent_id ELSE c.parent_id END AS above
FROM unnest(%(codes)s::varchar[], %(levels)s::int[]) AS a (code, level)
JOIN core_division c ON c.code > a.code AND c.code < a.code || ':' AND {level}
JOIN core_division p ON p.code = c.parent_id
WHERE NOT c.formal AND (CASE WHEN p.formal THEN p.parent_id ELSE c.parent_id END) = a.code
  AND (c.valid_from IS NULL OR c.valid_from <= %(on)s) AND (c.valid_to IS NULL OR c.valid_to > %(on)s)"""
# Two statements in one, so that each finds its index.
_FAMILIES = f"""
{_CHILDREN.format(level="c.level < 5 AND c.level IN (a.level + 1, a.level + 2)")}
UNION ALL
{_CHILDREN.format(level="c.level = 5 AND a.level = 4")}"""


@dataclass(frozen=True)
class SmallCells:
    """The figures of `indicators` that are withheld on a day where fewer than `under` people stand behind a number."""

    indicators: tuple[Indicator, ...]
    on: date
    territories: tuple[str, ...]
    under: int

    def among(self, codes: Iterable[str]) -> set[tuple[str, str]]:
        """(division code, indicator key) of what is withheld in some divisions."""
        wanted = set(codes)
        if not wanted:
            return set()
        above = self._families(wanted)
        found = self._lines([*above])
        hidden: set[tuple[str, str]] = set()
        for one in self.indicators:
            cells = {line.code: Cell(above[line.code], _people(one, line)) for line in found}
            hidden |= {(code, one.key) for code in withheld(cells, self.under) & wanted}
        return hidden

    def _families(self, wanted: set[str]) -> dict[str, str]:
        """Every division that the decision rests on with the one it is summed into; "" at the edge of the territory."""
        inside = {
            above: len(above)
            for code in wanted
            for above in (code, *ancestors(code))
            if any(above.startswith(held) for held in self.territories)
        }
        _columns, rows = fetch(
            _FAMILIES, {"codes": list(inside), "levels": [_LEVELS[length] for length in inside.values()], "on": self.on}
        )
        found = dict(rows)
        return {code: "" for code in inside if code not in found} | found

    def _lines(self, codes: Sequence[str]) -> list[Line]:
        asked = [one for indicator in self.indicators for one in _asked(indicator)]
        chosen = Chosen(self.territories, self.on, codes=tuple(codes))
        return FigureQuery(tuple(asked), chosen).lines()


_LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}


def _personal(part: Part) -> bool:
    return part.kind in PERSONAL and not part.summed


def _apart(part: Part) -> Indicator:
    """A number that the figure itself does not show, as a figure of its own."""
    return replace(part.plain, key=f"{part.indicator.key}.{part.key}")


def _asked(indicator: Indicator) -> list[Indicator]:
    parts = parts_of(indicator).values()
    return [indicator, *(_apart(part) for part in parts if part.key in indicator.uses and _personal(part))]


def _people(indicator: Indicator, line: Line) -> tuple[int, ...]:
    """The numbers of people that a figure tells of."""
    figure, parts = line[indicator.key], parts_of(indicator)
    found: list[int] = []
    numerator = parts.get(NUMERATOR)
    if numerator and _personal(numerator):
        found.append(figure.numerator or 0)
    if any(indicator.whole.family_of[name].row in PERSONAL for name in indicator.divisors):
        found.append(figure.denominator or 0)
        if indicator.unit == Unit.PERCENT and numerator and _personal(numerator):
            found.append((figure.denominator or 0) - (figure.numerator or 0))
    found += [
        line[_apart(part).key].numerator or 0
        for part in parts.values()
        if part.key in indicator.uses and part.key != DENOMINATOR and _personal(part)
    ]
    return tuple(found)
