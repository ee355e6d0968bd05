"""The work of one unit on a proposal: its stage, periods, contacts, opinions (domain §2.2)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from proposals.enums import (
    ContactMode,
    ContactWhen,
    DueKind,
    HandlingRole,
    ResultClass,
    Stage,
)
from proposals.models.cases import Proposal
from proposals.models.sessions import CaseQuerySet, HandlingUnit, user_key


class HandlingQuerySet(CaseQuerySet):
    proposal_field = "proposal_id"


@tracked()
class Handling(models.Model):
    """The part of one unit in a proposal. The lead and separate handlers answer; a co-handler gives its opinion to the lead.

    `due_on` is the earliest open last day among its deadlines, kept for boards and lists. `round` counts answers: 2 is
    the second after a dissatisfied return. `drafted_by`, `checked_by`, `supervised_by` and `signed_by` are of the present
    round, and four different persons. `result` is the class in force now, the first one stands in the history of classes.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="handlings")
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    unit = models.ForeignKey(
        HandlingUnit, models.PROTECT, related_name="handlings", verbose_name=_("承办单位"), db_index=False
    )
    role = models.CharField(_("办理方式"), max_length=10, choices=HandlingRole.choices)
    stage = models.CharField(_("阶段"), max_length=18, choices=Stage.choices, default=Stage.ASSIGNED)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    assigned_on = models.DateField(_("交办日期"))
    assigned_by = user_key(_("交办人"))
    signed_for_on = models.DateField(_("签收日期"), null=True, blank=True)
    section = models.CharField(_("承办科室"), max_length=40, blank=True)
    officer = models.CharField(_("经办人"), max_length=40, blank=True)
    return_reason = models.CharField(_("退办理由"), max_length=300, blank=True)
    return_refusal = models.CharField(_("不同意退办的理由"), max_length=300, blank=True)
    result = models.CharField(_("办理结果"), max_length=1, choices=ResultClass.choices, blank=True)
    drafted_by = user_key(_("起草人"), null=True, blank=True)
    checked_by = user_key(_("核稿人"), null=True, blank=True)
    supervised_by = user_key(_("督查复核人"), null=True, blank=True)
    signed_by = user_key(_("签发人"), null=True, blank=True)
    replied_on = models.DateField(_("首次答复日期"), null=True, blank=True)
    sent_on = models.DateField(_("寄发日期"), null=True, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    due_on = models.DateField(_("最近期限"), null=True, blank=True)
    due_kind = models.CharField(_("期限"), max_length=14, choices=DueKind.choices, blank=True)
    suspended = models.BooleanField(_("中止计时"), default=False)
    reminders = models.PositiveSmallIntegerField(_("催办次数"), default=0)
    version = models.PositiveIntegerField(default=1)

    objects = HandlingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "due_on", "stage", "id"], name="handling_board"),
            # A city reads its own cases and those of its districts in one order.
            models.Index(fields=["due_on"], name="handling_due_day", condition=Q(due_on__isnull=False)),
            # How many shine in which colour is counted in the index alone.
            models.Index(
                fields=["division", "suspended", "due_on"], name="handling_lights", condition=Q(due_on__isnull=False)
            ),
            models.Index(fields=["unit", "stage", "due_on"], name="handling_unit_stage"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "unit"], condition=~Q(stage__in=["returned", "withdrawn"]), name="handling_once"
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(role="lead") & ~Q(stage__in=["returned", "withdrawn"]),
                name="handling_one_lead",
            ),
            models.CheckConstraint(
                condition=~Q(role="co")
                | Q(
                    stage__in=[
                        "assigned",
                        "return_requested",
                        "returned",
                        "opinion",
                        "opinion_given",
                        "archived",
                        "withdrawn",
                    ]
                ),
                name="handling_co_never_answers",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("drafted_by")), name="handling_checker"
            ),
            models.CheckConstraint(
                condition=Q(supervised_by__isnull=True)
                | (~Q(supervised_by=F("drafted_by")) & ~Q(supervised_by=F("checked_by"))),
                name="handling_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True)
                | (
                    ~Q(signed_by=F("drafted_by"))
                    & ~Q(signed_by=F("checked_by"))
                    & (Q(supervised_by__isnull=True) | ~Q(signed_by=F("supervised_by")))
                ),
                name="handling_signer",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["return_requested", "returned"]) | ~Q(return_reason=""),
                name="handling_return_says_why",
            ),
            models.CheckConstraint(
                condition=(Q(due_on__isnull=True) & Q(due_kind="")) | (Q(due_on__isnull=False) & ~Q(due_kind="")),
                name="handling_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.unit_id}"


@tracked()
class StageMove(models.Model):
    """One step of a handling: what was done, from where to where, by whom, with the words given. Append-only by history."""

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="moves")
    step = models.CharField(_("步骤"), max_length=24)
    before = models.CharField(_("原阶段"), max_length=18, choices=Stage.choices)
    after = models.CharField(_("新阶段"), max_length=18, choices=Stage.choices)
    round = models.PositiveSmallIntegerField(_("轮次"))
    words = models.CharField(_("说明"), max_length=500, blank=True)
    on = models.DateField(_("日期"))
    moved_by = user_key(_("操作人"), null=True)
    moved_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


@tracked()
class Deadline(models.Model):
    """A last day of a handling, with everything it was counted from, so that it explains itself.

    Counted from `starts_on` (not itself counted) by `months`, `days` or `working_days`, or `fixed`. `unrolled_on` is the day
    before it moved past a holiday and `due_on` the day that counts. `added_days` are calendar days that suspensions gave.
    `met_on` is when it was done; `dropped` one that no longer asks for anything. `overdue_on` is set once, to the day after
    the last day, when it was first found late. `rule` names the rule with its source, as it was.
    """

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="deadlines", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("期限"), max_length=14, choices=DueKind.choices)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    starts_on = models.DateField(_("起算日期"))
    months = models.PositiveSmallIntegerField(_("月数"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("自然日数"), null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(_("工作日数"), null=True, blank=True)
    fixed = models.BooleanField(_("固定日期"), default=False)
    added_days = models.PositiveSmallIntegerField(_("中止天数"), default=0)
    rolling = models.CharField(_("顺延"), max_length=14, default="next_workday")
    unrolled_on = models.DateField(_("顺延前的日期"))
    due_on = models.DateField(_("截止日期"))
    provisional = models.BooleanField(_("按周末推算"), default=False)
    rule = models.CharField(_("依据"), max_length=300, blank=True)
    met_on = models.DateField(_("完成日期"), null=True, blank=True)
    dropped = models.BooleanField(_("不再要求"), default=False)
    overdue_on = models.DateField(_("逾期起始"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["division", "due_on"], condition=Q(met_on__isnull=True, dropped=False), name="deadline_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["handling", "kind", "round"], name="deadline_once"),
            models.CheckConstraint(
                condition=Q(months__isnull=False, days__isnull=True, working_days__isnull=True, fixed=False)
                | Q(months__isnull=True, days__isnull=False, working_days__isnull=True, fixed=False)
                | Q(months__isnull=True, days__isnull=True, working_days__isnull=False, fixed=False)
                | Q(months__isnull=True, days__isnull=True, working_days__isnull=True, fixed=True),
                name="deadline_one_way_of_counting",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("unrolled_on")), name="deadline_rolls_on"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


@tracked()
class DeadlineMove(models.Model):
    """A last day that moved: by extension, suspension, or a new holiday notice."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="moves")
    before = models.DateField(_("原截止日期"))
    after = models.DateField(_("新截止日期"))
    reason = models.CharField(_("原因"), max_length=300)
    moved_by = user_key(_("操作人"), null=True)
    moved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(before=F("after")), name="deadline_move_moves")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


@tracked()
class Extension(models.Model):
    """A longer period for the answer, asked for by the unit and agreed by the office; the proposer was told before."""

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="extensions")
    months = models.PositiveSmallIntegerField(_("答复期限（自交办起的月数）"))
    reason = models.CharField(_("理由"), max_length=300)
    told_on = models.DateField(_("告知提案者日期"))
    asked_by = user_key(_("申请人"))
    asked_on = models.DateField(_("申请日期"))
    agreed = models.BooleanField(_("是否同意"), null=True)
    decided_by = user_key(_("审批人"), null=True, blank=True)
    decided_on = models.DateField(_("审批日期"), null=True, blank=True)
    decision = models.CharField(_("审批意见"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handling"], condition=Q(agreed__isnull=True), name="extension_one_open"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="extension_decider"
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True) | Q(decided_by__isnull=False, decided_on__isnull=False),
                name="extension_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handling_id} {self.months}"


@tracked()
class Suspension(models.Model):
    """A time in which the clock stands still, with the consent of the proposer: `ends_on` is the day it runs again."""

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="suspensions")
    starts_on = models.DateField(_("中止日期"))
    ends_on = models.DateField(_("恢复日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    consent = models.CharField(_("提案者同意情况"), max_length=200)
    entered_by = user_key(_("登记人"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handling"], condition=Q(ends_on__isnull=True), name="suspension_one_open"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="suspension_period"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(consent=""), name="suspension_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.handling_id} {self.starts_on}"


@tracked()
class Contact(models.Model):
    """A talk with the proposer before, while or after the answer was written."""

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="contacts")
    when = models.CharField(_("时段"), max_length=6, choices=ContactWhen.choices)
    mode = models.CharField(_("方式"), max_length=8, choices=ContactMode.choices)
    on = models.DateField(_("日期"))
    people = models.CharField(_("参加人员"), max_length=200)
    words = models.CharField(_("沟通情况"), max_length=1000)
    consultation = models.BooleanField(_("协商座谈"), default=False)
    entered_by = user_key(_("登记人"))
    taken_back = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.handling_id} {self.on}"


@tracked()
class Opinion(models.Model):
    """What a co-handler says to the lead: in full, with the class it would give; never to the proposer.

    `waived_because` stands where the office lets the lead go on without one.
    """

    handling = models.OneToOneField(Handling, models.PROTECT, related_name="opinion")
    words = models.TextField(_("会办意见"), max_length=10_000, blank=True)
    result = models.CharField(_("建议办理结果"), max_length=1, choices=ResultClass.choices, blank=True)
    number = models.CharField(_("会办意见文号"), max_length=60, blank=True)
    given_on = models.DateField(_("提出日期"))
    given_by = user_key(_("提出人"))
    waived_because = models.CharField(_("免于会办意见的理由"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(words="") & Q(waived_because="")) | (Q(words="") & ~Q(waived_because="")),
                name="opinion_given_or_waived",
            )
        ]

    def __str__(self) -> str:
        return f"{self.handling_id} {self.given_on}"


@tracked()
class Reminder(models.Model):
    """The office reminded a unit of a deadline 催办."""

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="reminded")
    kind = models.CharField(_("期限"), max_length=14, choices=DueKind.choices)
    due_on = models.DateField(_("截止日期"))
    words = models.CharField(_("催办内容"), max_length=300)
    on = models.DateField(_("日期"))
    sent_by = user_key(_("催办人"))

    def __str__(self) -> str:
        return f"{self.handling_id} {self.on}"


@tracked()
class ClassChange(models.Model):
    """The class of a handling as first given, and each change with its day: B becomes A when it was done."""

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="class_changes")
    before = models.CharField(_("原类别"), max_length=1, choices=ResultClass.choices, blank=True)
    after = models.CharField(_("新类别"), max_length=1, choices=ResultClass.choices)
    on = models.DateField(_("日期"))
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    changed_by = user_key(_("操作人"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")) & (Q(before="") | ~Q(reason="")), name="class_change_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
