"""The term before 上届: how the two committees were when their present terms began, community by community (domain §1.M).

Elections of a city take months and some communities vote years apart from the others, so every community has a day of its
own: the last one of the residents' committee's term before, or where no such term is on record the day before the present
one began. Everything on that day is counted by the counters of the roster themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.core.indicators.counting import Scope
from portal.core.indicators.days import refuse_crowds
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure, Origin, Place
from portal.core.lib.codes import code_range
from portal.core.lib.replica import fetch
from portal.core.territory.models import Division
from workforce.counters import BOOK

# The book by how many sit on the committees: how much counting a term before costs.
MEMBERS = replace(BOOK, size="members")
_SEATED = "seated"

# The community and its last day of the term before; an election that is overdue leaves the present term the latest one.
_LAST_DAYS = """
last_days AS (
    SELECT DISTINCT ON (t.division_id) t.division_id AS code,
        least(lag(t.valid_to) OVER (PARTITION BY t.division_id ORDER BY t.valid_from), t.valid_from) - 1 AS day
    FROM workforce_term t JOIN core_division d ON d.code = t.division_id AND d.urban
    WHERE t.body = 'committee' AND t.valid_from <= %(on)s AND (t.valid_to IS NULL OR t.valid_to > t.valid_from)
      AND t.division_id >= %(low)s AND t.division_id < %(high)s
      AND (d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
    ORDER BY t.division_id, t.valid_from DESC
),
chosen AS MATERIALIZED (SELECT code, day FROM last_days ORDER BY code LIMIT %(limit)s OFFSET %(offset)s)"""


def _counted(names: Iterable[str]) -> str:
    """CTEs ending in `found`: the counters `names` of every community chosen, on its own day; once for each day."""
    counts = BOOK.only(names).counted(Scope.CODES).replace("%(on)s", "asked.day").replace("%(codes)s", "asked.codes")
    return f"""{_LAST_DAYS},
    asked AS MATERIALIZED (SELECT day, array_agg(code) AS codes FROM chosen GROUP BY day),
    found AS MATERIALIZED (SELECT c.* FROM asked CROSS JOIN LATERAL (WITH {counts} SELECT * FROM counts) c)"""


@dataclass(frozen=True)
class TermBefore:
    """Figures of a division at the end of the term before, added up over its communities.

    `communities` of them have such a day, from `first` to `last`; in `seated` of these somebody was on record.
    """

    figures: Mapping[str, Figure]
    communities: int
    seated: int
    first: date
    last: date


def place_of(division: Division) -> Place:
    """A division as figures name it."""
    return Place(division.code, division.label, division.level, division.kind, division.urban)


def term_before(indicators: Iterable[Indicator], place: Place, on: date) -> TermBefore | None:
    """Figures of a division at the end of the term before that of a day; None where no term is on record.

    Scope the division before asking. Raises TooManyRows where its members are too many to be counted.
    """
    indicators = tuple(indicators)
    names = _names(indicators)
    sums = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in names)
    ((communities, first, last, *numbers),) = _run(
        names, f"SELECT count(*), min(day), max(day), {sums} FROM chosen LEFT JOIN found USING (code)", place.code, on
    )
    found = dict(zip(names, numbers, strict=True))
    if not communities:
        return None
    return TermBefore(_figures(indicators, place, last, found), communities, found[_SEATED], first, last)


def communities_before(
    indicator: Indicator, code: str, on: date, *, limit: int | None = None, offset: int = 0
) -> list[Figure]:
    """A figure of every community under a division on its own last day of the term before, by code."""
    names = _names((indicator,))
    columns = ", ".join(f"coalesce(f.{name}, 0)" for name in names)
    rows = _run(
        names,
        f"""SELECT d.code, d.label, d.level, d.kind, d.urban, c.day, {columns}
        FROM chosen c JOIN core_division d ON d.code = c.code LEFT JOIN found f ON f.code = c.code ORDER BY c.code""",
        code,
        on,
        limit=limit,
        offset=offset,
    )
    return [_community(indicator, names, row) for row in rows]


def _community(indicator: Indicator, names: Sequence[str], row: Sequence[Any]) -> Figure:
    place, day, numbers = Place(*row[:5]), row[5], dict(zip(names, row[6:], strict=True))
    return _figures((indicator,), place, day, numbers)[indicator.key]


def _names(indicators: Iterable[Indicator]) -> list[str]:
    """The counters that figures read, and by which a community is known to have had anybody."""
    read = (name for one in indicators for name in one.counters)
    return list(dict.fromkeys([_SEATED, *read]))


def _run(names: Iterable[str], select: str, code: str, on: date, **page: int | None) -> list[tuple]:
    refuse_crowds(MEMBERS, code)
    low, high = code_range(code)
    parameters = {"on": on, "low": low, "high": high, "limit": None, "offset": 0, **page}
    return fetch(f"WITH {_counted(names)} {select}", parameters)[1]


def _figures(indicators: Iterable[Indicator], place: Place, on: date, numbers: Mapping[str, int]) -> dict[str, Figure]:
    return {
        one.key: Figure(
            one,
            place,
            on,
            numbers[one.numerator],
            sum(numbers[name] for name in one.divisors) if one.divided else None,
            origin=Origin.ROWS,
        )
        for one in indicators
    }
