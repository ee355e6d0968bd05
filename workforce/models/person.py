import uuid
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.fields import EncryptedTextField
from portal.core.lib.periods import DatedQuerySet, no_overlap, period
from portal.core.lib.scope import ScopedQuerySet, union
from portal.core.territory.models import Division
from workforce.enums import ExitReason, Sex, SpecialStatusKind


class PersonQuerySet(models.QuerySet):
    def for_user(self, user, perm: str) -> Self:
        """People who hold or held a post or grid post in the user's territory."""
        condition = union("division_id", user.territories(perm))
        if condition is None:
            return self.none()
        posts = (
            apps.get_model("workforce", name).objects.filter(condition, person_id=OuterRef("pk"))
            for name in ("Appointment", "GridPost")
        )
        return self.filter(Q(*map(Exists, posts), _connector=Q.OR))


@tracked(many=True)
class Person(models.Model):
    """A community worker, once, whatever number of posts; gone only when the import that brought them is taken back.

    ID number and telephone are encrypted; `id_number_index` is the keyed blind index that keeps ID numbers unique.
    `version` counts every change to the person and the records that hang on it: the guard against lost updates.
    `hired_on`, `left_on` and `leaving_reason` are those of the latest service; earlier ones stand in `Exit`.
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


class PersonalQuerySet(models.QuerySet):
    """Base of querysets whose rows hang on a person: seen by who may see the person."""

    def for_user(self, user, perm: str) -> Self:
        if "" in (held := user.territories(perm)):
            return self.all()
        return self.filter(person__in=Person.objects.for_user(user, perm)) if held else self.none()


class DatedPersonalQuerySet(PersonalQuerySet, DatedQuerySet):
    pass


@tracked()
class SpecialStatus(models.Model):
    """What a person is in for a time: leave that stops a clock, secondment, institution staffing."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="statuses", db_index=False)
    kind = models.CharField(_("状态"), max_length=12, choices=SpecialStatusKind.choices)
    valid_from = models.DateField(_("开始日期"))
    valid_to = models.DateField(null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = DatedPersonalQuerySet.as_manager()

    class Meta:
        constraints = [period("status_period"), no_overlap("status_no_overlap", "person", "kind")]

    def __str__(self) -> str:
        return self.get_kind_display()


@tracked()
class Exit(models.Model):
    """The end of a service with its reason (domain §1.E3). `left_on` is the last day, `division` the unit left."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="exits", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    hired_on = models.DateField(_("入职日期"), null=True, blank=True)
    left_on = models.DateField(_("离职日期"))
    reason = models.CharField(_("离职原因"), max_length=20, choices=ExitReason.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    taken_back = models.BooleanField(_("已撤回"), default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "left_on"], name="exit_division"),
            models.Index(fields=["person"], name="exit_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "left_on"], condition=Q(taken_back=False), name="exit_once"),
            models.CheckConstraint(
                condition=Q(hired_on__isnull=True) | Q(left_on__gte=F("hired_on")), name="exit_after_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_on} {self.get_reason_display()}"
