import pghistory
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class State(models.TextChoices):
    OPEN = "open", _("待处理")
    ACKNOWLEDGED = "acknowledged", _("已签收")
    RESOLVED = "resolved", _("已消除")


class FindingQuerySet(ScopedQuerySet):
    def active(self):
        return self.exclude(state=State.RESOLVED)


@pghistory.track(pghistory.UpdateEvent(condition=pghistory.AnyChange("state", "acknowledged_at", "note")))
class Finding(models.Model):
    """Something a rule says should not be: opened, refreshed and resolved by `reconcile`, acknowledged by people.

    `facts` holds the numbers and the rule with its source as they were at the last look; texts come from the registry.
    """

    kind = models.CharField(_("类别"), max_length=60)
    subject = models.CharField(max_length=80)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), db_index=False)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.OPEN)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    opened_on = models.DateField(_("发现日期"))
    seen_on = models.DateField(_("最近检查"))
    resolved_on = models.DateField(_("消除日期"), null=True)
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True)
    acknowledged_by = models.CharField(_("签收人"), max_length=60, blank=True)
    note = models.CharField(_("处理说明"), max_length=500, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=~Q(state="resolved"), name="finding_active_once"
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_on__isnull=False)
                | (~Q(state="resolved") & Q(resolved_on__isnull=True)),
                name="finding_resolved_pair",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by="")),
                name="finding_acknowledged_pair",
            ),
        ]
        indexes = [
            models.Index(fields=["division", "state"], name="finding_division_state"),
            models.Index(fields=["state", "-opened_on", "id"], name="finding_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"
