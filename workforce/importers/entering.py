"""Somebody whom the roster does not know, on one row: most of a first roster, so nothing is looked for that cannot be.

What is noted and planned is what `Comparison.take` would say of the same row; a test holds the two against each other.
"""

from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from portal.core.lib.dated import end_of
from workforce.actions.plan import (
    CertificateWrite,
    ContractWrite,
    PersonWrite,
    PostWrite,
    RegistrationWrite,
    RosterPlan,
)
from workforce.clocks import RegistrationRule, registration_expires
from workforce.importers.checking import contract_of
from workforce.importers.columns import CONTRACT, PERSON
from workforce.importers.matching import change
from workforce.importers.people import Human
from workforce.importers.rows import Row

SHOWN_OF_NEW = ("body", "title", "tier", "entry", "valid_from")
_SHOWN = itemgetter(*SHOWN_OF_NEW)
# A person of whom nothing is known.
EMPTY = {key: None if key in ("hired_on", "left_on", "phone") else "" for key in PERSON}


def is_plain(human: Human) -> bool:
    """Whether the sheet tells of one row and no end of service; needed of somebody unknown to be taken here."""
    return len(human.rows) == 1 and "left_on" not in human.rows[0].values


def enter(plan: RosterPlan, human: Human, row: Row, person: str, rule: RegistrationRule) -> PostWrite | None:
    """Plans a person under the key `person` with post, contract and certificate; None where the row turns out to be in
    error."""
    values = row.values
    row.new = True
    row.changes += _told(SHOWN_OF_NEW, _SHOWN(values))
    contract = _contract(row, person)
    certificate = _certificate(row, person)
    if row.errors:
        return None
    post = _post(row, person)
    plan.people.append(PersonWrite(person, True, human.index, values["id_number"].number, {**EMPTY, **human.values}))
    plan.posts.append(post)
    plan.communities.add(row.code)
    if contract:
        plan.contracts.append(contract)
    if certificate:
        plan.certificates.append(certificate)
        if registered := values.get("registered_on"):
            row.changes.append(change("registered_on", None, registered))
            end = _registered_until(registered, rule)
            plan.registrations.append(RegistrationWrite(None, person, certificate.level, registered, end))
    return post


@lru_cache(maxsize=65536)
def _told(keys: tuple[str, ...], values: tuple[Any, ...]) -> list[dict]:
    """What is shown of a new record; the same for many rows, so the list must not be altered."""
    return [change(key, None, value) for key, value in zip(keys, values, strict=True) if value not in (None, "")]


@lru_cache(maxsize=65536)
def _registered_until(day: date, rule: RegistrationRule) -> date:
    return end_of(registration_expires(day, rule))


def _post(row: Row, person: str) -> PostWrite:
    values = row.values
    given = values.get
    return PostWrite(
        None,
        person,
        row.code,
        values["body"],
        values["title"],
        values["tier"],
        given("grade"),
        values["entry"],
        given("full_time", True),
        given("managed", True),
        given("grid_worker", False),
        values["valid_from"],
        end_of(given("valid_to")),
    )


def _contract(row: Row, person: str) -> ContractWrite | None:
    contract = contract_of(row.values)
    if contract is None:
        return None
    kind, party, start, last = contract
    row.changes += _told(CONTRACT, contract)
    return ContractWrite(None, person, kind, party or "", start, end_of(last))


def _certificate(row: Row, person: str) -> CertificateWrite | None:
    level = row.values.get("level")
    if level is None:
        return None
    number, obtained = row.values.get("number", ""), row.values.get("obtained_on")
    if obtained is None:
        row.error("certificate_date_missing", "obtained_on")
        return None
    row.changes.append(change("level", None, level))
    if number:
        row.changes.append({"key": "number", "old": None, "new": number})  # each its own: not worth remembering
    row.changes.append(change("obtained_on", None, obtained))
    return CertificateWrite(None, person, level, number, obtained)
