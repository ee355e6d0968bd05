"""REST resources of the roster: figures and records for other systems (contract: REST)."""

from workforce.api.certificates import CertificateViewSet, RegistrationViewSet
from workforce.api.people import ContractViewSet, EnrolmentViewSet, TrainingClassViewSet
from workforce.api.roster import AppointmentViewSet, WorkerViewSet
from workforce.api.staffing import StaffingViewSet

__all__ = [
    "AppointmentViewSet",
    "CertificateViewSet",
    "ContractViewSet",
    "EnrolmentViewSet",
    "RegistrationViewSet",
    "StaffingViewSet",
    "TrainingClassViewSet",
    "WorkerViewSet",
]
