"""What a roster change would write, in full, before anything is written: the hand-over from a check to `apply_roster`."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

_DRAWN = 1024  # keys at a time


def new_keys() -> Iterator[str]:
    """Random UUIDs (version 4) as text, as `uuid4` gives them, at a third of its cost."""
    while True:
        drawn = os.urandom(16 * _DRAWN).hex()
        for at in range(0, len(drawn), 32):
            key = drawn[at : at + 32]
            variant = "89ab"[int(key[16], 16) % 4]
            yield f"{key[:8]}-{key[8:12]}-4{key[13:16]}-{variant}{key[17:20]}-{key[20:]}"


@dataclass(slots=True)
class PersonWrite:
    """A person as it shall be. `number` is the ID number in clear for a new person only; it never changes here."""

    id: str
    new: bool
    index: bytes
    number: str
    fields: dict[str, Any]


@dataclass(slots=True)
class PostWrite:
    """An appointment as it shall be; without `id` a new one. Ends are exclusive."""

    id: int | None
    person: str
    division: str
    body: str
    title: str
    tier: int
    grade: int | None
    entry: str
    full_time: bool
    managed: bool
    grid_worker: bool
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class ContractWrite:
    """A contract as it shall be; without `id` a new one. The end is exclusive."""

    id: int | None
    person: str
    kind: str
    party: str
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class CertificateWrite:
    """A certificate as it shall be; without `id` a new one."""

    id: int | None
    person: str
    level: str
    number: str
    obtained_on: date


@dataclass(slots=True)
class RegistrationWrite:
    """A registration as it shall be, of the person's certificate of that level; without `id` a new one.

    The end is exclusive.
    """

    id: int | None
    person: str
    level: str
    registered_on: date
    valid_to: date


@dataclass(slots=True)
class RosterPlan:
    """Everything one roster change writes. `communities`: where tallies may change, every post of the people counted."""

    people: list[PersonWrite] = field(default_factory=list)
    posts: list[PostWrite] = field(default_factory=list)
    contracts: list[ContractWrite] = field(default_factory=list)
    certificates: list[CertificateWrite] = field(default_factory=list)
    registrations: list[RegistrationWrite] = field(default_factory=list)
    communities: set[str] = field(default_factory=set)
