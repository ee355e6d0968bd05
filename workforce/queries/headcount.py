"""Who in post is not counted as a head of the staffing ratio, and why (domain §1.A1)."""

from datetime import date

from django.db import connection

from portal.core.lib.codes import code_range
from portal.core.lib.replica import fetch
from portal.core.policy.queries import RULES_CTE
from workforce.counters import BOOK
from workforce.counters.headcount import heads_ctes
from workforce.enums import NotCounted

_COUNTERS = {f"uncounted_{reason}": reason for reason in NotCounted.values}


def reasons_not_counted(code: str, on: date, figures_on: date | None) -> dict[str, int]:
    """How many people in post under `code` are not counted on a day, by reason: as kept for `figures_on`, else from the records."""
    if on != figures_on:
        return not_counted(code, on)
    _names, rows = fetch(
        f"SELECT {', '.join(_COUNTERS)} FROM {BOOK.tally} WHERE division_id = %(code)s", {"code": code}
    )
    counts = rows[0] if rows else ()
    return {reason: count for reason, count in zip(_COUNTERS.values(), counts, strict=False) if count}


def not_counted(code: str, on: date) -> dict[str, int]:
    """The same from the records."""
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {RULES_CTE}, {heads_ctes()}
            SELECT reason, count(*) FROM heads
            WHERE reason IS NOT NULL AND division_id >= %(low)s AND division_id < %(high)s GROUP BY reason""",
            {"on": on, "low": low, "high": high},
        )
        return dict(cursor.fetchall())
