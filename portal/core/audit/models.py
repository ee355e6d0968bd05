import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.lib.scope import ScopedQuerySet


class Outcome(models.TextChoices):
    DONE = "done", _("完成")
    REFUSED = "refused", _("拒绝")


class AuditEvent(models.Model):
    """An act that changes no row, or that people ask about: log-in, refusal, reading of personal data, export, import.

    Row changes themselves are in the `*Event` history tables. No foreign keys: history never blocks a deletion.
    """

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    actor = models.CharField(_("操作人"), max_length=150)
    act = models.CharField(_("操作"), max_length=60)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    subject = models.CharField(_("对象"), max_length=200, blank=True)
    division = models.CharField(_("区划"), max_length=12, blank=True, db_collation="C")
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    ip = models.CharField(_("来源地址"), max_length=45, blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    class AuditQuerySet(ScopedQuerySet):
        division_field = "division"

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="audit_at"),
            models.Index(fields=["division", "-at"], name="audit_division_at"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.act}"


class AuditSeal(models.Model):
    """Keyed digests of a run of audit rows, chained to the seal before: an altered, lost or added row is named.

    `digests` holds eight bytes of HMAC per row, in the order of `row_ids`; `chain` binds table, columns, rows and the
    previous seal of any table. The key lives outside the database; `key_id` names it in FIELD_KEYS.
    """

    table = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    row_ids = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()
    key_id = models.CharField(max_length=16)
    chain = models.BinaryField()
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["table", "id"], name="audit_seal_table")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_ids[0]}-{self.row_ids[-1]}"
