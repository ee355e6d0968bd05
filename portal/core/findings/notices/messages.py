"""What notices say: the JSON of a webhook, without anything personal."""

import json
from collections.abc import Mapping

from django.utils import timezone

from portal.core.findings import outbox
from portal.core.findings.inspection import Inspection
from portal.core.findings.models import Delivery, Finding, Holder

PRIVATE = {"person"}


def webhook_body(delivery: Delivery, inspections: Mapping[str, Inspection]) -> str:
    """The body of a message about a finding, or of a test."""
    data = {"sentence": "test"} if delivery.finding is None else _finding(delivery.finding, inspections)
    happened = timezone.localtime(delivery.created_at).isoformat(timespec="seconds")
    return json.dumps(
        {"type": delivery.event or outbox.TEST, "timestamp": happened, "data": data}, ensure_ascii=False, default=str
    )


def _finding(finding: Finding, inspections: Mapping[str, Inspection]) -> dict:
    inspection = inspections.get(finding.kind)
    return {
        "id": finding.pk,
        "kind": finding.kind,
        "kind_label": str(inspection.label) if inspection else finding.kind,
        "division": {"code": finding.division_id, "name": finding.division.label},
        "state": finding.state,
        "holder": Holder(finding.held_level).name.lower(),
        "opened_on": finding.opened_on,
        "due_on": finding.due_on,
        "resolved_on": finding.resolved_on,
        "headline": _headline(inspection, finding) if inspection else "",
        "facts": {name: value for name, value in finding.facts.items() if name not in PRIVATE},
    }


def _headline(inspection: Inspection, finding: Finding) -> str:
    try:
        return inspection.headline(finding.facts)
    except (KeyError, TypeError, ValueError):  # facts of an earlier release
        return str(inspection.label)
