"""Writes of service facilities and their floor space (domain §1.H6 to H8)."""

from datetime import date

from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.territory.models import Division
from ratings.actions.seen import claim_seen
from ratings.actions.tallies import refresh_tallies
from ratings.models import Facility
from workforce.actions import records


def _twice() -> str:
    return _("这个社区已有同名的设施，时间重叠。请改用其他名称，或先停用原来的设施。")


@action
def add_facility(*, division: Division, by, **fields) -> Facility:
    """Enters a facility: name, kind, area, public_area, functions, rated, valid_from, valid_to. Raises ValidationError."""
    facility = records.enter(Facility, {"division": division, **fields}, overlap=_twice(), field="name")
    refresh_tallies([division.pk])
    return facility


@action
def change_facility(*, facility: Facility, seen: str, by, **fields) -> Facility:
    """Corrects a facility. Raises `Stale` or ValidationError."""
    facility = records.change(claim_seen(facility, seen), fields, overlap=_twice(), field="name")
    refresh_tallies([facility.division_id])
    return facility


@action
def end_facility(*, facility: Facility, seen: str, last_day: date, by) -> Facility:
    """Closes a facility after its last day. Raises `Stale` or ValidationError."""
    records.close(facility := claim_seen(facility, seen), last_day)
    refresh_tallies([facility.division_id])
    return facility


@action
def take_back_facility(*, facility: Facility, seen: str, by) -> Facility:
    """Takes back a facility entered by mistake. Raises `Stale` or ValidationError."""
    records.withdraw(facility := claim_seen(facility, seen))
    refresh_tallies([facility.division_id])
    return facility
