import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.codes import KEY_OF_LEVEL, LENGTHS, Level, ancestors
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.stamps import stamped


class DivisionKind(models.TextChoices):
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    DISTRICT = "district", _("区县")
    STREET = "street", _("街道")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    ZONE = "zone", _("类似乡级单位")
    RESIDENTS = "residents", _("社区居委会")
    RESIDENTS_ZONE = "residents_zone", _("类似居委会")
    VILLAGERS = "villagers", _("村委会")
    VILLAGERS_ZONE = "villagers_zone", _("类似村委会")


LEVEL_LABELS = {
    Level.PROVINCE: _("省级"),
    Level.CITY: _("市级"),
    Level.DISTRICT: _("区县"),
    Level.STREET: _("街道乡镇"),
    Level.COMMUNITY: _("社区"),
}


class DivisionQuerySet(ScopedQuerySet):
    division_field = "code"

    def in_force(self, on):
        """Divisions that exist on the day `on`; an open start means: before records begin."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        )


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Division(models.Model):
    """A division of the country at one of five levels; `code` is the statistical code, a subtree a range of codes.

    `formal` marks rows such as 市辖区 that exist only to fill the coding scheme: kept as nodes, passed over on screens.
    `urban` marks residents' committees and everything that contains one: the 18-per-10,000 rule knows only these.
    """

    code = models.CharField(_("区划代码"), max_length=12, primary_key=True, db_collation="C")
    name = models.CharField(_("名称"), max_length=60)
    label = models.CharField(_("显示名称"), max_length=60)
    initials = models.CharField(_("拼音首字母"), max_length=60, db_collation="C")
    level = models.PositiveSmallIntegerField(_("层级"), choices=[(int(k), v) for k, v in LEVEL_LABELS.items()])
    kind = models.CharField(_("类别"), max_length=16, choices=DivisionKind.choices)
    formal = models.BooleanField(default=False)
    urban = models.BooleanField(default=False)
    # Rows are closed and never deleted, so a prefix check guards the parent at a fraction of a foreign key's cost.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", db_index=False, db_constraint=False
    )
    valid_from = models.DateField(_("启用日期"), null=True)
    valid_to = models.DateField(_("撤销日期"), null=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="predecessors", db_index=False, db_constraint=False
    )

    objects = DivisionQuerySet.as_manager()

    class Meta:
        indexes = [
            # Communities, 93 % of the rows, are read by code range alone.
            models.Index(fields=["level", "code"], name="division_level_code", condition=Q(level__lt=5)),
        ]
        constraints = [
            models.CheckConstraint(condition=In(Length("code"), LENGTHS), name="division_code_length"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(parent=Left("code", Length("parent"))),
                name="division_parent_is_prefix",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="division_period",
            ),
        ]
        triggers = stamped("divisions")

    def __str__(self) -> str:
        return self.label

    @property
    def level_key(self) -> str:
        return KEY_OF_LEVEL[self.level]

    @property
    def ancestor_codes(self) -> list[str]:
        return ancestors(self.code)


class Basis(models.TextChoices):
    """Statistical basis of a population (domain §2.8); figures of different bases are never added or compared."""

    URBAN_PERMANENT = "urban_permanent", _("城镇常住人口")
    PERMANENT = "permanent", _("常住人口")
    ACTUAL = "actual", _("实有人口")
    LEDGER = "ledger", _("社区台账人口")
    REGISTERED = "registered", _("户籍人口")


@tracked()
class Population(models.Model):
    """A population of a division on a reference date, with its basis and source."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="populations", db_index=False)
    on = models.DateField(_("时点"))
    basis = models.CharField(_("口径"), max_length=20, choices=Basis.choices)
    value = models.PositiveBigIntegerField(_("人口"))
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "basis", "on"], name="population_once"),
            models.CheckConstraint(condition=Q(value__gt=0), name="population_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.on} {self.basis} {self.value}"


class PopulationTotal(models.Model):
    """Today's population of a division by basis: its own latest record, else the sum of its urban children's.

    Rebuilt from `Population` by `refresh_totals`; `on` is the oldest reference date among the records summed.
    """

    division = models.ForeignKey(Division, models.CASCADE, related_name="population_totals", db_index=False)
    basis = models.CharField(max_length=20, choices=Basis.choices)
    value = models.PositiveBigIntegerField()
    households = models.PositiveIntegerField(null=True)
    on = models.DateField()
    own = models.BooleanField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "basis"], name="population_total_once")]
        triggers = stamped("populations", place="division_id")

    def __str__(self) -> str:
        return f"{self.division_id} {self.basis} {self.value}"


class FiguresDay(models.Model):
    """The single day that population totals and tallies are true for; figures of other days are counted from rows."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="figures_day_single")]

    def __str__(self) -> str:
        return str(self.on)
