"""Shares of a performance bonus that follow from the stars of units: who worked where in which months, and what is on record.

Only full-time posts under management count, as in the payroll.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds.choices import STARS
from workforce.models import StarBonus

STAR_LABELS = dict(STARS)


def star_words(row: StarBonus) -> str:
    """The star of a share, by name."""
    return str(STAR_LABELS[row.grade])


def coefficient_words(row: StarBonus) -> str:
    return _("来源未给出系数") if row.coefficient is None else f"{row.coefficient}%"


def amount_words(row: StarBonus) -> str:
    return _("来源未给出金额") if row.amount is None else str(row.amount)


# person_id, month, division_id: everybody who had a post in one of the units %(codes)s in the year, each month at the most
# senior post in force on its last day, wherever that is.
MONTHS_CTE = """
months AS (
    SELECT m AS month, (make_date(%(year)s, m, 1) + interval '1 month' - interval '1 day')::date AS day
    FROM generate_series(1, 12) AS m
),
people AS MATERIALIZED (
    SELECT DISTINCT a.person_id FROM workforce_appointment a
    WHERE a.division_id = ANY(%(codes)s) AND a.full_time AND a.managed AND a.valid_from < make_date(%(year)s + 1, 1, 1)
      AND (a.valid_to IS NULL OR a.valid_to > make_date(%(year)s, 1, 31))
),
worked AS MATERIALIZED (
    SELECT DISTINCT ON (a.person_id, m.month) a.person_id, m.month, a.division_id
    FROM people p JOIN workforce_appointment a ON a.person_id = p.person_id AND a.full_time AND a.managed
    JOIN months m ON a.valid_from <= m.day AND (a.valid_to IS NULL OR a.valid_to > m.day)
    ORDER BY a.person_id, m.month, a.tier, a.valid_from, a.id
)"""

_HEADS = """
SELECT a.division_id, a.person_id FROM workforce_appointment a
WHERE a.division_id = ANY(%(codes)s) AND a.body IN ('party', 'committee') AND a.tier = 1
  AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
GROUP BY a.division_id, a.person_id
HAVING bool_or(a.body = 'party') AND bool_or(a.body = 'committee')
ORDER BY a.division_id, a.person_id"""


def one_shoulder_heads(codes: Sequence[str], on: date) -> list[tuple[str, UUID]]:
    """(unit, person) of everybody who on a day is both secretary and chair of one of the units 一肩挑."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, {"codes": list(codes), "on": on})
        return cursor.fetchall()


def bonuses_of(people: Iterable[UUID], year: int) -> dict[UUID, list[StarBonus]]:
    """The shares of a rated year by person, the highest star first; whoever may see a person's pay may see all of them."""
    found: dict[UUID, list[StarBonus]] = defaultdict(list)
    rows = StarBonus.objects.filter(person__in=list(people), year=year).select_related("division")
    for row in rows.order_by("-grade", "division_id"):
        found[row.person_id].append(row)
    return found


def bonuses(user, *, under: str, year: int) -> QuerySet:
    """The shares of a rated year in the units of a place, by unit and name."""
    rows = StarBonus.objects.for_user(user, Perm.VIEW_PAY).under(under).filter(year=year)
    return rows.select_related("division", "person").order_by(
        "division_id", "person__name_pinyin", "person_id", "-grade"
    )
