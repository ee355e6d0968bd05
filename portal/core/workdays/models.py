from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked


@tracked()
class CalendarDay(models.Model):
    """A day that a State Council notice takes out of the weekly rhythm: off, or worked to make up (调休上班).

    A year with any row is known; of a year without, only the weekdays are, and what is counted in it is provisional.
    """

    day = models.DateField(_("日期"), primary_key=True)
    is_workday = models.BooleanField(_("是否上班"))
    name = models.CharField(_("名称"), max_length=40)
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
