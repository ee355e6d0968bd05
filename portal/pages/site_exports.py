"""The lists of the site's own pages that can be taken out, beside those of the apps in `portal.registry`."""

from portal.pages.audit_export import AUDIT_CHANGES, AUDIT_EVENTS
from portal.pages.finding_export import FINDINGS
from portal.pages.import_export import IMPORTS
from portal.pages.office_exports import POPULATIONS, SUPERVISIONS
from portal.pages.staffing_export import STAFFING

SITE_EXPORTS = {
    one.key: one for one in (STAFFING, FINDINGS, SUPERVISIONS, POPULATIONS, IMPORTS, AUDIT_EVENTS, AUDIT_CHANGES)
}
