from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import no_overlap, period
from workforce.enums import CertificateLevel, ContractKind, EducationKind, PartyKind
from workforce.models.person import DatedPersonalQuerySet, Person, PersonalQuerySet


@tracked(many=True)
class Contract(models.Model):
    """A labour contract or service agreement over [valid_from, valid_to); one at a time per person (domain §1.A6)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="contracts", db_index=False)
    kind = models.CharField(_("合同类型"), max_length=8, choices=ContractKind.choices)
    number = models.CharField(_("合同编号"), max_length=60, blank=True, db_default="")
    party = models.CharField(_("用工主体"), max_length=100, blank=True)
    party_kind = models.CharField(_("用工主体类型"), max_length=8, choices=PartyKind.choices, blank=True, db_default="")
    valid_from = models.DateField(_("合同起始"))
    valid_to = models.DateField(null=True, blank=True)
    probation_until = models.DateField(_("试用期截止"), null=True, blank=True)

    objects = DatedPersonalQuerySet.as_manager()

    class Meta:
        constraints = [period("contract_period"), no_overlap("contract_no_overlap", "person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from}"


@tracked(many=True)
class Certificate(models.Model):
    """A vocational certificate; the best one counts, persons are counted and not certificates (domain §1.D2)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates", db_index=False)
    level = models.CharField(_("证书等级"), max_length=16, choices=CertificateLevel.choices)
    number = models.CharField(_("证书编号"), max_length=60, blank=True)
    obtained_on = models.DateField(_("证书取得日期"))
    issued_on = models.DateField(_("发证日期"), null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "level"], name="certificate_once_per_level")]

    def __str__(self) -> str:
        return self.get_level_display()


@tracked(many=True)
class Registration(models.Model):
    """A registration 登记 of a certificate; it runs out while the certificate itself stays valid (domain §2.4).

    Lasts over [registered_on, valid_to).
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="registrations", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="registrations", db_index=False)
    registered_on = models.DateField(_("登记日期"))
    valid_to = models.DateField()
    number = models.CharField(_("登记证号"), max_length=60, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person"], name="registration_person")]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "registered_on"], name="registration_once"),
            models.CheckConstraint(condition=Q(valid_to__gt=models.F("registered_on")), name="registration_period"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.registered_on}"


@tracked()
class ContinuingEducation(models.Model):
    """Hours of continuing education, needed for re-registration (domain §2.4)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="education_hours", db_index=False)
    done_on = models.DateField(_("完成日期"))
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)
    kind = models.CharField(_("类别"), max_length=8, choices=EducationKind.choices, default=EducationKind.COURSE)
    title = models.CharField(_("内容"), max_length=100)
    provider = models.CharField(_("举办单位"), max_length=100, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "done_on"], name="education_person")]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="education_hours_positive")]

    def __str__(self) -> str:
        return f"{self.title} {self.hours}"


@tracked()
class ProfessionalAppointment(models.Model):
    """Appointment at a professional level 专业水平聘任: where a city asks for it, a certificate alone is no grade step.

    Domain §1.C4 (S2 L12).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="professional_appointments", db_index=False)
    level = models.CharField(_("聘任等级"), max_length=16, choices=CertificateLevel.choices)
    valid_from = models.DateField(_("聘任起始"))
    valid_to = models.DateField(null=True, blank=True)
    document = models.CharField(_("聘任文件"), max_length=200, blank=True)

    objects = DatedPersonalQuerySet.as_manager()

    class Meta:
        constraints = [period("professional_period"), no_overlap("professional_no_overlap", "person")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.valid_from}"
