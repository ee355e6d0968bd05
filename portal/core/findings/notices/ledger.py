"""The ledger of notices: entered once by key, claimed before anything is sent, closed with what came of it."""

import random
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from portal.core.findings.models import Channel, Delivery, DeliveryState, Webhook
from portal.core.findings.notices.posting import Posted, post

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(minutes=5)  # longer than one message can take; then its sender is taken for dead
KEPT_FOR = timedelta(days=800)
MAIL_PATIENCE = timedelta(hours=1)

_CLAIM = """
UPDATE core_delivery d SET state = 'sending', attempts = d.attempts + 1, next_at = now() + %(lease)s
WHERE d.id = (
    SELECT c.id FROM core_delivery c JOIN core_webhook w ON w.id = c.webhook_id
    WHERE c.channel = 'webhook' AND c.state IN ('waiting', 'sending') AND c.next_at <= now()
      AND w.active AND (w.paused_until IS NULL OR w.paused_until <= now())
    ORDER BY c.next_at, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED)
RETURNING d.id"""
_ENTER_MAIL = """
INSERT INTO core_delivery (key, channel, event, user_id, state, attempts, next_at, created_at)
VALUES (%(key)s, 'mail', %(event)s, %(user)s, 'sending', 1, now(), now())
ON CONFLICT (key) DO NOTHING RETURNING id"""

Compose = Callable[[Delivery], str]


def claim_webhook() -> Delivery | None:
    """The next message that is due, now ours; two workers never claim the same one. None when nothing is due."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": LEASE})
        row = cursor.fetchone()
    return Delivery.objects.select_related("webhook", "finding__division").get(pk=row[0]) if row else None


def send_webhook(delivery: Delivery, compose: Compose, *, again: bool = True) -> Posted:
    """Sends a claimed message and writes down what came of it. What is sent again is sent as it was the first time.

    Without `again` (a test) a failure is the end of it and says nothing about the address.
    """
    if not delivery.body:
        delivery.body = compose(delivery)
        Delivery.objects.filter(pk=delivery.pk).update(body=delivery.body)
    hook = delivery.webhook
    posted = post(hook.url, hook.secret, f"msg_{delivery.pk}", int(timezone.now().timestamp()), delivery.body)
    with transaction.atomic():
        if posted.ok:
            _close(delivery, posted)
        elif again:
            _postpone(delivery, posted)
        else:
            _give_up(delivery, posted)
    return posted


def _close(delivery: Delivery, posted: Posted) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.SENT, sent_at=timezone.now(), answer=posted.status, error=""
    )
    Webhook.objects.filter(pk=delivery.webhook_id, failures__gt=0).update(failures=0, paused_until=None)


def _give_up(delivery: Delivery, posted: Posted) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.FAILED, answer=posted.status, error=posted.error[:300]
    )


def _postpone(delivery: Delivery, posted: Posted) -> None:
    """Tries again later, each time later than before, and lets the whole address rest so that one failure is enough."""
    if delivery.attempts >= MOST_ATTEMPTS:
        _give_up(delivery, posted)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(
            state=DeliveryState.WAITING,
            next_at=timezone.now() + back_off(delivery.attempts),
            answer=posted.status,
            error=posted.error[:300],
        )
    failures = delivery.webhook.failures + 1
    Webhook.objects.filter(pk=delivery.webhook_id).update(
        failures=F("failures") + 1, paused_until=timezone.now() + back_off(min(failures, MOST_ATTEMPTS))
    )


def back_off(attempts: int) -> timedelta:
    """1, 2, 4 ... minutes and at most 6 hours, up to a quarter more so that many do not come back at once."""
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return wait * (1 + random.random() / 4)


def claim_mail(*, key: str, user, event: str) -> Delivery | None:
    """Enters an e-mail as being sent; None when the ledger has it already. Committed before the mail leaves."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTER_MAIL, {"key": key, "user": user.pk, "event": event})
        row = cursor.fetchone()
    return Delivery.objects.get(pk=row[0]) if row else None


def close_mail(delivery: Delivery, error: str = "") -> None:
    """Writes down that the mail server took the e-mail, or why it did not; it is never sent again."""
    sent = {"state": DeliveryState.SENT, "sent_at": timezone.now()}
    failed = {"state": DeliveryState.FAILED, "error": error[:300]}
    Delivery.objects.filter(pk=delivery.pk).update(**(failed if error else sent))


def tell_unclear() -> int:
    """E-mails whose sender died while sending: nobody knows whether they left, so they are not sent again."""
    stuck = Delivery.objects.filter(
        channel=Channel.MAIL, state=DeliveryState.SENDING, created_at__lt=timezone.now() - MAIL_PATIENCE
    )
    return stuck.update(state=DeliveryState.UNCLEAR, error="sender ended before the mail server answered")


def forget_old() -> int:
    """Deletes entries of years ago that nobody asks for any more; returns their number."""
    old = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    return old.exclude(state__in=[DeliveryState.WAITING, DeliveryState.SENDING]).delete()[0]
