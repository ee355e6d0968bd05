"""What the site is made of: plain lists, so that nothing registers itself behind anybody's back."""

from functools import partial

from portal.core.findings.duties import finding_duties, supervision_duties
from portal.core.reports.duties import report_duties
from workforce.actions.cases import open_due_cases
from workforce.exports import EXPORTS as WORKFORCE_EXPORTS
from workforce.importers import ROSTER
from workforce.indicators import COMPOSITIONS as WORKFORCE_COMPOSITIONS
from workforce.indicators import INDICATORS as WORKFORCE_INDICATORS
from workforce.inspections import INSPECTIONS as WORKFORCE
from workforce.queries.cases import duties as case_duties
from workforce.queries.establishment import duties as post_duties
from workforce.queries.transfers import duties as transfer_duties
from workforce.reports import REPORTS as WORKFORCE_REPORTS

INSPECTIONS = {inspection.key: inspection for inspection in WORKFORCE}
INDICATORS = {indicator.key: indicator for indicator in WORKFORCE_INDICATORS}
COMPOSITIONS = {composition.key: composition for composition in WORKFORCE_COMPOSITIONS}
REPORTS = {kind.key: kind for kind in WORKFORCE_REPORTS}
# Lists that can be taken out as files; the pages of the site add their own in `portal.pages.site_exports`.
EXPORTS = {export.key: export for export in WORKFORCE_EXPORTS}
IMPORTERS = {importer.kind: importer for importer in (ROSTER,)}
# What waits for a user's decision, on the first page in this order: functions of the user that give rows (Duty).
DUTIES = (
    finding_duties,
    supervision_duties,
    transfer_duties,
    post_duties,
    case_duties,
    partial(report_duties, REPORTS),
)
# What follows from findings, done after every run of the inspections: functions of the day, safe to repeat.
AFTER_INSPECTIONS = (open_due_cases,)
