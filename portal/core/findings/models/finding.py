import pghistory
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _

from portal.core.findings.models.count import counted
from portal.core.lib.clock import today
from portal.core.lib.codes import ancestors, level_of
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class State(models.TextChoices):
    OPEN = "open", _("待处理")
    ACKNOWLEDGED = "acknowledged", _("已签收")
    PLANNED = "planned", _("已列计划")
    EXCUSED = "excused", _("暂不处理")
    RESOLVED = "resolved", _("已消除")


class Holder(models.IntegerChoices):
    """The level of offices that has to act on a finding; escalation moves it one step towards the city."""

    CITY = 2, _("市级")
    DISTRICT = 3, _("区级")
    STREET = 4, _("街镇")


RESTING = (State.PLANNED, State.EXCUSED)
DUE = F("due_on").asc(nulls_last=True)
GAP = KeyTransform("gap", "facts").desc(nulls_last=True)
ORDERS = {
    "due": (DUE, GAP, "opened_on", "id"),
    "gap": (GAP, DUE, "opened_on", "id"),
    "oldest": ("opened_on", DUE, "id"),
}
"""The orders that findings of a kind are read in; each has an index, which gives the first ones of millions at once."""
HOLDER_DIGITS = {Holder.CITY: 4, Holder.DISTRICT: 6, Holder.STREET: 9}


def first_holder(code: str) -> Holder:
    """Who holds a new finding about a division: a community's belongs to its street."""
    return Holder(min(max(level_of(code), Holder.CITY), Holder.STREET))


def acting_level(territory: str) -> Holder:
    """As which level the offices of a territory act; the country acts as a city does, for all of them."""
    return first_holder(territory) if territory else Holder.CITY


class FindingQuerySet(ScopedQuerySet):
    def active(self):
        return self.exclude(state=State.RESOLVED)


@pghistory.track(
    pghistory.UpdateEvent(
        condition=pghistory.AnyChange(
            "state", "acknowledged_at", "note", "planned_for", "excused_until", "held_level", "held_since"
        )
    )
)
class Finding(models.Model):
    """Something a rule says should not be: opened, refreshed and resolved by `reconcile`, handled by people in between.

    `facts` holds the numbers and the rule with its source as they were at the last look; texts come from the registry.
    `seen_on` is the day on which these were last seen to differ; the run log knows the last look (`last_looks`).
    `due_on` is the day by which it should be gone, where the rule names one. `held_level` and the division say whose it
    is, `held_since` from when the days until escalation count. A finding that is planned (until the day `planned_for`)
    or excused (up to and with `excused_until`) rests since `rest_from`: its days do not count. `version` changes
    whenever anything but the nightly look changes it: the guard against lost updates.
    """

    kind = models.CharField(_("类别"), max_length=60)
    subject = models.CharField(max_length=80)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), db_index=False)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.OPEN)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    opened_on = models.DateField(_("发现日期"))
    seen_on = models.DateField(_("最近检查"))
    due_on = models.DateField(_("期限"), null=True)
    resolved_on = models.DateField(_("消除日期"), null=True)
    held_level = models.PositiveSmallIntegerField(_("处理层级"), choices=Holder.choices, default=Holder.STREET)
    held_since = models.DateField(_("转入日期"), default=today)
    planned_for = models.DateField(_("计划完成日期"), null=True)
    excused_until = models.DateField(_("暂缓至"), null=True)
    rest_from = models.DateField(null=True)
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True)
    acknowledged_by = models.CharField(_("签收人"), max_length=60, blank=True)
    note = models.CharField(_("处理说明"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

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
            models.CheckConstraint(
                condition=Q(state="planned", planned_for__isnull=False, excused_until__isnull=True)
                | Q(state="excused", planned_for__isnull=True, excused_until__isnull=False)
                | (~Q(state__in=["planned", "excused"]) & Q(planned_for__isnull=True, excused_until__isnull=True)),
                name="finding_rest_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "excused"], rest_from__isnull=False)
                | (~Q(state__in=["planned", "excused"]) & Q(rest_from__isnull=True)),
                name="finding_rest_has_a_start",
            ),
            models.CheckConstraint(condition=Q(held_level__in=[2, 3, 4]), name="finding_held_level"),
        ]
        indexes = [
            # Every count of a small place comes from the index alone.
            models.Index(fields=["division", "state", "kind", "held_level"], name="finding_counts"),
            # Three levels and a score of kinds are skipped through, so it serves a place with or without either of them.
            models.Index(
                fields=["held_level", "kind", "division"], name="finding_held_kind", condition=~Q(state="resolved")
            ),
            *(models.Index("kind", "state", *order, name=f"finding_by_{key}") for key, order in ORDERS.items()),
            models.Index(fields=["state", "-opened_on", "id"], name="finding_inbox"),
            models.Index(fields=["due_on", "id"], name="finding_due_first", condition=~Q(state="resolved")),
            models.Index(fields=["kind", "subject"], name="finding_earlier", condition=Q(state="resolved")),
        ]
        triggers = counted()

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"

    @property
    def holder_code(self) -> str:
        """Code of the division whose offices hold the finding."""
        digits = HOLDER_DIGITS[self.held_level]
        codes = [self.division_id, *ancestors(self.division_id)]
        return next(code for code in codes if len(code) <= digits)
