from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import DatedQuerySet, no_overlap, only_equal, period
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import Body, Entry, Tier
from workforce.models.person import Person


class AppointmentQuerySet(ScopedQuerySet, DatedQuerySet):
    pass


@tracked(many=True)
class Appointment(models.Model):
    """A post held by a person in a community over [valid_from, valid_to): one row of the roster."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", db_index=False)
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("社区"), related_name="appointments", db_index=False
    )
    body = models.CharField(_("任职机构"), max_length=12, choices=Body.choices)
    title = models.CharField(_("职务"), max_length=60)
    tier = models.PositiveSmallIntegerField(_("岗位层级"), choices=Tier.choices)
    grade = models.PositiveSmallIntegerField(_("岗位等级"), null=True, blank=True)
    entry = models.CharField(_("任职方式"), max_length=10, choices=Entry.choices)
    full_time = models.BooleanField(_("是否专职"), default=True)
    managed = models.BooleanField(_("纳入管理"), default=True)
    grid_worker = models.BooleanField(_("兼任网格员"), default=False)
    valid_from = models.DateField(_("任职起始"))
    valid_to = models.DateField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "valid_from"], name="appointment_division"),
            models.Index(fields=["person"], name="appointment_person"),
        ]
        constraints = [
            period("appointment_period"),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__gte=1, grade__lte=18), name="appointment_grade"
            ),
            no_overlap("appointment_no_overlap", "person", only_equal("division"), "body", "title"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.title}"
