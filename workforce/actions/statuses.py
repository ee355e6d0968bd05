"""Writes of special statuses: leave that stops a clock, secondment, institution staffing (domain §1.A1).

Rules say which of them stop a clock or take a person out of the head count, so every write counts again.
"""

from datetime import date

from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from workforce.actions import records
from workforce.actions.people import codes_of
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim
from workforce.models import Person, SpecialStatus


def _overlap() -> str:
    return _("此人这段时间已经登记了同一种状态。")


@action
def add_status(*, person: Person, version: int, by, **fields) -> SpecialStatus:
    """Enters kind, valid_from, valid_to (exclusive) and note. Raises `Stale`, or ValidationError on an overlap."""
    claim(person, version)
    status = records.enter(SpecialStatus, {"person": person, **fields}, overlap=_overlap())
    refresh_tallies(codes_of(person))
    return status


@action
def change_status(*, record: SpecialStatus, version: int, by, **fields) -> SpecialStatus:
    """Corrects what was entered wrongly. Raises `Stale`, or ValidationError on an overlap."""
    claim(record.person, version)
    records.change(record, fields, overlap=_overlap())
    refresh_tallies(codes_of(record.person))
    return record


@action
def end_status(*, record: SpecialStatus, version: int, last_day: date, by) -> SpecialStatus:
    """Ends a status; `last_day` is the last day in it. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.close(record, last_day)
    refresh_tallies(codes_of(record.person))
    return record


@action
def take_back_status(*, record: SpecialStatus, version: int, by) -> SpecialStatus:
    """Takes back a status that was entered by mistake. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.withdraw(record)
    refresh_tallies(codes_of(record.person))
    return record
