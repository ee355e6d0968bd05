"""The people behind the numbers of a forecast."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.core.lib.codes import code_range
from portal.core.lib.dated import add_months
from portal.core.lib.replica import fetch
from workforce.queries.forecast_parts import YEAR_MONTHS
from workforce.queries.forecast_sql import listed


@dataclass(frozen=True)
class Line:
    """One person. `day`: leaves by age, ends a contract, left, joined or got a certificate; `note`: whom a contract is with."""

    person_id: UUID
    name: str
    code: str
    place: str
    day: date | None
    note: str


def people_behind(
    code: str,
    on: date,
    show: str,
    *,
    since: date | None = None,
    until: date = date.max,
    limit: int | None,
    offset: int = 0,
) -> tuple[list[Line], int]:
    """Some of the people of one of `LISTS` under a place, earliest first, and how many there are. Scope the place first.

    `since` and `until` bound the days on which people leave by age or contracts end.
    """
    low, high = code_range(code)
    rows = fetch(
        listed(show),
        {
            "on": on,
            "before": add_months(on, -YEAR_MONTHS),
            "low": low,
            "high": high,
            "since": since,
            "until": until,
            "limit": limit,
            "offset": offset,
        },
    )[1]
    return [Line(*row[:-1]) for row in rows], rows[0][-1] if rows else 0
