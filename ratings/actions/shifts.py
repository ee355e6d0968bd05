"""Writes of the duty rota: what each worker does on a day, by hours; a week or a day is one act (domain §1.H2 to H4)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.territory.models import Division
from ratings.actions.tallies import refresh_tallies
from ratings.enums import ShiftWork
from ratings.models import Shift
from ratings.queries.people import in_post
from ratings.queries.shifts import rota_seal
from workforce.actions.versions import Stale
from workforce.models import Person

MOST_HOURS = Decimal(24)
Cell = tuple[UUID, date]
Parts = Mapping[str, Decimal]
"""Hours by work; {"rest": 0} is a day off, nothing at all an empty cell."""


def _refuse_hours(cells: Mapping[Cell, Parts], people: Mapping[UUID, Person], code: str) -> None:
    """Nobody works more than 24 hours on a day, hours in other communities counted in."""
    elsewhere = (
        Shift.objects.filter(person__in=people, on__in={on for _person, on in cells})
        .exclude(division_id=code)
        .values_list("person_id", "on")
        .annotate(hours=Sum("hours"))
    )
    known = {(person, on): hours for person, on, hours in elsewhere}
    for (person, on), parts in cells.items():
        hours = sum(parts.values(), Decimal(0)) + known.get((person, on), Decimal(0))
        if hours > MOST_HOURS:
            words = {"name": people[person].name, "day": on.isoformat(), "hours": hours.normalize()}
            raise ValidationError(_("%(name)s %(day)s 合计 %(hours)s 小时，超过 24 小时。") % words)
        if ShiftWork.REST in parts and len(parts) > 1:
            words = {"name": people[person].name, "day": on.isoformat()}
            raise ValidationError(_("%(name)s %(day)s 既轮休又有工作，请二选一。") % words)


def _refuse_absent(cells: Mapping[Cell, Parts], people: Mapping[UUID, Person], code: str) -> None:
    """Only who is in post in the community on that day is put on its rota; clearing a cell is always allowed."""
    for day in sorted({on for (_person, on), parts in cells.items() if parts}):
        there = set(in_post(code, day).values_list("pk", flat=True))
        for (person, on), parts in cells.items():
            if on == day and parts and person not in there:
                words = {"name": people[person].name if person in people else "", "day": day.isoformat()}
                raise ValidationError(_("%(name)s %(day)s 不在本社区任职，不能排班。") % words)


@action
def save_shifts(*, division: Division, cells: Mapping[Cell, Parts], first: date, last: date, seal: str, by) -> int:
    """Makes the given cells of the rota from `first` to `last` what they should be; returns how many changed.

    `seal` tells what the reader saw of these days (`rota_seal`). Raises `Stale`, or ValidationError for more than 24
    hours a day, a day off with work, or somebody not in post.
    """
    people = {one.pk: one for one in Person.objects.filter(pk__in={person for person, _on in cells}).order_by("pk")}
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    Division.objects.select_for_update(no_key=True).get(pk=division.pk)
    if seal != rota_seal(division.pk, first, last):
        raise Stale(_("这几天的排班刚被其他人修改过。请刷新页面，核对后再填。"))
    _refuse_absent(cells, people, division.pk)
    _refuse_hours(cells, people, division.pk)
    changed = _write(division, cells, first, last)
    refresh_tallies([division.pk])
    return changed


def _write(division: Division, cells: Mapping[Cell, Parts], first: date, last: date) -> int:
    """Writes only the rows that differ, each kind of change by one statement; returns how many cells changed."""
    held: dict[Cell, dict[str, Shift]] = {cell: {} for cell in cells}
    people = {person for person, _on in cells}
    for row in Shift.objects.filter(division=division, on__range=(first, last), person__in=people):
        held.setdefault((row.person_id, row.on), {})[row.work] = row
    gone, other, new, changed = [], [], [], 0
    for (person, on), parts in cells.items():
        rows = held[person, on]
        changed += {work: row.hours for work, row in rows.items()} != dict(parts)
        gone += [row.pk for work, row in rows.items() if work not in parts]
        for work, hours in parts.items():
            if work not in rows:
                new.append(Shift(division=division, person_id=person, on=on, work=work, hours=hours))
            elif rows[work].hours != hours:
                rows[work].hours = hours
                other.append(rows[work])
    Shift.objects.filter(pk__in=gone).delete()
    Shift.objects.bulk_update(other, ["hours"], batch_size=500)
    Shift.objects.bulk_create(new, batch_size=500)
    return changed
