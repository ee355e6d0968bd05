from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import AssessmentGrade, RankGroup, SchemeState
from workforce.models.person import Person


@tracked()
class AssessmentScheme(models.Model):
    """How the people of a territory are assessed in a year (domain §1.E): indicators, weights, lines, grades.

    `indicators` lists {key, label, line: community or grid, weight}; the weights of each line sum to 100.
    `grid_percent` is the part of the grid line for those who double as grid workers. `bands` lists {grade, least}.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("适用范围"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    name = models.CharField(_("方案名称"), max_length=100)
    indicators = models.JSONField(_("指标"), encoder=DjangoJSONEncoder)
    grid_percent = models.PositiveSmallIntegerField(_("网格工作占比（%）"), default=0)
    bands = models.JSONField(_("等次"), encoder=DjangoJSONEncoder)
    group = models.CharField(_("排名范围"), max_length=8, choices=RankGroup.choices, default=RankGroup.STREET)
    state = models.CharField(_("状态"), max_length=8, choices=SchemeState.choices, default=SchemeState.DRAFT)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "year", "name"], name="scheme_once"),
            models.CheckConstraint(condition=Q(grid_percent__lte=100), name="scheme_grid_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


@tracked()
class Assessment(models.Model):
    """The assessment of one person under a scheme; totals out of 100 with two decimals, empty until scored."""

    scheme = models.ForeignKey(AssessmentScheme, models.PROTECT, related_name="assessments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="assessments", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    grid_worker = models.BooleanField(_("兼任网格员"), default=False)
    scores = models.JSONField(_("得分"), encoder=DjangoJSONEncoder, default=dict)
    community = models.DecimalField(_("社区工作得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    grid = models.DecimalField(_("网格工作得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.CharField(_("等次"), max_length=10, choices=AssessmentGrade.choices, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division"], name="assessment_division"),
            models.Index(fields=["person"], name="assessment_person"),
        ]
        constraints = [models.UniqueConstraint(fields=["scheme", "person"], name="assessment_once")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.total}"
