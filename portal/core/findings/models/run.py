from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    LOOKED = "looked", _("只查看")
    FAILED = "failed", _("未完成")
    LOST = "lost", _("中断")


class Trigger(models.TextChoices):
    NIGHTLY = "nightly", _("每夜")
    CATCH_UP = "catch_up", _("补做")
    MANUAL = "manual", _("人工")
    IMPORT = "import", _("导入后")


# The runs of the timetable: one of them per inspection and day, whatever happens.
SCHEDULED = (Trigger.NIGHTLY, Trigger.CATCH_UP)


class InspectionRun(models.Model):
    """One run of one inspection: what it looked at and what `reconcile` made of it; kept by the run itself.

    A run that only looked (a day before the last look) changed no finding. `seconds` is the time it took.
    """

    key = models.CharField(_("检查项"), max_length=60)
    on = models.DateField(_("检查日"))
    trigger = models.CharField(_("起因"), max_length=8, choices=Trigger.choices)
    state = models.CharField(_("状态"), max_length=8, choices=RunState.choices, default=RunState.RUNNING)
    started_at = models.DateTimeField(_("开始"))
    finished_at = models.DateTimeField(_("结束"), null=True)
    subjects = models.PositiveIntegerField(_("检查对象"), null=True)
    problems = models.PositiveIntegerField(_("发现问题"), null=True)
    opened = models.PositiveIntegerField(_("新增"), null=True)
    refreshed = models.PositiveIntegerField(_("仍存在"), null=True)
    resolved = models.PositiveIntegerField(_("消除"), null=True)
    seconds = models.DecimalField(_("用时（秒）"), max_digits=8, decimal_places=2, null=True)
    error = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "on"],
                condition=Q(trigger__in=["nightly", "catch_up"], state__in=["running", "done", "looked"]),
                name="run_scheduled_once",
            ),
            models.CheckConstraint(
                condition=Q(state="running", finished_at__isnull=True)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="run_finished_pair",
            ),
        ]
        indexes = [
            models.Index(fields=["-id", "key"], name="run_latest"),
            models.Index(fields=["key", "-on"], name="run_last_look", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.on} {self.state}"
