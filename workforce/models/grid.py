from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import DatedQuerySet, no_overlap, period
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import GridRole
from workforce.models.person import Person


class GridQuerySet(ScopedQuerySet, DatedQuerySet):
    pass


@tracked()
class Grid(models.Model):
    """A grid 网格 of a community, served by one team (domain §1.A5)."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="grids", db_index=False)
    name = models.CharField(_("网格名称"), max_length=60)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    micro_grids = models.PositiveSmallIntegerField(_("微网格数"), null=True, blank=True)
    valid_from = models.DateField(_("设立日期"))
    valid_to = models.DateField(null=True, blank=True)

    objects = GridQuerySet.as_manager()

    class Meta:
        constraints = [period("grid_period"), no_overlap("grid_no_overlap", "division", "name")]

    def __str__(self) -> str:
        return self.name


@tracked()
class GridPost(models.Model):
    """A person in a grid's team. Grid workers are no heads of the staffing ratio unless also appointed as workers."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="posts", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="grid_posts", db_index=False)
    role = models.CharField(_("网格职务"), max_length=10, choices=GridRole.choices)
    valid_from = models.DateField(_("任职起始"))
    valid_to = models.DateField(null=True, blank=True)

    objects = GridQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "valid_from"], name="gridpost_division"),
            models.Index(fields=["person"], name="gridpost_person"),
            models.Index(fields=["grid"], name="gridpost_grid"),
        ]
        constraints = [
            period("gridpost_period"),
            # The person first: who asks for somebody's posts is led to this index, and would search all of it otherwise.
            no_overlap("gridpost_no_overlap", "person", "grid", "role"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"
