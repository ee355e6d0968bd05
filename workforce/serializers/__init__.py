"""Rows of the REST interface, by subject."""

from workforce.serializers.certificates import CertificateSerializer, RegistrationSerializer
from workforce.serializers.roster import PERSONAL, AppointmentSerializer, WorkerSerializer
from workforce.serializers.staffing import StaffingSerializer

__all__ = [
    "PERSONAL",
    "AppointmentSerializer",
    "CertificateSerializer",
    "RegistrationSerializer",
    "StaffingSerializer",
    "WorkerSerializer",
]
