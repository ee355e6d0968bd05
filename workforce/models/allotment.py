from django.db import models

from portal.core.territory.models import Basis, Division
from portal.core.territory.stamps import stamped
from workforce.counters.allotment import BOOK


class AllotmentCounts(models.Model):
    """One column per counter of `workforce.counters.allotment.BOOK`, summed over a division and everything under it."""

    class Meta:
        abstract = True


for _counter in BOOK.counters.values():
    AllotmentCounts.add_to_class(_counter.name, models.IntegerField(default=0, db_default=0))


class AllotmentTally(AllotmentCounts):
    """Counters of a division and everything under it, as of `FiguresDay.on`; absent means all zero.

    Kept exact with the roster's tally where heads in post change, and by every change of populations and rules. `version`
    is that of the last transaction that counted the division.
    """

    division = models.OneToOneField(Division, models.CASCADE, primary_key=True, related_name="allotment_tally")
    version = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.division_id} {self.allotted}"


class AllotmentSnapshot(AllotmentCounts):
    """The tally and population of a division as they stood on a month's last day, kept as counted then (see `Snapshot`)."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="allotment_snapshots", db_index=False)
    on = models.DateField("时点")
    counted_at = models.DateTimeField("统计时间", auto_now_add=True)
    population = models.PositiveBigIntegerField(null=True)
    basis = models.CharField(max_length=20, choices=Basis.choices, blank=True, default="", db_default="")
    population_on = models.DateField(null=True)
    population_own = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "on"], name="allotment_snapshot_once")]
        indexes = [models.Index(fields=["on", "division"], name="allotment_snapshot_day")]
        triggers = stamped("snapshots")

    def __str__(self) -> str:
        return f"{self.division_id} {self.on}"
