"""What the service records of a community are about: its households, shops, facilities and the bodies it has."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import DatedQuerySet, no_overlap, period
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from ratings.enums import FacilityFunction, FacilityKind, FeatureKind, PremisesKind
from workforce.models import Grid


class PlaceQuerySet(ScopedQuerySet, DatedQuerySet):
    pass


@tracked()
class Premises(models.Model):
    """A household 住户 or shop 商户 that is visited (domain §1.H1); `label` is an address or trade name, no person's name."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    kind = models.CharField(_("类别"), max_length=10, choices=PremisesKind.choices)
    label = models.CharField(_("门牌或店名"), max_length=80)
    grid = models.ForeignKey(
        Grid, models.PROTECT, verbose_name=_("网格"), related_name="+", null=True, blank=True, db_index=False
    )
    valid_from = models.DateField(_("迁入或开业日期"))
    valid_to = models.DateField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [period("premises_period"), no_overlap("premises_no_overlap", "division", "kind", "label")]

    def __str__(self) -> str:
        return self.label


@tracked()
class Facility(models.Model):
    """A service facility with its floor space in square metres (domain §1.H6 to H8)."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    name = models.CharField(_("设施名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=10, choices=FacilityKind.choices)
    area = models.DecimalField(_("建筑面积（平方米）"), max_digits=9, decimal_places=2)
    public_area = models.DecimalField(
        _("居民活动面积（平方米）"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    functions = ArrayField(
        models.CharField(max_length=12, choices=FacilityFunction.choices),
        verbose_name=_("功能"),
        default=list,
        blank=True,
    )
    rated = models.CharField(_("评定等级"), max_length=40, blank=True)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            period("facility_period"),
            no_overlap("facility_no_overlap", "division", "name"),
            models.CheckConstraint(condition=Q(area__gt=0), name="facility_area"),
            models.CheckConstraint(
                condition=Q(public_area__isnull=True) | Q(public_area__gte=0, public_area__lte=F("area")),
                name="facility_public_area",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Feature(models.Model):
    """What a community or village has or is since a day: one of the six organisations, a service, a pilot (domain §1.H, 1.I)."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    kind = models.CharField(_("事项"), max_length=16, choices=FeatureKind.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [period("feature_period"), no_overlap("feature_no_overlap", "division", "kind")]

    def __str__(self) -> str:
        return self.get_kind_display()
