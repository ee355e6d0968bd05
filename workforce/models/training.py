from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import TrainingKind, TrainingLevel, TrainingResult
from workforce.models.person import Person


@tracked()
class TrainingClass(models.Model):
    """A training class (domain §1.F). `division` is the territory of who runs it; cost in yuan."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("举办地区"), related_name="+", db_index=False)
    level = models.CharField(_("层级"), max_length=8, choices=TrainingLevel.choices)
    kind = models.CharField(_("类别"), max_length=14, choices=TrainingKind.choices)
    title = models.CharField(_("班次名称"), max_length=100)
    topic = models.CharField(_("主题"), max_length=100, blank=True)
    organiser = models.CharField(_("举办单位"), max_length=100)
    starts_on = models.DateField(_("开班日期"))
    ends_on = models.DateField(_("结业日期"))
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)
    cost = models.PositiveIntegerField(_("经费（元）"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "starts_on"], name="class_division")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="class_days"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="class_hours"),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class Enrolment(models.Model):
    """A person in a class; `attended` is empty until attendance is taken. `division` is the unit at that time."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    attended = models.BooleanField(_("到课"), null=True, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1, null=True, blank=True)
    result = models.CharField(_("结业结果"), max_length=6, choices=TrainingResult.choices, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division"], name="enrolment_division"),
            models.Index(fields=["person"], name="enrolment_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["training_class", "person"], name="enrolment_once"),
            models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__gte=0), name="enrolment_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.training_class} {self.person}"
