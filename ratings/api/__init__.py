"""REST resources of star ratings: cycles, results and scores for other systems (contract: REST)."""

from ratings.api.cycles import CycleViewSet
from ratings.api.results import ResultViewSet
from ratings.api.scores import ScoreViewSet

__all__ = ["CycleViewSet", "ResultViewSet", "ScoreViewSet"]
