from portal.core.findings.models.count import FindingCount
from portal.core.findings.models.finding import (
    HOLDER_DIGITS,
    ORDERS,
    RESTING,
    Finding,
    FindingQuerySet,
    Holder,
    State,
    acting_level,
    first_holder,
)
from portal.core.findings.models.notice import Channel, Delivery, DeliveryState, Webhook
from portal.core.findings.models.run import SCHEDULED, InspectionRun, RunState, Trigger
from portal.core.findings.models.supervision import (
    AWAITING_REPLY,
    SUPERVISION_NEXT,
    Supervision,
    SupervisionFinding,
    SupervisionState,
    SupervisionStep,
)

__all__ = [
    "AWAITING_REPLY",
    "HOLDER_DIGITS",
    "ORDERS",
    "RESTING",
    "SCHEDULED",
    "SUPERVISION_NEXT",
    "Channel",
    "Delivery",
    "DeliveryState",
    "Finding",
    "FindingCount",
    "FindingQuerySet",
    "Holder",
    "InspectionRun",
    "RunState",
    "State",
    "Supervision",
    "SupervisionFinding",
    "SupervisionState",
    "SupervisionStep",
    "Trigger",
    "Webhook",
    "acting_level",
    "first_holder",
]
