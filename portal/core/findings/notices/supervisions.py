"""Webhook messages about supervision notices, entered in the ledger with the change they tell of, as it stood then."""

from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from portal.core.findings import outbox
from portal.core.findings.models import AWAITING_REPLY, Supervision, Webhook
from portal.core.findings.notices.messages import supervision_body

LATE = timedelta(days=31)  # for so long the nightly run may stand still and nothing is left out

_ENTER = """
INSERT INTO core_delivery (key, channel, event, webhook_id, body, next_at, created_at)
SELECT 'webhook:' || w.id || ':' || %(event)s || ':' || %(notice)s || ':' || %(again)s, 'webhook', %(event)s, w.id,
    %(body)s, now(), %(at)s
FROM core_webhook w
WHERE w.active AND starts_with(%(division)s, coalesce(w.territory_id, ''))
  AND (cardinality(w.kinds) = 0 OR w.kinds && %(kinds)s::varchar[])
ON CONFLICT (key) DO NOTHING"""


def tell(event: str, notice: Supervision, again: int | str) -> None:
    """Enters an event for everyone concerned: addresses of the asked division's territory and of a kind asked about.

    `again` tells a second event of the same kind from the first: the version of the notice, or the day that was missed.
    """
    findings = list(notice.findings.order_by("pk").values("id", "kind", "division_id"))
    at = timezone.now()
    values = {
        "event": event,
        "notice": notice.pk,
        "again": again,
        "at": at,
        "body": supervision_body(event, notice, findings, at),
        "division": notice.division_id,
        "kinds": [finding["kind"] for finding in findings],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, values)


def tell_overdue(on: date) -> None:
    """Enters every reply that has become overdue of late, once for each missed day."""
    if not Webhook.objects.filter(active=True).exists():
        return
    missed = {"due_on__lt": on, "due_on__gte": on - LATE}
    for notice in Supervision.objects.filter(state__in=AWAITING_REPLY, **missed).select_related("division", "issuer"):
        tell(outbox.OVERDUE, notice, notice.due_on.isoformat())
