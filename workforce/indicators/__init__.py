"""Every figure of the roster, in the order of the catalogue (domain §1.O)."""

from workforce.indicators.allotment import ALLOTMENT
from workforce.indicators.certificates import CERTIFICATE_LEVELS, CERTIFICATES
from workforce.indicators.committees import COMMITTEES, MEMBERSHIP
from workforce.indicators.contracts import CONTRACT_KINDS, CONTRACTS
from workforce.indicators.grids import GRIDS
from workforce.indicators.pay import PAY
from workforce.indicators.positions import POSITIONS
from workforce.indicators.staffing import STAFFING
from workforce.indicators.structure import STRUCTURE, STRUCTURES
from workforce.indicators.sums import SUMS
from workforce.indicators.training import TRAINING
from workforce.indicators.turnover import TURNOVER

INDICATORS = (
    *STAFFING,
    *ALLOTMENT,
    *POSITIONS,
    *STRUCTURE,
    *CERTIFICATES,
    *COMMITTEES,
    *GRIDS,
    *CONTRACTS,
    *PAY,
    *TRAINING,
    *TURNOVER,
)
__all__ = ["COMPOSITIONS", "INDICATORS", "SUMS"]

COMPOSITIONS = (*STRUCTURES, CERTIFICATE_LEVELS, MEMBERSHIP, CONTRACT_KINDS)
