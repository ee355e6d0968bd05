"""Keeps tallies exact: every roster change ends with `refresh_tallies`, the day moves on by `roll_figures`."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from django.db import connection, transaction

from portal.core.lib.clock import today
from portal.core.lib.codes import ancestors, code_range
from portal.core.policy.queries import RULES_CTE
from portal.core.territory.models import FiguresDay
from portal.core.territory.totals import figures_day, refresh_totals
from workforce.models import Tally
from workforce.queries.headcount import COUNTS, ROLLED_UP, heads_ctes

_REFRESH = f"""
WITH {RULES_CTE}, {heads_ctes(codes=True)}, {COUNTS.format(where="WHERE division_id = ANY(%(codes)s)")},
delta AS (
    SELECT t.division_id AS code, coalesce(c.workers, 0) - t.workers AS workers,
        coalesce(c.certified, 0) - t.certified AS certified, coalesce(c.in_post, 0) - t.in_post AS in_post
    FROM workforce_tally t LEFT JOIN counts c ON c.code = t.division_id
    WHERE t.division_id = ANY(%(codes)s)
),
change AS (
    SELECT left(code, n) AS code, sum(workers) AS workers, sum(certified) AS certified, sum(in_post) AS in_post
    FROM delta CROSS JOIN unnest(ARRAY[2, 4, 6, 9, 12]) AS n WHERE n <= length(code) GROUP BY 1
)
UPDATE workforce_tally t
SET workers = t.workers + change.workers, certified = t.certified + change.certified, in_post = t.in_post + change.in_post
FROM change WHERE change.code = t.division_id
"""


def refresh_tallies(codes: Iterable[str]) -> None:
    """Recounts the communities `codes` and carries the difference up; the last step of every roster change.

    Rows are locked in code order before counting, so that a change committed by somebody else meanwhile is counted.
    """
    communities = sorted(set(codes))
    if not communities:
        return
    touched = sorted({*communities, *(above for code in communities for above in ancestors(code))})
    on = figures_day()
    if on is None:
        roll_figures()
        return
    Tally.objects.bulk_create([Tally(division_id=code) for code in touched], ignore_conflicts=True)
    list(Tally.objects.select_for_update().filter(division_id__in=touched).order_by("division_id"))
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, {"on": on, "codes": communities})


def _recounted(code: str) -> str:
    everywhere = not code
    where = "" if everywhere else "WHERE division_id >= %(low)s AND division_id < %(high)s"
    return f"{RULES_CTE}, {heads_ctes(everywhere=everywhere)}, {COUNTS.format(where=where)}, {ROLLED_UP}"


_FROM_CHILDREN = """
INSERT INTO workforce_tally AS t (division_id, workers, certified, in_post)
SELECT %(code)s, coalesce(sum(workers), 0), coalesce(sum(certified), 0), coalesce(sum(in_post), 0)
FROM workforce_tally WHERE division_id > %(low)s AND division_id < %(high)s AND length(division_id) = %(length)s
ON CONFLICT (division_id) DO UPDATE
SET workers = excluded.workers, certified = excluded.certified, in_post = excluded.in_post"""


@transaction.atomic
def recount(code: str = "") -> None:
    """Rebuilds tallies and population totals under `code` from the rows, for the figures' day, and sums those above."""
    on = figures_day()
    if on is None:
        roll_figures()
        return
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE workforce_tally IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM workforce_tally WHERE division_id >= %s AND division_id < %s", [low, high])
        cursor.execute(
            f"""WITH {_recounted(code)}
            INSERT INTO workforce_tally (division_id, workers, certified, in_post)
            SELECT code, workers, certified, in_post FROM tallies WHERE code >= %(low)s AND code < %(high)s""",
            {"on": on, "low": low, "high": high},
        )
        for child, parent in pairwise([code, *ancestors(code)]):
            low, high = code_range(parent)
            cursor.execute(_FROM_CHILDREN, {"code": parent, "low": low, "high": high, "length": len(child)})
    refresh_totals(code, on=on)


def differences(code: str = "") -> list[tuple]:
    """Tallies under `code` that differ from a fresh count: (code, counter values stored, counted); empty when exact."""
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {_recounted(code)}
            SELECT coalesce(t.division_id, c.code), t.workers, t.certified, t.in_post, c.workers, c.certified, c.in_post
            FROM (SELECT * FROM workforce_tally WHERE division_id >= %(low)s AND division_id < %(high)s) t
            FULL JOIN (SELECT * FROM tallies WHERE code >= %(low)s AND code < %(high)s) c ON c.code = t.division_id
            WHERE coalesce(t.workers, 0) <> coalesce(c.workers, 0)
               OR coalesce(t.certified, 0) <> coalesce(c.certified, 0)
               OR coalesce(t.in_post, 0) <> coalesce(c.in_post, 0)
            ORDER BY 1""",
            {"on": figures_day() or today(), "low": low, "high": high},
        )
        return cursor.fetchall()


@transaction.atomic
def roll_figures(on: date | None = None) -> bool:
    """Moves the figures' day to `on` (default today) and recounts everything; False when it is that day already."""
    on = on or today()
    day, created = FiguresDay.objects.select_for_update().get_or_create(id=1, defaults={"on": on})
    if day.on == on and not created:
        return False
    FiguresDay.objects.update(on=on)
    recount()
    return True
