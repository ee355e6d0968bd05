"""What the site is made of: plain lists, so that nothing registers itself behind anybody's back."""

from functools import partial

from portal.core.findings.duties import finding_duties, supervision_duties
from portal.core.indicators.books import books
from portal.core.indicators.disclosure import Disclosure
from portal.core.reports.duties import report_duties
from portal.core.sheets.files import sealed_files as sealed_uploads
from portal.core.workdays.followers import Follower
from proposals.actions.files import sealed_files as sealed_attachments
from proposals.actions.overdue import date_overdue
from proposals.actions.recounting import recount_calendar, recount_guessed
from proposals.exports import EXPORTS as PROPOSALS_EXPORTS
from proposals.importers import IMPORTERS as PROPOSAL_SHEETS
from proposals.indicators import COMPOSITIONS as PROPOSALS_COMPOSITIONS
from proposals.indicators import INDICATORS as PROPOSALS_INDICATORS
from proposals.inspections import INSPECTIONS as PROPOSALS_INSPECTIONS
from proposals.queries.digest import deadline_parts
from proposals.queries.handling_duties import duties as proposal_duties
from proposals.queries.ledger_duties import duties as ledger_duties
from proposals.queries.moved import moved_by
from proposals.reports import REPORTS as PROPOSALS_REPORTS
from ratings.actions.evidence import sealed_files as sealed_evidence
from ratings.exports import EXPORTS as RATINGS_EXPORTS
from ratings.importers import IMPORTERS as SERVICE_SHEETS
from ratings.indicators import COMPOSITIONS as RATINGS_COMPOSITIONS
from ratings.indicators import INDICATORS as RATINGS_INDICATORS
from ratings.inspections import INSPECTIONS as RATINGS_INSPECTIONS
from ratings.queries.eligibility import duties as exception_duties
from ratings.queries.eligibility import nomination_refusal
from ratings.queries.governance_duties import governance_duties
from ratings.queries.objections import duties as objection_duties
from ratings.queries.rating_duties import duties as rating_duties
from ratings.queries.requests import duties as request_duties
from ratings.queries.results import duties as star_duties
from workforce.actions.cases import open_due_cases
from workforce.exports import EXPORTS as WORKFORCE_EXPORTS
from workforce.importers import ROSTER
from workforce.indicators import COMPOSITIONS as WORKFORCE_COMPOSITIONS
from workforce.indicators import INDICATORS as WORKFORCE_INDICATORS
from workforce.indicators import SUMS
from workforce.inspections import INSPECTIONS as WORKFORCE
from workforce.queries.cases import duties as case_duties
from workforce.queries.establishment import duties as post_duties
from workforce.queries.transfers import duties as transfer_duties
from workforce.reports import REPORTS as WORKFORCE_REPORTS

INSPECTIONS = {inspection.key: inspection for inspection in (*WORKFORCE, *RATINGS_INSPECTIONS, *PROPOSALS_INSPECTIONS)}
# Counters kept for every division, all at the same day; FIGURE_BOOKS of the settings lists them.
BOOKS = {book.name: book for book in books()}
INDICATORS = {
    indicator.key: indicator for indicator in (*WORKFORCE_INDICATORS, *RATINGS_INDICATORS, *PROPOSALS_INDICATORS)
}
COMPOSITIONS = {
    composition.key: composition
    for composition in (*WORKFORCE_COMPOSITIONS, *RATINGS_COMPOSITIONS, *PROPOSALS_COMPOSITIONS)
}
# What of the figures can be worked out from what.
DISCLOSURE = Disclosure(INDICATORS.values(), COMPOSITIONS.values(), SUMS)
REPORTS = {kind.key: kind for kind in (*WORKFORCE_REPORTS, *PROPOSALS_REPORTS)}
# Lists that can be taken out as files; the pages of the site add their own in `portal.pages.site_exports`.
EXPORTS = {export.key: export for export in (*WORKFORCE_EXPORTS, *RATINGS_EXPORTS, *PROPOSALS_EXPORTS)}
IMPORTERS = {importer.kind: importer for importer in (ROSTER, *SERVICE_SHEETS, *PROPOSAL_SHEETS)}
# What waits for a user's decision: functions of the user that give rows (Duty). The first page orders them by their day;
# those of one day, and those without one, stand in this order.
DUTIES = (
    finding_duties,
    supervision_duties,
    transfer_duties,
    post_duties,
    case_duties,
    request_duties,
    exception_duties,
    rating_duties,
    objection_duties,
    governance_duties,
    star_duties,
    proposal_duties,
    ledger_duties,
    partial(report_duties, REPORTS),
)
# Why somebody may not be put forward for an honour: functions that give a sentence, empty where nothing is against it.
NOMINATION_RULES = (nomination_refusal,)
# What follows from findings, done after every run of the inspections: functions of the day, safe to repeat.
AFTER_INSPECTIONS = (open_due_cases, recount_guessed, date_overdue)
# Sealed files on disk, which a change of keys seals anew.
SEALED_FILES = (sealed_uploads, sealed_evidence, sealed_attachments)
# What hangs on the working calendar: counted again whenever a notice comes.
CALENDAR_FOLLOWERS = (Follower(recount_calendar, moved_by),)
# What the apps have to say in the morning e-mail: functions of the reader, the day and the day of the one before.
DIGEST_PARTS = (deadline_parts,)
