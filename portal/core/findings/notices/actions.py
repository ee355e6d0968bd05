"""Setting up notices: webhooks by the system administrator, the morning e-mail by everybody for themselves."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts.models import User
from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, name_of
from portal.core.findings import outbox
from portal.core.findings.models import Channel, Delivery, DeliveryState, Webhook
from portal.core.findings.notices.addresses import AddressRefused, check_url
from portal.core.findings.notices.ledger import LEASE
from portal.core.territory.models import Division


@action
def add_webhook(*, name: str, url: str, kinds: list[str], territory: Division | None, by) -> tuple[Webhook, str]:
    """A new address with a secret of its own, which is shown this once. Raises ValidationError."""
    _check(url, territory, by)
    secret = Webhook.new_secret()
    hook = Webhook.objects.create(
        name=name, url=url, secret=secret, kinds=kinds, territory=territory, created_by=name_of(by)
    )
    return hook, secret


@action
def change_webhook(*, hook: Webhook, name: str, url: str, kinds: list[str], territory: Division | None, by) -> Webhook:
    """Changes what is sent where; the secret stays."""
    _check(url, territory, by)
    hook.name, hook.url, hook.kinds, hook.territory = name, url, kinds, territory
    hook.failures, hook.paused_until = 0, None
    hook.save(update_fields=["name", "url", "kinds", "territory", "failures", "paused_until"])
    return hook


@action
def renew_webhook_secret(*, hook: Webhook, by) -> str:
    """A new secret, shown this once; the old one signs nothing any more."""
    secret = Webhook.new_secret()
    Webhook.objects.filter(pk=hook.pk).update(secret=secret)
    return secret


@action
def switch_webhook(*, hook: Webhook, active: bool, by) -> Webhook:
    """Switches an address on or off. What still waits for one switched off is not sent later either."""
    hook.active, hook.failures, hook.paused_until = active, 0, None
    hook.save(update_fields=["active", "failures", "paused_until"])
    if not active:
        waiting = Delivery.objects.filter(webhook=hook, state__in=[DeliveryState.WAITING, DeliveryState.SENDING])
        waiting.update(state=DeliveryState.FAILED, error=_("推送地址已停用。"))
    return hook


@action
def enter_test(*, hook: Webhook, by) -> Delivery:
    """A test message, entered in the ledger as claimed by the caller, who sends it at once."""
    now = timezone.now()
    return Delivery.objects.create(
        key=f"webhook:{hook.pk}:{outbox.TEST}:{uuid.uuid4().hex}",
        channel=Channel.WEBHOOK,
        event=outbox.TEST,
        webhook=hook,
        state=DeliveryState.SENDING,
        attempts=1,
        next_at=now + LEASE,
        created_at=now,
    )


@action
def choose_notices(*, user: User, email: str, mail_digest: bool, by) -> User:
    """Where the morning e-mail goes and whether one wants it. Raises ValidationError for what is no address."""
    email = email.strip()
    if email:
        validate_email(email)
    user.email, user.mail_digest = email, mail_digest
    user.save(update_fields=["email", "mail_digest"])
    return user


def _check(url: str, territory: Division | None, by) -> None:
    try:
        check_url(url)
    except AddressRefused as refused:
        raise ValidationError({"url": str(refused)}) from refused
    if by is not None and not by.can(Perm.MANAGE_NOTICES, territory.code if territory else ""):
        raise ValidationError({"territory": _("这个范围不在您的管理辖区内。")})
