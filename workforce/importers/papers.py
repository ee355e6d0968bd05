"""Contracts, certificates and registrations of one person against the record."""

from datetime import date
from typing import Any

from portal.core.lib.dated import end_of, in_force, last_day
from workforce.actions.plan import CertificateWrite, ContractWrite, PersonWrite, RegistrationWrite
from workforce.clocks import RegistrationRule, registration_expires, window_opens
from workforce.importers.checking import contract_of
from workforce.importers.columns import NO_CONTRACT
from workforce.importers.known import Known
from workforce.importers.matching import change, clashing, differences, pick
from workforce.importers.rows import Row

_CONTRACT_KEYS = (
    ("kind", "contract_kind"),
    ("party", "party"),
    ("valid_from", "contract_from"),
    ("valid_to", "contract_to"),
)
_CERTIFICATE_KEYS = (("number", "number"), ("obtained_on", "obtained_on"))
_TOLD_OF_CERTIFICATE = ("number", "obtained_on", "registered_on")


def contracts(
    person: PersonWrite, known: Known | None, rows: list[Row], today: date, after: date | None
) -> list[ContractWrite]:
    """Contracts to add or correct; a person who leaves has none after the last day in service.

    Whoever comes back, or from another office, has new ones only: those begin `after` the service before.
    """
    left = person.fields["left_on"]
    held, claimed, writes = known.contracts if known else [], set(), []
    own = known is None or known.inside
    for row, (kind, party, start, last) in _told(rows):
        if left is not None and start > left:
            row.error("contract_after_leaving", "contract_from", left=left)
            continue
        end = end_of(min(last or left, left)) if left is not None else end_of(last)
        if after is not None and start <= after and not (own and end is not None and end <= end_of(after)):
            row.error("contract_before_return", "contract_from", left=after)
            continue
        old = pick((one for one in held if one.id not in claimed), start, end) if own else None
        if old is not None:
            claimed.add(old.id)
        other = clashing((one for one in held if one.id not in claimed), start, end)
        if other is not None:
            row.error("contract_overlap", "contract_from", start=other.valid_from, end=last_day(other.valid_to) or "…")
        write = ContractWrite(old and old.id, person.id, kind, party or (old.party if old else ""), start, end)
        found = differences(_CONTRACT_KEYS, old or _NO_CONTRACT, write)
        if found:
            row.changes += found
            writes.append(write)
    _none(held, rows, today)
    return writes + _closed(person, known, rows, claimed)


_NO_CONTRACT = ContractWrite(None, None, "", "", None, None)  # type: ignore[arg-type]


def _told(rows: list[Row]) -> list[tuple[Row, tuple]]:
    """The contracts that the rows tell of, each once, the latest first; a party named on any row belongs to it."""
    found: dict[tuple, tuple[Row, Any]] = {}
    for row in rows:
        contract = contract_of(row.values)
        if contract is not None:
            kind, party, start, last = contract
            first, named = found.get((kind, start, last), (row, None))
            found[kind, start, last] = first, named or party
    told = [(row, (kind, party, start, last)) for (kind, start, last), (row, party) in found.items()]
    return sorted(told, key=lambda item: item[1][2], reverse=True)


def _none(held: list[ContractWrite], rows: list[Row], today: date) -> None:
    for row in rows:
        if row.values.get("contract_kind") == NO_CONTRACT:
            current = next((one for one in held if in_force(one.valid_from, one.valid_to, today)), None)
            if current is not None:
                row.warn("contract_none_recorded", "contract_kind", start=current.valid_from)


def _closed(person: PersonWrite, known: Known | None, rows: list[Row], claimed: set[int]) -> list[ContractWrite]:
    """Recorded contracts that a newly told last day in service cuts short."""
    left = person.fields["left_on"]
    if left is None or known is None or left == known.values["left_on"]:
        return []
    after, writes = end_of(left), []
    told = next((row for row in rows if "left_on" in row.values), rows[0])
    for one in known.contracts:
        if one.id not in claimed and one.valid_from <= left and (one.valid_to is None or one.valid_to > after):
            if not known.inside:
                told.error("leaving_elsewhere", "left_on")
                continue
            told.changes.append(change("contract_to", last_day(one.valid_to), left))
            writes.append(ContractWrite(one.id, one.person, one.kind, one.party, one.valid_from, after))
    return writes


def certificates(person: PersonWrite, known: Known | None, rows: list[Row]) -> list[CertificateWrite]:
    """Certificates to add or correct, one per level."""
    held, writes = known.certificates if known else {}, []
    for level, (row, values) in _certificates_of(rows).items():
        old = held.get(level)
        obtained = values.get("obtained_on", old and old.obtained_on)
        if obtained is None:
            row.error("certificate_date_missing", "obtained_on")
            continue
        write = CertificateWrite(
            id=old and old.id,
            person=person.id,
            level=level,
            number=values.get("number", old.number if old else ""),
            obtained_on=obtained,
        )
        found = [change("level", None, level)] if old is None else []
        found += differences(_CERTIFICATE_KEYS, old or _NO_CERTIFICATE, write)
        if found:
            row.changes += found
            writes.append(write)
    return writes


_NO_CERTIFICATE = CertificateWrite(None, None, "", "", None)  # type: ignore[arg-type]


def _certificates_of(rows: list[Row]) -> dict[str, tuple[Row, dict[str, Any]]]:
    found: dict[str, tuple[Row, dict[str, Any]]] = {}
    for row in rows:
        if level := row.values.get("level"):
            told = {key: row.values[key] for key in _TOLD_OF_CERTIFICATE if key in row.values}
            first, values = found.get(level, (row, {}))
            found[level] = first, {**told, **values}
    return found


def registrations(
    person: PersonWrite, known: Known | None, rows: list[Row], rule: RegistrationRule
) -> list[RegistrationWrite]:
    """Registrations to add or correct: a sheet tells the day of the latest one of a certificate.

    A day on record says nothing new. One from the opening of the renewal window on is a renewal; any other corrects the
    latest registration.
    """
    writes = []
    for level, (row, values) in _certificates_of(rows).items():
        day = values.get("registered_on")
        held = known.registrations.get(level, []) if known else []
        if day is None or any(one.registered_on == day for one in held):
            continue
        latest = held[-1] if held else None
        renews = latest is not None and day >= window_opens(last_day(latest.valid_to), rule)
        corrected = None if renews else latest
        row.changes.append(change("registered_on", latest and latest.registered_on, day))
        end = end_of(registration_expires(day, rule))
        writes.append(RegistrationWrite(corrected and corrected.id, person.id, level, day, end))
    return writes
