"""The roster as it stands, loaded in parts beside the sheet: people, their posts, contracts, certificates, registrations.

Plain SQL: a sheet has a hundred thousand people, and making model objects of their rows costs more than judging them.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, pairwise
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from portal.core.lib.codes import within
from portal.core.lib.fields import open_text
from workforce.actions.plan import CertificateWrite, ContractWrite, PostWrite, RegistrationWrite
from workforce.importers.columns import PERSON
from workforce.models import Person

_PEOPLE = f"SELECT id::text, id_number_index, {', '.join(PERSON)} FROM workforce_person"
_BY_INDEX = f"{_PEOPLE} WHERE id_number_index = ANY(%s)"
_BY_ID = f"{_PEOPLE} WHERE id = ANY(%s::uuid[]) ORDER BY id"
_POSTS = """
SELECT id, person_id::text, division_id, body, title, tier, grade, entry, full_time, managed, grid_worker,
    valid_from, valid_to
FROM workforce_appointment WHERE person_id = ANY(%s::uuid[]) ORDER BY valid_from, id"""
_GRIDS = """
SELECT person_id::text, division_id FROM workforce_gridpost
WHERE person_id = ANY(%s::uuid[]) AND valid_to IS DISTINCT FROM valid_from"""
_EXITS = """
SELECT e.person_id::text, max(e.left_on) FROM workforce_exit e JOIN workforce_person p ON p.id = e.person_id
WHERE e.person_id = ANY(%s::uuid[]) AND NOT e.taken_back AND e.left_on IS DISTINCT FROM p.left_on GROUP BY 1"""
_CONTRACTS = """
SELECT id, person_id::text, kind, party, valid_from, valid_to
FROM workforce_contract WHERE person_id = ANY(%s::uuid[]) ORDER BY valid_from, id"""
_CERTIFICATES = """
SELECT id, person_id::text, level, number, obtained_on
FROM workforce_certificate WHERE person_id = ANY(%s::uuid[]) ORDER BY id"""
_REGISTRATIONS = """
SELECT r.id, r.person_id::text, c.level, r.registered_on, r.valid_to
FROM workforce_registration r JOIN workforce_certificate c ON c.id = r.certificate_id
WHERE r.person_id = ANY(%s::uuid[]) ORDER BY r.registered_on"""


@dataclass(slots=True)
class Known:
    """A person on record; registrations by level of their certificate, the latest last.

    `inside` tells whether the office of the sheet's division keeps the record, as it does of all who have or had a post
    there, if only in a grid. `left_before` is the last day of the service before the latest.
    """

    id: str
    index: bytes
    values: dict[str, Any]
    posts: list[PostWrite] = field(default_factory=list)
    contracts: list[ContractWrite] = field(default_factory=list)
    certificates: dict[str, CertificateWrite] = field(default_factory=dict)
    registrations: dict[str, list[RegistrationWrite]] = field(default_factory=dict)
    inside: bool = False
    left_before: date | None = None


def read_ahead(read: Callable[[Any, list], Any], parts: Iterable[list]) -> Iterator[tuple[list, Any]]:
    """Every part with what `read(cursor, part)` finds; the next one is read meanwhile, for reading is half waiting."""
    shared = connections[DEFAULT_DB_ALIAS]  # another thread would open a connection of its own, out of the transaction

    def found(part: list) -> Any:
        with shared.cursor() as cursor:
            return read(cursor, part)

    shared.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(1) as reader:
            coming = ((part, reader.submit(found, part)) for part in parts)
            for (part, waiting), _next in pairwise(chain(coming, [None])):
                yield part, waiting.result()
    finally:
        shared.dec_thread_sharing()


def by_index(division: str, cursor: Any, indexes: Iterable[bytes]) -> dict[bytes, Known]:
    """People with one of the ID `indexes`, wherever they are, with everything they have."""
    found = _fetch(cursor, _BY_INDEX, list(indexes))
    return {known.index: known for known in _whole(division, cursor, found)}


def by_id(division: str, cursor: Any, ids: list[str]) -> list[Known]:
    """The people `ids`, in their order of key; `division` decides who is inside."""
    return _whole(division, cursor, _fetch(cursor, _BY_ID, ids))


def _whole(division: str, cursor: Any, found: list[tuple]) -> list[Known]:
    """The people found, with everything they have."""
    people: dict[str, Known] = {}
    phone = Person._meta.get_field("phone").aad
    for pk, index, *values in found:
        fields = dict(zip(PERSON, values, strict=True))
        fields["phone"] = str(open_text(phone, fields["phone"])) if fields["phone"] is not None else None
        people[pk] = Known(pk, bytes(index), fields)
    ids = list(people)
    if not ids:
        return []
    for values in _fetch(cursor, _POSTS, ids):
        post = PostWrite(*values)
        people[post.person].posts.append(post)
    for known in people.values():
        known.inside = _keeps(division, known.posts)
    if others := [known.id for known in people.values() if not known.inside]:
        for person, place in _fetch(cursor, _GRIDS, others):
            people[person].inside = people[person].inside or within(place, division)
    for person, left in _fetch(cursor, _EXITS, ids):
        people[person].left_before = left
    for values in _fetch(cursor, _CONTRACTS, ids):
        contract = ContractWrite(*values)
        people[contract.person].contracts.append(contract)
    for values in _fetch(cursor, _CERTIFICATES, ids):
        certificate = CertificateWrite(*values)
        people[certificate.person].certificates[certificate.level] = certificate
    for values in _fetch(cursor, _REGISTRATIONS, ids):
        registration = RegistrationWrite(*values)
        people[registration.person].registrations.setdefault(registration.level, []).append(registration)
    return list(people.values())


def _keeps(division: str, posts: list[PostWrite]) -> bool:
    """Posts that were taken back make nobody one's own, unless the person never had another."""
    held = [post for post in posts if post.valid_to != post.valid_from] or posts
    return any(within(post.division, division) for post in held)


def _fetch(cursor: Any, sql: str, given: list) -> list[tuple]:
    cursor.execute(sql, [given])
    return cursor.fetchall()
