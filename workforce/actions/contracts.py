"""Writes of labour contracts and service agreements (domain §1.A6).

A contract is one of three relations beside elected office and Party post: nothing here ends or changes a post.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.dated import last_day as last_day_of
from workforce.actions import records
from workforce.actions.parties import suggested_kind
from workforce.actions.people import codes_of
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim
from workforce.models import Contract, Person


def _overlap() -> str:
    return _("合同期限与已有合同重叠。请先登记前一份合同的截止日期。")


def _checked(fields: dict) -> dict:
    """The fields as stored: the kind of party follows from its name where nobody chose one."""
    end, until = last_day_of(fields["valid_to"]), fields.get("probation_until")
    if until is not None and (until < fields["valid_from"] or (end is not None and until > end)):
        raise ValidationError({"probation_until": _("试用期包含在合同期限内，截止日期应在合同起止之间。")})
    return {**fields, "party_kind": fields.get("party_kind") or suggested_kind(fields.get("party", ""))}


@action
def add_contract(*, person: Person, version: int, by, **fields) -> Contract:
    """Enters a contract: kind, number, party, party_kind, valid_from, valid_to (exclusive), probation_until.

    Raises `Stale`, or ValidationError on an overlap: one contract at a time.
    """
    claim(person, version)
    contract = records.enter(Contract, {"person": person, **_checked(fields)}, overlap=_overlap())
    refresh_tallies(codes_of(person))
    return contract


@action
def renew_contract(*, record: Contract, version: int, by, **fields) -> Contract:
    """A new contract that begins the day after `record` ends. Raises ValidationError where that one has no end."""
    if record.valid_to is None or records.taken_back(record):
        raise ValidationError(_("这份合同没有截止日期，不需要续签。"))
    claim(record.person, version)
    given = {**fields, "person": record.person, "valid_from": record.valid_to}
    contract = records.enter(Contract, _checked(given), overlap=_overlap(), field="valid_to")
    refresh_tallies(codes_of(record.person))
    return contract


@action
def change_contract(*, record: Contract, version: int, by, **fields) -> Contract:
    """Corrects what was entered wrongly. Raises `Stale`, or ValidationError on an overlap."""
    claim(record.person, version)
    records.change(record, _checked(fields), overlap=_overlap())
    refresh_tallies(codes_of(record.person))
    return record


@action
def end_contract(*, record: Contract, version: int, last_day: date, by) -> Contract:
    """Ends a contract; posts stay as they are. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.close(record, last_day)
    refresh_tallies(codes_of(record.person))
    return record


@action
def take_back_contract(*, record: Contract, version: int, by) -> Contract:
    """Takes back a contract that was entered by mistake. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.withdraw(record)
    refresh_tallies(codes_of(record.person))
    return record
