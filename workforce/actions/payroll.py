"""Writes about pay: approvals beyond the cap."""

from datetime import date

from django.utils.translation import gettext_lazy as _L

from portal.core.audit.actions import action
from workforce.actions import records
from workforce.actions.versions import claim
from workforce.models import PayApproval, Person

_OVERLAP = _L("这段时间内已有批准记录。请先让原批准到期。")


@action
def add_approval(*, person: Person, version: int, by, **fields) -> PayApproval:
    """Records that pay beyond the usual cap was approved (domain §1.C2). Raises `Stale`, or ValidationError on an overlap."""
    claim(person, version)
    return records.enter(PayApproval, {"person": person, **fields}, overlap=_OVERLAP)


@action
def change_approval(*, record: PayApproval, version: int, by, **fields) -> PayApproval:
    """Corrects an approval. Raises `Stale`, or ValidationError on an overlap."""
    claim(record.person, version)
    return records.change(record, fields, overlap=_OVERLAP)


@action
def end_approval(*, record: PayApproval, version: int, last_day: date, by) -> PayApproval:
    """Ends an approval. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.close(record, last_day)
    return record


@action
def take_back_approval(*, record: PayApproval, version: int, by) -> PayApproval:
    """Takes back an approval entered by mistake. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.withdraw(record)
    return record
