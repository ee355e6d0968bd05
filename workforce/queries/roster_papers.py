"""What a line of the roster shows of a person's papers on a day; for many people at once, by the text of their keys."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from workforce.queries.people import LEVELS

_CONTRACTS = """
SELECT DISTINCT ON (person_id) person_id::text, kind, party, valid_from, valid_to FROM workforce_contract
WHERE person_id = ANY(%(people)s::uuid[]) AND valid_from <= %(on)s
    AND valid_to IS DISTINCT FROM valid_from
ORDER BY person_id, (valid_to IS NULL OR valid_to > %(on)s) DESC, valid_from DESC"""
_CERTIFICATES = f"""
SELECT DISTINCT ON (f.person_id) f.person_id::text, f.level, f.number, f.obtained_on,
    (SELECT max(y.registered_on) FROM workforce_registration y WHERE y.certificate_id = f.id AND y.registered_on <= %(on)s)
FROM workforce_certificate f
WHERE f.person_id = ANY(%(people)s::uuid[]) AND f.obtained_on <= %(on)s
ORDER BY f.person_id, array_position(ARRAY{list(LEVELS)!r}, f.level::text)"""


def contracts_held(people: Iterable[str], on: date) -> dict[str, tuple]:
    """(kind, party, first day, exclusive end) of the contract in force on the day, else of the latest begun before it."""
    return _by_person(_CONTRACTS, people, on)


def certificates_held(people: Iterable[str], on: date) -> dict[str, tuple]:
    """(level, number, day obtained, latest registration) of the best certificate held on the day."""
    return _by_person(_CERTIFICATES, people, on)


def _by_person(sql: str, people: Iterable[str], on: date) -> dict[str, tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"people": list(people), "on": on})
        return {person: tuple(found) for person, *found in cursor.fetchall()}
