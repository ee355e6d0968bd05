from workforce.models.allotment import AllotmentSnapshot, AllotmentTally
from workforce.models.appointment import Appointment
from workforce.models.assessment import Assessment, AssessmentScheme
from workforce.models.career import Award, DirectedRecruitment, Nomination
from workforce.models.committee import Term
from workforce.models.establishment import Establishment, PostApplication, QuotaException
from workforce.models.grade import GradeRecord, PayApproval, StarBonus
from workforce.models.grid import Grid, GridPost
from workforce.models.papers import (
    Certificate,
    ContinuingEducation,
    Contract,
    ProfessionalAppointment,
    Registration,
)
from workforce.models.person import Exit, Person, SpecialStatus
from workforce.models.review import ReviewCase, ReviewStep
from workforce.models.tally import Snapshot, Tally
from workforce.models.training import Enrolment, TrainingClass
from workforce.models.transfer import Transfer

__all__ = [
    "AllotmentSnapshot",
    "AllotmentTally",
    "Appointment",
    "Assessment",
    "AssessmentScheme",
    "Award",
    "Certificate",
    "ContinuingEducation",
    "Contract",
    "DirectedRecruitment",
    "Enrolment",
    "Establishment",
    "Exit",
    "GradeRecord",
    "Grid",
    "GridPost",
    "Nomination",
    "PayApproval",
    "Person",
    "PostApplication",
    "ProfessionalAppointment",
    "QuotaException",
    "Registration",
    "ReviewCase",
    "ReviewStep",
    "Snapshot",
    "SpecialStatus",
    "StarBonus",
    "Tally",
    "Term",
    "TrainingClass",
    "Transfer",
]
