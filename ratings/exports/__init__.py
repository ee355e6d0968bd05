"""The lists of service records and star ratings that can be taken out of the portal."""

from ratings.exports.consequences import EXPORTS as CONSEQUENCES
from ratings.exports.cycles import EXPORTS as CYCLES
from ratings.exports.daily import EXPORTS as DAILY
from ratings.exports.governance import EXPORTS as GOVERNANCE
from ratings.exports.results import EXPORTS as RESULTS
from ratings.exports.schemes import RATING_SCHEMES

EXPORTS = (
    *DAILY,
    *GOVERNANCE,
    *RESULTS,
    *CYCLES,
    *CONSEQUENCES,
    RATING_SCHEMES,
)
