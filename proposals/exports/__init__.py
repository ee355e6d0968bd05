"""The lists of proposals, promises and the task ledger that can be taken out of the portal."""

from proposals.exports.cases import EXPORTS as CASES
from proposals.exports.ledger import EXPORTS as LEDGER
from proposals.exports.promises import EXPORTS as PROMISES

EXPORTS = (*CASES, *PROMISES, *LEDGER)
