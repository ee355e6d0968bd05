"""What is prepared by one and waits for another to decide: taking a star away within the year, correcting a result."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from ratings.enums import DraftState, ResultCause, Star
from ratings.models.governance import user_key
from ratings.models.results import StarGrade


@tracked()
class StarDraft(models.Model):
    """A removal or correction of the result `replaces`, as prepared; deciding it makes the next version of the result.

    A removal lowers the grade. At most one draft of a unit waits at a time.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("单位"), related_name="+", db_index=False)
    replaces = models.ForeignKey(StarGrade, models.PROTECT, related_name="drafts", db_index=False)
    made = models.OneToOneField(StarGrade, models.PROTECT, related_name="draft", null=True, blank=True)
    cause = models.CharField(_("由来"), max_length=10, choices=ResultCause.choices)
    grade = models.SmallIntegerField(_("改为"), choices=Star.choices)
    event = models.CharField(_("事由"), max_length=300)
    event_on = models.DateField(_("事由发生日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=DraftState.choices, default=DraftState.PREPARED)
    answer = models.CharField(_("决定意见"), max_length=300, blank=True)
    prepared_by = user_key(_("经办人"))
    prepared_on = models.DateField(_("经办日期"))
    decided_by = user_key(_("决定人"), null=True, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["replaces"], name="star_draft_replaces")]
        constraints = [
            models.UniqueConstraint(fields=["division"], condition=Q(state="prepared"), name="star_draft_waiting"),
            models.CheckConstraint(
                condition=Q(cause__in=["removal", "correction"]) & Q(grade__in=Star.values) & ~Q(event=""),
                name="star_draft_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "refused"]) | Q(decided_by__isnull=False, decided_on__isnull=False),
                name="star_draft_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("prepared_by")), name="star_draft_decider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.get_cause_display()}"
