"""All tables of the floor, gathered for Django; each concept keeps its own in its folder."""

from portal.core.accounts.models import ApiToken, Grant, SecondFactor, User
from portal.core.audit.models import AuditEvent, AuditSeal
from portal.core.findings.models import (
    Delivery,
    Finding,
    FindingCount,
    InspectionRun,
    Supervision,
    SupervisionFinding,
    SupervisionStep,
    Webhook,
)
from portal.core.indicators.models import Publication
from portal.core.letters.models import Letter, LetterBatch, LetterFile, NumberRegister
from portal.core.policy.models import PolicyRule
from portal.core.reports.models import Report, ReportFile, ReportSubscription
from portal.core.sheets.models import ColumnMapping, ImportBatch, ImportRow, SheetDraft
from portal.core.territory.models import Division, FiguresDay, Population, PopulationTotal
from portal.core.territory.stamps import Stamp
from portal.core.web.models import IdempotencyRecord
from portal.core.workdays.models import CalendarDay

__all__ = [
    "ApiToken",
    "AuditEvent",
    "AuditSeal",
    "CalendarDay",
    "ColumnMapping",
    "Delivery",
    "Division",
    "FiguresDay",
    "Finding",
    "FindingCount",
    "Grant",
    "IdempotencyRecord",
    "ImportBatch",
    "ImportRow",
    "InspectionRun",
    "Letter",
    "LetterBatch",
    "LetterFile",
    "NumberRegister",
    "PolicyRule",
    "Population",
    "PopulationTotal",
    "Publication",
    "Report",
    "ReportFile",
    "ReportSubscription",
    "SecondFactor",
    "SheetDraft",
    "Stamp",
    "Supervision",
    "SupervisionFinding",
    "SupervisionStep",
    "User",
    "Webhook",
]
