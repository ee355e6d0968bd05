"""Writes of what a community or village has or is since a day: organisations, services, pilots (domain §1.H, §1.I)."""

from datetime import date

from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.territory.models import Division
from ratings.actions.seen import claim_seen
from ratings.actions.tallies import refresh_tallies
from ratings.models import Feature
from workforce.actions import records


def _twice() -> str:
    return _("这一项已经登记过，时间重叠。")


@action
def add_feature(*, division: Division, by, **fields) -> Feature:
    """Ticks one item off: kind, note, valid_from, valid_to. Raises ValidationError where it is ticked already."""
    feature = records.enter(Feature, {"division": division, **fields}, overlap=_twice())
    refresh_tallies([division.pk])
    return feature


@action
def change_feature(*, feature: Feature, seen: str, by, **fields) -> Feature:
    """Corrects an item. Raises `Stale` or ValidationError."""
    feature = records.change(claim_seen(feature, seen), fields, overlap=_twice())
    refresh_tallies([feature.division_id])
    return feature


@action
def end_feature(*, feature: Feature, seen: str, last_day: date, by) -> Feature:
    """Ends an item after its last day. Raises `Stale` or ValidationError."""
    records.close(feature := claim_seen(feature, seen), last_day)
    refresh_tallies([feature.division_id])
    return feature


@action
def take_back_feature(*, feature: Feature, seen: str, by) -> Feature:
    """Takes back an item ticked by mistake. Raises `Stale` or ValidationError."""
    records.withdraw(feature := claim_seen(feature, seen))
    refresh_tallies([feature.division_id])
    return feature
