"""Decided grades, what follows from them, and the exceptions that were allowed (domain §1.J, §1.C5, §1.E4)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from ratings.enums import (
    Change,
    ConsequenceKind,
    ConsequenceState,
    OverrideState,
    Purpose,
    ResultCause,
    Star,
    UnitKind,
)
from ratings.models.cycles import UnitRating
from ratings.models.governance import user_key
from workforce.models import Person


@tracked()
class StarGrade(models.Model):
    """The decided grade of a unit for a year; a removal or correction is another version, nothing is ever rewritten.

    `effective_from` is the first day it has effects: a removal holds from then on, a correction from the same day as
    what it corrects. `current` marks the last version of the year. Whoever prepares it is not who decides it.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("单位"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("版本"), default=1)
    unit_kind = models.CharField(_("类别"), max_length=10, choices=UnitKind.choices)
    grade = models.SmallIntegerField(_("星级"), choices=Star.choices)
    previous = models.SmallIntegerField(_("上年星级"), choices=Star.choices, null=True, blank=True)
    change = models.CharField(_("升降"), max_length=4, choices=Change.choices)
    score = models.DecimalField(_("总分"), max_digits=6, decimal_places=2, null=True, blank=True)
    unit = models.ForeignKey(UnitRating, models.PROTECT, related_name="results", null=True, blank=True)
    cause = models.CharField(_("由来"), max_length=10, choices=ResultCause.choices)
    event = models.CharField(_("事由"), max_length=300, blank=True)
    event_on = models.DateField(_("事由发生日期"), null=True, blank=True)
    decision_number = models.CharField(_("文号"), max_length=60)
    decided_on = models.DateField(_("决定日期"))
    effective_from = models.DateField(_("生效日期"))
    current = models.BooleanField(default=True)
    prepared_by = user_key(_("经办人"))
    decided_by = user_key(_("决定人"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["year", "division"], name="star_year", condition=Q(current=True))]
        constraints = [
            models.UniqueConstraint(fields=["division", "year", "number"], name="star_version"),
            models.UniqueConstraint(fields=["division", "year"], condition=Q(current=True), name="star_current"),
            models.CheckConstraint(
                condition=Q(grade__in=Star.values) & (Q(previous__isnull=True) | Q(previous__in=Star.values)),
                name="star_grades",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("prepared_by")), name="star_decider"),
            models.CheckConstraint(condition=Q(cause="cycle") | ~Q(event=""), name="star_event"),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year} {self.get_grade_display()}"


@tracked()
class Consequence(models.Model):
    """What follows from a decided grade, for a unit or one of its people, to be carried out by `due_on`.

    A bonus names `months` worked in the unit that year and the coefficient in per cent; `amount` (yuan) stays empty
    where the sources give none.
    """

    result = models.ForeignKey(StarGrade, models.PROTECT, related_name="consequences", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("单位"), related_name="+", db_index=False)
    kind = models.CharField(_("后果"), max_length=12, choices=ConsequenceKind.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("人员"), related_name="+", null=True, blank=True, db_index=False
    )
    months = models.PositiveSmallIntegerField(_("在岗月数"), null=True, blank=True)
    coefficient = models.PositiveSmallIntegerField(_("系数（%）"), null=True, blank=True)
    amount = models.PositiveIntegerField(_("金额（元）"), null=True, blank=True)
    facts = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=ConsequenceState.choices, default=ConsequenceState.OPEN)
    done_on = models.DateField(_("落实日期"), null=True, blank=True)
    note = models.CharField(_("落实情况"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "kind"], name="consequence_division"),
            models.Index(fields=["person"], name="consequence_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["result", "kind", "person"], nulls_distinct=False, name="consequence_once"),
            models.CheckConstraint(
                condition=Q(months__isnull=True) | Q(months__gte=0, months__lte=12), name="consequence_months"
            ),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_on__isnull=False), name="consequence_done"),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.get_kind_display()}"


@tracked()
class EligibilityOverride(models.Model):
    """That a unit, or one of its people, is let in for a purpose in spite of its star: asked by one, approved by another."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("单位"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose.choices)
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"), related_name="+", null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=8, choices=OverrideState.choices, default=OverrideState.ASKED)
    answer = models.CharField(_("批复意见"), max_length=300, blank=True)
    asked_by = user_key(_("申请人"))
    asked_on = models.DateField(_("申请日期"))
    answered_by = user_key(_("批准人"), null=True, blank=True)
    answered_on = models.DateField(_("批准日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "year"], name="override_division")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")), name="override_approver"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(answered_by__isnull=False, answered_on__isnull=False),
                name="override_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.get_purpose_display()}"
