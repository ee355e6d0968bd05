from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import no_overlap, period
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import GradeReason, Tier
from workforce.models.person import DatedPersonalQuerySet, Person


@tracked(many=True)
class GradeRecord(models.Model):
    """The pay grade of a person over [valid_from, valid_to), with reason, evidence and how it was derived (§1.C1)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="grades", db_index=False)
    tier = models.PositiveSmallIntegerField(_("岗位层级"), choices=Tier.choices)
    grade = models.PositiveSmallIntegerField(_("岗位等级"))
    valid_from = models.DateField(_("执行日期"))
    valid_to = models.DateField(null=True, blank=True)
    reason = models.CharField(_("定级原因"), max_length=12, choices=GradeReason.choices)
    evidence = models.CharField(_("依据"), max_length=200, blank=True)
    derivation = models.JSONField(encoder=DjangoJSONEncoder, default=list, blank=True)

    objects = DatedPersonalQuerySet.as_manager()

    class Meta:
        constraints = [
            period("grade_period"),
            no_overlap("grade_no_overlap", "person"),
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=40), name="grade_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.grade}"


@tracked()
class PayApproval(models.Model):
    """Leave to pay a person beyond the usual bounds (domain §1.C2); `amount` is the highest monthly pay in yuan."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="pay_approvals", db_index=False)
    amount = models.PositiveIntegerField(_("批准的月应发上限（元）"))
    reason = models.CharField(_("理由"), max_length=200)
    document = models.CharField(_("批准文件"), max_length=200)
    valid_from = models.DateField(_("执行日期"))
    valid_to = models.DateField(null=True, blank=True)
    approved_by = models.CharField(_("批准人"), max_length=60)

    objects = DatedPersonalQuerySet.as_manager()

    class Meta:
        constraints = [period("pay_approval_period"), no_overlap("pay_approval_no_overlap", "person")]

    def __str__(self) -> str:
        return f"{self.amount} {self.valid_from}"


@tracked()
class StarBonus(models.Model):
    """The share of a year's performance bonus that follows from a unit's star, one row per person, year and unit (§1.C5).

    `months` were worked in the unit in the year rated; `coefficient` is in per cent and empty where no rule gives one,
    `amount` (yuan) empty where the sources give none. `document` is the decision it follows from.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="star_bonuses", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    months = models.PositiveSmallIntegerField(_("在岗月数"))
    grade = models.SmallIntegerField(_("星级"))
    coefficient = models.PositiveSmallIntegerField(_("系数（%）"), null=True, blank=True)
    amount = models.PositiveIntegerField(_("金额（元）"), null=True, blank=True)
    document = models.CharField(_("依据文件"), max_length=60)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "year"], name="starbonus_division")]
        constraints = [
            models.UniqueConstraint(fields=["person", "year", "division", "grade"], name="starbonus_once"),
            models.CheckConstraint(condition=Q(months__gte=0, months__lte=12), name="starbonus_months"),
            models.CheckConstraint(condition=Q(grade__in=[5, 4, 3, 0]), name="starbonus_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.year}"
