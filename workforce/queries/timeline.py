"""What happened in a person's working life by a day, drawn from the records themselves and not from their history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from workforce.enums import TransferState
from workforce.models import Appointment, Exit, GridPost, Person, Transfer

_CHANGING = ("tier", "grade", "entry", "full_time", "managed", "grid_worker")


@dataclass(frozen=True)
class Event:
    """One thing that happened: `subject` is what a reader filters by, `strong` marks entry and exit."""

    on: date
    subject: str
    title: str
    text: str = ""
    strong: bool = False


def events_of(user, person: Person, on: date) -> list[Event]:
    """Everything by the day `on` that the user may see, the newest first; what was taken back did not happen.

    Leave and reasons of leaving are personal data of their own kind (domain §2.12).
    """
    makers = [_honours, _classes, _certificates, _contracts, _grid_posts, _posts, _transfers]
    if Person.objects.for_user(user, Perm.REVEAL_PERSONAL).filter(pk=person.pk).exists():
        makers += [_statuses, _service]
    found = [event for make in makers for event in make(user, person) if event.on <= on]
    return sorted(found, key=lambda event: event.on, reverse=True)


def _period(row, subject: str, begun: str, ended: str, text: str) -> Iterator[Event]:
    """First and last day of a dated record."""
    if row.valid_to == row.valid_from:
        return
    yield Event(row.valid_from, subject, begun, text)
    if row.valid_to is not None:
        yield Event(last_day(row.valid_to), subject, ended, text)


def _service(user, person: Person) -> Iterator[Event]:
    exits = list(Exit.objects.for_user(user, Perm.VIEW_ROSTER).filter(person=person, taken_back=False))
    hired = {row.hired_on for row in exits} | {person.hired_on}
    for day in hired - {None}:
        yield Event(day, "status", _("入职"), strong=True)
    for row in exits:
        text = row.get_reason_display() + (
            f"（{row.note}）" if row.note and row.note != row.get_reason_display() else ""
        )
        yield Event(row.left_on, "status", _("离职"), text, strong=True)


def _posts(user, person: Person) -> Iterator[Event]:
    rows = Appointment.objects.for_user(user, Perm.VIEW_ROSTER).filter(person=person).select_related("division")
    lasted = [row for row in rows if row.valid_to != row.valid_from]
    begun = {(*_post(row), row.valid_from) for row in lasted}
    before = {(*_post(row), row.valid_to): row for row in lasted if row.valid_to is not None}
    for row in lasted:
        text, words = f"{row.division.label} {row.get_body_display()}", {"title": row.title}
        if old := before.get((*_post(row), row.valid_from)):
            told = _("；").join([text, *_changes(old, row)])
            yield Event(row.valid_from, "post", _("%(title)s 任职有变") % words, told)
        else:
            yield Event(row.valid_from, "post", _("任 %(title)s") % words, text)
        if row.valid_to is not None and (*_post(row), row.valid_to) not in begun:
            yield Event(last_day(row.valid_to), "post", _("卸任 %(title)s") % words, text)


def _post(row: Appointment) -> tuple[str, str, str]:
    """What makes two rows the same post, the later a changed form of the earlier."""
    return row.division_id, row.body, row.title


def _changes(old: Appointment, new: Appointment) -> Iterator[str]:
    for name in _CHANGING:
        field, before, after = Appointment._meta.get_field(name), getattr(old, name), getattr(new, name)
        if before != after:
            yield f"{field.verbose_name} {_shown(field, before)} → {_shown(field, after)}"


def _shown(field, value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return _("（空）") if value is None else str(dict(field.flatchoices).get(value, value))


def _transfers(user, person: Person) -> Iterator[Event]:
    rows = Transfer.objects.for_user(user, Perm.VIEW_ROSTER).filter(person=person, state=TransferState.AGREED)
    for row in rows.select_related("from_division", "to_division"):
        words = {"from": row.from_division.label, "to": row.to_division.label}
        yield Event(row.effective_on, "post", _("调动"), _("由%(from)s调往%(to)s") % words)


def _grid_posts(user, person: Person) -> Iterator[Event]:
    rows = GridPost.objects.for_user(user, Perm.VIEW_ROSTER).filter(person=person)
    for row in rows.select_related("grid", "division"):
        role = row.get_role_display()
        begun, ended = _("任 %(title)s") % {"title": role}, _("卸任 %(title)s") % {"title": role}
        yield from _period(row, "post", begun, ended, f"{row.division.label} {row.grid.name}")


def _contracts(user, person: Person) -> Iterator[Event]:
    for row in person.contracts.all():
        kind = row.get_kind_display()
        begun, ended = _("%(kind)s开始") % {"kind": kind}, _("%(kind)s到期或终止") % {"kind": kind}
        yield from _period(row, "contract", begun, ended, row.party)


def _certificates(user, person: Person) -> Iterator[Event]:
    for row in person.certificates.all():
        yield Event(
            row.obtained_on, "certificate", _("取得%(level)s证书") % {"level": row.get_level_display()}, row.number
        )
    for row in person.registrations.select_related("certificate"):
        text = _("有效至 %(day)s") % {"day": last_day(row.valid_to).isoformat()}
        level = row.certificate.get_level_display()
        yield Event(row.registered_on, "certificate", _("%(level)s登记") % {"level": level}, text)


def _statuses(user, person: Person) -> Iterator[Event]:
    for row in person.statuses.all():
        kind = row.get_kind_display()
        begun, ended = _("%(kind)s开始") % {"kind": kind}, _("%(kind)s结束") % {"kind": kind}
        yield from _period(row, "status", begun, ended, row.note)


def _classes(user, person: Person) -> Iterator[Event]:
    for row in person.enrolments.filter(attended=True).select_related("training_class"):
        held = row.training_class
        text = f"{held.get_level_display()} {held.get_kind_display()}" + (
            f" · {row.get_result_display()}" if row.result else ""
        )
        yield Event(held.starts_on, "training", _("参加培训：%(title)s") % {"title": held.title}, text)


def _honours(user, person: Person) -> Iterator[Event]:
    for row in person.nominations.filter(decided_on__isnull=False).select_related("award"):
        yield Event(row.decided_on, "training", f"{row.award} {row.get_stage_display()}", row.reason)
