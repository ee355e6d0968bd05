import uuid

import pghistory
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.audit.history import tracked
from portal.core.lib.fields import EncryptedTextField
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", _("等待检查")
    JUDGING = "judging", _("正在检查")
    JUDGED = "judged", _("等待确认")
    APPLYING = "applying", _("正在应用")
    APPLIED = "applied", _("已应用")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", pgettext_lazy("import", "已撤销")
    FAILED = "failed", _("未能完成")
    CANCELLED = "cancelled", _("已放弃")


OPEN_STATES = [
    BatchState.UPLOADED,
    BatchState.JUDGING,
    BatchState.JUDGED,
    BatchState.APPLYING,
    BatchState.UNDOING,
]


class Source(models.TextChoices):
    """How the rows came in."""

    FILE = "file", _("文件")
    GRID = "grid", _("表格录入")


class RowStatus(models.TextChoices):
    ERROR = "error", _("有错误")
    NEW = "new", _("新增")
    CHANGED = "changed", _("变更")
    UNCHANGED = "unchanged", _("无变化")
    LEAVING = "leaving", _("名册有而表中无")
    MOVED = "moved", _("在其他街道任职")
    OUTSIDE = "outside", _("超出管理范围")


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state")),
    exclude=["counts", "progress", "heartbeat", "options", "written"],
)
class ImportBatch(models.Model):
    """One uploaded file on its way from upload to applied roster; the file itself lies encrypted under DATA_DIR.

    `digest` is the fingerprint of what the user was shown, `basis` that of everything the check read from the database:
    applying judges again where the basis has changed, and stops when the digest then differs. `options` are what the
    user chose beside the rows; `written` are the history rows that applying made, as {table: [first, last]}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("导入范围"), db_index=False)
    filename = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("大小"))
    source = models.CharField(_("来源"), max_length=5, choices=Source.choices, default=Source.FILE)
    state = models.CharField(_("状态"), max_length=10, choices=BatchState.choices, default=BatchState.UPLOADED)
    counts = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    problem = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    options = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    basis = models.CharField(max_length=64, blank=True)
    written = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey("core.User", models.PROTECT, related_name="imports", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    heartbeat = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(_("应用时间"), null=True)
    applied_by = models.CharField(_("应用人"), max_length=60, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undone_by = models.CharField(_("撤销人"), max_length=60, blank=True)
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
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="import_undone_pair",
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


@tracked()
class ColumnMapping(models.Model):
    """What an office has said a header of its own means; a later sheet of that office need not be told again.

    `key` is the column meant; empty where the header is to be left unread.
    """

    kind = models.CharField(max_length=20)
    division = models.ForeignKey(Division, models.PROTECT, db_index=False, related_name="+")
    header = models.CharField(_("表头"), max_length=60)
    key = models.CharField(_("对应的列"), max_length=30, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "kind", "header"], name="columnmapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.header} = {self.key}"


class SheetDraft(models.Model):
    """What a user has typed into the grid of a division and not yet applied; sealed, for it holds ID numbers in clear.

    `version` counts the savings, so that two windows of one user do not overwrite each other.
    """

    kind = models.CharField(max_length=20)
    division = models.ForeignKey(Division, models.PROTECT, db_index=False, related_name="+")
    user = models.ForeignKey("core.User", models.CASCADE, related_name="drafts")
    content = EncryptedTextField()
    rows = models.PositiveIntegerField(_("行数"), default=0)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("保存时间"), auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "kind", "user"], name="sheetdraft_once")]

    def __str__(self) -> str:
        return f"{self.division_id} {self.rows}"
