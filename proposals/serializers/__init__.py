"""What REST clients read and bring of proposals."""

from proposals.serializers.cases import ProposalBody, ProposalSerializer

__all__ = ["ProposalBody", "ProposalSerializer"]
