"""Writes of certificates, their registrations and hours of continuing education (domain §1.D, §2.4).

Nothing is deleted: what was entered wrongly is corrected, and the history keeps what it was.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.lib.dated import end_of, last_day
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim
from workforce.clocks import RegistrationRule, registration_expires, window_opens
from workforce.enums import CertificateLevel
from workforce.models import Certificate, ContinuingEducation, Person, Registration
from workforce.queries.certificates import registration_rule
from workforce.queries.figured import communities_of


def terms_of(person: Person) -> RegistrationRule:
    """Terms of registration where the person works now or worked last."""
    codes = person.appointments.order_by("-valid_from", "tier").values_list("division_id", flat=True)
    return registration_rule(codes.first() or "", today())


def keep_certificate(person: Person, certificate: dict | None) -> None:
    """The certificate as a form about the whole person tells of it: one per level, with its latest registration.

    A day of registration on record says nothing new; one from the opening of the renewal window on is a renewal, any
    other corrects the latest registration, as in the import. Whoever calls takes the version and refreshes the tallies.
    """
    if not certificate:
        return
    fields = {name: value for name, value in certificate.items() if name != "registered_on"}
    held, _new = Certificate.objects.update_or_create(person=person, level=fields["level"], defaults=fields)
    day = certificate.get("registered_on")
    known = list(held.registrations.order_by("registered_on"))
    if day is None or any(one.registered_on == day for one in known):
        return
    terms = terms_of(person)
    latest = known[-1] if known else None
    if latest is None or day >= window_opens(last_day(latest.valid_to), terms):
        latest = Registration(certificate=held, person=person)
    latest.registered_on, latest.valid_to = day, end_of(registration_expires(day, terms))
    latest.save()


def _count_again(person: Person) -> None:
    refresh_tallies(communities_of([person.pk]))


def _save(row: models.Model, field: str, taken: str) -> None:
    """Saves a row; ValidationError with the sentence `taken` where there is such a one already."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError({field: taken}) from error


def _past(day: date, field: str) -> None:
    if day > today():
        raise ValidationError({field: _("日期不能晚于今天。")})


def _put_certificate(row: Certificate, fields: dict) -> Certificate:
    for name, value in fields.items():
        setattr(row, name, value)
    _past(row.obtained_on, "obtained_on")
    if row.obtained_on <= row.person.birth_date:
        raise ValidationError({"obtained_on": _("证书取得日期不能早于出生日期。")})
    if row.issued_on is not None and row.issued_on < row.obtained_on:
        raise ValidationError({"issued_on": _("证书签发日期不能早于批准（考试）日期。")})
    if row.pk and row.registrations.filter(registered_on__lt=row.obtained_on).exists():
        raise ValidationError({"obtained_on": _("已有登记早于这个日期，请先更正登记日期。")})
    if row.pk and row.level == CertificateLevel.LOCAL and row.registrations.exists():
        raise ValidationError({"level": _("这本证书已有登记，地方证书不办理登记，不能改为这个等级。")})
    _save(row, "level", _("此人已有这个等级的证书，请更正原有记录。"))
    _count_again(row.person)
    return row


@action
def add_certificate(*, person: Person, version: int, by, **fields) -> Certificate:
    """Enters a certificate: level, number, obtained_on, issued_on. Raises `Stale`, or ValidationError for a second one
    of a level."""
    claim(person, version)
    return _put_certificate(Certificate(person=person), fields)


@action
def change_certificate(*, record: Certificate, version: int, by, **fields) -> Certificate:
    """Corrects a certificate, its level too. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    return _put_certificate(record, fields)


def _put_registration(row: Registration, registered_on: date, until: date | None, number: str) -> Registration:
    certificate = row.certificate
    if certificate.level == CertificateLevel.LOCAL:
        raise ValidationError(_("地方证书不办理登记；登记只对全国社会工作者职业资格证书。"))
    _past(registered_on, "registered_on")
    if registered_on < certificate.obtained_on:
        raise ValidationError({"registered_on": _("登记日期不能早于证书取得日期。")})
    until = until or registration_expires(registered_on, terms_of(row.person))
    if until < registered_on:
        raise ValidationError({"until": _("有效期的最后一天不能早于登记日期。")})
    row.registered_on, row.valid_to, row.number = registered_on, end_of(until), number
    _save(row, "registered_on", _("这一天的登记已在记录中。"))
    _count_again(row.person)
    return row


@action
def add_registration(
    *, certificate: Certificate, version: int, registered_on: date, until: date | None, number: str, by
) -> Registration:
    """Enters a first or renewed registration; without its last day `until`, that follows from the rule.

    Raises `Stale` or ValidationError.
    """
    claim(certificate.person, version)
    row = Registration(certificate=certificate, person=certificate.person)
    return _put_registration(row, registered_on, until, number)


@action
def change_registration(
    *, record: Registration, version: int, registered_on: date, until: date | None, number: str, by
) -> Registration:
    """Corrects a registration. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    return _put_registration(record, registered_on, until, number)


def _put_education(row: ContinuingEducation, fields: dict) -> ContinuingEducation:
    for name, value in fields.items():
        setattr(row, name, value)
    _past(row.done_on, "done_on")
    row.save()
    return row


@action
def add_education(*, person: Person, version: int, by, **fields) -> ContinuingEducation:
    """Enters continuing education: done_on, hours, kind, title, provider. Raises `Stale` or ValidationError."""
    claim(person, version)
    return _put_education(ContinuingEducation(person=person), fields)


@action
def change_education(*, record: ContinuingEducation, version: int, by, **fields) -> ContinuingEducation:
    """Corrects what was entered wrongly. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    return _put_education(record, fields)
