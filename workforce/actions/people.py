"""Writes of single people and their posts, as the forms make them; whole files go through `roster`."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.lib.dated import end_of
from portal.core.lib.fields import index_of
from portal.core.lib.text import name_initials, pinyin_key
from workforce.actions.tallies import refresh_tallies
from workforce.models import Appointment, Certificate, Contract, Person


class Stale(ValidationError):
    """Somebody else changed the person since the form was opened."""

    def __init__(self):
        super().__init__(_("这名人员的信息刚被其他人修改过。请查看最新内容后再保存。"), code="stale")


def _claim(person: Person, version: int) -> None:
    """Takes the next version of the person, or raises `Stale` when the reader's version is not the present one."""
    if not Person.objects.filter(pk=person.pk, version=version).update(version=F("version") + 1):
        raise Stale
    person.version = version + 1


def _named(fields: dict) -> dict:
    """Personal fields as stored: the name's pinyin and the ID number's blind index follow from them."""
    return {
        **fields,
        "name_pinyin": pinyin_key(fields["name"]),
        "name_initials": name_initials(fields["name"]),
        "id_number_index": index_of(fields["id_number"]),
    }


def _refuse_known(fields: dict, by) -> None:
    known = Person.objects.filter(id_number_index=index_of(fields["id_number"])).first()
    if known is None:
        return
    if Person.objects.for_user(by, Perm.VIEW_ROSTER).filter(pk=known.pk).exists():
        raise ValidationError(
            {"id_number": _("此人已在名册中（%(name)s），请在其页面上增加任职。") % {"name": known.name}}
        )
    raise ValidationError({"id_number": _("该身份证号已在其他单位的名册中，请联系区民政部门核实。")})


def _enter(fields: dict, by) -> Person:
    """A new person; one whom somebody else entered at the same moment is refused like any known one."""
    try:
        with transaction.atomic():
            return Person.objects.create(**_named(fields))
    except IntegrityError:
        _refuse_known(fields, by)
        raise


def _appoint(person: Person, post: dict) -> Appointment:
    try:
        with transaction.atomic():
            return Appointment.objects.create(person=person, **post)
    except IntegrityError as error:
        raise ValidationError({"valid_from": _("此人在该社区的同一机构、同一职务已有时间重叠的任职。")}) from error


def _save_post(appointment: Appointment) -> None:
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        raise ValidationError({"valid_from": _("此人在该社区的同一机构、同一职务已有时间重叠的任职。")}) from error


def _contract(person: Person, contract: dict | None, corrects: Contract | None = None) -> None:
    """Corrects the contract named or the one that starts the same day, else adds a period.

    Raises ValidationError on an overlap.
    """
    if not contract:
        return
    which = {"pk": corrects.pk} if corrects else {"valid_from": contract["valid_from"]}
    try:
        with transaction.atomic():
            Contract.objects.update_or_create(person=person, **which, defaults={**contract, "person": person})
    except IntegrityError as error:
        raise ValidationError({"contract_from": _("合同期限与已有合同重叠。")}) from error


def _certificate(person: Person, certificate: dict | None) -> None:
    if certificate:
        Certificate.objects.update_or_create(person=person, level=certificate["level"], defaults=certificate)


def _codes(person: Person) -> list[str]:
    return list(person.appointments.values_list("division_id", flat=True))


@action
def add_worker(*, person: dict, post: dict, contract: dict | None = None, certificate: dict | None = None, by):
    """Enters a person with a first post; returns the appointment.

    Raises ValidationError when the ID number is on a roster already; outside the user's territory it does not say where.
    """
    _refuse_known(person, by)
    worker = _enter(person, by)
    appointment = _appoint(worker, post)
    _contract(worker, contract)
    _certificate(worker, certificate)
    refresh_tallies([appointment.division_id])
    return appointment


@action
def add_post(*, person: Person, version: int, post: dict, by) -> Appointment:
    """Gives a person one more post: still one head. One who had left and starts again is in service again."""
    _claim(person, version)
    if person.left_on is not None and post["valid_from"] > person.left_on:
        person.left_on, person.leaving_reason = None, ""
        person.save(update_fields=["left_on", "leaving_reason"])
    appointment = _appoint(person, post)
    refresh_tallies(_codes(person))
    return appointment


@action
def change_worker(
    *,
    appointment: Appointment,
    version: int,
    person: dict,
    post: dict,
    contract: dict | None = None,
    corrects: Contract | None = None,
    certificate: dict | None = None,
    by,
) -> Appointment:
    """Corrects what was wrong in a person's record and one post; `corrects` is the contract that `contract` corrects.

    Raises `Stale` or ValidationError.
    """
    worker = appointment.person
    _claim(worker, version)
    if index_of(person["id_number"]) != bytes(worker.id_number_index):
        _refuse_known(person, by)
    before = set(_codes(worker))
    for name, value in _named(person).items():
        setattr(worker, name, value)
    worker.save()
    for name, value in post.items():
        setattr(appointment, name, value)
    _save_post(appointment)
    _contract(worker, contract, corrects)
    _certificate(worker, certificate)
    refresh_tallies(before | set(_codes(worker)))
    return appointment


@action
def end_post(*, appointment: Appointment, version: int, last_day: date, by) -> Appointment:
    """Ends one post; `last_day` is the last day in it. Raises ValidationError when it would end before it starts."""
    _claim(appointment.person, version)
    if last_day < appointment.valid_from:
        raise ValidationError({"last_day": _("截止日期不能早于任职起始日期。")})
    appointment.valid_to = end_of(last_day)
    appointment.save(update_fields=["valid_to"])
    refresh_tallies(_codes(appointment.person))
    return appointment


@action
def leave(*, person: Person, version: int, last_day: date, reason: str, by) -> Person:
    """Ends every post and contract of a person who leaves; the person stays on record.

    Raises ValidationError when a post starts only after the last day, when that day lies before the first one in
    service, or when the person also holds a post where the user may not change the roster.
    """
    _claim(person, version)
    if person.hired_on is not None and last_day < person.hired_on:
        raise ValidationError({"last_day": _("离职日期不能早于入职日期。")})
    after = end_of(last_day)
    posts = person.appointments.in_force(last_day) | person.appointments.filter(valid_from__gt=last_day)
    if (
        by is not None
        and posts.exclude(pk__in=Appointment.objects.for_user(by, Perm.CHANGE_ROSTER).values("pk")).exists()
    ):
        raise ValidationError(
            _("此人在其他单位还有任职，不能在这里办理离职。请只结束本单位的任职，离职请联系区民政部门办理。")
        )
    if posts.filter(valid_from__gt=last_day).exists():
        raise ValidationError({"last_day": _("此人在该日期之后还有任职，请先更正任职起始日期。")})
    posts.update(valid_to=after)
    person.contracts.filter(valid_from__lte=last_day).exclude(valid_to__lte=after).update(valid_to=after)
    person.left_on, person.leaving_reason = last_day, reason
    person.save(update_fields=["left_on", "leaving_reason"])
    refresh_tallies(_codes(person))
    return person


@action
def reveal(*, person: Person, division: str, reason: str, by) -> dict[str, str]:
    """ID number and telephone in clear, with the reason on record. Raises ValidationError without a reason."""
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": _("请写明查看理由。")})
    record("reveal_personal", by=by, subject=f"person {person.pk}", division=division, reason=reason.strip())
    return {"id_number": person.id_number, "phone": person.phone or ""}
