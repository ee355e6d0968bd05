"""Item lists and access, points, deliberation (domain §1.I, §2.6b)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.periods import DatedQuerySet, no_overlap, period
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from ratings.enums import AccessState, DeliberationState, ItemList, MatterLevel, PointState
from ratings.models.places import Premises


def user_key(label, **options) -> models.ForeignKey:
    """A user who acted; accounts are never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", db_index=False, **options
    )


class DatedScoped(ScopedQuerySet, DatedQuerySet):
    pass


@tracked()
class ListItem(models.Model):
    """An item on a list of a province, city or district: what may be asked of communities there, or no longer.

    Holds for everything under `division`. `villages` and `communities` say whom it concerns.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("适用范围"), related_name="+", db_index=False)
    list = models.CharField(_("清单"), max_length=12, choices=ItemList.choices)
    title = models.CharField(_("事项"), max_length=100)
    department = models.CharField(_("责任部门"), max_length=60, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    communities = models.BooleanField(_("适用于社区"), default=True)
    villages = models.BooleanField(_("适用于村"), default=True)
    application = models.OneToOneField(
        "AccessApplication", models.PROTECT, null=True, blank=True, related_name="item", verbose_name=_("准入申请")
    )
    valid_from = models.DateField(_("列入日期"))
    valid_to = models.DateField(null=True, blank=True)
    revoked_because = models.CharField(_("撤销理由"), max_length=300, blank=True)

    objects = DatedScoped.as_manager()

    class Meta:
        constraints = [period("listitem_period"), no_overlap("listitem_no_overlap", "division", "list", "title")]

    def __str__(self) -> str:
        return self.title


@tracked()
class AccessApplication(models.Model):
    """A department's application to let an item into communities: applied, reviewed, decided (domain §2.6b).

    Whoever enters, reviews and decides it are three persons. `due_on` is the last day of the decision.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("适用范围"), related_name="+", db_index=False)
    list = models.CharField(_("清单"), max_length=12, choices=ItemList.choices, default=ItemList.ASSIST)
    title = models.CharField(_("事项"), max_length=100)
    department = models.CharField(_("申请部门"), max_length=60)
    basis = models.CharField(_("法律法规或文件依据"), max_length=200)
    reason = models.CharField(_("必要性"), max_length=500)
    funds = models.CharField(_("随事转移的经费"), max_length=200, blank=True)
    staff = models.CharField(_("随事转移的人员和条件"), max_length=200, blank=True)
    applied_on = models.DateField(_("申请日期"))
    starts_on = models.DateField(_("拟进入日期"))
    due_on = models.DateField(_("审批期限"))
    state = models.CharField(_("状态"), max_length=10, choices=AccessState.choices, default=AccessState.APPLIED)
    review = models.CharField(_("审核意见"), max_length=500, blank=True)
    decision = models.CharField(_("审批意见"), max_length=500, blank=True)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    decided_on = models.DateField(_("审批日期"), null=True, blank=True)
    entered_by = user_key(_("登记人"))
    reviewed_by = user_key(_("审核人"), null=True, blank=True)
    decided_by = user_key(_("审批人"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "applied_on"], name="access_division")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__gte=F("applied_on")), name="access_dates"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("entered_by")), name="access_reviewer"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("entered_by")) & ~Q(decided_by=F("reviewed_by"))),
                name="access_decider",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class ItemRefusal(models.Model):
    """That a community refused an item which no list lets in, and what the street did about it (domain §2.6b)."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    title = models.CharField(_("事项"), max_length=100)
    department = models.CharField(_("交办部门"), max_length=60)
    asked_on = models.DateField(_("交办日期"))
    reason = models.CharField(_("拒绝理由"), max_length=300)
    refused_on = models.DateField(_("拒绝日期"))
    reply = models.CharField(_("街镇处理意见"), max_length=300, blank=True)
    replied_on = models.DateField(_("处理日期"), null=True, blank=True)
    entered_by = user_key(_("登记人"))
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "refused_on"], name="refusal_division")]

    def __str__(self) -> str:
        return self.title


@tracked()
class PointRule(models.Model):
    """A behaviour that gains or costs a household points 积分制 in a territory; goods to redeem cost points, too."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("适用范围"), related_name="+", db_index=False)
    behaviour = models.CharField(_("行为或兑换物品"), max_length=100)
    points = models.SmallIntegerField(_("积分"))
    redemption = models.BooleanField(_("兑换"), default=False)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedScoped.as_manager()

    class Meta:
        constraints = [
            period("pointrule_period"),
            no_overlap("pointrule_no_overlap", "division", "behaviour"),
            models.CheckConstraint(condition=~Q(points=0), name="pointrule_points"),
            models.CheckConstraint(condition=Q(redemption=False) | Q(points__lt=0), name="pointrule_redemption"),
        ]

    def __str__(self) -> str:
        return self.behaviour


@tracked()
class PointEntry(models.Model):
    """Points of a household for a behaviour or a redemption; they count once another person has confirmed them."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    premises = models.ForeignKey(
        Premises, models.PROTECT, verbose_name=_("住户"), related_name="points", db_index=False
    )
    rule = models.ForeignKey(
        PointRule, models.PROTECT, verbose_name=_("积分事项"), related_name="entries", db_index=False
    )
    points = models.SmallIntegerField(_("积分"))
    on = models.DateField(_("日期"))
    evidence = models.CharField(_("依据"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=PointState.choices, default=PointState.ENTERED)
    entered_by = user_key(_("登记人"))
    reviewed_by = user_key(_("审核人"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "on"], name="points_division"),
            models.Index(fields=["premises"], name="points_premises"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("entered_by")), name="points_reviewer"
            ),
            models.CheckConstraint(condition=Q(state="entered") | Q(reviewed_by__isnull=False), name="points_reviewed"),
        ]

    def __str__(self) -> str:
        return f"{self.premises} {self.points}"


@tracked()
class Deliberation(models.Model):
    """A matter deliberated 议事协商: topic, level, parties, result, and whether it was carried out (domain §1.I)."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("社区"), related_name="+", db_index=False)
    topic = models.CharField(_("议题"), max_length=100)
    level = models.CharField(_("层次"), max_length=6, choices=MatterLevel.choices)
    method = models.CharField(_("议事形式"), max_length=60, blank=True)
    parties = models.CharField(_("参与方"), max_length=200, blank=True)
    planned_on = models.DateField(_("计划日期"))
    held_on = models.DateField(_("议事日期"), null=True, blank=True)
    result = models.CharField(_("议定结果"), max_length=1000, blank=True)
    follow_up_by = models.CharField(_("落实责任人"), max_length=60, blank=True)
    follow_up_due = models.DateField(_("落实期限"), null=True, blank=True)
    followed_up_on = models.DateField(_("落实日期"), null=True, blank=True)
    follow_up = models.CharField(_("落实情况"), max_length=500, blank=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=DeliberationState.choices, default=DeliberationState.PLANNED
    )
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "planned_on"], name="deliberation_division")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["held", "done"]) | Q(held_on__isnull=False), name="deliberation_held"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(followed_up_on__isnull=False), name="deliberation_done"
            ),
        ]

    def __str__(self) -> str:
        return self.topic
