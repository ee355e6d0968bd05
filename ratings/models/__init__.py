from ratings.models.cycles import (
    DepartmentOpinion,
    Evidence,
    GradeMove,
    Incident,
    ItemScore,
    Objection,
    RatingCycle,
    SampleVisit,
    UnitRating,
)
from ratings.models.drafts import StarDraft
from ratings.models.governance import (
    AccessApplication,
    Deliberation,
    ItemRefusal,
    ListItem,
    PointEntry,
    PointRule,
)
from ratings.models.places import Facility, Feature, Premises
from ratings.models.records import Need, Project, ProjectNeed, ServiceRequest, Shift, Visit
from ratings.models.results import Consequence, EligibilityOverride, StarGrade
from ratings.models.schemes import RatingScheme, SchemeItem
from ratings.models.tally import Snapshot, Tally

__all__ = [
    "AccessApplication",
    "Consequence",
    "Deliberation",
    "DepartmentOpinion",
    "EligibilityOverride",
    "Evidence",
    "Facility",
    "Feature",
    "GradeMove",
    "Incident",
    "ItemRefusal",
    "ItemScore",
    "ListItem",
    "Need",
    "Objection",
    "PointEntry",
    "PointRule",
    "Premises",
    "Project",
    "ProjectNeed",
    "RatingCycle",
    "RatingScheme",
    "SampleVisit",
    "SchemeItem",
    "ServiceRequest",
    "Shift",
    "Snapshot",
    "StarDraft",
    "StarGrade",
    "Tally",
    "UnitRating",
    "Visit",
]
