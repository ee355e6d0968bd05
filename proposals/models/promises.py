"""Promises made in replies, and the task ledger of cooperation and work plans (domain §1.K, §2.2)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from proposals.enums import CommitmentState, ResultClass, TaskDomain, TaskState
from proposals.models.cases import CaseFile
from proposals.models.handling import Handling
from proposals.models.replies import Reply
from proposals.models.sessions import CaseQuerySet, HandlingUnit, user_key


class CommitmentQuerySet(CaseQuerySet):
    proposal_field = "handling__proposal_id"


@tracked()
class Commitment(models.Model):
    """A promise of a reply of class B or C: what, by whom, until when. It rolls into the next year with its history.

    `year` is the year in whose ledger it stands; `rolled_from` the promise of the year before that it goes on from.
    `first_result` stays what the letter said, `result` is the class now.
    """

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="commitments")
    reply = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="commitments", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    unit = models.ForeignKey(HandlingUnit, models.PROTECT, related_name="+", verbose_name=_("责任单位"), db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    text = models.CharField(_("承诺事项"), max_length=500)
    owner = models.CharField(_("责任人"), max_length=40)
    due_on = models.DateField(_("完成期限"))
    first_result = models.CharField(_("原办理结果"), max_length=1, choices=ResultClass.choices)
    result = models.CharField(_("现办理结果"), max_length=1, choices=ResultClass.choices)
    state = models.CharField(_("状态"), max_length=10, choices=CommitmentState.choices, default=CommitmentState.OPEN)
    rolled_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="rolled_to", verbose_name=_("转自")
    )
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    entered_by = user_key(_("登记人"))
    confirmed_by = user_key(_("确认人"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "year", "state", "due_on"], name="commitment_ledger")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="open") & Q(ended_on__isnull=True)) | (~Q(state="open") & Q(ended_on__isnull=False)),
                name="commitment_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("entered_by"))),
                name="commitment_confirmer",
            ),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class CommitmentStep(models.Model):
    """What became of a promise on a day: progress in words and per cent, evidence, a class that changed."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="steps")
    on = models.DateField(_("日期"))
    words = models.CharField(_("进展"), max_length=1000)
    percent = models.PositiveSmallIntegerField(_("完成进度"), default=0)
    evidence = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("佐证材料"), db_index=False
    )
    result_before = models.CharField(_("原类别"), max_length=1, choices=ResultClass.choices, blank=True)
    result_after = models.CharField(_("新类别"), max_length=1, choices=ResultClass.choices, blank=True)
    entered_by = user_key(_("登记人"))
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="commitment_step_percent"),
            models.CheckConstraint(
                condition=Q(result_before="", result_after="")
                | (~Q(result_before="") & ~Q(result_after="") & ~Q(result_before=F("result_after"))),
                name="commitment_step_class",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:20]


@tracked()
class LedgerTask(models.Model):
    """A task of the yearly list 任务清单 with its chain of three: leader leads, chief is first responsible, officer is
    asked first (domain §1.K). Struck off with evidence, by another person than asked for it. `rolled_from` is the task of
    the year before that it goes on from; `struck_by` and `struck_on` are who ended it and when, in whichever way."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("任务"), max_length=200)
    domain = models.CharField(_("领域"), max_length=14, choices=TaskDomain.choices, default=TaskDomain.OTHER)
    agreement = models.CharField(_("依据文件或协议"), max_length=200, blank=True)
    regions = models.CharField(_("涉及地区"), max_length=100, blank=True)
    leader = models.CharField(_("分管领导"), max_length=40)
    chief = models.CharField(_("第一责任人"), max_length=40)
    officer = models.CharField(_("具体承办人"), max_length=40)
    commitment = models.OneToOneField(
        Commitment, models.PROTECT, null=True, blank=True, related_name="task", verbose_name=_("来源承诺事项")
    )
    rolled_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="rolled_to", verbose_name=_("转自")
    )
    posted_on = models.DateField(_("挂账日期"))
    due_on = models.DateField(_("完成期限"))
    state = models.CharField(_("状态"), max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    evidence = models.TextField(_("完成情况和佐证"), max_length=2000, blank=True)
    evidence_file = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("佐证文件"), db_index=False
    )
    asked_by = user_key(_("申请人"), null=True, blank=True)
    asked_on = models.DateField(_("申请日期"), null=True, blank=True)
    struck_by = user_key(_("销号人"), null=True, blank=True)
    struck_on = models.DateField(_("销号日期"), null=True, blank=True)
    entered_by = user_key(_("登记人"))
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "state", "due_on"], name="task_state")]
        constraints = [
            models.UniqueConstraint(fields=["division", "year", "number"], name="task_once"),
            models.CheckConstraint(condition=Q(due_on__gte=F("posted_on")), name="task_period"),
            models.CheckConstraint(
                condition=~Q(state="struck")
                | (
                    Q(struck_by__isnull=False, struck_on__isnull=False, asked_by__isnull=False)
                    & ~Q(evidence="")
                    & ~Q(struck_by=F("asked_by"))
                ),
                name="task_struck_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class LedgerReport(models.Model):
    """A periodic report of a task: 12 monthly, 4 quarterly, 2 half-yearly and one annual are expected of a year."""

    task = models.ForeignKey(LedgerTask, models.PROTECT, related_name="reports", db_index=False)
    cadence = models.CharField(_("周期"), max_length=10)
    period = models.CharField(_("期间"), max_length=8)
    words = models.CharField(_("进展"), max_length=2000)
    percent = models.PositiveSmallIntegerField(_("完成进度"), default=0)
    problems = models.CharField(_("存在问题"), max_length=1000, blank=True)
    due_on = models.DateField(_("报送期限"))
    reported_on = models.DateField(_("报送日期"))
    reported_by = user_key(_("报送人"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "period"], name="ledger_report_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="ledger_report_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period}"
