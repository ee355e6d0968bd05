"""Writes of single people and their posts, as the forms make them; whole files go through `roster`, leaving is `exits`."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.lib.clock import today
from portal.core.lib.dated import end_of
from portal.core.lib.fields import index_of
from portal.core.lib.text import name_initials, pinyin_key
from workforce.actions import records
from workforce.actions.appointing import appoint, begin_anew, codes_of, rehire, save_post
from workforce.actions.certificates import keep_certificate
from workforce.actions.grades_roster import follow_roster
from workforce.actions.parties import suggested_kind
from workforce.actions.positions import guard_positions
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim
from workforce.models import Appointment, Contract, Person
from workforce.queries.establishment import held_by
from workforce.queries.service import serves_elsewhere

# All that anybody is told of a person outside the own territory.
ELSEWHERE = _L("此人在另一街道任职，可提出调入申请。")


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
    raise ValidationError({"id_number": ELSEWHERE})


def _enter(fields: dict, by) -> Person:
    """A new person; one whom somebody else entered at the same moment is refused like any known one."""
    try:
        with transaction.atomic():
            return Person.objects.create(**_named(fields))
    except IntegrityError:
        _refuse_known(fields, by)
        raise


def person_for(fields: dict, by) -> Person:
    """The person with this ID number in the user's territory, else a new one: never a second record of anybody.

    Raises ValidationError where the number belongs to somebody elsewhere, or in the territory to another name.
    """
    people = Person.objects.for_user(by, Perm.VIEW_ROSTER)
    known = people.filter(id_number_index=index_of(fields["id_number"])).first()
    if known is None:
        _refuse_known(fields, by)
        return _enter(fields, by)
    if known.name != fields["name"]:
        raise ValidationError({"name": _("该身份证号在名册中登记的姓名是“%(name)s”，请核对。") % {"name": known.name}})
    return known


def _contract(person: Person, contract: dict | None, corrects: Contract | None = None) -> None:
    """Corrects the contract named or the one that starts the same day, else adds a period.

    Raises ValidationError on an overlap.
    """
    if not contract:
        return
    which = {"pk": corrects.pk} if corrects else {"valid_from": contract["valid_from"]}
    fields = {"party_kind": suggested_kind(contract["party"]), **contract, "person": person}
    try:
        with transaction.atomic():
            Contract.objects.update_or_create(person=person, **which, defaults=fields)
    except IntegrityError as error:
        raise ValidationError({"contract_from": _("合同期限与已有合同重叠。")}) from error


def refuse_elsewhere(person: Person, post: dict, by) -> None:
    """Nobody who serves in another street gets a post or grid post here, or one back, unless that street agrees: by a
    transfer. ValidationError with no word on where."""
    lasts = (end := post.get("valid_to")) is None or end > today()
    if lasts and by is not None and serves_elsewhere(by, person, today()):
        raise ValidationError(ELSEWHERE)


@action
def add_worker(*, person: dict, post: dict, contract: dict | None = None, certificate: dict | None = None, by):
    """Enters a person with a first post; returns the appointment.

    Raises ValidationError when the ID number is on a roster already; outside the user's territory it does not say where.
    Raises `OverQuota` beyond the established positions; where these only warn, the appointment carries `notes`.
    """
    _refuse_known(person, by)
    worker = _enter(person, by)
    appointment = appoint(worker, post)
    _contract(worker, contract)
    keep_certificate(worker, certificate)
    appointment.notes = guard_positions(worker.pk, {}, "valid_from")
    follow_roster([worker.pk])
    refresh_tallies([appointment.division_id])
    return appointment


@action
def add_post(*, person: Person, version: int, post: dict, by) -> Appointment:
    """Gives a person one more post: still one head. Raises ValidationError for somebody who serves in another street."""
    claim(person, version)
    refuse_elsewhere(person, post, by)
    rehire(person, post["valid_from"])
    held = held_by(person.pk)
    appointment = appoint(person, post)
    appointment.notes = guard_positions(person.pk, held, "valid_from")
    follow_roster([person.pk])
    refresh_tallies(codes_of(person))
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
    changed_on: date | None = None,
    by,
) -> Appointment:
    """Corrects what was wrong in a person's record and one post; `corrects` is the contract that `contract` corrects.

    With `changed_on` the post was right until the day before: it ends then and goes on in a new row, which is returned.
    Raises `Stale` or ValidationError.
    """
    worker = appointment.person
    claim(worker, version)
    refuse_elsewhere(worker, post, by)
    if index_of(person["id_number"]) != bytes(worker.id_number_index):
        _refuse_known(person, by)
    before, held = codes_of(worker), held_by(worker.pk)
    for name, value in _named(person).items():
        setattr(worker, name, value)
    worker.save()
    if changed_on is not None:
        appointment = begin_anew(appointment, post, changed_on)
    else:
        for name, value in post.items():
            setattr(appointment, name, value)
        save_post(appointment)
    _contract(worker, contract, corrects)
    keep_certificate(worker, certificate)
    appointment.notes = guard_positions(worker.pk, held, "valid_from")
    follow_roster([worker.pk])
    refresh_tallies(before | codes_of(worker))
    return appointment


@action
def end_post(*, appointment: Appointment, version: int, last_day: date, by) -> Appointment:
    """Ends one post; `last_day` is the last day in it. Raises ValidationError when it would end before it starts."""
    claim(appointment.person, version)
    if last_day < appointment.valid_from:
        raise ValidationError({"last_day": _("截止日期不能早于任职起始日期。")})
    held = held_by(appointment.person_id)
    records.end(appointment, end_of(last_day), field="last_day")
    appointment.notes = guard_positions(appointment.person_id, held, "last_day")
    follow_roster([appointment.person_id])
    refresh_tallies(codes_of(appointment.person))
    return appointment


@action
def take_back_post(*, appointment: Appointment, version: int, by) -> Appointment:
    """Takes back a post that was entered by mistake. Raises `Stale` or ValidationError."""
    claim(appointment.person, version)
    records.withdraw(appointment)
    follow_roster([appointment.person_id])
    refresh_tallies(codes_of(appointment.person))
    return appointment


@action
def reveal(*, person: Person, division: str, reason: str, by) -> dict[str, str]:
    """ID number and telephone in clear, with the reason on record. Raises ValidationError without a reason."""
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": _("请写明查看理由。")})
    record("reveal_personal", by=by, subject=f"person {person.pk}", division=division, reason=reason.strip())
    return {"id_number": person.id_number, "phone": person.phone or ""}
