"""Sessions, and the units that handle what comes from them (domain §1.L, §2.2)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.audit.history import tracked
from portal.core.lib.codes import within
from portal.core.lib.scope import ScopedQuerySet, union
from portal.core.territory.models import Division
from proposals.enums import Body, Stage
from proposals.numerals import session_name

# A unit that gave a proposal back, or from which it was withdrawn, sees it no longer.
TAKING_PART = [stage for stage in Stage.values if stage not in (Stage.RETURNED, Stage.WITHDRAWN)]


def user_key(label, **options) -> models.ForeignKey:
    """A user who acted; accounts are never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", db_index=False, **options
    )


@tracked()
class Session(models.Model):
    """A meeting of a place's CPPCC committee or people's congress: 天津市政协十四届五次会议 is term 14, meeting 5.

    `place_name` is the body's name as it stands in letters (市政协, 市人大). `reply_by` and `party_reply_by` are fixed last
    days where a place sets days rather than periods; the second is for proposals of Parties and organisations.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    body = models.CharField(_("类别"), max_length=6, choices=Body.choices, default=Body.CPPCC)
    place_name = models.CharField(_("机构名称"), max_length=40)
    term = models.PositiveSmallIntegerField(_("届"))
    meeting = models.PositiveSmallIntegerField(_("次"))
    opened_on = models.DateField(_("开幕日期"))
    closed_on = models.DateField(_("闭幕日期"))
    reply_by = models.DateField(_("统一答复期限"), null=True, blank=True)
    party_reply_by = models.DateField(_("党派团体提案答复期限"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "body", "term", "meeting"], name="session_once"),
            models.CheckConstraint(condition=Q(term__gte=1, meeting__gte=1), name="session_numbers"),
            models.CheckConstraint(condition=Q(closed_on__gte=F("opened_on")), name="session_period"),
        ]

    def __str__(self) -> str:
        return f"{self.place_name} {self.term}-{self.meeting}"

    @property
    def label(self) -> str:
        """As letters call it: 市政协十四届五次会议."""
        return session_name(self.place_name, self.term, self.meeting)

    @property
    def document(self) -> str:
        """What its documents are called: 提案 or 建议."""
        return _("建议") if self.body == Body.NPC else _("提案")


@tracked()
class HandlingUnit(models.Model):
    """A department of a place that handles proposals; it signs letters under its own name and document word.

    `name` is the signature, `heading` the issuer at the head of a letter, `word` the code of document numbers
    (朝民函). `phone`, `postcode` and `contact` are what letters print; `contact` is an office, never a person's mobile.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    name = models.CharField(_("单位名称"), max_length=60)
    short = models.CharField(_("简称"), max_length=20)
    heading = models.CharField(_("发文机关标志"), max_length=60)
    word = models.CharField(_("机关代字"), max_length=12, blank=True)
    contact = models.CharField(_("联系科室"), max_length=40, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    postcode = models.CharField(_("邮编"), max_length=6, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "name"], name="handling_unit_once")]

    def __str__(self) -> str:
        return self.short


@tracked()
class Seat(models.Model):
    """A user who works for a unit; who manages proposals of a place may act for each of its units."""

    unit = models.ForeignKey(HandlingUnit, models.PROTECT, related_name="seats", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats", verbose_name=_("用户"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "user"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.user_id}"


class CaseQuerySet(ScopedQuerySet):
    """Proposals and what hangs on them: who manages those of a place sees all of it, others what their units take part in.

    `proposal_field` leads from a row to its proposal.
    """

    proposal_field = "pk"

    def for_user(self, user, perm: str):
        rows, managed = super().for_user(user, perm), user.territories(Perm.MANAGE_PROPOSALS)
        if all(any(within(code, whole) for whole in managed) for code in user.territories(perm)):
            return rows  # asks nothing about seats, which costs more than all the rest on long lists
        wide = union(self.division_field, managed)
        if getattr(user, "pk", None) is None:  # a territory of the audit trail: nobody who could have a seat
            return rows.none() if wide is None else rows.filter(wide)
        taking_part = Seat.objects.filter(
            user=user.pk,
            unit__handlings__proposal=OuterRef(self.proposal_field),
            unit__handlings__stage__in=TAKING_PART,
        )
        return rows.filter(Exists(taking_part) if wide is None else wide | Exists(taking_part))
