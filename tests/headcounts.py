"""Who is in post and not counted, straight from the records: what kept figures are held against."""

from datetime import date

from django.db import connection

from portal.core.lib.codes import code_range
from portal.core.policy.queries import RULES_CTE
from workforce.counters.headcount import heads_ctes


def not_counted(code: str, on: date) -> dict[str, int]:
    """How many people in post under `code` are not counted on a day, by reason."""
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {RULES_CTE}, {heads_ctes()}
            SELECT reason, count(*) FROM heads
            WHERE reason IS NOT NULL AND division_id >= %(low)s AND division_id < %(high)s GROUP BY reason""",
            {"on": on, "low": low, "high": high},
        )
        return dict(cursor.fetchall())
