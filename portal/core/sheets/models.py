import uuid

import pghistory
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", _("等待检查")
    JUDGING = "judging", _("正在检查")
    JUDGED = "judged", _("等待确认")
    APPLYING = "applying", _("正在应用")
    APPLIED = "applied", _("已应用")
    FAILED = "failed", _("未能完成")
    CANCELLED = "cancelled", _("已放弃")


OPEN_STATES = [BatchState.UPLOADED, BatchState.JUDGING, BatchState.JUDGED, BatchState.APPLYING]


class RowStatus(models.TextChoices):
    ERROR = "error", _("有错误")
    NEW = "new", _("新增")
    CHANGED = "changed", _("变更")
    UNCHANGED = "unchanged", _("无变化")
    LEAVING = "leaving", _("名册有而表中无")
    OUTSIDE = "outside", _("超出管理范围")


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state")),
    exclude=["counts", "progress", "heartbeat"],
)
class ImportBatch(models.Model):
    """One uploaded file on its way from upload to applied roster; the file itself lies encrypted under DATA_DIR.

    `digest` is the fingerprint of what the user was shown: applying judges again and stops when it differs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("导入范围"), db_index=False)
    filename = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    state = models.CharField(_("状态"), max_length=10, choices=BatchState.choices, default=BatchState.UPLOADED)
    counts = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    problem = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey("core.User", models.PROTECT, related_name="imports", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    heartbeat = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(_("应用时间"), null=True)
    applied_by = models.CharField(_("应用人"), max_length=60, blank=True)
    seconds = models.FloatField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "division"], condition=Q(state__in=OPEN_STATES), name="import_one_open_per_division"
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by="") | (Q(applied_at__isnull=False) & ~Q(applied_by="")),
                name="import_applied_pair",
            ),
        ]
        indexes = [models.Index(fields=["division", "-uploaded_at"], name="import_division_at")]

    def __str__(self) -> str:
        return f"{self.filename} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class ImportRow(models.Model):
    """What the check found for one row: errors and warnings, or the change it would make.

    Texts are stored as codes with parameters, so that they read in the reader's language. `changes` never holds an ID
    number or telephone in clear: the masked form only.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(_("行号"))
    status = models.CharField(_("状态"), max_length=10, choices=RowStatus.choices)
    label = models.CharField(_("姓名"), max_length=60, blank=True)
    division = models.CharField(max_length=12, blank=True, db_collation="C")
    errors = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    changes = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["batch", "status", "number"], name="import_row_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number} {self.status}"
