"""Writes of bonus shares that follow from stars. Whoever decides stars says which months of a unit carry which star."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from workforce.models import StarBonus
from workforce.queries.star_bonuses import MONTHS_CTE


@dataclass(frozen=True)
class StarShare:
    """A star that a unit had in some months of a rated year, with its coefficient in per cent and the deciding document."""

    division_id: str
    grade: int
    months: frozenset[int]
    coefficient: int | None
    document: str


_WANTED = f"""
WITH shares AS (
    SELECT * FROM unnest(%(units)s::varchar[], %(grades)s::smallint[], %(masks)s::int[], %(coefficients)s::int[],
        %(documents)s::varchar[]) AS s (code, grade, mask, coefficient, document)
),{MONTHS_CTE},
wanted AS MATERIALIZED (
    SELECT w.person_id, s.code, s.grade, count(*)::smallint AS months, s.coefficient, s.document
    FROM worked w JOIN shares s ON s.code = w.division_id AND (s.mask >> w.month) & 1 = 1
    GROUP BY w.person_id, s.code, s.grade, s.coefficient, s.document
)"""
_WRITE = f"""{_WANTED},
gone AS (
    DELETE FROM workforce_starbonus b
    WHERE b.year = %(year)s AND b.division_id = ANY(%(codes)s) AND NOT EXISTS (
        SELECT 1 FROM wanted w WHERE w.person_id = b.person_id AND w.code = b.division_id AND w.grade = b.grade)
)
INSERT INTO workforce_starbonus AS b (person_id, division_id, year, months, grade, coefficient, document)
SELECT person_id, code, %(year)s, months, grade, coefficient, document FROM wanted
ON CONFLICT (person_id, year, division_id, grade) DO UPDATE
SET months = excluded.months, coefficient = excluded.coefficient, document = excluded.document
WHERE (b.months, b.coefficient, b.document) IS DISTINCT FROM (excluded.months, excluded.coefficient, excluded.document)"""


def write_star_bonuses(*, year: int, shares: Iterable[StarShare]) -> None:
    """Makes the bonus shares of a year those that `shares` give, for every unit named there; amounts entered stay.

    For use inside an action: one statement for a whole city. Nobody in post, no share. Rows that no longer follow go;
    their history stays.
    """
    given = list(shares)
    if not given:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "year": year,
                "codes": sorted({one.division_id for one in given}),
                "units": [one.division_id for one in given],
                "grades": [one.grade for one in given],
                "masks": [sum(1 << month for month in one.months) for one in given],
                "coefficients": [one.coefficient for one in given],
                "documents": [one.document for one in given],
            },
        )


def set_star_amount(*, person_id: UUID, division_id: str, year: int, grade: int, amount: int | None) -> None:
    """Enters or takes off the amount of one share; for use inside an action."""
    share = {"person": person_id, "division": division_id, "year": year, "grade": grade}
    StarBonus.objects.filter(**share).update(amount=amount)
