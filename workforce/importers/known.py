"""The roster as it stands, loaded once for a whole sheet: people, their posts, contracts and certificates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from portal.core.lib.codes import within
from portal.core.lib.scope import subtree
from workforce.actions.plan import CertificateWrite, ContractWrite, PostWrite
from workforce.importers.columns import PERSON
from workforce.models import Appointment, Certificate, Contract, Person

_CHUNK = 10_000
_POST = (
    "id",
    "person_id",
    "division_id",
    "body",
    "title",
    "tier",
    "grade",
    "entry",
    "full_time",
    "managed",
    "grid_worker",
    "valid_from",
    "valid_to",
)
_CONTRACT = ("id", "person_id", "kind", "party", "valid_from", "valid_to")
_CERTIFICATE = ("id", "person_id", "level", "number", "obtained_on", "registered_on")


@dataclass(slots=True)
class Known:
    """A person on record. `inside` tells whether a post was ever held in the division of the sheet."""

    id: UUID
    index: bytes
    values: dict[str, Any]
    posts: list[PostWrite] = field(default_factory=list)
    contracts: list[ContractWrite] = field(default_factory=list)
    certificates: dict[str, CertificateWrite] = field(default_factory=dict)
    inside: bool = False


def load(division: str, indexes: Iterable[bytes], *, lock: bool = False) -> dict[bytes, Known]:
    """People with a post in `division` and people with one of the ID `indexes`, with everything they have.

    `lock` holds their rows until the end of the transaction, so that no form changes them between check and writing.
    """
    ids = _ids(division, list(indexes))
    people: dict[UUID, Known] = {}
    for some in _chunks(ids):
        rows = Person.objects.filter(pk__in=some).order_by("pk")
        if lock:
            rows = rows.select_for_update(of=("self",))
        for pk, index, *values in rows.values_list("pk", "id_number_index", *PERSON):
            people[pk] = Known(pk, bytes(index), dict(zip(PERSON, values, strict=True)))
    _load_posts(people, ids, division)
    _load_papers(people, ids)
    return {known.index: known for known in people.values()}


def _ids(division: str, indexes: list[bytes]) -> list[UUID]:
    ids = set(Appointment.objects.filter(subtree("division_id", division)).values_list("person_id", flat=True))
    for some in _chunks(indexes):
        ids.update(Person.objects.filter(id_number_index__in=some).values_list("pk", flat=True))
    return sorted(ids)


def _chunks(items: list) -> Iterable[list]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))


def _load_posts(people: dict[UUID, Known], ids: list[UUID], division: str) -> None:
    for some in _chunks(ids):
        for values in Appointment.objects.filter(person_id__in=some).order_by("valid_from", "id").values_list(*_POST):
            post = PostWrite(*values)
            known = people[post.person]
            known.posts.append(post)
            known.inside = known.inside or within(post.division, division)


def _load_papers(people: dict[UUID, Known], ids: list[UUID]) -> None:
    for some in _chunks(ids):
        mine = Q(person_id__in=some)
        for values in Contract.objects.filter(mine).order_by("valid_from", "id").values_list(*_CONTRACT):
            contract = ContractWrite(*values)
            people[contract.person].contracts.append(contract)
        for values in Certificate.objects.filter(mine).values_list(*_CERTIFICATE):
            certificate = CertificateWrite(*values)
            people[certificate.person].certificates[certificate.level] = certificate
