from django.db import models

from portal.core.territory.models import Division


class Tally(models.Model):
    """Counters of a division and everything under it, as of `FiguresDay.on`; absent means all zero.

    Kept exact by `refresh_tallies` in the transaction of every roster change, recounted by `recount`.
    """

    division = models.OneToOneField(Division, models.CASCADE, primary_key=True, related_name="tally")
    workers = models.IntegerField(default=0, help_text="heads of the staffing ratio")
    certified = models.IntegerField(default=0, help_text="of these, with an accepted certificate")
    in_post = models.IntegerField(default=0, help_text="persons in post, counted for the ratio or not")

    def __str__(self) -> str:
        return f"{self.division_id} {self.workers}"
