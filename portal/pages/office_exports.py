"""Supervision notices and populations as sheets."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.findings.models import SupervisionState
from portal.core.findings.supervision import visible_to
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from portal.core.territory.models import Population


def find_supervisions(asked: Asked) -> Found:
    """The notices that the list shows, not only its first rows."""
    found = visible_to(asked.user).select_related("division", "issuer").order_by("closed_on", "due_on", "-id")
    state = asked.params.get("state", "")
    if state in SupervisionState.values:
        found = found.filter(state=state)
    return Found(found.count(), _supervisions(found))


def _supervisions(found) -> Iterator[list[Any]]:
    for one in found.iterator(chunk_size=1000):
        dates = [one.issued_on, one.working_days, one.due_on, one.closed_on]
        offices = [one.division_id, one.division.label, one.issuer.label]
        yield [one.number, *offices, one.text, *dates, one.get_state_display(), one.issued_by]


def find_populations(asked: Asked) -> Found:
    """Every population on record under the place up to the day, the latest of each division first."""
    place = asked.chosen(Perm.VIEW_STAFFING)
    found = Population.objects.for_user(asked.user, Perm.VIEW_STAFFING).under(place.code).filter(on__lte=asked.on)
    found = found.select_related("division").order_by("division_id", "-on", "basis")
    return Found(found.count(), _populations(found), about=place.label)


def _populations(found) -> Iterator[list[Any]]:
    for one in found.iterator(chunk_size=2000):
        numbers = [one.get_basis_display(), one.on, one.value, one.households]
        yield [one.division_id, one.division.label, one.division.get_level_display(), *numbers, one.source]


SUPERVISIONS = Export(
    key="supervisions",
    label=_("督办单清单"),
    perm=Perm.VIEW_FINDINGS,
    page="supervisions",
    columns=(
        Column("number", _("编号"), width=20),
        Column("code", _("受办单位代码"), width=14),
        Column("division", _("受办单位"), width=20),
        Column("issuer", _("发单单位"), width=20),
        Column("text", _("督办要求"), width=60),
        Column("issued_on", _("发出日期"), kind=Kind.DATE),
        Column("working_days", _("办理期限（工作日）"), kind=Kind.NUMBER),
        Column("due_on", _("回复期限"), kind=Kind.DATE),
        Column("closed_on", _("办结日期"), kind=Kind.DATE),
        Column("state", _("状态"), width=10),
        Column("by", _("发单人")),
    ),
    find=find_supervisions,
)
POPULATIONS = Export(
    key="populations",
    label=_("人口台账"),
    perm=Perm.VIEW_STAFFING,
    page="division_population",
    page_needs=("place",),
    columns=(
        Column("code", _("区划代码"), width=14),
        Column("division", _("区划"), width=24),
        Column("level", _("层级"), width=10),
        Column("basis", _("口径"), width=16),
        Column("on", _("时点"), kind=Kind.DATE),
        Column("value", _("人口（人）"), kind=Kind.NUMBER),
        Column("households", _("户数（户）"), kind=Kind.NUMBER),
        Column("source", _("来源"), width=40),
    ),
    find=find_populations,
)
