"""What notices say: the JSON of a webhook, without anything personal."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import timezone

from portal.core.findings import outbox
from portal.core.findings.inspection import Inspection
from portal.core.findings.models import Delivery, Finding, Holder, Supervision
from portal.core.territory.models import Division

PRIVATE = {"person"}


def webhook_body(delivery: Delivery, inspections: Mapping[str, Inspection]) -> str:
    """The body of a message about a finding, or of a test."""
    data = {"sentence": "test"} if delivery.finding is None else _finding(delivery.finding, inspections)
    return _body(delivery.event or outbox.TEST, delivery.created_at, data)


def supervision_body(event: str, notice: Supervision, findings: Iterable[dict], at: datetime) -> str:
    """The body of a message about a supervision notice; what people wrote in it stays in the portal."""
    data = {
        "id": notice.pk,
        "number": notice.number,
        "state": notice.state,
        "issuer": _place(notice.issuer),
        "division": _place(notice.division),
        "issued_on": notice.issued_on,
        "due_on": notice.due_on,
        "closed_on": notice.closed_on,
        "findings": [{"id": one["id"], "kind": one["kind"], "division": one["division_id"]} for one in findings],
    }
    return _body(event, at, data)


def _body(event: str, at: datetime, data: dict) -> str:
    happened = timezone.localtime(at).isoformat(timespec="seconds")
    return json.dumps({"type": event, "timestamp": happened, "data": data}, ensure_ascii=False, default=str)


def _place(division: Division) -> dict:
    return {"code": division.code, "name": division.label}


def _finding(finding: Finding, inspections: Mapping[str, Inspection]) -> dict:
    inspection = inspections.get(finding.kind)
    return {
        "id": finding.pk,
        "kind": finding.kind,
        "kind_label": str(inspection.label) if inspection else finding.kind,
        "division": _place(finding.division),
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
