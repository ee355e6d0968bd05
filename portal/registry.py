"""What the site is made of: plain lists, so that nothing registers itself behind anybody's back."""

from portal.core.findings.duties import finding_duties, supervision_duties
from workforce.actions.cases import open_due_cases
from workforce.exports import EXPORTS as WORKFORCE_EXPORTS
from workforce.importers import ROSTER
from workforce.inspections import INSPECTIONS as WORKFORCE
from workforce.queries.cases import duties as case_duties
from workforce.queries.establishment import duties as post_duties
from workforce.queries.transfers import duties as transfer_duties

INSPECTIONS = {inspection.key: inspection for inspection in WORKFORCE}
# Lists that can be taken out as files; the pages of the site add their own in `portal.pages.site_exports`.
EXPORTS = {export.key: export for export in WORKFORCE_EXPORTS}
IMPORTERS = {importer.kind: importer for importer in (ROSTER,)}
# What waits for a user's decision, on the first page in this order: functions of the user that give rows (Duty).
DUTIES = (finding_duties, supervision_duties, transfer_duties, post_duties, case_duties)
# What follows from findings, done after every run of the inspections: functions of the day, safe to repeat.
AFTER_INSPECTIONS = (open_due_cases,)
