import base64
import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.findings.models.finding import Finding
from portal.core.lib.fields import EncryptedTextField
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class WebhookQuerySet(ScopedQuerySet):
    division_field = "territory_id"


@tracked(exclude=["secret", "failures", "paused_until"])
class Webhook(models.Model):
    """An address of another system that is told of findings in a territory, of all kinds or of some.

    The secret signs every message (HMAC-SHA256) and is sealed. After failures in a row the address rests until
    `paused_until`, each time longer. No territory means the whole country.
    """

    SECRET_PREFIX = "whsec_"

    name = models.CharField(_("名称"), max_length=60)
    url = models.CharField(_("地址"), max_length=500)
    secret = EncryptedTextField(_("签名密钥"))
    kinds = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("预警类别"))
    territory = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("范围"), null=True, blank=True, related_name="+"
    )
    active = models.BooleanField(_("启用"), default=True)
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def new_secret(cls) -> str:
        return cls.SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


class Channel(models.TextChoices):
    MAIL = "mail", _("邮件")
    WEBHOOK = "webhook", _("接口推送")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("等待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("未送达")
    UNCLEAR = "unclear", _("结果不明")


class Delivery(models.Model):
    """The ledger of notices: one row per notice and recipient, whose unique `key` makes a second one impossible.

    It is claimed (`sending`) and committed before anything leaves the house. An e-mail whose sender died then stays
    unclear and is never sent again; a webhook's is tried again with the same id, by which the receiver knows it.
    `body` is kept as first sent.
    """

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices)
    event = models.CharField(_("事项"), max_length=30)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    webhook = models.ForeignKey(Webhook, models.CASCADE, null=True, related_name="deliveries", db_index=False)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="+", db_index=False)
    body = models.TextField(blank=True, default="", db_default="")
    state = models.CharField(
        _("状态"), max_length=8, choices=DeliveryState.choices, default="waiting", db_default="waiting"
    )
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0, db_default=0)
    next_at = models.DateTimeField(_("下次发送"))
    sent_at = models.DateTimeField(_("送达时间"), null=True)
    answer = models.PositiveSmallIntegerField(_("对方应答"), null=True)
    error = models.CharField(_("原因"), max_length=300, blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("登记时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="mail", user__isnull=False, webhook__isnull=True)
                | Q(channel="webhook", user__isnull=True, webhook__isnull=False),
                name="delivery_recipient",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="delivery_sent_pair",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state__in=["waiting", "sending"])),
            models.Index(fields=["webhook", "-id"], name="delivery_webhook"),
        ]

    def __str__(self) -> str:
        return self.key
