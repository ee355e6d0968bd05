"""Grade records follow the roster: whoever changes a grade there, by form or by sheet, leaves a record of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from portal.core.lib.bulk import plan_anew
from portal.core.lib.clock import today

# People whose most senior post now shows another tier or grade than their record in force, and where both stand.
_CHANGED = """
CREATE TEMP TABLE roster_grade ON COMMIT DROP AS
WITH mains AS (
    SELECT DISTINCT ON (a.person_id) a.person_id, a.tier, a.grade, a.valid_from
    FROM workforce_appointment a
    WHERE a.person_id IN (SELECT person_id FROM roster_graded)
      AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
    ORDER BY a.person_id, NOT (a.full_time AND a.managed), a.tier, a.valid_from, a.id
)
SELECT m.person_id, m.tier, m.grade, r.id, r.valid_from AS since,
    CASE WHEN r.id IS NOT NULL THEN %(on)s::date ELSE greatest(m.valid_from, (
        SELECT max(coalesce(o.valid_to, o.valid_from)) FROM workforce_graderecord o
        WHERE o.person_id = m.person_id AND o.valid_from <= %(on)s
    )) END AS starts,
    (
        SELECT min(o.valid_from) FROM workforce_graderecord o
        WHERE o.person_id = m.person_id AND o.valid_from > %(on)s AND o.valid_to IS DISTINCT FROM o.valid_from
    ) AS until
FROM mains m
LEFT JOIN workforce_graderecord r ON r.person_id = m.person_id
    AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
WHERE (m.tier, m.grade) IS DISTINCT FROM (coalesce(r.tier, m.tier), r.grade)"""
_LEFT = """
UPDATE workforce_graderecord r SET valid_to = greatest(l.ended, r.valid_from)
FROM (
    SELECT person_id, max(valid_to) AS ended FROM workforce_appointment
    WHERE person_id IN (SELECT person_id FROM roster_graded) GROUP BY person_id HAVING bool_and(coalesce(valid_to <= %(on)s, false))
) l
WHERE r.person_id = l.person_id AND r.valid_to IS NULL"""
_SAME_DAY = """
UPDATE workforce_graderecord r SET tier = c.tier, grade = c.grade, reason = 'roster', derivation = '[]', evidence = ''
FROM roster_grade c WHERE r.id = c.id AND c.since = %(on)s AND c.grade IS NOT NULL"""
_END = """
UPDATE workforce_graderecord r SET valid_to = %(on)s
FROM roster_grade c WHERE r.id = c.id AND (c.since < %(on)s OR c.grade IS NULL)"""
_BEGIN = """
INSERT INTO workforce_graderecord (person_id, tier, grade, valid_from, valid_to, reason, evidence, derivation)
SELECT person_id, tier, grade, starts, until, 'roster', '', '[]' FROM roster_grade
WHERE grade IS NOT NULL AND (id IS NULL OR since < %(on)s)"""


_NAMED = "SELECT unnest(%(people)s::uuid[]) AS person_id"
_STAGED = "SELECT DISTINCT person_id FROM roster_appointment"


def follow_roster(people: Iterable[UUID | str]) -> None:
    """Brings grade records in line with the grades that the roster now shows; the caller's act goes on their record.

    Set-based, for one form as for a whole sheet. A person's first grade holds from the start of the post; later ones
    from today, when the roster was changed, until one of a later day that is on record already. The grade of somebody
    who left ends with the last post.
    """
    given = [str(one) for one in people]
    if given:
        _follow(_NAMED, {"people": given}, many=False)


def follow_staged() -> None:
    """The same for everybody with a post in the temporary table of an import."""
    _follow(_STAGED, {}, many=True)


def _follow(people: str, given: dict[str, Any], *, many: bool) -> None:
    given = {**given, "on": today()}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_graded, pg_temp.roster_grade")
        cursor.execute(f"CREATE TEMP TABLE roster_graded ON COMMIT DROP AS {people}", given)
        if many:
            plan_anew(cursor)
        cursor.execute(_LEFT, given)
        cursor.execute(_CHANGED, given)
        for statement in (_SAME_DAY, _END, _BEGIN):
            if many:
                plan_anew(cursor)
            cursor.execute(statement, given)
