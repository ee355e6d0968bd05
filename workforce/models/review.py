from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import CaseKind, CaseOutcome, CaseRoute, CaseState
from workforce.models.person import Person


@tracked()
class ReviewCase(models.Model):
    """A case in which people decide what follows from an overdue certificate or a low rank (domain §2.11).

    The portal opens it and never decides it: notice, hearing, training or transfer, decision, document. `due_on` is
    the day that was missed; `extended_to` the last day that a decision gives for the certificate instead, from the day
    the case is closed.
    """

    kind = models.CharField(_("事由"), max_length=20, choices=CaseKind.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    due_on = models.DateField(_("应满足日期"))
    route = models.CharField(_("程序"), max_length=8, choices=CaseRoute.choices)
    state = models.CharField(_("阶段"), max_length=8, choices=CaseState.choices, default=CaseState.NOTICE)
    state_since = models.DateField(_("进入本阶段日期"))
    outcome = models.CharField(_("结果"), max_length=14, choices=CaseOutcome.choices, blank=True)
    extended_to = models.DateField(_("取证期限延长至"), null=True, blank=True)
    opened_on = models.DateField(_("立案日期"))
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "state"], name="case_division"),
            models.Index(fields=["person"], name="case_person"),
            models.Index(fields=["person"], name="case_extended", condition=Q(extended_to__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "person", "due_on"], name="case_once"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) & ~Q(outcome="")
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="case_closed_pair",
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True)
                | Q(kind="certificate_deadline", outcome="extended", extended_to__gt=F("due_on")),
                name="case_extension",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.division_id} {self.due_on}"

    @property
    def paper(self) -> str:
        """Number of the document in which the decision was issued; empty before."""
        issued = self.steps.filter(stage=CaseState.DOCUMENT).exclude(document="")
        return issued.values_list("document", flat=True).last() or ""


@tracked()
class ReviewStep(models.Model):
    """One step of a case as it was taken: what was done on which day, with which document, by whom."""

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="steps")
    stage = models.CharField(_("阶段"), max_length=8, choices=CaseState.choices)
    on = models.DateField(_("办理日期"))
    note = models.CharField(_("办理情况"), max_length=1000)
    document = models.CharField(_("文书编号"), max_length=100, blank=True)
    taken_by = models.CharField(_("办理人"), max_length=60)
    taken_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.on}"

    @property
    def corrects(self) -> bool:
        """Whether the step took a decision back; the step that issues a decision always has a document."""
        return self.stage == CaseState.CLOSED or (self.stage == CaseState.DOCUMENT and not self.document)
