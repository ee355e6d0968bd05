"""Writes of grades. The grade of every post in force always equals that of the grade record, whoever set it.

A change ends the record in force and begins a new one; a correction mends a record that was wrong from the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.clock import today
from workforce.actions import records
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim
from workforce.enums import GradeReason
from workforce.models import Appointment, GradeRecord, Person, ProfessionalAppointment
from workforce.queries.figured import communities_of
from workforce.queries.grades import Proposal, proposals


@dataclass(frozen=True)
class Accepted:
    """One person of those whose proposed grade is accepted: the version and the grade that the reader has seen."""

    person: UUID
    version: int
    grade: int


@action
def accept_grades(*, chosen: Sequence[Accepted], under: str, on: date, evidence: str, by) -> int:
    """Puts proposed grades into force on a day; returns how many changed.

    Everything or nothing: raises ValidationError naming those who were changed meanwhile, to whom the rules give
    another grade on that day than was shown, or who have a later grade on record.
    """
    _refuse_future(on)
    versions = {one.person: one for one in chosen}
    people = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=versions).order_by("pk")}
    found = {
        one.worker.person.pk: one
        for one in proposals(by, under=under, on=on, people=list(versions), perm=Perm.CHANGE_ROSTER)
    }
    faults = [fault for one in chosen if (fault := _fault(one, people.get(one.person), found.get(one.person), on))]
    if faults:
        raise ValidationError(faults)
    changed = [found[one.person] for one in chosen if found[one.person].differs]
    for one in changed:
        fields = {"evidence": evidence, "reason": one.reason, "derivation": one.as_json()}
        _begin(one.worker.person, one.tier, one.grade, on, **fields)
        claim(people[one.worker.person.pk], versions[one.worker.person.pk].version)
    refresh_tallies(communities_of(one.worker.person.pk for one in changed))
    return len(changed)


def _refuse_future(on: date) -> None:
    if on > today():
        raise ValidationError({"valid_from": _("执行日期不能晚于今天。请到执行之日再办理。")})


def _fault(asked: Accepted, person: Person | None, found: Proposal | None, on: date) -> str:
    """Why the proposal cannot be accepted; empty where it can."""
    if person is None or found is None:
        return _("所选人员中有人在 %(day)s 不在您的范围内在岗。请返回重新选择。") % {"day": on}
    words = {"name": person.name, "day": on, "grade": found.grade}
    if person.version != asked.version:
        return _("%(name)s的信息刚被其他人修改过，请返回查看最新内容。") % words
    if found.grade != asked.grade:
        return _("%(name)s按 %(day)s 的情况应为 %(grade)s 级，与所选不同。请返回改选，或换一个执行日期。") % words
    if any(one.valid_from >= on and one.valid_to != one.valid_from for one in person.grades.all()):
        return _("%(name)s在 %(day)s 当天或之后已有定级记录。请换一个执行日期，或更正那条记录。") % words
    return ""


@action
def set_grade(*, person: Person, version: int, tier: int, grade: int, valid_from: date, reason: str, evidence: str, by):
    """Gives a person a grade from a day on; returns the record. The grade before ends on the day before.

    Raises `Stale`, or ValidationError for a day to come or one that a later record holds already.
    """
    claim(person, version)
    _refuse_future(valid_from)
    if person.grades.filter(valid_from__gte=valid_from).exclude(valid_to=valid_from).exists():
        raise ValidationError({"valid_from": _("这一天或之后已有定级记录。登记有误的，请更正那条记录。")})
    record = _begin(person, tier, grade, valid_from, reason=reason, evidence=evidence)
    refresh_tallies(communities_of([person.pk]))
    return record


def _begin(person: Person, tier: int, grade: int, on: date, **fields) -> GradeRecord:
    person.grades.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lt=on).update(valid_to=on)
    record = _put(GradeRecord(person=person, tier=tier, grade=grade, valid_from=on, **fields))
    _carry(person, grade)
    return record


def _put(record: GradeRecord) -> GradeRecord:
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise ValidationError({"valid_from": _("与另一条定级记录的期间重叠。")}) from error
    return record


def _carry(person: Person, grade: int | None) -> None:
    """The posts of today show the grade of the record in force."""
    posts = Appointment.objects.in_force(today()).filter(person=person, full_time=True, managed=True)
    posts.exclude(grade=grade).update(grade=grade)


@action
def correct_grade(*, record: GradeRecord, version: int, tier: int, grade: int, valid_from: date, evidence: str, by):
    """Mends a record that was wrong: what it says is what should have stood there; the record before moves along.

    Raises `Stale`, or ValidationError where it would run into another record.
    """
    person = record.person
    claim(person, version)
    _refuse_future(valid_from)
    if record.valid_to is not None and valid_from >= record.valid_to:
        raise ValidationError({"valid_from": _("执行日期应早于下一次定级的日期。")})
    before = person.grades.filter(valid_to=record.valid_from, valid_from__lt=valid_from).first()
    if before is not None and valid_from < record.valid_from:
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    old, record.valid_from = record.valid_from, valid_from
    record.tier, record.grade, record.evidence = tier, grade, evidence
    record.reason, record.derivation = GradeReason.CORRECTION, []
    _put(record)
    if before is not None and valid_from > old:
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    if record.valid_to is None:
        _carry(person, grade)
    refresh_tallies(communities_of([person.pk]))
    return record


@action
def take_back_grade(*, record: GradeRecord, version: int, by) -> GradeRecord:
    """Takes back the latest record, entered by mistake; the grade before holds again.

    Raises `Stale`, or ValidationError where a later record has followed.
    """
    person, end = record.person, record.valid_to
    claim(person, version)
    if person.grades.filter(valid_from__gt=record.valid_from).exclude(valid_to=F("valid_from")).exists():
        raise ValidationError(_("之后又有定级记录，不能撤回这一条；可以更正。"))
    records.withdraw(record)
    before = person.grades.filter(valid_to=record.valid_from, valid_from__lt=record.valid_from).first()
    if before is not None:
        before.valid_to = end
        before.save(update_fields=["valid_to"])
    if end is None:
        _carry(person, before.grade if before else None)
    refresh_tallies(communities_of([person.pk]))
    return record


_PROFESSIONAL_OVERLAP = _L("这段时间内已有专业水平聘任。请先结束原聘任。")


@action
def add_professional(*, person: Person, version: int, by, **fields) -> ProfessionalAppointment:
    """Records an appointment at a professional level 专业水平聘任; an open one before it ends the day before.

    Raises `Stale`, or ValidationError on an overlap.
    """
    claim(person, version)
    before = person.professional_appointments.filter(valid_to__isnull=True, valid_from__lt=fields["valid_from"])
    before.update(valid_to=fields["valid_from"])
    return records.enter(ProfessionalAppointment, {"person": person, **fields}, overlap=_PROFESSIONAL_OVERLAP)


@action
def change_professional(*, record: ProfessionalAppointment, version: int, by, **fields) -> ProfessionalAppointment:
    """Corrects an appointment at a professional level. Raises `Stale`, or ValidationError on an overlap."""
    claim(record.person, version)
    return records.change(record, fields, overlap=_PROFESSIONAL_OVERLAP)


@action
def end_professional(*, record: ProfessionalAppointment, version: int, last_day: date, by) -> ProfessionalAppointment:
    """Ends an appointment at a professional level. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.close(record, last_day)
    return record


@action
def take_back_professional(*, record: ProfessionalAppointment, version: int, by) -> ProfessionalAppointment:
    """Takes back an appointment entered by mistake. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.withdraw(record)
    return record
