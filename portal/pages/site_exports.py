"""The lists of the site's own pages that can be taken out, beside those of the apps in `portal.registry`."""

from portal.pages.audit_export import AUDIT_CHANGES, AUDIT_EVENTS
from portal.pages.dashboard_export import DASHBOARD
from portal.pages.finding_export import FINDINGS
from portal.pages.forecast_export import FORECAST, FORECAST_PEOPLE
from portal.pages.import_export import IMPORTS
from portal.pages.indicator_compare import COMPARED
from portal.pages.indicator_exports import CATALOGUE, PEOPLE_BEHIND, PLACES_BEHIND, RANKING
from portal.pages.letter_list import LETTERS
from portal.pages.office_exports import POPULATIONS, SUPERVISIONS
from portal.pages.publication_compare import PEOPLE_CHANGED, PLACES_CHANGED
from portal.pages.publication_exports import PUBLICATIONS
from portal.pages.rating_trial import TRIAL
from portal.pages.report_export import REPORT_LIST
from portal.pages.staffing_export import STAFFING

SITE_EXPORTS = {
    one.key: one
    for one in (
        *(STAFFING, DASHBOARD, CATALOGUE, RANKING, PEOPLE_BEHIND, PLACES_BEHIND, COMPARED),
        *(PUBLICATIONS, PEOPLE_CHANGED, PLACES_CHANGED),
        *(FORECAST, FORECAST_PEOPLE, TRIAL),
        *(FINDINGS, SUPERVISIONS, REPORT_LIST, LETTERS, POPULATIONS, IMPORTS, AUDIT_EVENTS, AUDIT_CHANGES),
    )
}
