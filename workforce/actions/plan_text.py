"""A roster plan as PostgreSQL's COPY reads it: made once by the check, kept sealed, written without another thought.

One section for each table. Numbers of persons are sealed here, so that what is kept and what is staged is never clear.
"""

from collections.abc import Callable, Iterable
from typing import Any

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


class Memo(dict):
    """What `make` gives for a value, asked for once: `memo[value]`. Keep it no longer than a sheet."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> Any:
        self[value] = made = self._make(value)
        return made


class PlanText:
    """The sections of a plan, growing as the check goes on; each is a list of pieces of COPY text."""

    def __init__(self) -> None:
        self.sections: dict[str, list[bytes]] = {name: [] for name in SECTIONS}
        self._communities: set[str] = set()
        self._id_number = sealer(Person._meta.get_field("id_number").aad)
        self._phone = sealer(Person._meta.get_field("phone").aad)
        # Of all but numbers most are the same on many rows.
        self._text, self._name, self._party = Memo(copy_text), Memo(_named), Memo(_party)

    def add(self, plan: RosterPlan) -> None:
        """Takes in what one part of the sheet would write."""
        self._put("person", map(self._person, plan.people))
        self._put("appointment", map(self._post, plan.posts))
        self._put("contract", map(self._contract, plan.contracts))
        self._put("certificate", map(self._certificate, plan.certificates))
        self._put("registration", map(self._registration, plan.registrations))
        self._put("community", sorted(plan.communities - self._communities))
        self._communities |= plan.communities

    def _put(self, section: str, lines: Iterable[str]) -> None:
        if text := "\n".join(lines):
            self.sections[section].append(f"{text}\n".encode())

    def _person(self, person: PersonWrite) -> str:
        fields, text = person.fields, self._text
        phone = fields["phone"]
        return "\t".join(
            (
                person.id,
                _FLAGS[person.new],
                f"\\\\x{self._id_number(person.number).hex()}" if person.new else "\\N",
                f"\\\\x{person.index.hex()}",
                f"\\\\x{self._phone(phone).hex()}" if phone else "\\N",
                self._name[fields["name"]],
                fields["sex"],
                text[fields["birth_date"]],
                text[fields["ethnicity"]],
                text[fields["political_status"]],
                text[fields["education"]],
                text[fields["degree"]],
                text[fields["major"]],
                text[fields["hired_on"]],
                text[fields["left_on"]],
                text[fields["leaving_reason"]],
            )
        )

    def _post(self, post: PostWrite) -> str:
        text = self._text
        return "\t".join(
            (
                _number(post.id),
                post.person,
                post.division,
                post.body,
                text[post.title],
                str(int(post.tier)),
                _number(post.grade),
                post.entry,
                _FLAGS[post.full_time],
                _FLAGS[post.managed],
                _FLAGS[post.grid_worker],
                text[post.valid_from],
                text[post.valid_to],
            )
        )

    def _contract(self, one: ContractWrite) -> str:
        text = self._text
        head = (_number(one.id), one.person, one.kind, self._party[one.party])
        return "\t".join((*head, text[one.valid_from], text[one.valid_to]))

    def _certificate(self, one: CertificateWrite) -> str:
        number = copy_text(one.number)
        return "\t".join((_number(one.id), one.person, one.level, number, self._text[one.obtained_on]))

    def _registration(self, one: RegistrationWrite) -> str:
        days = self._text[one.registered_on], self._text[one.valid_to]
        return "\t".join((_number(one.id), one.person, one.level, *days))


def _named(name: str) -> str:
    """The three columns that a name fills: pinyin, initials, the name itself."""
    return "\t".join(map(copy_text, (pinyin_key(name), name_initials(name), name)))


def _party(party: str) -> str:
    """The two columns that a contract's party fills: its name and the kind that it gives away."""
    return f"{copy_text(party)}\t{suggested_kind(party)}"


def _number(value: int | None) -> str:
    return "\\N" if value is None else str(value)
