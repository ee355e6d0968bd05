from proposals.models.answers import Feedback, Publication
from proposals.models.cases import CaseFile, Proposal, Proposer
from proposals.models.handling import (
    ClassChange,
    Contact,
    Deadline,
    DeadlineMove,
    Extension,
    Handling,
    Opinion,
    Reminder,
    StageMove,
    Suspension,
)
from proposals.models.promises import Commitment, CommitmentStep, LedgerReport, LedgerTask
from proposals.models.replies import LiveFigure, Reply, ReplySection
from proposals.models.sessions import HandlingUnit, Seat, Session
from proposals.models.tally import Snapshot, Tally

__all__ = [
    "CaseFile",
    "ClassChange",
    "Commitment",
    "CommitmentStep",
    "Contact",
    "Deadline",
    "DeadlineMove",
    "Extension",
    "Feedback",
    "Handling",
    "HandlingUnit",
    "LedgerReport",
    "LedgerTask",
    "LiveFigure",
    "Opinion",
    "Proposal",
    "Proposer",
    "Publication",
    "Reminder",
    "Reply",
    "ReplySection",
    "Seat",
    "Session",
    "Snapshot",
    "StageMove",
    "Suspension",
    "Tally",
]
