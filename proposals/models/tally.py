from django.db import models

from portal.core.territory.models import Basis, Division
from portal.core.territory.stamps import stamped
from proposals.counters import BOOK


class Counts(models.Model):
    """One column per counter of `proposals.counters.BOOK`: what an office has and what all under it have, together."""

    class Meta:
        abstract = True


for _counter in BOOK.counters.values():
    Counts.add_to_class(_counter.name, models.IntegerField(default=0, db_default=0))


class Tally(Counts):
    """Counters of a division and everything under it, as of `FiguresDay.on`; absent means all zero.

    Kept exact by `proposals.actions.tallies.refresh_tallies` in the transaction of every change.
    """

    division = models.OneToOneField(Division, models.CASCADE, primary_key=True, related_name="proposal_tally")
    version = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.division_id} {self.proposals}"


class Snapshot(Counts):
    """The tally of a division as it stood on a month's last day, kept as counted then (see workforce)."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="proposal_snapshots", db_index=False)
    on = models.DateField("时点")
    counted_at = models.DateTimeField("统计时间", auto_now_add=True)
    population = models.PositiveBigIntegerField(null=True)
    basis = models.CharField(max_length=20, choices=Basis.choices, blank=True, default="", db_default="")
    population_on = models.DateField(null=True)
    population_own = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "on"], name="proposal_snapshot_once")]
        indexes = [models.Index(fields=["on", "division"], name="proposal_snapshot_day")]
        triggers = stamped("snapshots")

    def __str__(self) -> str:
        return f"{self.division_id} {self.on}"
