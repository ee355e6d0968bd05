"""REST resources of proposals for other systems (contract: REST)."""

from proposals.api.cases import ProposalViewSet
from proposals.api.documents import ReplyDocumentViewSet
from proposals.api.parts import HandlingViewSet

__all__ = ["HandlingViewSet", "ProposalViewSet", "ReplyDocumentViewSet"]
