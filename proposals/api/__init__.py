"""REST resources of proposals for other systems (contract: REST)."""

from proposals.api.cases import ProposalViewSet
from proposals.api.documents import ReplyDocumentViewSet
from proposals.api.parts import HandlingViewSet
from proposals.api.promises import CommitmentViewSet
from proposals.api.sessions import SessionViewSet, UnitViewSet
from proposals.api.tasks import TaskViewSet

__all__ = [
    "CommitmentViewSet",
    "HandlingViewSet",
    "ProposalViewSet",
    "ReplyDocumentViewSet",
    "SessionViewSet",
    "TaskViewSet",
    "UnitViewSet",
]
