from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import AwardLevel, NominationStage, RecruitmentGroup, RecruitmentKind
from workforce.models.person import Person


@tracked()
class DirectedRecruitment(models.Model):
    """Posts that a district sets aside for community workers in a year, per kind and group (domain §1.G)."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("岗位性质"), max_length=14, choices=RecruitmentKind.choices)
    group = models.CharField(_("面向对象"), max_length=8, choices=RecruitmentGroup.choices)
    posts = models.PositiveSmallIntegerField(_("岗位数"))
    applicants = models.PositiveIntegerField(_("报名人数"), null=True, blank=True)
    hired = models.PositiveSmallIntegerField(_("录用人数"), null=True, blank=True)
    document = models.CharField(_("公告或文件"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "year", "kind", "group"], name="recruitment_once"),
            models.CheckConstraint(
                condition=Q(hired__isnull=True) | Q(hired__lte=F("posts")), name="recruitment_hired"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year} {self.get_kind_display()} {self.get_group_display()}"


@tracked()
class Award(models.Model):
    """An honour of a year with the number that a territory may put forward; no quota means no limit."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("推荐地区"), related_name="+", db_index=False)
    name = models.CharField(_("荣誉名称"), max_length=100)
    level = models.CharField(_("层级"), max_length=10, choices=AwardLevel.choices)
    year = models.PositiveSmallIntegerField(_("年度"))
    quota = models.PositiveSmallIntegerField(_("名额"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "year", "name"], name="award_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


@tracked()
class Nomination(models.Model):
    """A person put forward for an honour, and how far it went."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="nominations", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="nominations", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    stage = models.CharField(
        _("进度"), max_length=12, choices=NominationStage.choices, default=NominationStage.NOMINATED
    )
    decided_on = models.DateField(_("日期"), null=True, blank=True)
    reason = models.CharField(_("事迹或理由"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division"], name="nomination_division"),
            models.Index(fields=["person"], name="nomination_person"),
        ]
        constraints = [models.UniqueConstraint(fields=["award", "person"], name="nomination_once")]

    def __str__(self) -> str:
        return f"{self.award} {self.person}"
