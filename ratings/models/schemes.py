"""Schemes: by which items, weights and bands the units of a territory are rated in a year (domain §1.J, §2.6)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from ratings.enums import ItemKind, RatingSchemeState, UnitKind
from ratings.models.governance import user_key


@tracked()
class RatingScheme(models.Model):
    """How the communities, or the villages, under a division are rated in a year.

    The points of its scored items add up to 100; `bands` lists {grade, least}: the least total of a grade, best first.
    Once in use it is never changed: another version takes its place.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("适用范围"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    unit_kind = models.CharField(_("对象"), max_length=10, choices=UnitKind.choices)
    version_number = models.PositiveSmallIntegerField(_("版本"), default=1)
    name = models.CharField(_("方案名称"), max_length=100)
    document = models.CharField(_("依据文件"), max_length=200, blank=True)
    bands = models.JSONField(_("星级分数线"), encoder=DjangoJSONEncoder)
    state = models.CharField(
        _("状态"), max_length=8, choices=RatingSchemeState.choices, default=RatingSchemeState.DRAFT
    )
    entered_by = user_key(_("编制人"))
    approved_by = user_key(_("批准人"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "year", "unit_kind", "version_number"], name="rating_scheme_once"
            ),
            models.UniqueConstraint(
                fields=["division", "year", "unit_kind"], condition=Q(state="in_use"), name="rating_scheme_in_use"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("entered_by")), name="rating_scheme_approver"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(approved_by__isnull=False), name="rating_scheme_approved"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class SchemeItem(models.Model):
    """One item of a scheme.

    `points` is the most that a scored item gives, that a bonus adds or a penalty takes per event; a veto has none.
    An automatic item names the `indicator` it is scored from: `steps` lists {least, percent} of the points by the value of
    the figure, best first; without steps it gives all points where the figure's own target is met, else none.
    `cap` bounds what all bonus, or all penalty, events of the item come to.
    """

    scheme = models.ForeignKey(RatingScheme, models.CASCADE, related_name="items", db_index=False)
    order = models.PositiveSmallIntegerField(_("次序"))
    group = models.CharField(_("类别"), max_length=40, blank=True)
    label = models.CharField(_("指标"), max_length=100)
    standard = models.CharField(_("评分标准"), max_length=500, blank=True)
    kind = models.CharField(_("性质"), max_length=8, choices=ItemKind.choices, default=ItemKind.SCORE)
    points = models.DecimalField(_("分值"), max_digits=5, decimal_places=2, default=0)
    cap = models.DecimalField(_("合计上限"), max_digits=5, decimal_places=2, null=True, blank=True)
    indicator = models.CharField(_("自动取数指标"), max_length=60, blank=True)
    steps = models.JSONField(_("分档"), encoder=DjangoJSONEncoder, default=list, blank=True)
    evidence = models.BooleanField(_("须附佐证"), default=False)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "order"], name="scheme_item_order"),
            models.CheckConstraint(condition=Q(points__gte=0), name="scheme_item_points"),
            models.CheckConstraint(condition=~Q(kind="veto") | Q(points=0), name="scheme_item_veto"),
            models.CheckConstraint(condition=Q(kind="score") | Q(indicator=""), name="scheme_item_automatic"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def automatic(self) -> bool:
        return bool(self.indicator)
