import uuid
from typing import Self

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.fields import EncryptedTextField
from portal.core.lib.scope import union
from workforce.enums import CertificateLevel, ContractKind, Sex


class PersonQuerySet(models.QuerySet):
    def for_user(self, user, perm: str) -> Self:
        """People who hold or held a post in the user's territory."""
        condition = union("division_id", user.territories(perm))
        if condition is None:
            return self.none()
        posts = apps.get_model("workforce", "Appointment").objects.filter(condition, person_id=OuterRef("pk"))
        return self.filter(Exists(posts))


@tracked()
class Person(models.Model):
    """A community worker, once, whatever number of posts; never deleted.

    ID number and telephone are encrypted; `id_number_index` is the keyed blind index that keeps ID numbers unique.
    `version` counts every change to the person, the posts, contracts and certificates: the guard against lost updates.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("姓名"), max_length=60)
    name_pinyin = models.CharField(max_length=120, db_collation="C")
    name_initials = models.CharField(max_length=20, db_collation="C")
    id_number = EncryptedTextField(_("身份证号"))
    id_number_index = models.BinaryField(max_length=32, unique=True)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex.choices)
    birth_date = models.DateField(_("出生日期"))
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    political_status = models.CharField(_("政治面貌"), max_length=20, blank=True)
    education = models.CharField(_("学历"), max_length=20, blank=True)
    degree = models.CharField(_("学位"), max_length=20, blank=True)
    major = models.CharField(_("专业"), max_length=60, blank=True)
    phone = EncryptedTextField(_("联系电话"), null=True, blank=True)
    hired_on = models.DateField(_("入职日期"), null=True, blank=True)
    left_on = models.DateField(_("离职日期"), null=True, blank=True)
    leaving_reason = models.CharField(_("离职原因"), max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["name_pinyin", "id"], name="person_pinyin")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(hired_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                name="person_service_period",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("worker", args=[self.pk])


@tracked()
class Contract(models.Model):
    """A labour contract or service agreement over [valid_from, valid_to); one at a time per person."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="contracts", db_index=False)
    kind = models.CharField(_("合同类型"), max_length=8, choices=ContractKind.choices)
    party = models.CharField(_("用工主体"), max_length=100, blank=True)
    valid_from = models.DateField(_("合同起始"))
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="contract_period"
            ),
            ExclusionConstraint(
                name="contract_no_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from", "valid_to", Value("[)"), function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from}"


@tracked()
class Certificate(models.Model):
    """A vocational certificate; the best one counts, persons are counted and not certificates (domain §1.D2)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates", db_index=False)
    level = models.CharField(_("证书等级"), max_length=16, choices=CertificateLevel.choices)
    number = models.CharField(_("证书编号"), max_length=60, blank=True)
    obtained_on = models.DateField(_("证书取得日期"))
    registered_on = models.DateField(_("登记日期"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "level"], name="certificate_once_per_level")]

    def __str__(self) -> str:
        return self.get_level_display()
