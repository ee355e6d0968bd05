"""The lists of the workforce that can be taken out of the portal."""

from workforce.exports.assessments import SCHEMES, SCORES
from workforce.exports.careers import AWARDS, DIRECTED, NOMINATIONS
from workforce.exports.cases import CASES
from workforce.exports.certificates import CERTIFICATES
from workforce.exports.contracts import CONTRACTS
from workforce.exports.establishment import ESTABLISHMENT
from workforce.exports.grades import GRADES
from workforce.exports.grids import GRIDS
from workforce.exports.payroll import PAYROLL
from workforce.exports.roster import ROSTER
from workforce.exports.terms import TERMS
from workforce.exports.training import CLASSES, ENROLMENTS
from workforce.exports.transfers import TRANSFERS

EXPORTS = (
    ROSTER,
    TRANSFERS,
    CERTIFICATES,
    CONTRACTS,
    ESTABLISHMENT,
    TERMS,
    GRIDS,
    GRADES,
    PAYROLL,
    SCHEMES,
    SCORES,
    CLASSES,
    ENROLMENTS,
    CASES,
    DIRECTED,
    AWARDS,
    NOMINATIONS,
)
