"""Leaving (domain §1.E3): a service ends with a typed reason, and everything that was its own ends with it.

Contract, elected office and Party post are three relations. `end_relations` ends those that are named and no other;
`leave` is for a person with whom nothing remains. An elected office is ended by those who elected, never by the
employer (domain §2.11): whoever writes here says that this has been done.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.dated import end_of
from workforce.actions import records
from workforce.actions.grades_roster import follow_roster
from workforce.actions.people import codes_of
from workforce.actions.positions import guard_positions
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim
from workforce.enums import ExitReason
from workforce.models import Appointment, Contract, Exit, GridPost, Person
from workforce.queries.establishment import held_by
from workforce.queries.service import ended_with, lasting_after, unit_left

Relation = Appointment | Contract | GridPost


@action
def end_relations(*, person: Person, version: int, last_day: date, relations: Iterable[Relation], by) -> Person:
    """Ends the posts and contracts named, and nothing else; the person stays in service with what remains.

    Raises `Stale`, or ValidationError where one begins after the last day.
    """
    claim(person, version)
    held = held_by(person.pk)
    for row in relations:
        records.close(row, last_day)
    guard_positions(person.pk, held, "last_day")
    follow_roster([person.pk])
    refresh_tallies(codes_of(person))
    return person


@action
def leave(*, person: Person, version: int, last_day: date, reason: str, note: str = "", by) -> Exit:
    """Ends every post, grid post and contract of a person who leaves, and records the exit; the person stays on record.

    Raises ValidationError when something starts only after the last day, when that day lies before the first one in
    service, or when the person also holds a post where the user may not change the roster.
    """
    claim(person, version)
    _refuse_impossible(person, last_day, by)
    after = end_of(last_day)
    for rows in lasting_after(person, last_day):
        rows.update(valid_to=after)
    found = _record(person, last_day, reason, note)
    person.left_on, person.leaving_reason = last_day, reason_in_words(reason, note)
    person.save(update_fields=["left_on", "leaving_reason"])
    follow_roster([person.pk])
    refresh_tallies(codes_of(person))
    return found


def reason_in_words(reason: str, note: str) -> str:
    """What the roster column 离职原因 shows: the reason, or what was written where none of them fits."""
    return note[:100] if reason == ExitReason.OTHER and note else str(ExitReason(reason).label)


def _refuse_impossible(person: Person, last_day: date, by) -> None:
    if person.hired_on is not None and last_day < person.hired_on:
        raise ValidationError({"last_day": _("离职日期不能早于入职日期。")})
    posts, grid_posts, _contracts = lasting_after(person, last_day)
    for rows in (posts, grid_posts):
        mine = rows.model.objects.for_user(by, Perm.CHANGE_ROSTER) if by is not None else rows.model.objects.all()
        if rows.exclude(pk__in=mine.values("pk")).exists():
            raise ValidationError(
                _("此人在其他单位还有任职，不能在这里办理离职。请只结束本单位的任职，离职请联系区民政部门办理。")
            )
        if rows.filter(valid_from__gt=last_day).exists():
            raise ValidationError({"last_day": _("此人在该日期之后还有任职，请先更正任职起始日期。")})


def _record(person: Person, last_day: date, reason: str, note: str) -> Exit:
    try:
        with transaction.atomic():
            return Exit.objects.create(
                person=person,
                division_id=unit_left(person, last_day),
                hired_on=person.hired_on,
                left_on=last_day,
                reason=reason,
                note=note,
            )
    except IntegrityError as error:
        raise ValidationError({"last_day": _("此人这一天已经登记过离职。")}) from error


@action
def change_exit(*, record: Exit, version: int, left_on: date, reason: str, note: str = "", by) -> Exit:
    """Corrects day, reason and note of an exit; what ended on the wrong day moves with it.

    Raises `Stale`, or ValidationError for a day before the first one in service.
    """
    person = record.person
    claim(person, version)
    if record.hired_on is not None and left_on < record.hired_on:
        raise ValidationError({"left_on": _("离职日期不能早于入职日期。")})
    latest, held = person.left_on == record.left_on, held_by(person.pk)
    for row, _before in ended_with(person, end_of(record.left_on)) if latest and left_on != record.left_on else ():
        records.close(row, left_on)
    guard_positions(person.pk, held, "left_on")
    record.left_on, record.reason, record.note = left_on, reason, note
    record.save()
    if latest:
        person.left_on, person.leaving_reason = left_on, reason_in_words(reason, note)
        person.save(update_fields=["left_on", "leaving_reason"])
        follow_roster([person.pk])
    refresh_tallies(codes_of(person))
    return record


@action
def take_back_exit(*, record: Exit, version: int, by) -> Exit:
    """Takes back an exit entered by mistake: what ended that day gets back the end it had before, open or not.

    Raises `Stale`, or ValidationError where the exit was taken back before or is not that of the latest service.
    """
    person = record.person
    claim(person, version)
    if record.taken_back:
        raise ValidationError(_("这次离职登记已经撤回。"))
    if person.left_on != record.left_on:
        raise ValidationError(_("此人之后又重新入职，不能撤回以前的离职登记；可以更正日期和原因。"))
    held = held_by(person.pk)
    for row, before in ended_with(person, end_of(record.left_on)):
        records.end(row, before)
    guard_positions(person.pk, held)
    record.taken_back = True
    record.save(update_fields=["taken_back"])
    person.left_on, person.leaving_reason = None, ""
    person.save(update_fields=["left_on", "leaving_reason"])
    follow_roster([person.pk])
    refresh_tallies(codes_of(person))
    return record
