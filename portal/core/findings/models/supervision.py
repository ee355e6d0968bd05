from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.findings.models.finding import Finding
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class SupervisionState(models.TextChoices):
    ISSUED = "issued", _("待回复")
    REPLIED = "replied", _("待审核")
    RETURNED = "returned", _("已退回")
    CLOSED = "closed", _("已办结")


# What may follow what; the acts are issue, reply, send back, close.
SUPERVISION_NEXT = {
    SupervisionState.ISSUED: {SupervisionState.REPLIED, SupervisionState.CLOSED},
    SupervisionState.REPLIED: {SupervisionState.RETURNED, SupervisionState.CLOSED},
    SupervisionState.RETURNED: {SupervisionState.REPLIED, SupervisionState.CLOSED},
    SupervisionState.CLOSED: set(),
}
AWAITING_REPLY = (SupervisionState.ISSUED, SupervisionState.RETURNED)


@tracked()
class Supervision(models.Model):
    """A supervision notice 督办单: a district or city asks the level below to deal with findings by a day and to reply.

    `division` is who has to reply, `issuer` who asks; `serial` counts the issuer's notices of a year. `due_on` is the
    last day of `working_days` working days, counted anew when a reply is sent back.
    """

    issuer = models.ForeignKey(Division, models.PROTECT, verbose_name=_("发单单位"), related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("序号"))
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("受办单位"), related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=SupervisionState.choices, default=SupervisionState.ISSUED)
    text = models.TextField(_("督办要求"), max_length=2000)
    issued_on = models.DateField(_("发出日期"))
    working_days = models.PositiveSmallIntegerField(_("办理期限（工作日）"))
    due_on = models.DateField(_("回复期限"))
    issued_by = models.CharField(_("发单人"), max_length=60)
    closed_on = models.DateField(_("办结日期"), null=True)
    version = models.PositiveIntegerField(default=1)
    findings = models.ManyToManyField(Finding, through="SupervisionFinding", related_name="supervisions")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "serial"], name="supervision_number"),
            models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="supervision_period"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="supervision_closed_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number on the paper: 960101 督〔2026〕3号."""
        return f"{self.issuer_id} 督〔{self.year}〕{self.serial}号"


class SupervisionFinding(models.Model):
    """A finding that a supervision notice is about."""

    supervision = models.ForeignKey(Supervision, models.CASCADE, related_name="items")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="supervision_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supervision", "finding"], name="supervision_finding_once")]

    def __str__(self) -> str:
        return f"{self.supervision_id} {self.finding_id}"


class SupervisionStep(models.Model):
    """What happened to a supervision notice: issued, replied, sent back, closed, with what was written."""

    supervision = models.ForeignKey(Supervision, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=8, choices=SupervisionState.choices)
    text = models.TextField(max_length=2000, blank=True)
    due_on = models.DateField(null=True)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.supervision_id} {self.state}"
