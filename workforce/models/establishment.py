from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import DatedQuerySet, no_overlap, period
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import ApplicationState, WorkerClass
from workforce.models.appointment import Appointment


@tracked()
class PostApplication(models.Model):
    """A street asks for posts, the district approves all or part, or refuses with a reason."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    worker_class = models.CharField(_("人员类别"), max_length=10, choices=WorkerClass.choices)
    posts = models.PositiveSmallIntegerField(_("申请员额"))
    starts_on = models.DateField(_("启用日期"))
    reason = models.CharField(_("申请理由"), max_length=500)
    state = models.CharField(
        _("状态"), max_length=10, choices=ApplicationState.choices, default=ApplicationState.SUBMITTED
    )
    approved_posts = models.PositiveSmallIntegerField(_("批准员额"), null=True, blank=True)
    decision_reason = models.CharField(_("审批意见"), max_length=500, blank=True)
    document = models.CharField(_("批准文件"), max_length=200, blank=True)
    applied_by = models.CharField(_("申请人"), max_length=60)
    applied_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_by = models.CharField(_("审批人"), max_length=60, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "state"], name="application_division")]
        constraints = [
            models.CheckConstraint(condition=Q(posts__gt=0), name="application_posts"),
            models.CheckConstraint(
                condition=Q(state="approved", approved_posts__gt=0, approved_posts__lte=F("posts"))
                | (~Q(state="approved") & Q(approved_posts__isnull=True)),
                name="application_approved_posts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.get_worker_class_display()} {self.posts}"


class EstablishmentQuerySet(ScopedQuerySet, DatedQuerySet):
    pass


@tracked()
class Establishment(models.Model):
    """Approved positions 核定员额 of one class in a community over [valid_from, valid_to)."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    worker_class = models.CharField(_("人员类别"), max_length=10, choices=WorkerClass.choices)
    posts = models.PositiveSmallIntegerField(_("核定员额"))
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(null=True, blank=True)
    document = models.CharField(_("依据文件"), max_length=200)
    application = models.ForeignKey(PostApplication, models.PROTECT, null=True, blank=True, related_name="+")

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        constraints = [
            period("establishment_period"),
            no_overlap("establishment_no_overlap", "division", "worker_class"),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.get_worker_class_display()} {self.posts}"


@tracked()
class QuotaException(models.Model):
    """An appointment beyond the approved positions, allowed with a reason by whom posts are decided."""

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="quota_exception")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(_("理由"), max_length=500)
    document = models.CharField(_("批准文件"), max_length=200, blank=True)
    approved_by = models.CharField(_("批准人"), max_length=60)
    approved_at = models.DateTimeField(_("批准时间"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.division_id} {self.reason}"
