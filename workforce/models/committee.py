from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import DatedQuerySet, no_overlap, period
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from workforce.enums import Body, PartyForm


class TermQuerySet(ScopedQuerySet, DatedQuerySet):
    pass


@tracked()
class Term(models.Model):
    """A term 届 of one of the two committees over [valid_from, valid_to); elections 换届 begin one (domain §1.M).

    `valid_to` is the day by which the next election is due; members are the elected posts of the body in force.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    body = models.CharField(
        _("机构"), max_length=12, choices=[(body.value, body.label) for body in (Body.PARTY, Body.COMMITTEE)]
    )
    number = models.PositiveSmallIntegerField(_("届次"), null=True, blank=True)
    form = models.CharField(_("党组织形式"), max_length=14, choices=PartyForm.choices, blank=True)
    elected_on = models.DateField(_("选举日期"))
    valid_from = models.DateField(_("任期起始"))
    valid_to = models.DateField(null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("职数"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [period("term_period"), no_overlap("term_no_overlap", "division", "body")]

    def __str__(self) -> str:
        return f"{self.division_id} {self.get_body_display()} {self.valid_from}"
