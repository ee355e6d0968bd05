"""REST resources of the roster: figures and records for other systems (contract: REST)."""

from workforce.api.careers import AwardViewSet, DirectedPostsViewSet, NominationViewSet
from workforce.api.certificates import CertificateViewSet, RegistrationViewSet
from workforce.api.people import ContractViewSet, EnrolmentViewSet, TrainingClassViewSet
from workforce.api.places import EstablishmentViewSet, GridViewSet, PostApplicationViewSet, TermViewSet
from workforce.api.records import AssessmentViewSet, GradeViewSet, ReviewCaseViewSet
from workforce.api.roster import AppointmentViewSet, WorkerViewSet
from workforce.api.staffing import StaffingViewSet
from workforce.api.transfers import TransferViewSet

__all__ = [
    "AppointmentViewSet",
    "AssessmentViewSet",
    "AwardViewSet",
    "CertificateViewSet",
    "ContractViewSet",
    "DirectedPostsViewSet",
    "EnrolmentViewSet",
    "EstablishmentViewSet",
    "GradeViewSet",
    "GridViewSet",
    "NominationViewSet",
    "PostApplicationViewSet",
    "RegistrationViewSet",
    "ReviewCaseViewSet",
    "StaffingViewSet",
    "TermViewSet",
    "TrainingClassViewSet",
    "TransferViewSet",
    "WorkerViewSet",
]
