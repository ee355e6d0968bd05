from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import DatedQuerySet
from portal.core.territory.models import Division
from portal.core.territory.stamps import stamped


@tracked()
class PolicyRule(models.Model):
    """A rule of one kind in one territory over [valid_from, valid_to), with the document that sets it.

    No division means the whole country. The nearest ancestor's rule in force on the day wins (`rule_for`).
    """

    kind = models.CharField(_("规则"), max_length=60)
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("适用范围"), null=True, blank=True, db_index=False
    )
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    value = models.JSONField(_("内容"), encoder=DjangoJSONEncoder)
    document = models.CharField(_("依据文件"), max_length=200)
    article = models.CharField(_("条款"), max_length=100, blank=True)
    entered_by = models.CharField(_("录入人"), max_length=60)
    entered_at = models.DateTimeField(_("录入时间"), auto_now_add=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="policy_period"
            ),
            ExclusionConstraint(
                name="policy_no_overlap",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (Coalesce("division_id", Value("")), RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from", "valid_to", Value("[)"), function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = stamped("rules", place="division_id")

    def __str__(self) -> str:
        return f"{self.kind} {self.division_id or '全国'} {self.valid_from}"

    @property
    def source(self) -> str:
        return f"{self.document} {self.article}".strip()
