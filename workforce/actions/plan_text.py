"""A roster plan as PostgreSQL's COPY reads it: made once by the check, kept sealed, written without another thought.

One section for each table. Numbers of persons are sealed here, so that what is kept and what is staged is never clear.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from portal.core.lib.bulk import copy_text
from portal.core.lib.fields import sealer
from portal.core.lib.text import name_initials, pinyin_key
from workforce.actions.parties import suggested_kind
from workforce.actions.plan import (
    CertificateWrite,
    ContractWrite,
    PersonWrite,
    PostWrite,
    RegistrationWrite,
    RosterPlan,
)
from workforce.models import Person

# The columns of every section, in the order of its lines: what the staging tables are made of.
SECTIONS = {
    "person": """
        id uuid, new boolean, id_number bytea, id_number_index bytea, phone bytea, name_pinyin text, name_initials text,
        name text, sex text, birth_date date, ethnicity text, political_status text, education text, degree text,
        major text, hired_on date, left_on date, leaving_reason text""",
    "appointment": """
        id bigint, person_id uuid, division_id varchar(12) COLLATE "C", body text, title text, tier smallint,
        grade smallint, entry text, full_time boolean, managed boolean, grid_worker boolean, valid_from date,
        valid_to date""",
    "contract": """
        id bigint, person_id uuid, kind text, party text, party_kind text, valid_from date, valid_to date""",
    "certificate": "id bigint, person_id uuid, level text, number text, obtained_on date",
    "registration": "id bigint, person_id uuid, level text, registered_on date, valid_to date",
    "community": 'code varchar(12) COLLATE "C"',
}
_FLAGS = {True: "t", False: "f"}


class PlanText:
    """The sections of a plan, growing as the check goes on; each is a list of pieces of COPY text."""

    def __init__(self) -> None:
        self.sections: dict[str, list[bytes]] = {name: [] for name in SECTIONS}
        self._communities: set[str] = set()
        self._id_number = sealer(Person._meta.get_field("id_number").aad)
        self._phone = sealer(Person._meta.get_field("phone").aad)

    def add(self, plan: RosterPlan) -> None:
        """Takes in what one part of the sheet would write."""
        self._put("person", map(self._person, plan.people))
        self._put("appointment", map(_post, plan.posts))
        self._put("contract", map(_contract, plan.contracts))
        self._put("certificate", map(_certificate, plan.certificates))
        self._put("registration", map(_registration, plan.registrations))
        self._put("community", sorted(plan.communities - self._communities))
        self._communities |= plan.communities

    def _put(self, section: str, lines: Iterable[str]) -> None:
        if text := "".join(f"{line}\n" for line in lines):
            self.sections[section].append(text.encode())

    def _person(self, person: PersonWrite) -> str:
        fields = person.fields
        name, phone = fields["name"], fields["phone"]
        return "\t".join(
            (
                person.id,
                _FLAGS[person.new],
                f"\\\\x{self._id_number(person.number).hex()}" if person.new else "\\N",
                f"\\\\x{person.index.hex()}",
                f"\\\\x{self._phone(phone).hex()}" if phone else "\\N",
                _text(pinyin_key(name)),
                _text(name_initials(name)),
                _text(name),
                fields["sex"],
                _day(fields["birth_date"]),
                _text(fields["ethnicity"]),
                _text(fields["political_status"]),
                _text(fields["education"]),
                _text(fields["degree"]),
                _text(fields["major"]),
                _day(fields["hired_on"]),
                _day(fields["left_on"]),
                _text(fields["leaving_reason"]),
            )
        )


def _post(post: PostWrite) -> str:
    return "\t".join(
        (
            _number(post.id),
            post.person,
            post.division,
            post.body,
            _text(post.title),
            str(int(post.tier)),
            _number(post.grade),
            post.entry,
            _FLAGS[post.full_time],
            _FLAGS[post.managed],
            _FLAGS[post.grid_worker],
            _day(post.valid_from),
            _day(post.valid_to),
        )
    )


def _contract(one: ContractWrite) -> str:
    head = (_number(one.id), one.person, one.kind, _text(one.party), _party_kind(one.party))
    return "\t".join((*head, _day(one.valid_from), _day(one.valid_to)))


def _certificate(one: CertificateWrite) -> str:
    return "\t".join((_number(one.id), one.person, one.level, _text(one.number), _day(one.obtained_on)))


def _registration(one: RegistrationWrite) -> str:
    return "\t".join((_number(one.id), one.person, one.level, _day(one.registered_on), _day(one.valid_to)))


_party_kind = lru_cache(maxsize=4096)(suggested_kind)


def _number(value: int | None) -> str:
    return "\\N" if value is None else str(value)


@lru_cache(maxsize=65536)
def _day(value: date | None) -> str:
    return "\\N" if value is None else value.isoformat()


def _text(value: str) -> str:
    return value if value.isprintable() and "\\" not in value else copy_text(value)
